"""Order of slices, slices within slices, repeated element definitions, and profiles that cannot be used.

https://hl7.org/fhir/R4/profiling.html#slicing
"""

import json

import pytest

from adapter.fhir.profiles import Packages, claimed_problems, validate_profile

URL = "https://profiles.example/StructureDefinition/it"


def _profile(type_name, *elements, **members):
    snapshot = {"snapshot": {"element": [{"id": type_name, "path": type_name}, *elements]}}
    return {"resourceType": "StructureDefinition", "url": URL, "type": type_name, **snapshot, **members}


def _element(id_, kind=None, *, base=(0, "*"), **members):
    path = ".".join(step.partition(":")[0] for step in id_.split("."))
    stated = {"id": id_, "path": path, "min": base[0], "max": base[1], "base": {"min": base[0], "max": base[1]}}
    return {**stated, **({"type": [{"code": kind}]} if kind else {}), **members}


def _by(path, kind="value", **members):
    return {"discriminator": [{"type": kind, "path": path}], "rules": "open", **members}


@pytest.fixture
def packages(tmp_path):
    """Return what makes packages of some resources."""

    def made(*resources):
        for number, one in enumerate(resources):
            (tmp_path / f"{number}.json").write_text(json.dumps(one), encoding="utf-8")
        return Packages([tmp_path])

    return made


@pytest.fixture
def check(packages):
    """Return what is wrong with a resource by a profile, as places and texts."""

    def run(resource, profile):
        return [(one.where, one.text) for one in validate_profile(resource, URL, packages(profile))]

    return run


def _patient(*systems):
    return {"resourceType": "Patient", "identifier": [{"system": one, "value": "1"} for one in systems]}


def _identifiers(**slicing):
    return [
        _element("Patient.identifier", "Identifier", slicing=_by("system", **slicing)),
        _element("Patient.identifier:first", "Identifier"),
        _element("Patient.identifier:first.system", "uri", base=(0, "1"), min=1, fixedUri="urn:x:1"),
        _element("Patient.identifier:second", "Identifier"),
        _element("Patient.identifier:second.system", "uri", base=(0, "1"), min=1, fixedUri="urn:x:2"),
    ]


def test_ordered_slices_come_in_their_order(check):
    ordered = _profile("Patient", *_identifiers(ordered=True))
    assert check(_patient("urn:x:1", "urn:x:9", "urn:x:1", "urn:x:2"), ordered) == []
    assert check(_patient("urn:x:2", "urn:x:1"), ordered) == [
        ("Patient.identifier[1]", "first stands too late: the slices are ordered (profile)")
    ]
    assert check(_patient("urn:x:2", "urn:x:1"), _profile("Patient", *_identifiers())) == []


def _resliced():
    use = "Patient.identifier:first"
    return _profile(
        "Patient",
        _element("Patient.identifier", "Identifier", slicing=_by("system")),
        _element(use, "Identifier", slicing=_by("use", rules="closed")),
        _element(f"{use}.system", "uri", base=(0, "1"), min=1, fixedUri="urn:x:1"),
        _element(f"{use}/old", "Identifier", max="1"),
        _element(f"{use}/old.system", "uri", base=(0, "1"), min=1, fixedUri="urn:x:1"),
        _element(f"{use}/old.use", "code", base=(0, "1"), min=1, fixedCode="old"),
        _element(f"{use}/usual", "Identifier", min=1),
        _element(f"{use}/usual.use", "code", base=(0, "1"), min=1, fixedCode="usual"),
        _element(f"{use}/usual.value", "string", base=(0, "1"), min=1),
    )


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        (["usual"], []),
        (["usual", "old"], []),
        (["old"], [("Patient", "identifier:first/usual must be there (profile)")]),
        (["usual", "old", "old"], [("Patient", "identifier:first/old may be there at most 1 times (profile)")]),
        (
            ["usual", "temp"],
            [("Patient.identifier[1]", "is none of what may stand here: first/old, first/usual (profile)")],
        ),
    ],
)
def test_slices_within_slices(check, uses, expected):
    identifiers = [{"system": "urn:x:1", "use": use, "value": "1"} for use in uses]
    patient = {"resourceType": "Patient", "identifier": [*identifiers, {"system": "urn:x:9", "use": "temp"}]}
    assert check(patient, _resliced()) == expected


def test_what_a_slice_within_a_slice_demands(check):
    patient = {"resourceType": "Patient", "identifier": [{"system": "urn:x:1", "use": "usual"}]}
    assert check(patient, _resliced()) == [("Patient.identifier[0]", "value must be there (profile)")]


def test_an_element_that_repeats_another_one_keeps_its_rules_at_any_depth(check):
    profile = _profile(
        "Questionnaire",
        _element("Questionnaire.item", "BackboneElement"),
        _element("Questionnaire.item.prefix", "string", base=(0, "1"), min=1),
        _element("Questionnaire.item.item", contentReference="#Questionnaire.item"),
    )
    inner = {"linkId": "3", "type": "string"}
    middle = {"linkId": "2", "type": "group", "prefix": "b", "item": [inner]}
    outer = {"linkId": "1", "type": "group", "prefix": "a", "item": [middle]}
    questionnaire = {"resourceType": "Questionnaire", "status": "draft", "item": [outer]}
    assert check(questionnaire, profile) == [
        ("Questionnaire.item[0].item[0].item[0]", "prefix must be there (profile)")
    ]
    inner["prefix"] = "c"
    assert check(questionnaire, profile) == []


def test_a_profile_without_a_snapshot_is_refused_with_what_to_do(packages):
    bare = _profile("Patient", differential={"element": []})
    del bare["snapshot"]
    (found,) = validate_profile({"resourceType": "Patient"}, URL, packages(bare))
    assert (found.code, found.severity) == ("not-found", "error")
    assert "without its snapshot" in found.text
    claim = {"resourceType": "Patient", "meta": {"profile": [URL]}}
    assert [(one.severity, one.text) for one in claimed_problems(claim, packages(bare))] == [
        ("information", f"not checked: the profile {URL} is here without its snapshot")
    ]


def test_what_is_no_profile_is_said_to_be_none(packages):
    value_set = {"resourceType": "ValueSet", "url": URL, "status": "draft"}
    (found,) = validate_profile({"resourceType": "Patient"}, URL, packages(value_set))
    assert "it is no profile" in found.text
