"""The tree of a FHIR message: names, places, roles, and what leads where."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import InputError, Invalid, TooLarge
from adapter.intake.readers.fhir_graph import read_fhir
from adapter.intake.readers.fhir_graph_elements import Elements
from adapter.intake.readers.fhir_graph_focus import find_focus, said_by
from adapter.intake.readers.fhir_graph_references import MOST_RESOURCES, Graph, Part

REQUEST = {
    "resourceType": "ServiceRequest",
    "status": "active",
    "intent": "order",
    "subject": {"reference": "Patient/p"},
}


def graph_of(resource: dict[str, Any]) -> Graph:
    graph = Graph()
    graph.add(Part(resource, resource["resourceType"]))
    return graph


def bundle(*resources: dict[str, Any], kind: str = "collection") -> dict[str, Any]:
    entries = [{"fullUrl": f"https://a.example/{n}", "resource": one} for n, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def test_places_are_those_that_the_validator_tells():
    patient = {"resourceType": "Patient", "name": [{"given": ["A", "B"]}], "active": True}
    leaves = [(one.path, one.text) for node in Elements().of(patient, "Patient") for one in node.leaves()]
    assert leaves == [("Patient.name[0].given[0]", "A"), ("Patient.name[0].given[1]", "B"), ("Patient.active", "true")]


def test_extensions_of_values_stand_beside_them():
    extended = {"resourceType": "Patient", "birthDate": "1960", "_birthDate": {"extension": [{"url": "u"}]}}
    made = Elements().of(extended, "Patient")
    assert [(one.name, one.path) for one in made] == [
        ("birthDate", "Patient.birthDate"),
        ("_birthDate", "Patient.birthDate"),
    ]


def test_resources_within_resources_are_parts_of_their_own():
    inner = {"resourceType": "Patient", "id": "p", "name": [{"family": "X"}]}
    graph = graph_of(bundle({**REQUEST, "contained": [inner]}))
    assert [one.path for one in graph.parts] == [
        "Bundle",
        "Bundle.entry[0].resource",
        "Bundle.entry[0].resource.contained[0]",
    ]


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "https://a.example/1"},
        {"reference": "Patient/p"},
        {"reference": "Patient/p/_history/3"},
        {"identifier": {"system": "urn:x", "value": "1"}},
        {"type": "Patient", "identifier": {"system": "urn:x", "value": "1"}},
        {"reference": "https://elsewhere.example/Patient/9", "identifier": {"system": "urn:x", "value": "1"}},
    ],
)
def test_a_reference_leads_within_the_message(reference):
    patient = {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:x", "value": "1"}]}
    graph = graph_of(bundle(REQUEST, patient))
    assert graph.resolve(reference, graph.parts[1]) is graph.parts[2]


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "https://elsewhere.example/Patient/p"},
        {"reference": "#p"},
        {"reference": "Organization/p"},
        {"reference": "urn:uuid:0"},
        {"type": "Organization", "identifier": {"system": "urn:x", "value": "1"}},
        {"identifier": {"system": "urn:y", "value": "1"}},
        {"display": "Patient/p"},
        None,
        "Patient/p",
    ],
)
def test_a_reference_that_leads_outside_leads_nowhere(reference):
    patient = {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:x", "value": "1"}]}
    graph = graph_of(bundle(REQUEST, patient))
    assert graph.resolve(reference, graph.parts[1]) is None


def test_a_number_that_two_have_leads_to_neither():
    one = {"resourceType": "Organization", "identifier": [{"value": "1"}]}
    graph = graph_of(bundle(REQUEST, one, dict(one)))
    assert graph.resolve({"identifier": {"value": "1"}}, graph.parts[1]) is None


def test_contained_resources_are_those_of_their_own_container():
    first = {**REQUEST, "contained": [{"resourceType": "Patient", "id": "p"}]}
    second = {**REQUEST, "contained": [{"resourceType": "Patient", "id": "p"}]}
    graph = graph_of(bundle(first, second))
    asked = [one for one in graph.parts if one.kind == "ServiceRequest"]
    found = [graph.resolve({"reference": "#p"}, one) for one in asked]
    assert [one.owner for one in found if one is not None] == asked
    assert graph.at("#", found[0]) is asked[0]


def test_too_many_resources_are_refused():
    many = [{"resourceType": "Basic"} for _ in range(MOST_RESOURCES)]
    with pytest.raises(TooLarge):
        graph_of(bundle(*many))


@pytest.mark.parametrize(
    ("element", "value", "says"),
    [
        ("code", {"coding": [{"system": "http://snomed.info/sct", "code": "77406008"}]}, "second-opinion"),
        ("code", {"text": "ZWEITMEINUNG Knie"}, "second-opinion"),
        ("code", {"coding": [{"display": "Tweede mening"}]}, "second-opinion"),
        (
            "orderDetail",
            [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0282", "code": "SO"}]}],
            "second-opinion",
        ),
        (
            "reasonCode",
            [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0336", "code": "S"}]}],
            "second-opinion",
        ),
        ("note", [{"text": "please give a second opinion"}], "second-opinion"),
        ("category", [{"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]}], "referral"),
        ("code", {"text": "Überweisung Orthopädie"}, "referral"),
        ("code", {"coding": [{"system": "urn:other", "code": "SO"}]}, "other"),
        ("code", {"coding": [{"system": "http://snomed.info/sct", "code": "281036007"}]}, "other"),
    ],
)
def test_a_request_says_what_it_asks_for(element, value, says):
    assert said_by(Part({**REQUEST, element: value}, "ServiceRequest")) == says


def test_the_focus_of_a_message_counts_whatever_the_others_say():
    header = {"resourceType": "MessageHeader", "focus": [{"reference": "https://a.example/1"}]}
    other = {**REQUEST, "code": {"text": "second opinion"}}
    graph = graph_of(bundle(header, REQUEST, other, kind="message"))
    assert find_focus(graph).request is graph.parts[2]


def test_a_task_leads_to_the_request():
    task = {"resourceType": "Task", "focus": {"reference": "https://a.example/2"}}
    graph = graph_of(bundle(task, REQUEST, {**REQUEST, "intent": "proposal"}))
    focus = find_focus(graph)
    assert (focus.task, focus.request) == (graph.parts[1], graph.parts[3])


def test_two_that_ask_for_a_second_opinion_are_named():
    asked = {**REQUEST, "code": {"text": "second opinion"}}
    with pytest.raises(Invalid) as refused:
        find_focus(graph_of(bundle(asked, dict(asked))))
    assert [one.where for one in refused.value.problems] == ["Bundle.entry[0].resource", "Bundle.entry[1].resource"]


def test_roles_show_the_person_and_the_organisation():
    resources = [
        {**REQUEST, "code": {"text": "x"}, "requester": {"reference": "https://a.example/1"}},
        {
            "resourceType": "PractitionerRole",
            "practitioner": {"reference": "https://a.example/2"},
            "organization": {"reference": "https://a.example/3"},
        },
        {"resourceType": "Practitioner", "name": [{"family": "X"}]},
        {"resourceType": "Organization", "name": "Y"},
    ]
    root = read_fhir(json.dumps(bundle(*resources)).encode()).root
    requester = root.first("Requester")
    assert requester is not None
    assert requester.value("Practitioner", "name", "family") == "X"
    assert requester.value("Organization", "name") == "Y"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    for body in (data, b'{"resourceType":"Patient",' + data, b"<Patient xmlns='http://hl7.org/fhir'>" + data):
        try:
            assert read_fhir(body).kind
        except InputError:
            continue
