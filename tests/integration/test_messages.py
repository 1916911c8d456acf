"""https://hl7.org/fhir/R4/messageheader-operation-process-message.html"""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from adapter.base.errors import StoreUnavailable
from adapter.fhir.codec import parse_xml, to_xml

NEW_ID = "00000000-0000-8000-8000-000000000001"


def entry(message, kind):
    return next(one["resource"] for one in message["entry"] if one["resource"]["resourceType"] == kind)


def entries(message, kind):
    return [one["resource"] for one in message["entry"] if one["resource"]["resourceType"] == kind]


def said(response):
    """Return the response code of an answering message and what its OperationOutcome says."""
    assert response.status_code == 200, response.text
    header = entry(response.json(), "MessageHeader")
    outcome = entry(response.json(), "OperationOutcome")
    return header["response"]["code"], " ".join(one["details"]["text"] for one in outcome["issue"])


def test_a_good_request_is_taken_and_answered_with_a_message(pair, post, request_message):
    response = post(request_message)
    assert said(response)[0] == "ok"
    assert (
        entry(response.json(), "MessageHeader")["response"]["identifier"]
        == entry(request_message, "MessageHeader")["id"]
    )
    assert [one["status"] for one in pair["catharina-kliniek"].get("/cases")] == ["received"]


def test_a_message_may_come_and_be_answered_as_xml(pair, post, request_message):
    response = post(
        to_xml(request_message), **{"Content-Type": "application/fhir+xml", "Accept": "application/fhir+xml"}
    )
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/fhir+xml")
    answer = parse_xml(response.content)
    assert entry(answer, "MessageHeader")["response"]["code"] == "ok"
    task = pair["catharina-kliniek"].get("/cases")[0]["id"]
    read = pair["catharina-kliniek"].http.get(f"/fhir/Task/{task}", headers={"Accept": "application/fhir+xml"})
    assert parse_xml(read.content)["id"] == task
    assert pair["catharina-kliniek"].get(f"/fhir/Task/{task}?_format=json")["id"] == task


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"nonsense", 400),
        (b'{"resourceType":"Patient"}', 422),
        (b'{"resourceType":"Bundle","type":"document"}', 422),
        (b'{"resourceType":"Bundle","type":"message"}', 422),
        (
            b'{"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"Patient","id":"a"},"fullUrl":"urn:uuid:00000000-0000-8000-8000-000000000001"}]}',
            422,
        ),
        (b'{"resourceType":"Bundle","type":"message","entry":"x"}', 422),
        (b'{"resourceType":"Bundle","type":"message","surprise":1}', 422),
        (b"[" * 200_000, 400),
    ],
    ids=[
        "empty",
        "no JSON",
        "a Patient",
        "a document",
        "no entries",
        "no header",
        "entry is text",
        "unknown element",
        "deep",
    ],
)
def test_what_is_no_message_is_refused_by_http_and_kept_for_the_operator(pair, post, issues, body, status):
    house = pair["catharina-kliniek"]
    before = house.counts()
    response = post(body)
    assert response.status_code in (status, 413), response.text
    assert issues(response)
    assert house.counts() == before
    assert len(house.quarantine()) == 1


def test_invalid_fhir_is_refused_with_its_place(pair, post, request_message, issues):
    entry(request_message, "Patient")["birthDate"] = "1980-13-01"
    entry(request_message, "Task")["status"] = "NOT-A-CODE"
    response = post(request_message)
    assert response.status_code == 422
    places = [one["expression"][0] for one in response.json()["issue"]]
    assert any(place.endswith("birthDate") for place in places)
    assert any(place.endswith("status") for place in places)
    assert pair["catharina-kliniek"].counts()["case_view"] == 0


def test_a_sender_that_is_no_partner_is_refused(pair, post, request_message):
    for organization in entries(request_message, "Organization"):
        for identifier in organization.get("identifier", []):
            if identifier["value"] == "00009001":
                identifier["value"] = "00007777"
    response = post(request_message)
    assert response.status_code == 403
    assert "no partner" in response.text
    assert pair["catharina-kliniek"].counts()["case_view"] == 0


def test_the_token_of_another_partner_does_not_speak_for_the_sender(pair, post, request_message):
    response = post(request_message, token="token-klinik-a-to-catharina-kliniek")
    assert response.status_code == 403
    assert "another partner" in response.text
    assert pair["catharina-kliniek"].counts()["case_view"] == 0


def test_a_message_for_another_organisation_is_not_applied(pair, post, request_message):
    for organization in entries(request_message, "Organization"):
        for identifier in organization.get("identifier", []):
            if identifier["value"] == "00009002":
                identifier["value"] = "00009999"
    code, text = said(post(request_message))
    assert (code, "another organisation" in text) == ("fatal-error", True)
    assert pair["catharina-kliniek"].counts()["case_view"] == 0
    assert len(pair["catharina-kliniek"].quarantine()) == 1


