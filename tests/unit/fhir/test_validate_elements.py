"""Element ids, missing codes, claims, security labels, extensions' codes, and what invariants resolve."""

import pytest

from adapter.fhir.validate import validate

CODE_SYSTEM = "http://terminology.hl7.org/CodeSystem"
ABSENT = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}


def problems(resource, *, told=("error", "warning")):
    return [(one.severity, one.where) for one in validate(resource) if one.severity in told and "dom-6" not in one.text]


def patient(**members):
    return {"resourceType": "Patient", **members}


def test_no_two_elements_of_a_resource_have_one_id():
    assert problems(patient(name=[{"id": "a", "family": "x"}, {"id": "b", "family": "y"}])) == []
    repeated = patient(name=[{"id": "a", "family": "x"}], birthDate="1970", _birthDate={"id": "a"})
    assert problems(repeated) == [("error", "Patient.birthDate.id")]


def test_the_ids_of_contained_resources_elements_are_their_own():
    inner = {"resourceType": "Organization", "id": "o", "name": "x", "alias": ["y"], "_alias": [{"id": "a"}]}
    resource = patient(name=[{"id": "a", "family": "x"}], contained=[inner], managingOrganization={"reference": "#o"})
    assert problems(resource) == []


def test_ids_are_counted_in_each_entry_of_a_bundle():
    entries = [
        {
            "fullUrl": f"urn:uuid:6f5b4a54-3e0b-4b5e-9d2f-1f7a44b5f2a{n}",
            "resource": patient(name=[{"id": "a"} | {"text": "x"}]),
        }
        for n in range(2)
    ]
    assert problems({"resourceType": "Bundle", "type": "collection", "entry": entries}) == []


def test_an_extension_is_no_code_where_a_code_is_required():
    observation = {"resourceType": "Observation", "code": {"text": "x"}, "_status": {"extension": [ABSENT]}}
    assert problems(observation) == [("error", "Observation.status")]
    allergy = {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/1"}}
    allergy |= {
        "verificationStatus": {
            "coding": [{"system": f"{CODE_SYSTEM}/allergyintolerance-verification", "code": "entered-in-error"}]
        }
    }
    assert problems(allergy | {"_category": [{"extension": [ABSENT]}]}) == [("error", "AllergyIntolerance.category[0]")]
    assert problems(patient(_birthDate={"extension": [ABSENT]})) == []


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (ABSENT | {"valueCode": "nix"}, [("error", "Patient.birthDate.extension[0].valueCode")]),
        (ABSENT, []),
    ],
)
def test_the_code_of_an_extension_is_of_the_value_set_that_its_definition_requires(extension, expected):
    assert problems(patient(_birthDate={"extension": [extension]})) == expected


def test_a_security_label_stands_once():
    label = {"system": "http://a.example", "code": "x"}
    found = problems(patient(meta={"security": [label, label]}), told=("error",))
    assert found == [("error", "Patient.meta.security[1]")]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://hl7.org/fhir/StructureDefinition/vitalsigns", [("error", "Patient.meta.profile[0]")]),
        ("http://hl7.org/fhir/StructureDefinition/Observation|4.0.1", [("error", "Patient.meta.profile[0]")]),
        ("http://hl7.org/fhir/StructureDefinition/Patient", []),
        ("http://hl7.org/fhir/StructureDefinition/DomainResource", []),
        ("http://a.example/StructureDefinition/any", []),
    ],
)
def test_a_claimed_profile_of_r4_is_of_the_resources_type(url, expected):
    assert problems(patient(meta={"profile": [url]})) == expected


def test_the_type_of_a_reference_is_a_type():
    assert problems(patient(managingOrganization={"type": "Foo", "display": "x"})) == [
        ("error", "Patient.managingOrganization.type")
    ]


def _team(reference, **around):
    participant = {"member": {"reference": reference}, "onBehalfOf": {"reference": "Organization/1"}}
    return {"resourceType": "CareTeam", "participant": [participant], **around}


@pytest.mark.parametrize(("kind", "holds"), [("Practitioner", True), ("Patient", False)])
def test_an_invariant_looks_at_contained_resources_and_entries(kind, holds):
    broken = [] if holds else [("error", "CareTeam.participant[0]")]
    contained = _team("#x", contained=[{"resourceType": kind, "id": "x"}])
    assert problems(contained) == broken
    urn = "urn:uuid:6f5b4a54-3e0b-4b5e-9d2f-1f7a44b5f2aa"
    for url, reference in ((urn, urn), (f"http://a.example/{kind}/x", f"{kind}/x")):
        entries = [
            {"fullUrl": "http://a.example/CareTeam/t", "resource": _team(reference, id="t")},
            {"fullUrl": url, "resource": {"resourceType": kind, "id": "x"}},
        ]
        found = problems({"resourceType": "Bundle", "type": "collection", "entry": entries})
        assert found == [(severity, f"Bundle.entry[0].resource.{where[9:]}") for severity, where in broken]


def test_what_is_not_in_the_input_is_said_to_be_unchecked():
    found = problems(_team("Practitioner/elsewhere"), told=("error", "information"))
    assert found == [("information", "CareTeam.participant[0]")]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"content": "complete", "count": 2, "concept": [{"code": "a", "concept": [{"code": "b"}]}]}, []),
        ({"content": "complete", "count": 5, "concept": [{"code": "a"}]}, [("error", "CodeSystem.count")]),
        ({"content": "fragment", "count": 5, "concept": [{"code": "a"}]}, []),
        ({"content": "not-present", "concept": [{"code": "a"}]}, [("error", "CodeSystem.concept")]),
    ],
)
def test_a_code_system_has_as_many_concepts_as_it_says(resource, expected):
    system = {"resourceType": "CodeSystem", "status": "draft", "name": "C", "url": "http://a.example/c"}
    assert problems(system | resource) == expected


def test_a_composite_search_parameter_has_components():
    parameter = {"resourceType": "SearchParameter", "status": "draft", "name": "S", "url": "http://a.example/s"}
    parameter |= {"description": "x", "code": "x", "base": ["Patient"], "type": "composite", "expression": "Patient"}
    assert problems(parameter, told=("error",)) == [("error", "SearchParameter.component")]


def test_a_link_of_a_bundle_stands_once():
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": "self", "url": "http://a.example"}] * 2,
    }
    assert problems(bundle) == [("error", "Bundle.link[1].relation")]


def test_a_transaction_may_leave_the_address_to_its_requests():
    entry = {"resource": patient(id="x"), "request": {"method": "PUT", "url": "Patient/x"}}
    transaction = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    assert problems(transaction) == [("warning", "Bundle.entry[0].fullUrl")]
