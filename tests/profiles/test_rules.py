"""Each kind of rule that a profile may have, on profiles as small as can be.

https://hl7.org/fhir/R4/profiling.html
"""

import json
from decimal import Decimal

import pytest

from adapter.fhir.profiles import (
    Packages,
    validate_profile,
)
from adapter.fhir.profiles.values import fixed_test, pattern_test

URL = "https://profiles.example/StructureDefinition/it"
CORE = "http://hl7.org/fhir/StructureDefinition/"


def a_profile(type_name, *elements, url=URL, **members):
    return {
        "resourceType": "StructureDefinition",
        "url": url,
        "type": type_name,
        "snapshot": {"element": [{"id": type_name, "path": type_name}, *elements]},
        **members,
    }


def an_element(id_, kind=None, *, base=(0, "*"), **members):
    """An ElementDefinition as a snapshot has it; `base` is how often R4 allows it."""
    path = ".".join(step.partition(":")[0] for step in id_.split("."))
    stated = {"id": id_, "path": path, "min": base[0], "max": base[1], "base": {"min": base[0], "max": base[1]}}
    return {**stated, **({"type": [{"code": kind}]} if kind else {}), **members}


@pytest.fixture
def check(tmp_path):
    """Return what is wrong with a resource by some StructureDefinitions, of which the first is meant."""

    def run(resource, *definitions, severities=("error",)):
        for number, one in enumerate(definitions):
            (tmp_path / f"{number}.json").write_text(json.dumps(one), encoding="utf-8")
        problems = validate_profile(resource, definitions[0]["url"], Packages([tmp_path]))
        return [(one.where, one.text) for one in problems if one.severity in severities]

    return run


def patient(**members):
    return {"resourceType": "Patient", **members}


NAMED = {"family": "A"}


def test_cardinality_beyond_r4(check):
    profile = a_profile("Patient", an_element("Patient.name", "HumanName", min=1, max="2"))
    assert check(patient(), profile) == [("Patient", "name must be there (profile)")]
    assert check(patient(name=[NAMED, NAMED]), profile) == []
    assert check(patient(name=[NAMED] * 3), profile) == [("Patient", "name may be there at most 2 times (profile)")]


def test_what_r4_says_itself_is_not_said_again(check):
    profile = a_profile("Bundle", an_element("Bundle.type", "code", base=(1, "1")))
    assert check({"resourceType": "Bundle"}, profile) == []


def test_another_type_of_resource_is_told_at_once(check):
    profile = a_profile("Patient", an_element("Patient.name", "HumanName", min=1))
    assert [text for _, text in check({"resourceType": "Basic"}, profile)] == [
        f"must be a Patient: {URL} is a profile of that type"
    ]


@pytest.mark.parametrize(
    ("key", "wanted", "good", "bad"),
    [
        ("fixedCode", "female", "female", "male"),
        ("patternCode", "female", "female", "male"),
    ],
)
def test_fixed_and_pattern_values_of_primitives(check, key, wanted, good, bad):
    profile = a_profile("Patient", an_element("Patient.gender", "code", base=(0, "1"), **{key: wanted}))
    assert check(patient(gender=good), profile) == []
    assert [where for where, _ in check(patient(gender=bad), profile)] == ["Patient.gender"]
    assert check(patient(), profile) == []


def test_a_pattern_may_be_exceeded_a_fixed_value_may_not():
    coding = {"system": "s", "code": "c"}
    more = {"coding": [{"code": "x"}, {**coding, "display": "d"}], "text": "t"}
    assert pattern_test({"coding": [coding]})(more)
    assert not pattern_test({"coding": [coding]})({"coding": [{"code": "c"}]})
    assert not fixed_test({"coding": [coding]})(more)
    assert fixed_test({"coding": [dict(coding)]})({"coding": [coding]})
    assert fixed_test(1)(Decimal("1.0"))
    assert not fixed_test(1)(True)
    assert not pattern_test(True)(1)


def sliced(kind, path, *slices, rules="open"):
    slicing = {"discriminator": [{"type": kind, "path": path}], "rules": rules}
    return a_profile(
        "Patient", an_element("Patient.identifier", "Identifier", slicing=slicing), *[one for s in slices for one in s]
    )


def a_slice(name, *below, **members):
    inside = f"Patient.identifier:{name}"
    return [
        an_element(inside, "Identifier", sliceName=name, **members),
        *[an_element(f"{inside}.{step}", kind, **more) for step, kind, more in below],
    ]


FIRST = a_slice("first", ("system", "uri", {"fixedUri": "urn:first"}), ("value", "string", {"min": 1}), min=1, max="1")


def test_slices_by_value(check):
    profile = sliced("value", "system", FIRST)
    first, other = {"system": "urn:first", "value": "1"}, {"system": "urn:other"}
    assert check(patient(identifier=[other, first]), profile) == []
    assert check(patient(identifier=[other]), profile) == [("Patient", "identifier:first must be there (profile)")]
    assert check(patient(identifier=[first, first]), profile) == [
        ("Patient", "identifier:first may be there at most 1 times (profile)")
    ]
    assert check(patient(identifier=[{"system": "urn:first"}]), profile) == [
        ("Patient.identifier[0]", "value must be there (profile)")
    ]