def test_an_unknown_event_is_refused_with_the_known_ones(pair, post, request_message):
    entry(request_message, "MessageHeader")["eventCoding"] = {"system": "urn:x", "code": "hello"}
    response = post(request_message)
    assert response.status_code in (200, 422)
    assert "I12" in response.text
    assert pair["catharina-kliniek"].counts()["case_view"] == 0


def test_an_answer_out_of_the_blue_is_no_event(pair, post, request_message):
    header = entry(request_message, "MessageHeader")
    header["response"] = {"identifier": NEW_ID, "code": "ok"}
    del header["focus"]
    response = post(request_message)
    assert response.status_code < 500, response.text
    assert pair["catharina-kliniek"].counts()["case_view"] == 0


def test_a_repetition_has_no_effect_and_the_same_answer(pair, post, request_message):
    first = post(request_message)
    before = pair["catharina-kliniek"].counts()
    pair.move("2026-05-10T09:30:00+02:00")
    second = post(request_message)
    assert second.content == first.content
    assert pair["catharina-kliniek"].counts() == before


def test_the_same_message_id_with_another_body_is_a_conflict(pair, post, request_message, issues):
    post(request_message)
    before = pair["catharina-kliniek"].counts()
    entry(request_message, "Patient")["gender"] = "other"
    response = post(request_message)
    assert response.status_code == 409
    assert issues(response)[0][0] == "duplicate"
    assert pair["catharina-kliniek"].counts() == before


def test_thirty_deliveries_of_one_message_at_once_have_one_effect_and_one_answer(pair, post, request_message):
    with ThreadPoolExecutor(30) as callers:
        answers = list(callers.map(lambda _: post(request_message), range(30)))
    assert {(one.status_code, one.content) for one in answers} == {(200, answers[0].content)}
    assert said(answers[0])[0] == "ok"
    house = pair["catharina-kliniek"]
    assert house.counts()["case_view"] == house.counts()["inbox"] == 1
    assert house.quarantine() == []


def test_a_known_request_under_a_new_message_id_does_not_open_a_second_case(pair, post, request_message):
    post(request_message)
    header = entry(request_message, "MessageHeader")
    header["id"] = NEW_ID
    request_message["entry"][0]["fullUrl"] = f"urn:uuid:{NEW_ID}"
    response = post(request_message)
    assert response.status_code in (200, 409)
    assert "received before" in response.text
    assert len(pair["catharina-kliniek"].get("/cases")) == 1


@pytest.fixture
def in_review(pair, sample):
    """A case under review, with every message that brought it there on the wire."""
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    return request


def event(message):
    return entry(message, "MessageHeader")["eventCoding"]["code"]


def sent(pair, code):
    """Return the messages of one kind that were sent, oldest first."""
    return [message for message in (json.loads(one.body) for one in pair.wire.sent) if event(message) == code]


def renewed(message):
    """Return the message under an id of its own."""
    copy = json.loads(json.dumps(message))
    entry(copy, "MessageHeader")["id"] = NEW_ID
    copy["entry"][0]["fullUrl"] = f"urn:uuid:{NEW_ID}"
    return copy


def test_an_event_that_comes_too_late_is_kept_but_not_applied(pair, post, in_review):
    accepted = renewed(sent(pair, "status")[0])
    assert entry(accepted, "Task")["status"] == "accepted"
    before = pair["dijkzicht"].case("CASE-NL-0001")
    code, text = said(post(accepted, org="dijkzicht", token="token-catharina-kliniek-to-dijkzicht"))
    assert (code, "in-progress" in text) == ("fatal-error", True)
    assert pair["dijkzicht"].case("CASE-NL-0001") == before
    assert len(pair["dijkzicht"].quarantine()) == 1


def test_an_event_that_comes_too_early_is_kept_but_not_applied(pair, post, in_review):
    early = renewed(sent(pair, "status")[-1])
    early["entry"][0]["resource"]["eventCoding"]["code"] = "closed"
    entry(early, "Task")["businessStatus"]["coding"][0]["code"] = "report-delivered-patient"
    entry(early, "Task")["businessStatus"]["coding"][0].pop("display", None)
    code, text = said(post(early, org="dijkzicht", token="token-catharina-kliniek-to-dijkzicht"))
    assert (code, "cannot become handed-over" in text) == ("fatal-error", True)
    assert pair["dijkzicht"].case("CASE-NL-0001")["closedAt"] is None


def test_a_side_cannot_do_what_is_the_other_sides_to_do(pair, post, in_review):
    theirs = renewed(sent(pair, "status")[-1])
    theirs["entry"][0]["resource"]["eventCoding"] = {
        "system": "http://terminology.hl7.org/CodeSystem/v2-0003",
        "code": "I14",
    }
    code, _ = said(post(theirs, org="dijkzicht", token="token-catharina-kliniek-to-dijkzicht"))
    assert code == "fatal-error"
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "in-progress"


