from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapter.base.errors import DuplicateDiffers, StaleVersion
from adapter.domain.case import Case, Role, TaskStatus

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def a_case(**changes):
    case = Case(
        org="a",
        id="c1",
        number="N-1",
        request_id="R-1",
        role=Role.TREATING,
        partner="b",
        status=TaskStatus.REQUESTED,
        opened_at=AT,
        changed_at=AT,
        detail={"request": "x"},
    )
    return replace(case, **changes)


def test_a_case_comes_back_as_it_was(store):
    case = a_case(business_status="new", reason="r", closed_at=AT, partner=None)
    with store.transaction() as unit:
        assert unit.cases.add(case) == 1
    with store.read() as unit:
        assert unit.cases.get("a", "c1") == replace(case, version=1)
        assert unit.cases.get("a", "c2") is None


def test_only_who_has_read_the_newest_version_may_write(store):
    with store.transaction() as unit:
        unit.cases.add(a_case())
        assert unit.cases.save(a_case(status=TaskStatus.RECEIVED), expected_version=1) == 2
    with pytest.raises(StaleVersion), store.transaction() as unit:
        unit.cases.save(a_case(status=TaskStatus.CANCELLED), expected_version=1)
    with pytest.raises(StaleVersion), store.transaction() as unit:
        unit.cases.save(a_case(id="unknown", number="N-2", request_id="R-2"), expected_version=0)
    with store.read() as unit:
        assert unit.cases.get("a", "c1").status is TaskStatus.RECEIVED
        assert unit.cases.get("a", "c1").version == 2


@pytest.mark.parametrize("clash", [{"number": "N-1"}, {"request_id": "R-1"}], ids=["number", "request"])
@pytest.mark.parametrize("partner", ["b", None])
def test_a_number_and_a_request_belong_to_one_case(store, clash, partner):
    other = {"id": "c2", "number": "N-2", "request_id": "R-2", "partner": partner}
    with store.transaction() as unit:
        unit.cases.add(a_case(partner=partner))
    with pytest.raises(DuplicateDiffers), store.transaction() as unit:
        unit.cases.add(a_case(**{**other, **clash}))
    with store.transaction() as unit:
        unit.cases.add(a_case(**other))
    with pytest.raises(DuplicateDiffers), store.transaction() as unit:
        unit.cases.save(a_case(**{**other, **clash}), expected_version=1)


def test_partners_may_use_the_same_number(store):
    with store.transaction() as unit:
        unit.cases.add(a_case())
        unit.cases.add(a_case(id="c2", partner="d", opened_at=AT + timedelta(days=1)))
        assert unit.cases.by_number("a", "N-1").id == "c2"
        assert unit.cases.by_number("a", "N-1", partner="b").id == "c1"
        assert unit.cases.by_number("a", "N-1", role=Role.CONSULTING) is None
        assert unit.cases.by_request("a", Role.TREATING, "R-1").id == "c2"
        assert unit.cases.by_request("a", Role.TREATING, "R-1", "b").id == "c1"
        assert unit.cases.by_request("a", Role.CONSULTING, "R-1") is None


def test_cases_are_listed_newest_first_and_page_by_page(store):
    with store.transaction() as unit:
        for n in range(5):
            closed = AT if n == 3 else None
            unit.cases.add(
                a_case(
                    id=f"c{n}", number=f"{n}", request_id=f"{n}", opened_at=AT + timedelta(hours=n), closed_at=closed
                )
            )
    with store.read() as unit:
        assert [one.id for one in unit.cases.list("a", limit=2)] == ["c4", "c3"]
        assert [one.id for one in unit.cases.list("a", limit=2, offset=2)] == ["c2", "c1"]
        assert [one.id for one in unit.cases.list("a", open_only=True)] == ["c4", "c2", "c1", "c0"]
        assert unit.cases.list("b") == []


def test_events_keep_their_order_and_their_case(store):
    with store.transaction() as unit:
        assert unit.events.append("a", "c1", "requested", "client:ehr", AT, {"message": "m"}) == 1
        assert unit.events.append("a", "c1", "sent", "node", AT) == 2
        assert unit.events.append("a", "c2", "requested", "client:ehr", AT) == 1
        assert unit.events.append("b", "c1", "requested", "client:ehr", AT) == 1
    with store.read() as unit:
        told = [(one.seq, one.kind, one.detail) for one in unit.events.of_case("a", "c1")]
        assert told == [(1, "requested", {"message": "m"}), (2, "sent", {})]


def test_a_transaction_that_fails_leaves_nothing(store):
    def half(unit):
        unit.cases.add(a_case())
        unit.events.append("a", "c1", "requested", "x", AT)
        unit.work.add("a", "c1", "send", {}, AT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.transaction() as unit:
        half(unit)
    with store.read() as unit:
        assert unit.cases.get("a", "c1") is None
        assert unit.events.of_case("a", "c1") == []
        assert unit.work.due(AT, 10) == []
