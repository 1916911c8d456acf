"""https://hl7.org/fhir/R4/http.html#versions"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from adapter.base.errors import StoreUnavailable

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female"}


def test_each_put_is_the_next_version_and_the_old_ones_stay(store):
    with store.transaction() as unit:
        assert unit.resources.put("a", "case", PATIENT, AT) == 1
        assert unit.resources.put("a", "case", {**PATIENT, "gender": "male"}, AT + timedelta(days=1)) == 2
    with store.read() as unit:
        newest = unit.resources.get("a", "Patient", "p1")
        assert newest is not None
        assert (newest.version, newest.resource["gender"], newest.at) == (2, "male", AT + timedelta(days=1))
        first = unit.resources.get("a", "Patient", "p1", 1)
        assert first is not None
        assert first.resource == PATIENT
        assert [one.version for one in unit.resources.history("a", "Patient", "p1")] == [2, 1]
        assert unit.resources.get("a", "Patient", "p1", 3) is None


def test_bytes_are_kept_exactly(store):
    body = b'{ "id" : "p2",\n "resourceType":"Patient", "multipleBirthInteger": 2 }'
    with store.transaction() as unit:
        unit.resources.put("a", "case", body, AT)
    with store.read() as unit:
        assert unit.resources.get("a", "Patient", "p2").body == body


def test_the_digits_of_a_decimal_survive(store):
    with store.transaction() as unit:
        unit.resources.put("a", "case", b'{"resourceType":"Observation","id":"o","valueQuantity":{"value":1.10}}', AT)
    with store.read() as unit:
        assert str(unit.resources.get("a", "Observation", "o").resource["valueQuantity"]["value"]) == "1.10"


def test_many_go_in_at_once_and_a_repeated_one_counts_on(store):
    with store.transaction() as unit:
        other = {"resourceType": "Task", "id": "p1"}
        assert unit.resources.put_all("a", "case", [PATIENT, other, PATIENT], AT) == [1, 1, 2]
        assert unit.resources.put_all("a", "case", [], AT) == []
        assert unit.resources.put_all("a", "case", [other, PATIENT], AT) == [2, 3]


def test_a_deleted_resource_is_a_version_and_no_longer_part_of_its_case(store):
    with store.transaction() as unit:
        unit.resources.put("a", "case", PATIENT, AT)
        unit.resources.put("a", "case", {"resourceType": "Task", "id": "t"}, AT)
        assert unit.resources.delete("a", "Patient", "p1", AT) == 2
        assert unit.resources.delete("a", "Patient", "p1", AT) is None
        assert unit.resources.delete("a", "Patient", "nobody", AT) is None
    with store.read() as unit:
        assert unit.resources.get("a", "Patient", "p1").deleted
        assert not unit.resources.exists("a", "Patient", "p1")
        assert unit.resources.exists("a", "Task", "t")
        assert [one.type for one in unit.resources.of_case("a", "case")] == ["Task"]


def test_a_case_holds_the_newest_version_of_each(store):
    with store.transaction() as unit:
        for gender in ("male", "female", "other"):
            unit.resources.put("a", "case", {**PATIENT, "gender": gender}, AT)
        unit.resources.put("a", "elsewhere", {**PATIENT, "id": "p9"}, AT)
    with store.read() as unit:
        assert [(one.id, one.version) for one in unit.resources.of_case("a", "case")] == [("p1", 3)]


def test_the_database_itself_refuses_to_change_a_version(store):
    with store.transaction() as unit:
        unit.resources.put("a", "case", PATIENT, AT)
    with pytest.raises(IntegrityError, match="append-only"), store._writer.begin() as connection:
        connection.exec_driver_sql("UPDATE resource_version SET body = 'x'")


def test_who_reads_cannot_write(store):
    with pytest.raises(StoreUnavailable), store.read() as unit:
        unit.resources.put("a", "case", PATIENT, AT)


def test_a_moment_without_offset_is_refused(store):
    with pytest.raises(Exception, match="offset"), store.transaction() as unit:
        unit.resources.put("a", "case", PATIENT, datetime(2026, 11, 22))  # noqa: DTZ001 - that is the point


NAMES = st.sampled_from(["a", "b", "A", "a b", "ä", "%", "a'b", "_"])
KEYS = st.tuples(NAMES, st.sampled_from(["Patient", "Task"]), st.sampled_from(["1", "2"]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KEYS, st.integers(0, 9)), max_size=12))
def test_whatever_was_put_is_what_its_owner_and_nobody_else_gets(store, puts):
    with store.transaction() as unit:
        expected = {}
        for (org, type_, id_), value in puts:
            stored = unit.resources.get(org, type_, id_)
            number = unit.resources.put(org, "case", {"resourceType": type_, "id": id_, "value": value}, AT)
            assert number == (stored.version if stored else 0) + 1
            expected[org, type_, id_] = value
        for org in {key[0] for key in expected}:
            seen = {(one.type, one.id): one.resource["value"] for one in unit.resources.of_case(org, "case")}
            mine = {key[1:]: value for key, value in expected.items() if key[0] == org}
            assert mine.items() <= seen.items()
            assert all(one.org == org for one in unit.resources.of_case(org, "case"))


def test_what_was_ever_here_is_known_by_type_and_id_together(store):
    with store.transaction() as unit:
        unit.resources.put_all("a", "case", [PATIENT, {"resourceType": "Task", "id": "t"}], AT)
        unit.resources.put("b", "case", {"resourceType": "Task", "id": "elsewhere"}, AT)
        unit.resources.delete("a", "Task", "t", AT)
        asked = [PATIENT, *({"resourceType": "Task", "id": id_} for id_ in ("t", "p1", "elsewhere"))]
        assert unit.resources.known("a", asked) == {("Patient", "p1"), ("Task", "t")}
        assert unit.resources.known("a", []) == set()


def test_a_case_can_be_asked_for_some_types_only(store):
    with store.transaction() as unit:
        unit.resources.put_all("a", "case", [PATIENT, {"resourceType": "Task", "id": "t"}], AT)
        assert [one.type for one in unit.resources.of_case("a", "case", ("Task", "Consent"))] == ["Task"]
        assert unit.resources.of_case("a", "case", ()) == []
        assert len(unit.resources.of_case("a", "case")) == 2
