"""https://hl7.org/fhir/R4/operationoutcome.html"""

import base64
import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import pytest

from adapter.base.errors import TooLarge
from adapter.workflow.caller import Caller, CallerKind
from adapter.workflow.intake import take_in

LOCAL = Caller(kind=CallerKind.LOCAL, id="local", org=None, scopes=frozenset({"intake"}))
OTHER_SHA256 = "ab" * 32


@pytest.fixture
def house(pair, sample):
    """The Dutch treating organisation, on the day of the request."""
    pair.move(sample("request-nl")["sent"])
    return pair["dijkzicht"]


@pytest.fixture
def refusing(lasting_pair):
    """The Dutch treating organisation, which accepts nothing in these tests."""
    return lasting_pair["dijkzicht"]


@pytest.fixture
def ready(sample):
    """A request whose records need no upload."""
    request = sample("request-nl")
    for record in request["records"]:
        del record["path"]
        record["data"] = base64.b64encode(record["id"].encode()).decode()
    return request


def changed(request, path, value):
    """Return a copy with another value at a JSON pointer; None takes the member away."""
    copy = json.loads(json.dumps(request))
    *way, last = [int(part) if part.isdecimal() else part for part in path.strip("/").split("/")]
    place = copy
    for part in way:
        place = place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return copy


WRONG = [
    ("a day that does not exist", "/patient/birthDate", "1980-02-31", 422, "/patient/birthDate"),
    (
        "a BSN with a wrong check digit",
        "/patient/identifiers/0/value",
        "999911121",
        422,
        "/patient/identifiers/0/value",
    ),
    ("an unknown member", "/patient/nickname", "Ann", 422, "/patient/nickname"),
    ("a missing patient", "/patient", None, 422, "/patient"),
    ("an unknown code", "/afterwards", "holiday", 422, "/afterwards"),
    ("another version of the format", "/format", "second-opinion-request/2", 415, "/format"),
    ("another format", "/format", "invoice/1", 415, "/format"),
    ("an instant without offset", "/sent", "2026-04-10T09:30:00", 422, "/sent"),
    (
        "consent that names an unknown record",
        "/consent/shareRecords/records",
        ["DOC-9"],
        422,
        "/consent/shareRecords/records",
    ),
    ("two records with one id", "/records/1/id", "DOC-1", 422, "/records/1/id"),
    ("bytes with another hash", "/records/0/sha256", OTHER_SHA256, 422, "/records/0/sha256"),
    ("a record by path", "/records/0", {"id": "DOC-1", "path": "/etc/passwd"}, 422, "/records/0/path"),
    ("a record by url", "/records/0", {"id": "DOC-1", "url": "http://127.0.0.1/x"}, 422, "/records/0/url"),
    ("a record that nobody uploaded", "/records/0", {"id": "DOC-1", "sha256": OTHER_SHA256}, 422, "/records/0/sha256"),
    (
        "an unknown partner",
        "/consulting/organization/identifiers/0/value",
        "00009999",
        422,
        "/consulting/organization/identifiers",
    ),
    (
        "another organisation's request",
        "/treating/organization/identifiers/0/value",
        "00009999",
        422,
        "/treating/organization/identifiers",
    ),
    (
        "a date that consent ends before it begins",
        "/consent/shareRecords/until",
        "2026-04-01",
        422,
        "/consent/shareRecords",
    ),
]


@pytest.mark.parametrize(
    ("member", "value", "status", "where"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG]
)
def test_a_wrong_request_is_refused_with_the_place_in_its_own_terms(
    refusing, ready, issues, member, value, status, where
):
    before, kept = refusing.counts(), len(refusing.quarantine())
    response = refusing.post(changed(ready, member, value))
    assert response.status_code == status, response.text
    assert any(text.startswith(where) for _, text in issues(response)), response.text
    assert refusing.counts() == before
    assert len(refusing.quarantine()) == kept + 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b'{"format": "second-opinion-request/1"', 400),
        (b"\xff\xfe{}", 400),
        (b'{"format": "second-opinion-request/1", "format": "second-opinion-request/1"}', 400),
        (b'{"format": NaN}', 400),
        (b"[" * 100_000, 413),
        (b"[]", 422),
        (b"{}", 415),
        (b"MSH|^~\\&|A|B\r", 422),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", 422),
    ],
    ids=["empty", "text", "cut off", "utf-16", "a member twice", "NaN", "too deep", "a list", "no format", "v2", "XML"],
)
def test_what_is_no_request_is_refused_and_kept_for_the_operator(refusing, issues, body, status):
    before, kept = refusing.counts(), len(refusing.quarantine())
    response = refusing.post(body)
    assert response.status_code == status, response.text
    assert issues(response)
    assert refusing.counts() == before
    assert len(refusing.quarantine()) == kept + 1