def test_closed_slices_let_nothing_else_in(check):
    profile = sliced("value", "system", FIRST, rules="closed")
    problems = check(patient(identifier=[{"system": "urn:first", "value": "1"}, {"system": "urn:other"}]), profile)
    assert problems == [("Patient.identifier[1]", "is none of what may stand here: first (profile)")]


def test_slices_by_pattern(check):
    kind = {"coding": [{"system": "t", "code": "MR"}]}
    profile = sliced(
        "pattern",
        "type",
        a_slice("mr", ("type", "CodeableConcept", {"patternCodeableConcept": kind}), ("value", "string", {"min": 1})),
    )
    stated = {"coding": [{"system": "x", "code": "y"}, {"system": "t", "code": "MR", "display": "d"}]}
    assert check(patient(identifier=[{"type": stated}]), profile) == [
        ("Patient.identifier[0]", "value must be there (profile)")
    ]
    assert check(patient(identifier=[{"type": {"text": "MR"}}]), profile) == []


def test_slices_by_whether_something_is_there(check):
    profile = sliced(
        "exists",
        "period",
        a_slice("old", ("period", "Period", {"min": 1, "max": "1"}), ("use", "code", {"patternCode": "old"})),
        a_slice("now", ("period", "Period", {"max": "0"}), ("use", "code", {"patternCode": "usual"})),
    )
    old, now = {"period": {"end": "2020"}, "use": "old"}, {"use": "usual"}
    assert check(patient(identifier=[old, now]), profile) == []
    assert [where for where, _ in check(patient(identifier=[{**old, "use": "usual"}, {"use": "old"}]), profile)] == [
        "Patient.identifier[0].use",
        "Patient.identifier[1].use",
    ]


def test_slices_of_a_choice_by_type(check):
    slicing = {"discriminator": [{"type": "type", "path": "$this"}], "rules": "closed"}
    profile = a_profile(
        "Observation",
        an_element("Observation.value[x]", "Quantity", base=(0, "1"), slicing=slicing),
        an_element("Observation.value[x]:valueQuantity", "Quantity", base=(0, "1"), sliceName="valueQuantity"),
        an_element("Observation.value[x]:valueQuantity.unit", "string", base=(0, "1"), min=1),
    )
    profile["snapshot"]["element"][1]["type"] = [{"code": "Quantity"}, {"code": "string"}]
    observation = {"resourceType": "Observation", "valueQuantity": {"value": 1}}
    assert check(observation, profile) == [("Observation.valueQuantity", "unit must be there (profile)")]
    assert check({"resourceType": "Observation", "valueString": "x"}, profile) == [
        ("Observation.valueString", "is none of what may stand here: valueQuantity (profile)")
    ]
    assert check({"resourceType": "Observation", "valueBoolean": True}, profile)[0] == (
        "Observation.valueBoolean",
        "must be of type Quantity or string",
    )


def entries(kind, path, *targets):
    slicing = {"discriminator": [{"type": kind, "path": path}], "rules": "open"}
    made = [an_element("Bundle.entry", "BackboneElement", slicing=slicing)]
    for name, type_name, url in targets:
        stated = [{"code": type_name, "profile": [url]}] if url else [{"code": type_name}]
        made += [
            an_element(f"Bundle.entry:{name}", "BackboneElement", sliceName=name, min=1, max="1"),
            an_element(f"Bundle.entry:{name}.resource", base=(0, "1"), type=stated, min=1),
        ]
    return a_profile("Bundle", *made)


