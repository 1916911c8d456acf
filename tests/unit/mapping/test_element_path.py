"""https://hl7.org/fhir/R4/fhirpath.html"""

import pytest

from adapter.fhir import systems
from adapter.mapping.element_path import find, parse_path

PATIENT = {
    "resourceType": "Patient",
    "name": [{"given": ["A", "B"]}, {"given": ["C"]}],
    "extension": [{"url": "other", "valueCode": "x"}, {"url": systems.EXT_REFERRAL, "valueCode": "gp"}],
}


def places(text, resource=PATIENT):
    return list(find(resource, parse_path(text)))


def test_a_list_means_each_of_its_items_and_the_place_is_written_out():
    assert places("Patient.name.given") == [
        ("Patient.name[0].given[0]", "A"),
        ("Patient.name[0].given[1]", "B"),
        ("Patient.name[1].given[0]", "C"),
    ]


def test_what_is_not_there_is_nowhere():
    assert places("Patient.birthDate") == []
    assert places("Patient.name.given.more") == []


def test_our_extensions_are_picked_by_their_short_name():
    assert places("Patient.extension('referral').valueCode") == [("Patient.extension[1].valueCode", "gp")]


def test_parts_of_an_extension_are_picked_by_their_own_name():
    nested = {"extension": [{"url": systems.EXT_COPY_TO, "extension": [{"url": "what", "valueCode": "report"}]}]}
    [(where, value)] = places("Task.extension('copy-to').extension('what').valueCode", nested)
    assert (where, value) == ("Task.extension[0].extension[0].valueCode", "report")


def test_task_inputs_are_picked_by_their_type():
    kind = {"coding": [{"system": systems.TASK_INPUT, "code": "question"}]}
    task = {"input": [{"type": {"text": "question"}, "valueString": "no"}, {"type": kind, "valueString": "yes"}]}
    assert places("Task.input('question').valueString", task) == [("Task.input[1].valueString", "yes")]


def test_a_resource_may_be_called_by_the_sources_index():
    path = parse_path("Condition({0}).code.text")
    assert path.resource_at([3]) == "Condition(3)"
    assert path.type == "Condition"


@pytest.mark.parametrize(
    "text",
    ["", "Patient", "patient.name", "Patient.", "Patient.Name", "Patient.name[0]", "Patient..x", "Patient.name('x')"],
)
def test_anything_else_is_no_path(text):
    with pytest.raises(ValueError, match=r"."):
        parse_path(text)