def test_every_problem_is_told_at_once(house, ready, issues):
    wrong = changed(changed(changed(ready, "/patient/gender", "x"), "/sent", "yesterday"), "/records/0/date", "2026-13")
    told = " ".join(text for _, text in issues(house.post(wrong)))
    for place in ("/patient/gender", "/sent", "/records/0/date"):
        assert place in told


def test_a_report_is_not_for_the_treating_side(house, sample, issues):
    response = house.post(sample("report-nl"))
    assert response.status_code == 415
    assert "not for a treating organisation" in issues(response)[0][1]


def test_the_same_request_twice_has_one_effect_and_one_answer(house, ready):
    first = house.post(ready)
    before = house.counts()
    second = house.post(ready)
    assert (first.status_code, first.content, first.headers["location"]) == (
        202,
        second.content,
        second.headers["location"],
    )
    assert house.counts() == before


def test_the_same_message_id_with_another_body_is_a_conflict(house, ready, issues):
    assert house.post(ready).status_code == 202
    before = house.counts()
    response = house.post({**ready, "notes": "Another note."})
    assert response.status_code == 409
    assert issues(response)[0][0] == "duplicate"
    assert house.counts() == before


def test_thirty_callers_with_the_same_request_have_one_effect_and_the_same_answer(house, ready):
    gate = threading.Barrier(30)

    def post(_):
        gate.wait()
        return house.post(ready)

    with ThreadPoolExecutor(30) as callers:
        answers = list(callers.map(post, range(30)))
    assert {(one.status_code, one.content, one.headers.get("location")) for one in answers} == {
        (202, answers[0].content, answers[0].headers["location"])
    }
    assert house.counts()["case_view"] == house.counts()["inbox"] == house.counts()["work"] == 1
    assert house.quarantine() == []


def test_thirty_callers_with_different_requests_are_all_accepted(house, ready):
    def post(number):
        return house.post({**ready, "id": f"REQ-{number}", "messageId": f"MSG-{number}", "case": f"CASE-{number}"})

    with ThreadPoolExecutor(30) as callers:
        assert {one.status_code for one in callers.map(post, range(30))} == {202}
    assert house.counts()["case_view"] == 30


def test_a_case_number_of_another_request_is_a_conflict(house, ready, issues):
    assert house.post(ready).status_code == 202
    response = house.post({**ready, "id": "REQ-NL-0002", "messageId": "MSG-NL-0002"})
    assert response.status_code == 409
    assert "/case" in issues(response)[0][1]


def test_a_record_is_uploaded_once_and_held_against_its_hash(house, issues):
    data = b"a record"
    name = sha256(data).hexdigest()
    assert house.http.head(f"/records/{name}").status_code == 404
    assert house.http.put(f"/records/{name}", content=b"another").status_code == 422
    assert house.http.put(f"/records/{name}", content=data).status_code == 201
    assert house.http.put(f"/records/{name}", content=data).status_code == 200
    assert house.http.get(f"/records/{name}").content == data
    wrong = house.http.put("/records/..%2f..%2fetc", content=data)
    assert wrong.status_code in (404, 422)
    assert issues(wrong)


def test_an_upload_that_broke_off_goes_on_where_it_stopped(house):
    data = b"0123456789" * 100
    name = sha256(data).hexdigest()
    first = house.http.put(f"/records/{name}", content=data[:300])
    assert first.status_code == 422, "the part alone has another hash"
    assert house.http.head(f"/records/{name}").headers["upload-offset"] == "0"
    beyond = house.http.put(f"/records/{name}", content=data[300:], headers={"Content-Range": "bytes 300-999/1000"})
    assert beyond.status_code == 412
    assert house.http.put(f"/records/{name}", content=data).status_code == 201


def test_a_compressed_body_is_not_taken(house, ready, issues):
    body = gzip.compress(json.dumps(ready).encode())
    response = house.post(body, **{"Content-Encoding": "gzip"})
    assert response.status_code == 415
    assert "compressed" in issues(response)[0][1]
    assert house.counts()["case_view"] == 0


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(house, issues):
    limit = house.running.service.max_body_bytes
    response = house.post(b"{}", **{"Content-Length": str(limit + 1)})
    assert response.status_code == 413
    assert str(limit) in issues(response)[0][1]


