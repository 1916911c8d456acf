"""https://hl7.org/fhir/R4/profiling.html: our profiles load into the HL7 Java validator, and it judges by them as we do."""

import json
from pathlib import Path

import pytest

from adapter.fhir.codec import parse_json
from adapter.fhir.profiles import claimed_problems
from adapter.fhir.validate import is_valid, validate

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

PROFILES = Path(__file__).parents[3] / "profiles"
VALID = sorted((PROFILES / "package" / "example").glob("*.json"))
INVALID = sorted(file for file in (PROFILES / "invalid").rglob("*.json") if file.name != "reasons.json")


REASONS = {
    one["file"]: one["java"]
    for file in (PROFILES / "invalid").rglob("reasons.json")
    for one in json.loads(file.read_bytes())
}


def _ours(file: Path) -> bool:
    resource = parse_json(file.read_bytes())
    return is_valid([*validate(resource), *claimed_problems(resource)])


def _errors(verdict):
    return [
        f"{one['location']}: {one['message']}" for one in verdict["issues"] if one["severity"] in ("error", "fatal")
    ]


def test_every_profile_value_set_and_code_system_of_the_package_loads(java_with_profiles):
    files = (PROFILES / "package").glob("*.json")
    kinds = [json.loads(file.read_bytes()).get("resourceType") for file in files]
    known = ("StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap")
    assert java_with_profiles.made_of["loaded"] == sum(kind in known for kind in kinds) > 0


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_an_example_of_ours_is_valid_to_both(java_with_profiles, file):
    assert _errors(java_with_profiles.judge(file)) == []
    assert _ours(file)


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_example_of_ours_is_invalid_to_both(java_with_profiles, file):
    assert _errors(java_with_profiles.judge(file)) != []
    assert not _ours(file)


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_example_is_invalid_by_its_profile_alone(java_with_profiles, java, file):
    told = set(_errors(java_with_profiles.judge(file))) - set(_errors(java.judge(file)))
    assert told != set()
    assert [one for one in told if REASONS[file.name] not in one] == [], "it is wrong for another reason, too"
