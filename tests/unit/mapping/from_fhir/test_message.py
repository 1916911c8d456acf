"""https://hl7.org/fhir/R4/messaging.html"""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.base.errors import InputError, Invalid, Problem
from adapter.mapping.from_fhir.message import read_message
from adapter.mapping.to_fhir.messages import status_message

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def bundle(values):
    return copy.deepcopy(status_message(values.expressed.task, values.envelope))


def header(bundle):
    return bundle["entry"][0]["resource"]


def refusal(bundle):
    with pytest.raises(InputError) as refused:
        read_message(bundle)
    return [(one.where, one.code) for one in refused.value.problems]


def test_no_header_no_message(bundle):
    del bundle["entry"][0]
    assert refusal(bundle) == [("Bundle.entry[0].resource", "required")]


def test_another_kind_of_bundle_is_no_message(bundle):
    bundle["type"] = "transaction"
    assert refusal(bundle) == [("Bundle.type", "value")]


@pytest.mark.parametrize(
    "coding", [None, {"system": "http://terminology.hl7.org/CodeSystem/v2-0003", "code": "A01"}, {"code": "I12"}]
)
def test_an_event_that_nobody_knows_is_not_supported(bundle, coding):
    header(bundle)["eventCoding"] = coding
    assert refusal(bundle) == [("MessageHeader.event", "not-supported")]


def test_a_message_is_about_a_task(bundle):
    del header(bundle)["focus"]
    assert refusal(bundle) == [("MessageHeader.focus", "required")]


def test_a_focus_that_is_not_in_the_message_does_not_resolve(bundle):
    header(bundle)["focus"][0]["reference"] = "Task/elsewhere"
    assert refusal(bundle) == [("MessageHeader.focus[0]", "not-found")]


def test_a_focus_on_something_else_is_refused(bundle):
    header(bundle)["focus"] = [header(bundle)["sender"]]
    assert refusal(bundle) == [("MessageHeader.focus", "business-rule")]


def test_a_sender_that_is_not_in_the_message_does_not_resolve(bundle):
    header(bundle)["sender"]["reference"] = "Organization/elsewhere"
    assert refusal(bundle) == [("MessageHeader.sender", "not-found")]


def test_a_sender_by_identifier_alone_is_read(bundle):
    header(bundle)["sender"] = {"identifier": {"system": "urn:x", "value": "1"}, "display": "Haus"}
    received = read_message(bundle)
    assert (received.senders, received.sender_name) == ({"urn:x|1"}, "Haus")


def test_a_message_need_not_say_who_sends_it(bundle):
    del header(bundle)["sender"]
    assert read_message(bundle).senders == frozenset()


def test_a_role_that_leads_to_itself_ends(bundle):
    role = {"resourceType": "PractitionerRole", "id": "r", "organization": {"reference": "PractitionerRole/r"}}
    bundle["entry"].append({"fullUrl": "https://a.example/PractitionerRole/r", "resource": role})
    header(bundle)["sender"]["reference"] = "PractitionerRole/r"
    assert read_message(bundle).senders == frozenset()


def test_all_that_is_wrong_is_told_at_once(bundle):
    del header(bundle)["focus"], header(bundle)["eventCoding"], header(bundle)["source"]
    assert [where for where, _ in refusal(bundle)] == [
        "MessageHeader.event",
        "MessageHeader.source.endpoint",
        "MessageHeader.focus",
    ]


def test_two_documents_are_one_too_many(values, bundle):
    for n in range(2):
        document = {**values.package(), "id": f"b{n}"}
        bundle["entry"].append({"fullUrl": f"https://a.example/Bundle/b{n}", "resource": document})
    assert refusal(bundle) == [("Bundle.entry", "business-rule")]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"resourceType": "Patient"},
        {"resourceType": "Bundle", "type": "message"},
        {"resourceType": "Bundle", "type": "message", "entry": [None]},
        {"resourceType": "Bundle", "type": "message", "entry": [{"resource": {"resourceType": "MessageHeader"}}]},
        {
            "resourceType": "Bundle",
            "type": "message",
            "entry": [{"fullUrl": ["x"], "resource": {"resourceType": "MessageHeader", "id": "1"}}],
        },
    ],
)
def test_what_is_no_bundle_of_resources_is_refused(broken):
    assert refusal(broken)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(["id", "eventCoding", "source", "destination", "sender", "focus", "response"]), value=JSON)
def test_no_header_whatever_is_in_it_makes_the_reader_crash(bundle, name, value):
    changed = copy.deepcopy(bundle)
    header(changed)[name] = value
    refused: tuple[Problem, ...] = ()
    try:
        read_message(changed)
    except InputError as error:
        refused = error.problems
    assert all(problem.where for problem in refused)


def test_an_invalid_message_is_a_problem_of_its_sender(bundle):
    del header(bundle)["focus"]
    with pytest.raises(Invalid):
        read_message(bundle)
