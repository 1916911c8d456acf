"""What resources claim of our profiles, extensions of ours wherever they stand, packages of others, odd input.

https://hl7.org/fhir/R4/resource-definitions.html#Meta.profile
"""

import copy
import io
import json
import random
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.errors import Invalid
from adapter.fhir.judgement import judge_bytes
from adapter.fhir.profiles import claimed_problems, is_known, validate_profile, with_packages
from adapter.fhir.systems import CANONICAL

URL = "https://profiles.example/StructureDefinition/it"
CORE = "http://hl7.org/fhir/StructureDefinition/"
OURS = f"{CANONICAL}/StructureDefinition/"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
WITH_A_NAME = {
    "resourceType": "StructureDefinition",
    "url": URL,
    "type": "Patient",
    "snapshot": {
        "element": [
            {"id": "Patient", "path": "Patient"},
            {"id": "Patient.name", "path": "Patient.name", "min": 1, "max": "*", "base": {"min": 0, "max": "*"}},
        ]
    },
}


def patient(**members):
    return {"resourceType": "Patient", **members}


def test_an_extension_of_ours_must_fit_and_stand_where_it_may():
    url = f"{OURS}necessity"
    good = {"coding": [{"system": f"{CANONICAL}/CodeSystem/so-necessity", "code": "yes"}]}
    report = {"resourceType": "DiagnosticReport", "extension": [{"url": url, "valueCodeableConcept": good}]}
    assert claimed_problems(report) == []
    wrong = copy.deepcopy(report)
    wrong["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] = "perhaps"
    assert [one.where for one in claimed_problems(wrong)] == ["DiagnosticReport.extension[0].valueCodeableConcept"]
    moved = {**report, "resourceType": "Patient"}
    assert [one.text for one in claimed_problems(moved)] == [
        "this extension may stand in DiagnosticReport, Composition only"
    ]
    unknown = patient(extension=[{"url": f"{OURS}nothing", "valueBoolean": True}])
    assert [(one.code, one.severity) for one in claimed_problems(unknown)] == [("not-found", "warning")]


def test_an_unknown_profile_is_told_ours_as_a_warning_and_that_of_others_as_not_checked():
    claims = patient(meta={"profile": [f"{OURS}Nothing", "https://elsewhere.example/profile"]})
    assert [(one.where, one.code, one.severity) for one in claimed_problems(claims)] == [
        ("Patient.meta.profile", "not-found", "warning"),
        ("Patient.meta.profile", "not-supported", "information"),
    ]


def test_a_profile_of_others_is_told_once_however_many_claim_it():
    claims = patient(meta={"profile": ["https://elsewhere.example/profile"]})
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": claims}, {"resource": claims}]}
    assert [one.where for one in claimed_problems(bundle)] == ["Bundle.entry[0].resource.meta.profile"]


@pytest.mark.parametrize(("version", "severity"), [("", "error"), ("|0.1.0", "error"), ("|0.0.9", "warning")])
def test_a_claim_of_another_version_is_told_and_not_refused(version, severity, examples):
    task = {**examples["SecondOpinionTask"], "meta": {"profile": [f"{OURS}SecondOpinionTask{version}"]}}
    assert claimed_problems(task) == []
    found = claimed_problems({**task, "intent": "plan"})
    assert {one.severity for one in found} == {severity}


def test_a_profile_that_is_not_here_is_told():
    assert not is_known("https://elsewhere.example/profile")
    assert [one.code for one in validate_profile(patient(), "https://elsewhere.example/profile")] == ["not-found"]
    assert is_known(f"{CORE}Patient")
    assert [one.where for one in validate_profile(patient(), f"{CORE}Task")] == ["Patient"]


def test_a_package_may_be_an_archive(tmp_path):
    data = json.dumps(WITH_A_NAME).encode()
    file = tmp_path / "other.tgz"
    with tarfile.open(file, "w:gz") as archive:
        for name in ("package/StructureDefinition-it.json", "package/other/ignored.json", "../outside.json"):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    packages = with_packages([file])
    assert is_known(URL, packages)
    assert is_known(f"{OURS}SecondOpinionTask", packages)
    assert [one.where for one in validate_profile({"resourceType": "Patient"}, URL, packages)] == ["Patient"]


@pytest.mark.parametrize("content", [b"no archive", b""])
def test_what_is_no_package_is_refused(tmp_path, content):
    file = tmp_path / "other.tgz"
    file.write_bytes(content)
    with pytest.raises(Invalid):
        with_packages([file])
    with pytest.raises(Invalid):
        with_packages([tmp_path / "nowhere.tgz"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(Invalid):
        with_packages([tmp_path / "empty"])


def test_a_broken_profile_is_refused_with_its_url(tmp_path):
    broken = {**WITH_A_NAME, "snapshot": {"element": [{"path": "Patient"}]}}
    (tmp_path / "it.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        is_known(URL, with_packages([tmp_path]))
    assert [one.where for one in refused.value.problems] == [URL]


CORE_PACKAGE = Path(__file__).parents[2].parent / "shared" / "data" / "00-definitions" / "hl7.fhir.r4.core-4.0.1.tgz"


@pytest.mark.skipif(not CORE_PACKAGE.is_file(), reason="the R4 core package is not here (../shared/data)")
def test_profiles_that_others_wrote_are_enforced():
    core = with_packages([CORE_PACKAGE])
    kinds = [url for url in core.urls() if url.startswith(CORE)]
    assert len(kinds) > 600
    assert {url.removeprefix(CORE) for url in kinds if not is_known(url, core)} == {
        "example-composition",  # the two have no snapshot
        "example-section-library",
    }
    category = [{"coding": [{"system": f"{TERMINOLOGY}observation-category", "code": "vital-signs"}]}]
    weight = {
        "resourceType": "Observation",
        "status": "final",
        "category": category,
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": "Patient/1"},
        "effectiveDateTime": "2026-04-10",
        "valueQuantity": {"value": 70, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    }
    assert [one for one in validate_profile(weight, f"{CORE}bodyweight", core) if one.severity == "error"] == []
    wrong = {**weight, "category": [], "valueQuantity": {**weight["valueQuantity"], "code": "stone"}}
    found = validate_profile(wrong, f"{CORE}bodyweight", core)
    assert {one.where for one in found if one.severity == "error"} == {"Observation", "Observation.valueQuantity.code"}


def test_a_claim_of_another_type_is_told_in_xml_too():
    xml = f'<Patient xmlns="http://hl7.org/fhir"><meta><profile value="{OURS}SecondOpinionTask"/></meta></Patient>'
    assert "Patient" in [one.where for one in judge_bytes(xml.encode()) if one.severity == "error"]


KEYS = st.sampled_from(
    ["resourceType", "resource", "code", "coding", "system", "url", "extension", "reference", "value"]
)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=5))
INNER = st.one_of(PLAIN, st.lists(PLAIN, max_size=3), st.dictionaries(KEYS, PLAIN, max_size=3))
ODD = st.one_of(INNER, st.lists(INNER, max_size=3), st.dictionaries(KEYS, INNER, max_size=4))


def places(value, path=()):
    if isinstance(value, dict):
        for name, one in value.items():
            yield (*path, name)
            yield from places(one, (*path, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield (*path, index)
            yield from places(one, (*path, index))


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32), odd=st.lists(ODD, min_size=1, max_size=3))
def test_nothing_that_a_sender_can_write_stops_the_check(seed, odd, examples):
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    profile = chance.choice(sorted(examples))
    resource = copy.deepcopy(examples[profile])
    for one in odd:
        *steps, last = chance.choice(list(places(resource)))
        target = resource
        for step in steps:
            target = target[step]
        target[last] = copy.deepcopy(one)
    for problem in [*validate_profile(resource, OURS + profile), *claimed_problems(resource)]:
        assert problem.text
        assert problem.where
