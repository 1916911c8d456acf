"""https://hl7.org/fhir/R4/terminologies-systems.html"""

import io
import json
import tarfile
from pathlib import Path

import pytest

from adapter.fhir import coding, systems

PACKAGE = Path(__file__).parents[3].parent / "shared" / "data" / "00-definitions" / "hl7.fhir.r4.core-4.0.1.tgz"


def concepts(tree):
    for one in tree:
        yield one["code"], one.get("display")
        yield from concepts(one.get("concept", []))


@pytest.fixture(scope="module")
def published():
    """The displays of the code systems that R4 publishes and that we write."""
    if not PACKAGE.is_file():
        pytest.skip("the R4 definitions are not beside the project (../shared/data/00-definitions)")
    found = {}
    with tarfile.open(PACKAGE) as package:
        for member in package:
            if Path(member.name).name.startswith("CodeSystem-"):
                system = json.load(io.TextIOWrapper(package.extractfile(member), encoding="utf-8"))
                if system["url"] in coding.DISPLAYS and system["content"] == "complete":
                    found[system["url"]] = dict(concepts(system.get("concept", [])))
    return found


def test_displays_are_those_that_r4_publishes(published):
    assert len(published) > 10
    for system, known in published.items():
        written = coding.DISPLAYS[system]
        assert {code: known.get(code) for code in written} == dict(written), system


def test_what_is_ours_stands_below_one_address():
    ours = [value for value in vars(systems).values() if isinstance(value, str) and "second-opinion.example" in value]
    assert len(ours) > 30
    assert all(value.startswith(systems.CANONICAL) for value in ours)
    assert len(set(ours)) == len(ours)


def test_the_code_for_follow_up_is_never_written():
    assert all("281036007" not in codes for codes in coding.DISPLAYS.values())


def test_a_code_without_a_known_display_has_none():
    assert coding.coding(systems.LOINC, "1-8") == {"system": systems.LOINC, "code": "1-8"}
    assert coding.coding(systems.OPS, "5-831", version="2026") == {
        "system": systems.OPS,
        "version": "2026",
        "code": "5-831",
    }


def test_codes_are_read_of_one_system_only():
    concept = {"coding": [{"system": "a", "code": "1"}, {"system": "b", "code": "2"}, {"system": "a"}]}
    assert coding.codes_of(concept, "a") == ["1"]
    assert coding.codes_of(None, "a") == []


def test_a_policy_names_country_and_direction_also_where_the_country_is_unknown():
    assert systems.policy("NL", "share-records") == f"{systems.CANONICAL}/policy/nl/share-records"
    assert systems.policy(None, "ask-insurer") == f"{systems.CANONICAL}/policy/unspecified/ask-insurer"