def test_tampered_record_bytes_are_refused(pair, post, sample):
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    kept = dict(pair.wire.apps)
    pair.wire.apps["consulting"] = kept["treating"]
    pair.settle()
    pair.wire.apps.update(kept)
    package = sent(pair, "records")[-1]
    document = entry(package, "Bundle")
    binary = next(one["resource"] for one in document["entry"] if one["resource"]["resourceType"] == "Binary")
    genuine = renewed(package)
    data = bytearray(base64.b64decode(binary["data"]))
    data[0] ^= 1
    binary["data"] = base64.b64encode(data).decode()
    code, text = said(post(package))
    assert code == "fatal-error", text
    case = pair["catharina-kliniek"].case("CASE-NL-0001")
    assert (case["status"], case["records"]) == ("accepted", [])
    assert len(pair["catharina-kliniek"].quarantine()) == 1
    assert said(post(genuine))[0] == "ok", "it was the changed byte"


def test_a_full_disk_is_no_refusal_and_the_message_comes_again(pair, sample, monkeypatch):
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    house = pair["catharina-kliniek"]
    house.decide("CASE-NL-0001", "accept")
    blobs = house.store.blobs

    def full(*_, **__):
        raise StoreUnavailable("this node cannot store anything just now; try again later")

    with monkeypatch.context() as disk:
        disk.setattr(type(blobs), "write", full)
        pair.settle()
    assert house.case("CASE-NL-0001")["records"] == []
    pair.move("2026-04-10T11:00:00+02:00")
    pair.settle()
    assert {one["id"] for one in house.case("CASE-NL-0001")["records"]} == {"DOC-1", "DOC-2"}
    assert house.quarantine() == pair.failed_work() == []


def test_records_that_are_sent_again_have_the_same_bytes_whatever_happened_meanwhile(pair, sample):
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.work_off("catharina-kliniek")
    pair.wire.deaf.add("consulting")
    pair.work_off("dijkzicht")
    pair.wire.deaf.clear()
    pair.work_off("catharina-kliniek")
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "in-progress", "it was told before the answer arrived"
    pair.move("2026-04-10T11:00:00+02:00")
    pair.settle()
    first, second = (one.body for one in pair.wire.sent if b"records-package" in one.body)
    assert first == second
    assert pair.failed_work() == []


def test_what_was_refused_can_be_replayed_when_the_reason_is_gone(pair, sample):
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    settings = pair["catharina-kliniek"].running.node.organisations["catharina-kliniek"]
    right, wrong = settings.identifiers, (replace(settings.identifiers[0], value="00009999"),)
    object.__setattr__(settings, "identifiers", wrong)
    pair.settle()
    failed = pair["dijkzicht"].get("/work/failed")
    assert [one["kind"] for one in failed] == ["send-request"]
    object.__setattr__(settings, "identifiers", right)
    assert pair["dijkzicht"].http.post(f"/work/{failed[0]['id']}/replay").status_code == 200
    pair.settle()
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "received"
    assert pair.failed_work() == []


def test_a_body_of_another_media_type_is_not_taken(pair, post, request_message, issues):
    response = post(request_message, **{"Content-Type": "text/plain"})
    assert response.status_code == 415
    assert issues(response)


def test_a_query_is_answered_with_the_state_and_changes_nothing(pair, post, in_review):
    query = renewed(sent(pair, "I12")[0])
    query["entry"][0]["resource"]["eventCoding"]["code"] = "I15"
    before = pair["catharina-kliniek"].case("CASE-NL-0001")
    response = post(query)
    assert said(response)[0] == "ok"
    assert entry(response.json(), "Task")["status"] == "in-progress"
    assert pair["catharina-kliniek"].case("CASE-NL-0001") == before


def test_another_partners_case_answers_exactly_as_one_that_is_not_there(pair, post, in_review, sample):
    query = renewed(sent(pair, "I12")[0])
    query["entry"][0]["resource"]["eventCoding"]["code"] = "I15"
    told = []
    for task in (entry(query, "Task")["id"], NEW_ID):
        body = json.dumps(query).replace(entry(query, "Task")["id"], task).replace("00009001", "260800008")
        body = body.replace(
            'http://fhir.nl/fhir/NamingSystem/ura", "value": "260800008',
            'http://fhir.de/sid/arge-ik/iknr", "value": "260800008',
        )
        body = json.loads(body)
        entry(body, "MessageHeader")["id"] = NEW_ID[:-1] + str(len(told) + 2)
        body["entry"][0]["fullUrl"] = f"urn:uuid:{NEW_ID[:-1]}{len(told) + 2}"
        told.append(said(post(body, token="token-klinik-a-to-catharina-kliniek")))
    assert told[0] == told[1]
    assert told[0][0] == "fatal-error"
