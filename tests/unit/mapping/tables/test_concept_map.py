from pathlib import Path

import orjson
import pytest

from adapter.fhir.validate import validate
from adapter.intake.formats import load_formats
from adapter.mapping.tables.concept_map import concept_map
from adapter.mapping.trace_table import load_trace_table

MAPPINGS = Path(__file__).parents[4] / "mappings"
ROWS = (
    "PID-8,/patient/gender,same-code,,,3.4.2.8",
    "PRD[1=RP|XX]-2.1,/treating/practitioner/name/family,text",
    "OBX[?5]-3,/questions/+,text",
    "DG1-4,/diagnoses/{DG1}/text,text",
    "ZPI,,lost,,,a segment of the sender alone",
    ",/care/type,constant(other)",
)


@pytest.fixture(scope="module")
def elements():
    return load_trace_table(MAPPINGS / "intake" / "second-opinion-request-1")


@pytest.fixture
def found(table, elements):
    """The elements of the map, by the code that they lead to."""
    groups = concept_map(table(*ROWS), elements)["group"]
    return {
        target.get("code"): (group.get("target"), element["code"], target)
        for group in groups
        for element in group["element"]
        for target in element["target"]
    }


def test_a_field_leads_to_the_element_that_its_member_becomes(found):
    system, code, target = found["Patient.gender"]
    assert (system, code) == ("http://hl7.org/fhir/StructureDefinition/Patient", "PID-8")
    assert target == {"code": "Patient.gender", "equivalence": "relatedto", "comment": "same-code; 3.4.2.8"}


def test_conditions_are_what_the_place_depends_on(found):
    _system, code, target = found["Practitioner.name.family"]
    assert code == "PRD-2.1"
    assert target["dependsOn"] == [
        {"property": "https://second-opinion.example/fhir/fields#PRD-1", "value": "RP|XX"},
    ]


def test_what_goes_nowhere_is_unmatched_with_the_reason(found):
    system, code, target = found[None]
    assert (system, code) == (None, "ZPI")
    assert target == {"equivalence": "unmatched", "comment": "a segment of the sender alone"}


def test_a_constant_of_the_message_comes_from_no_field(found):
    assert not any("careType" in (code or "") for code in found)


def test_without_elements_the_map_leads_to_the_members_of_the_format(table):
    (first, *_others) = concept_map(table(*ROWS), None)["group"]
    assert first["target"] == "https://second-opinion.example/fhir/schema/second-opinion-request-1"
    assert first["element"][0]["target"][0]["code"] == "/patient/gender"
    assert "/diagnoses/*/text" in [element["target"][0]["code"] for element in first["element"]]


@pytest.mark.parametrize("table", load_formats(MAPPINGS).every(), ids=lambda one: one.format)
def test_the_map_of_every_shipped_table_is_a_valid_resource(table, elements):
    resource = concept_map(table, elements if table.produces == "second-opinion-request/1" else None)
    assert [problem.text for problem in validate(resource) if problem.severity in ("fatal", "error")] == []


@pytest.mark.parametrize("file", sorted((MAPPINGS / "codes").glob("ConceptMap-*.json")), ids=lambda file: file.stem)
def test_every_shipped_map_of_codes_is_a_valid_resource_with_its_own_name(file):

    resource = orjson.loads(file.read_bytes())
    assert resource["url"].endswith(f"/ConceptMap/{file.stem.removeprefix('ConceptMap-')}")
    assert [problem.text for problem in validate(resource) if problem.severity in ("fatal", "error")] == []