def test_a_caller_who_accepts_nothing_that_is_spoken_here_gets_406_and_has_no_effect(house, ready, issues):
    before = house.counts()
    response = house.post(ready, Accept="text/html")
    assert response.status_code == 406
    assert issues(response)
    assert house.counts() == before


def test_the_answer_to_a_request_may_be_xml(house, ready):
    response = house.post(ready, Accept="application/fhir+xml")
    assert response.status_code == 202
    assert response.content.startswith(b"<")
    assert b"OperationOutcome" in response.content


REPORTS = [
    ("a question that was not asked", "/answers/1/question", 3, 422, "/answers/1/question"),
    ("a record that was not sent", "/reviewed/0", "DOC-9", 422, "/reviewed/0"),
    ("a case that is not here", "/case", "CASE-NL-0999", 404, "/case"),
    ("another organisation's case", "/case", "CASE-DE-0001", 404, "/case"),
    ("a status that is not taken", "/status", "preliminary", 422, "/status"),
    ("an unknown member", "/signature", "x", 422, "/signature"),
    (
        "a document that nobody uploaded",
        "/document",
        {"contentType": "application/pdf", "sha256": OTHER_SHA256},
        422,
        "/document",
    ),
]


@pytest.mark.parametrize(
    ("member", "value", "status", "where"), [one[1:] for one in REPORTS], ids=[one[0] for one in REPORTS]
)
def test_a_wrong_report_is_refused_with_the_place_in_its_own_terms(pair, sample, issues, member, value, status, where):
    for name, treating, consulting in (
        ("request-de", "klinik-a", "praxis-b"),
        ("request-nl", "dijkzicht", "catharina-kliniek"),
    ):
        request = sample(name)
        pair.move(request["sent"])
        pair[treating].submit(request)
        pair.settle()
        pair[consulting].decide(request["case"], "accept")
        pair.settle()
    house = pair["catharina-kliniek"]
    before = house.counts()
    report = changed(sample("report-nl"), member, value)
    if report["document"].pop("path", None):
        report["document"]["data"] = "aGVsbG8="
    response = house.post(report)
    assert response.status_code == status, response.text
    assert any(text.startswith(where) for _, text in issues(response)), response.text
    assert house.counts() == before
    assert len(house.quarantine()) == 1


def test_a_report_comes_too_early_before_the_request_was_accepted(pair, sample, issues):
    request, report = sample("request-nl"), sample("report-nl")
    report["reviewed"] = []
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    response = pair["catharina-kliniek"].submit(report)
    assert response.status_code == 409
    assert "received" in issues(response)[0][1]
    assert pair["catharina-kliniek"].case("CASE-NL-0001")["status"] == "received"


def test_the_same_report_from_thirty_callers_completes_the_case_once(pair, sample):
    request, report = sample("request-nl"), sample("report-nl")
    report.pop("document")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    with ThreadPoolExecutor(30) as callers:
        answers = list(callers.map(lambda _: pair["catharina-kliniek"].post(report), range(30)))
    assert {(one.status_code, one.content) for one in answers} == {(202, answers[0].content)}
    assert pair["catharina-kliniek"].kinds("CASE-NL-0001").count("reported") == 1


def test_the_operator_can_look_at_the_original_bytes_of_what_was_accepted_and_of_what_was_refused(house, ready):
    accepted = json.dumps(ready, indent=3).encode()
    house.post(accepted)
    house.post(b"no JSON, but kept")
    for number in range(101):
        body = {**ready, "id": f"REQ-{number}", "messageId": f"MSG-{number}", "case": f"CASE-{number}"}
        assert house.post(body).status_code == 202
    for name, body in (
        (house.quarantine()[0]["sha256"], b"no JSON, but kept"),
        (sha256(accepted).hexdigest(), accepted),
    ):
        original = house.http.get(f"/messages/{name}")
        assert (original.status_code, original.content) == (200, body)
        assert original.headers["content-disposition"] == "attachment"
    assert house.http.get(f"/messages/{OTHER_SHA256}").status_code == 404
    assert house.http.get("/messages/x").status_code == 404


def test_records_that_could_never_be_delivered_in_one_message_are_refused_at_the_door(house, ready):
    small = replace(house.running.node, max_message_bytes=8)
    with pytest.raises(TooLarge) as refused:
        take_in(small, "dijkzicht", LOCAL, json.dumps(ready).encode(), "application/json")
    assert refused.value.problems[0].where == "/records"
    assert house.counts()["case_view"] == 0
