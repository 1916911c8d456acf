"""https://hl7.org/fhir/R4/task.html and https://hl7.org/fhir/R4/messageheader.html"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.clearance import Cleared, Refusal
from adapter.domain.consent import Recipient
from adapter.fhir import systems
from adapter.mapping.to_fhir.resource_text import narrated
from adapter.rules.administrative import is_administrative
from adapter.rules.consent_gate import clear_administrative

AT = datetime(2026, 4, 10, tzinfo=UTC)
TASK = {
    "resourceType": "Task",
    "id": "t",
    "status": "rejected",
    "intent": "order",
    "statusReason": {"coding": [{"system": systems.STATUS_REASON, "code": "no-capacity"}]},
    "for": {"reference": "Patient/p"},
    "lastModified": "2026-04-10T00:00:00Z",
}
HEADER = {
    "resourceType": "MessageHeader",
    "id": "m",
    "extension": [{"url": systems.EXT_CLOCK, "valueInstant": "2026-04-10T00:00:00Z"}],
    "eventCoding": {"system": systems.MESSAGE_EVENT, "code": "status"},
    "source": {"endpoint": "urn:a"},
    "focus": [{"reference": "Task/t"}],
}
ORGANIZATION = {"resourceType": "Organization", "id": "o", "name": "Klinik (TEST)"}
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "value", "diagnostics": "x"}]}


def a_message(*resources):
    entries = [{"fullUrl": f"urn:uuid:{place}", "resource": one} for place, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "message", "entry": entries}


def test_a_status_message_needs_no_permission():
    recipient = Recipient(identifiers=frozenset({"urn:ura|00009001"}))
    verdict = clear_administrative(a_message(HEADER, TASK, ORGANIZATION, OUTCOME), recipient=recipient, moment=AT)
    assert isinstance(verdict, Cleared)
    assert (verdict.purpose, verdict.grant, verdict.recipient) == (None, None, "urn:ura|00009001")


@pytest.mark.parametrize("resource", [TASK, HEADER, ORGANIZATION, OUTCOME], ids=lambda one: one["resourceType"])
def test_each_of_the_four_may_go_alone(resource):
    assert is_administrative(resource)


@pytest.mark.parametrize(
    "member",
    [
        {"input": [{"valueString": "x"}]},
        {"output": [{"valueString": "x"}]},
        {"note": [{"text": "x"}]},
        {"description": "x"},
        {"reasonReference": {"reference": "Condition/c"}},
        {"reasonCode": {"text": "x"}},
        {"text": {"status": "generated", "div": "<div/>"}},
        {"contained": [{"resourceType": "Patient"}]},
        {"extension": [{"url": "urn:other", "valueString": "x"}]},
        {"statusReason": {"text": "the tumour has grown"}},
        {"statusReason": {"coding": [{"code": "x", "extension": [{"url": systems.EXT_CLOCK}]}]}},
        {"for": {"reference": "Patient/p", "display": "Anna"}},
        {"for": {"identifier": {"system": systems.BSN, "value": "999911120"}}},
        {"anythingNew": 1},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_task_that_says_more_than_its_status_is_clinical(member):
    verdict = clear_administrative(a_message(HEADER, TASK | member), recipient=Recipient(), moment=AT)
    assert isinstance(verdict, Refusal)
    assert verdict.code == "not-administrative"


@pytest.mark.parametrize("resource", [TASK, HEADER, ORGANIZATION, OUTCOME], ids=lambda one: one["resourceType"])
@pytest.mark.parametrize("language", ["en", "de", "nl"])
def test_a_narrative_may_go_that_says_what_the_other_members_say_and_nothing_else(resource, language):
    told = narrated(resource, language)
    assert is_administrative(told)
    div = told["text"]["div"]
    for other in (div.replace("</div>", "<p>grown</p></div>"), div.replace('">', '" title="grown">'), div[:-1], ""):
        assert not is_administrative({**told, "text": {**told["text"], "div": other}})
    assert not is_administrative({**told, "text": {**told["text"], "status": "additional"}})
    assert not is_administrative({**told, "text": {**told["text"], "id": "hidden"}})


def test_the_narrative_of_another_state_does_not_go():
    told = narrated(TASK, "en")
    assert not is_administrative({**narrated({**TASK, "status": "failed"}, "en"), "status": "rejected"})
    assert is_administrative(told)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"resourceType": ["Task"]},
        {"resourceType": "Patient", "id": "p"},
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "entry": []},
        {"resourceType": "Bundle", "entry": {}},
        {"resourceType": "Bundle", "entry": [None]},
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Bundle", "entry": [{"resource": TASK}]}}]},
        a_message(HEADER, TASK, {"resourceType": "Condition", "id": "c"}),
        a_message(HEADER | {"reason": {"text": "x"}}, TASK),
        a_message(HEADER | {"extension": {"url": systems.EXT_CLOCK}}, TASK),
    ],
    ids=lambda one: str(one)[:60],
)
def test_what_is_not_vetted_is_refused(message):
    assert not is_administrative(message)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["resourceType", "entry", "resource", "extension", "for", "coding"]), inner)
    ),
    max_leaves=12,
)


@given(
    member=st.sampled_from(["for", "extension", "statusReason", "entry", "resourceType", "code", "text"]),
    value=anything,
)
def test_it_answers_whatever_it_is_given(member, value):
    assert is_administrative(TASK | {member: value}) in (True, False)
    assert is_administrative({"resourceType": "Bundle", member: value}) in (True, False)