def bundle(*resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


INNER = "https://profiles.example/StructureDefinition/inner"


def test_entries_by_type_are_held_against_the_profile_of_the_type(check):
    profile = entries("type", "resource", ("who", "Patient", INNER), ("what", "Basic", None))
    inner = a_profile("Patient", an_element("Patient.name", "HumanName", min=1), url=INNER)
    assert check(bundle(patient(name=[NAMED]), {"resourceType": "Basic"}), profile, inner) == []
    assert check(bundle(patient(), {"resourceType": "Basic"}), profile, inner) == [
        ("Bundle.entry[0].resource", "name must be there (profile)")
    ]
    assert check(bundle({"resourceType": "Basic"}), profile, inner) == [("Bundle", "entry:who must be there (profile)")]


def test_entries_by_profile(check):
    profile = entries("profile", "resource", ("named", "Patient", INNER))
    inner = a_profile("Patient", an_element("Patient.name", "HumanName", min=1), url=INNER)
    assert check(bundle(patient(), patient(name=[NAMED])), profile, inner) == []
    assert check(bundle(patient(), patient()), profile, inner) == [("Bundle", "entry:named must be there (profile)")]


def test_slices_without_discriminator_fit_by_all_their_rules(check):
    profile = sliced("value", "system", FIRST)
    profile["snapshot"]["element"][1]["slicing"]["discriminator"] = []
    assert check(patient(identifier=[{"system": "urn:first", "value": "1"}]), profile) == []
    assert check(patient(identifier=[{"system": "urn:first"}]), profile) == [
        ("Patient", "identifier:first must be there (profile)")
    ]


def value_set(**include):
    return {"resourceType": "ValueSet", "url": "https://profiles.example/vs", "compose": {"include": [include]}}


def code_system(content):
    return {
        "resourceType": "CodeSystem",
        "url": "https://profiles.example/cs",
        "content": content,
        "concept": [{"code": "a", "concept": [{"code": "b"}]}],
    }


def bound(strength):
    binding = {"strength": strength, "valueSet": "https://profiles.example/vs|1.0"}
    return a_profile("Patient", an_element("Patient.maritalStatus", "CodeableConcept", base=(0, "1"), binding=binding))


@pytest.mark.parametrize(
    ("strength", "content", "code", "severity"),
    [
        ("required", "complete", "b", None),
        ("required", "complete", "c", "error"),
        ("extensible", "complete", "c", "warning"),
        ("required", "fragment", "c", "information"),
        ("preferred", "complete", "c", None),
    ],
)
def test_bindings_to_value_sets_of_a_package(check, strength, content, code, severity):
    resource = patient(maritalStatus={"coding": [{"system": "https://profiles.example/cs", "code": code}]})
    sets = [value_set(system="https://profiles.example/cs"), code_system(content)]
    for one in ("error", "warning", "information"):
        found = check(resource, bound(strength), *sets, severities=(one,))
        assert [where for where, _ in found] == (["Patient.maritalStatus"] if one == severity else [])


def test_a_value_set_that_is_not_here_is_said_to_be_unchecked(check):
    resource = patient(maritalStatus={"coding": [{"system": "x", "code": "y"}]})
    assert check(resource, bound("required")) == []
    (found,) = check(resource, bound("required"), severities=("information",))
    assert found[1].startswith("not checked:")


def test_an_extensible_binding_lets_plain_words_pass(check):
    sets = [value_set(concept=[{"code": "a"}], system="s")]
    assert (
        check(patient(maritalStatus={"text": "x"}), bound("extensible"), *sets, severities=("error", "warning")) == []
    )
    assert len(check(patient(maritalStatus={"text": "x"}), bound("required"), *sets)) == 1


def test_reference_targets_also_inside_a_bundle(check):
    targets = [{"code": "Reference", "targetProfile": [f"{CORE}Organization"]}]
    profile = a_profile("Patient", an_element("Patient.generalPractitioner", type=targets))
    assert check(patient(generalPractitioner=[{"reference": "Organization/1"}]), profile) == []
    assert [where for where, _ in check(patient(generalPractitioner=[{"reference": "Practitioner/1"}]), profile)] == [
        "Patient.generalPractitioner[0]"
    ]
    assert check(patient(generalPractitioner=[{"display": "somebody"}]), profile) == []


def test_the_profile_of_a_target_counts_where_the_target_is_at_hand(check):
    targets = [{"code": "Reference", "targetProfile": [INNER]}]
    outer = a_profile("Basic", an_element("Basic.subject", base=(0, "1"), type=targets))
    inner = a_profile("Patient", an_element("Patient.name", "HumanName", min=1), url=INNER)
    resource = {"resourceType": "Basic", "contained": [patient(id="p")], "subject": {"reference": "#p"}}
    assert [where for where, _ in check(resource, outer, inner)] == ["Basic.subject"]
    resource["contained"][0]["name"] = [NAMED]
    assert check(resource, outer, inner) == []


def test_invariants_with_their_severity(check):
    constraint = {"key": "it-1", "severity": "error", "human": "a name, please", "expression": "name.exists()"}
    profile = a_profile("Patient", an_element("Patient.name", "HumanName"))
    profile["snapshot"]["element"][0]["constraint"] = [constraint]
    assert check(patient(), profile) == [("Patient", "a name, please (it-1)")]
    assert check(patient(name=[NAMED]), profile) == []
    constraint["expression"] = "name.noSuchFunction()"
    assert check(patient(), profile) == []
    assert [text for _, text in check(patient(), profile, severities=("information",))] == [
        "could not be checked by it-1"
    ]


def test_constraints_on_the_extensions_of_a_primitive(check):
    where = "Patient.birthDate"
    profile = a_profile(
        "Patient",
        an_element(where, "date", base=(0, "1")),
        an_element(f"{where}.extension", "Extension", min=1),
    )
    assert check(patient(birthDate="1980"), profile) == [("Patient.birthDate", "extension must be there (profile)")]
    assert check(patient(birthDate="1980", _birthDate={"extension": [{"url": "u", "valueCode": "x"}]}), profile) == []


def test_the_longest_string(check):
    profile = a_profile("Patient", an_element("Patient.language", "code", base=(0, "1"), maxLength=2))
    assert [where for where, _ in check(patient(language="deutsch"), profile)] == ["Patient.language"]


def test_nothing_of_the_patient_is_in_a_problem(check):
    profile = a_profile("Patient", an_element("Patient.gender", "code", base=(0, "1"), fixedCode="female"))
    secret = "S3CRET"
    assert secret not in str(check(patient(gender=secret), profile))
