"""The formats second-opinion-request/1 and second-opinion-report/1: what is read, what is refused and how it is told."""

import copy
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.base.errors import InputError, Invalid, TooLarge, UnknownFormat, Unreadable
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.values import Coding
from adapter.intake.canonical import read_report, read_request, sniff

REQUESTS, REPORTS = ("request-de.json", "request-nl.json"), ("report-de.json", "report-nl.json")
OTHERS = [None, True, 0, -1, 1.5, 10**400, "", " ", "x", "\x00", "2026-02-30", [], [None], ["x"], {}, {"x": 1}]


def read(data):
    return read_request(data) if b"second-opinion-request" in data[:200] else read_report(data)


def refused(data):
    """Return the problems of what must be refused, as {pointer: text}."""
    with pytest.raises(InputError) as caught:
        read(data)
    return {problem.where: problem.text for problem in caught.value.problems}


def places(value, path=()):
    """Every place in a document but its root, deepest last."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield (*path, step)
        yield from places(inner, (*path, step))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def told_or_read(raw):
    """Read it, or see that every problem has a place and a sentence; nothing else may happen."""
    data = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    try:
        result, problems = read(data), ()
    except InputError as error:
        result, problems = None, error.problems
    assert problems or isinstance(result, SecondOpinionRequest | SecondOpinionReport)
    for problem in problems:
        assert problem.where == "" or problem.where.startswith("/")
        assert len(problem.text) > 10


@pytest.mark.parametrize("name", REQUESTS)
def test_the_sample_requests_are_read(sample, name):
    request = read_request(sample(name))
    assert request.id == json.loads(sample(name))["id"]
    assert sniff(sample(name)) == "request"


@pytest.mark.parametrize("name", REPORTS)
def test_the_sample_reports_are_read(sample, name):
    report = read_report(sample(name))
    assert report.answers[1].question == 2
    assert sniff(sample(name)) == "report"


def test_every_member_arrives(full_request, as_bytes):
    request = read_request(as_bytes(full_request))
    assert request.insurance.deductible_used.value == Decimal("120.00")
    assert str(request.insurance.deductible_used.value) == "120.00", "the digits are the sender's"
    assert request.planned_procedure.code == Coding(
        system="http://fhir.de/CodeSystem/bfarm/ops", code="5-831", version="2026", display="Excision"
    )
    assert request.consulting.reimbursed_percent == 72.5
    assert request.consent.ask_insurer.until == date.max
    assert request.records[0].sha256.startswith("2cf24dba"), "a hash is lower case, however it was written"
    assert (request.sent.text, str(request.patient.birth_date)) == ("2026-04-10T09:30:00.5Z", "1980")
    assert request.copy_to[0].what == "report"
    assert request.proxy.patient_agrees == "yes"


def test_every_member_of_a_report_arrives(full_report, as_bytes):
    report = read_report(as_bytes(full_report))
    assert (report.replaces, report.urgent_finding) == ("MSG-8", "Call the patient today.")
    assert (report.patient_summary.language, report.document.title) == ("nl", "Opinion")


def test_what_is_not_said_stays_unknown(full_request, as_bytes):
    least = {name: full_request[name] for name in ("format", "id", "sent", "treating", "consulting")}
    request = read_request(as_bytes(least | {"patient": {"name": {"text": "N. N. (TEST)"}}}))
    assert (request.message_id, request.case) == ("REQ-1", "REQ-1")
    assert (request.insurance, request.referral, request.visits, request.planned_procedure) == (None, None, None, None)
    assert request.consent.share_records is None
    assert request.records == request.questions == request.diagnoses == ()


def test_words_and_side_of_the_planned_operation_may_stand_inside_its_code(full_request, as_bytes):
    for name in ("text", "laterality", "bodySite"):
        del full_request["plannedProcedure"][name]
    planned = read_request(as_bytes(full_request)).planned_procedure
    assert (planned.text, planned.laterality, planned.body_site) == ("Excision", "left", "L4-L5")
    assert planned.code.display is None


@pytest.mark.parametrize("value", [1.0, 1])
def test_a_whole_number_may_be_written_with_a_fraction_of_zero(full_request, as_bytes, value):
    assert repr(read_request(as_bytes(full_request | {"visits": value})).visits) == "1"


def test_a_byte_order_mark_is_skipped(full_request, as_bytes):
    assert read_request(b"\xef\xbb\xbf" + as_bytes(full_request)).id == "REQ-1"


# --- refused as a whole


def test_too_many_bytes_are_refused_before_they_are_read():
    with pytest.raises(TooLarge, match="limit of 10 bytes"):
        read_request(b"{" * 11, max_bytes=10)


@pytest.mark.parametrize("stated", ["second-opinion-request/2", "second-opinion-report/1", "x", 1, None, ["x"]])
def test_another_format_or_version_is_named_with_what_is_read_here(full_request, as_bytes, stated):
    with pytest.raises(UnknownFormat, match="only second-opinion-request/1") as caught:
        read_request(as_bytes(full_request | {"format": stated}))
    assert caught.value.problems[0].where == "/format"


def test_a_missing_format_is_named(full_request, as_bytes):
    del full_request["format"]
    with pytest.raises(UnknownFormat, match="missing"):
        read_request(as_bytes(full_request))


@pytest.mark.parametrize("data", [b"[]", b"null", b'"x"', b"1"])
def test_json_that_is_no_object_is_refused(data):
    with pytest.raises(Invalid, match="no JSON object"):
        read_request(data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"format": "second-opinion-request/9"}', "request"),
        (b'{"format": "second-opinion-report/1"}', "report"),
        (b'{"format": "other/1"}', None),
        (b'{"format": 1}', None),
        (b'{"resourceType": "Bundle"}', None),
        (b"[]", None),
        (b"MSH|^~\\&|", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_sniffing_tells_the_format_whatever_its_version_and_never_fails(data, kind):
    assert sniff(data) == kind


# --- every problem at once, in the sender's terms


def test_all_problems_are_told_at_once_and_without_what_was_sent(full_request, as_bytes):
    full_request["patient"]["brithDate"] = "1980-06-15"
    full_request["patient"]["identifiers"][0]["value"] = "999911121"
    full_request["patient"]["gender"] = "Mevrouw de Vries"
    full_request["records"][0]["id"] = "FORM"
    full_request["answerBy"] = "2026-02-30"
    del full_request["sent"]
    told = refused(as_bytes(full_request))
    assert told.keys() == {
        "/sent",
        "/patient/brithDate",
        "/patient/identifiers/0/value",
        "/patient/gender",
        "/answerBy",
        "/records/1/id",
        "/consent/shareRecords/records/0",
        "/consent/returnReport/records/0",
        "/consent/askInsurer/records/0",
    }
    assert "did you mean `birthDate`?" in told["/patient/brithDate"]
    assert "BSN" in told["/patient/identifiers/0/value"]
    assert "male, female, other, unknown" in told["/patient/gender"]
    assert not any(
        sent in text for text in told.values() for sent in ("1980-06-15", "999911121", "Vries", "2026-02-30")
    )


def test_null_is_told_to_be_left_out(full_request, as_bytes):
    assert "leave the member out" in refused(as_bytes(full_request | {"notes": None}))["/notes"]


def test_a_member_name_that_is_no_name_is_not_repeated(full_request, as_bytes):
    assert list(refused(as_bytes(full_request | {"x" * 1000: 1}))) == [""]


def test_a_pointer_is_escaped(full_request, as_bytes):
    assert list(refused(as_bytes(full_request | {"a/b~c": 1}))) == ["/a~1b~0c"]


def test_no_more_than_a_thousand_problems_are_told(full_request, as_bytes):
    with pytest.raises(Invalid) as caught:
        read_request(as_bytes(full_request | {"reviewed": 1, "questions": [1] * 15_000}))
    assert len(caught.value.problems) == 1000


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[2J", " ", "\n", ""])
def test_text_that_would_not_survive_is_refused(full_request, as_bytes, text):
    assert list(refused(as_bytes(full_request | {"notes": text}))) == ["/notes"]


# --- whatever is done to a good document


@pytest.mark.parametrize("full", ["full_request", "full_report"])
def test_any_member_may_be_missing(request, full):
    document = request.getfixturevalue(full)
    for path in places(document):
        changed = copy.deepcopy(document)
        del at(changed, path[:-1])[path[-1]]
        told_or_read(changed)


@pytest.mark.parametrize("full", ["full_request", "full_report"])
def test_any_member_may_be_of_another_type(request, full):
    document = request.getfixturevalue(full)
    for path in places(document):
        for other in OTHERS:
            changed = copy.deepcopy(document)
            at(changed, path[:-1])[path[-1]] = other
            told_or_read(changed)


@pytest.mark.parametrize("name", [*REQUESTS, *REPORTS])
def test_any_member_of_a_sample_may_be_missing_or_of_another_type(sample, name):
    document = json.loads(sample(name))
    for path in places(document):
        changed = copy.deepcopy(document)
        parent = at(changed, path[:-1])
        for other in OTHERS[::3]:
            parent[path[-1]] = other
            told_or_read(changed)
        del parent[path[-1]]
        told_or_read(changed)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_anywhere_is_read_or_told(full_request, data):
    changed = copy.deepcopy(full_request)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(changed))))
        at(changed, path[:-1])[path[-1]] = data.draw(anything)
    told_or_read(changed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans())
def test_any_damaged_byte_is_read_or_told(full_report, as_bytes, place, byte, cut):
    data = bytearray(as_bytes(full_report))
    index = int(place * (len(data) - 1))
    data[index : None if cut else index + 1] = bytes([byte])
    told_or_read(bytes(data))


@given(st.binary(max_size=200))
def test_any_bytes_are_told(data):
    with pytest.raises((Unreadable, Invalid, UnknownFormat)):
        read_request(data)
