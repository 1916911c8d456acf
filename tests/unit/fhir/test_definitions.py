"""https://hl7.org/fhir/R4/structuredefinition.html."""

import gzip
import json

import pytest

from adapter.fhir.definitions.compile import compile_package
from adapter.fhir.definitions.expansion import Terminology
from adapter.fhir.definitions.model import PRIMITIVES
from adapter.fhir.definitions.other_versions import other_versions
from adapter.fhir.definitions.registry import ARTEFACT, definitions
from adapter.fhir.definitions.versions import unknown_type, versions_of_element
from adapter.fhir.validate.primitives import PRIMITIVE


def test_the_shipped_file_is_what_the_official_package_gives(official):
    package = official / "00-definitions" / "hl7.fhir.r4.core-4.0.1.tgz"
    compiled = compile_package(package)
    assert compiled == compile_package(package)
    assert gzip.decompress(compiled) == gzip.decompress(ARTEFACT.read_bytes())


def test_there_are_146_resource_types():
    assert len(definitions().resource_types) == 146
    assert "DomainResource" not in definitions().resource_types


def test_every_type_that_an_element_names_is_known():
    known = definitions()
    named = {code for name in known.names() for element in known.type(name).elements for code in element.types}
    assert {code for code in named if code not in known and code not in PRIMITIVES} == set()
    assert set(PRIMITIVE) == PRIMITIVES


def test_a_choice_has_one_name_for_each_of_its_types():
    deceased = next(element for element in definitions().type("Patient").elements if element.name == "deceased")
    assert list(deceased.properties()) == [("deceasedBoolean", "boolean"), ("deceasedDateTime", "dateTime")]


def test_a_content_reference_leads_to_the_type_it_repeats():
    item = definitions().type("Questionnaire.item")
    assert next(element.types for element in item.elements if element.name == "item") == ("Questionnaire.item",)


def test_the_id_of_a_resource_is_an_id_and_that_of_an_element_a_string():
    assert definitions().type("Patient").elements[0].types == ("id",)
    assert definitions().type("HumanName").elements[0].types == ("string",)


def test_codes_come_with_their_system_and_outside_systems_are_unknown():
    assert definitions().codes("http://hl7.org/fhir/ValueSet/administrative-gender") == {
        "http://hl7.org/fhir/administrative-gender": frozenset({"male", "female", "other", "unknown"}),
    }
    assert definitions().codes("http://hl7.org/fhir/ValueSet/ucum-units") is None


def test_no_code_of_a_licensed_system_is_shipped():
    compiled = json.loads(gzip.decompress(ARTEFACT.read_bytes()))
    systems = {system for codes in compiled["valueSets"].values() for system in codes}
    assert not [system for system in systems if "snomed" in system or "loinc" in system]


def test_types_of_other_versions_are_called_by_their_version():
    assert "STU3" in unknown_type("ReferralRequest")
    assert "R5" in unknown_type("Transport")
    assert "no resource type" in unknown_type("Patiend")
    assert versions_of_element("DocumentReference", "indexed") == ("STU3",)
    assert versions_of_element("Patient", "nonsense") == ()


@pytest.mark.slow
def test_the_names_of_other_versions_are_what_the_model_classes_say():
    file = ARTEFACT.with_name("other-versions.json")
    assert json.loads(file.read_bytes()) == other_versions()


def _system(**more):
    concepts = [
        {"code": "a", "concept": [{"code": "b", "concept": [{"code": "c"}]}]},
        {"code": "d", "property": [{"code": "subsumedBy", "valueCode": "b"}]},
    ]
    return {"resourceType": "CodeSystem", "url": "s", "content": "complete", "concept": concepts, **more}


@pytest.mark.parametrize(
    ("include", "codes"),
    [
        ({}, ["a", "b", "c", "d"]),
        ({"concept": [{"code": "c"}]}, ["c"]),
        ({"filter": [{"property": "concept", "op": "is-a", "value": "b"}]}, ["b", "c", "d"]),
        ({"filter": [{"property": "concept", "op": "descendent-of", "value": "b"}]}, ["c", "d"]),
        ({"filter": [{"property": "concept", "op": "is-not-a", "value": "b"}]}, ["a"]),
    ],
)
def test_a_value_set_is_expanded_by_nesting_and_by_stated_parents(include, codes):
    value_set = {"resourceType": "ValueSet", "url": "v", "compose": {"include": [{"system": "s", **include}]}}
    assert Terminology([_system(), value_set]).expand("v|1") == {"s": codes}


def test_exclusions_are_taken_out():
    compose = {"include": [{"system": "s"}], "exclude": [{"system": "s", "concept": [{"code": "a"}]}]}
    value_set = {"resourceType": "ValueSet", "url": "v", "compose": compose}
    assert Terminology([_system(), value_set]).expand("v") == {"s": ["b", "c", "d"]}


@pytest.mark.parametrize(
    "part",
    [
        {"system": "http://loinc.org"},
        {"system": "http://loinc.org", "concept": [{"code": "1-8"}]},
        {"system": "s", "filter": [{"property": "concept", "op": "regex", "value": "x"}]},
        {"valueSet": ["missing"]},
        {"valueSet": ["v"]},
    ],
)
def test_what_is_not_in_the_package_is_not_guessed(part):
    value_set = {"resourceType": "ValueSet", "url": "v", "compose": {"include": [part]}}
    assert Terminology([_system(), value_set]).expand("v") is None
    assert Terminology([_system(content="fragment"), value_set]).expand("v") is None
