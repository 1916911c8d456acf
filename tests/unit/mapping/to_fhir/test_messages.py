"""https://hl7.org/fhir/R4/messaging.html"""

import pytest

from adapter.base.ids import opaque_id
from adapter.fhir.codec import parse_json, to_json
from adapter.mapping.from_fhir.message import read_message
from adapter.mapping.from_fhir.package import read_package
from adapter.mapping.from_fhir.task import read_task_state
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.mapping.to_fhir.messages import (
    Event,
    answer,
    cancel_message,
    closed_message,
    records_message,
    report_message,
    status_message,
)

OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "business-rule", "diagnostics": "no"}],
}


@pytest.fixture
def messages(values):
    task, envelope = values.expressed.task, values.envelope
    opinion = values.opinion()
    done = {**task, "output": list(opinion.outputs)}
    return {
        Event.STATUS: status_message(task, envelope),
        Event.RECORDS: records_message(task, values.package(), envelope),
        Event.REPORT: report_message(done, opinion.document, envelope),
        Event.ADDENDUM: report_message(done, opinion.document, envelope, addendum=True),
        Event.CLOSED: closed_message(task, envelope),
        Event.CANCEL: cancel_message(task, envelope, reason="patient-withdrew"),
    }


def test_every_message_is_valid_and_says_who_what_and_about_which_task(values, messages, errors):
    for event, bundle in messages.items():
        assert errors(bundle) == [], event
        received = read_message(parse_json(to_json(bundle)))
        assert received.event is event
        assert received.id == values.envelope.id
        assert received.task["id"] == values.expressed.task["id"]
        assert (received.source, received.sender_name) == ("https://a.example/fhir", "Haus A (TEST)")
        assert received.senders == {"http://fhir.nl/fhir/NamingSystem/ura|00009001"}
        assert received.receivers == {"http://fhir.nl/fhir/NamingSystem/ura|00009002"}
        assert received.response is None


def test_no_message_but_the_report_says_anything_clinical(values, messages):
    for event in (Event.STATUS, Event.CLOSED, Event.CANCEL):
        text = to_json(messages[event]).decode()
        for secret in (
            *values.request.questions,
            "Microdiscectomie",
            "999911120",
            "de Vries",
            "alternative-recommended",
        ):
            assert secret not in text, event


def test_every_address_in_a_message_is_used_once(messages):
    for event, bundle in messages.items():
        urls = [entry["fullUrl"] for entry in bundle["entry"]]
        assert len(urls) == len(set(urls)), event


def test_the_records_arrive_whole(values, messages):
    received = read_message(messages[Event.RECORDS])
    assert {item.record_id: item.data for item in read_package(received.document).items} == values.data
    assert received.task["input"][0]["valueReference"]["reference"] == f"Bundle/{received.document['id']}"


def test_the_report_brings_its_outputs_and_the_document(values, messages):
    received = read_message(messages[Event.REPORT])
    assert received.document == values.opinion().document
    assert received.task["output"][0]["valueReference"]["reference"] == f"Bundle/{received.document['id']}"


def test_a_cancellation_says_why_in_the_header_and_in_the_task(messages):
    received = read_message(messages[Event.CANCEL])
    assert read_task_state(received.task).reason == "patient-withdrew"
    assert received.header["reason"]["coding"][0]["code"] == "patient-withdrew"


def test_the_same_message_is_the_same_bytes(values):
    first, second = (to_json(status_message(values.expressed.task, values.envelope)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("code", ["ok", "fatal-error", "transient-error"])
@pytest.mark.parametrize("outcome", [None, OUTCOME])
def test_an_answer_names_the_message_and_what_became_of_it(values, messages, errors, code, outcome):
    asked = read_message(messages[Event.STATUS]).header
    bundle = answer(
        asked,
        code=code,
        outcome=outcome,
        id=opaque_id("an answer"),
        timestamp=values.envelope.at,
        source=Endpoint(url="https://b.example/fhir"),
        destination=Endpoint(url="https://a.example/fhir"),
    )
    assert errors(bundle) == []
    received = read_message(bundle)
    assert (received.response.identifier, received.response.code) == (values.envelope.id, code)
    assert (received.response.details is None) is (outcome is None)
    assert received.task == {}
    assert "id" not in OUTCOME


def test_a_query_is_answered_with_the_bare_status(values, messages):
    bundle = answer(
        read_message(messages[Event.STATUS]).header,
        code="ok",
        outcome=None,
        id=opaque_id("an answer"),
        timestamp=values.envelope.at,
        source=Endpoint(url="https://b.example/fhir"),
        destination=Endpoint(url="https://a.example/fhir"),
        task=values.expressed.task,
    )
    assert read_message(bundle).task["id"] == values.expressed.task["id"]
    assert values.request.questions[0] not in str(bundle)
