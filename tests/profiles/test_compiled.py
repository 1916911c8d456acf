"""What is compiled of profiles says what their rules say, on our examples and on thousands of broken copies of them."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapter.fhir.fhirpath import root
from adapter.fhir.fhirpath.model import by_key
from adapter.fhir.profiles import (
    Packages,
    claimed_problems,
    compile_profiles,
    extensions,
    shipped_packages,
    validate_profile,
    validator,
)
from adapter.fhir.profiles.definition import profile_of
from adapter.fhir.profiles.values import fixed_test, pattern_test
from tests.profiles.interpreted import Interpreted, has_pattern, is_fixed

FOLDER = Path(__file__).parents[2] / "profiles"
EXAMPLES = sorted([*(FOLDER / "package" / "example").glob("*.json"), *(FOLDER / "invalid").rglob("*.json")])
ODD: list[Any] = [
    *(None, "", {}, [], [None], 1, 1.5, True, "banana", {"id": "a"}, [{}], {"url": "x"}, {"reference": "Patient/1"}),
    *({"coding": [{"system": "a:b", "code": "c"}]}, {"coding": [1]}, {"reference": "#x"}, {"resourceType": "Basic"}),
    [{"url": "https://second-opinion.example/fhir/StructureDefinition/nowhere", "valueCode": "unknown"}],
]


def changed(resource: Any, chance: random.Random) -> Any:
    """Return a copy with one to three members changed, taken away, doubled, moved or added."""
    made = copy.deepcopy(resource)
    for _ in range(chance.randint(1, 3)):
        spots = [(one, key) for one in owners(made) for key in (one if type(one) is dict else range(len(one)))]
        if not spots:
            break
        owner, key = chance.choice(spots)
        act = chance.randrange(6)
        if act == 0:
            del owner[key]
        elif act == 1 and type(owner) is list:
            owner.append(copy.deepcopy(owner[key]))
        elif act == 2 and type(owner) is list:
            owner.reverse()
        elif act == 3 and type(owner) is dict:
            owner[chance.choice(["extension", "id", f"_{key}", "url", "contained", "meta"])] = chance.choice(ODD)
        elif act == 4 and type(owner[key]) is str:
            owner[key] = chance.choice([owner[key] + "x", chance.choice([*shipped_packages().urls()])])
        else:
            owner[key] = copy.deepcopy(chance.choice(ODD))
    return made


def owners(value: Any) -> Iterator[Any]:
    if type(value) in (dict, list):
        yield value
        for one in value.values() if type(value) is dict else value:
            yield from owners(one)


def said(resource: Any, profile: str | None) -> list[tuple[Any, ...]]:
    found = claimed_problems(resource) if profile is None else validate_profile(resource, profile)
    return sorted((one.where, one.code, one.severity, one.text) for one in found)


def test_compiled_and_interpreted_rules_agree(monkeypatch):
    chance = random.Random(2026)  # noqa: S311 - chooses test data
    resources = [one for file in EXAMPLES if "resourceType" in (one := json.loads(file.read_bytes()))]
    assert len(resources) > 60
    resources += [changed(one, chance) for one in resources for _ in range(25)]
    profiles = [one for one in shipped_packages().urls() if "/StructureDefinition/SecondOpinion" in one]
    of_type: dict[str, list[str]] = {}
    for url in profiles:
        of_type.setdefault(profile_of(url, shipped_packages()).type, []).append(url)
    asked = [(one, None) for one in resources]
    asked += [(one, chance.choice(of_type.get(str(one.get("resourceType")), profiles))) for one in resources]
    compiled = [said(*one) for one in asked]
    for module in (validator, extensions):
        monkeypatch.setattr(module, "checks_of", lambda _: Interpreted())
    for (resource, profile), found in zip(asked, compiled, strict=True):
        assert found == said(resource, profile)
    assert sum(bool(found) for found in compiled) > 1000


def test_every_extension_is_come_to(monkeypatch):
    chance = random.Random(7)  # noqa: S311 - as above
    met: list[tuple[str, str]] = []
    monkeypatch.setattr(
        extensions,
        "_check",
        lambda one, _owner, trail, top, *_: met.append((extensions._path(trail, top), one.get("url"))),
    )
    count = 0
    for file in EXAMPLES:
        resource = json.loads(file.read_bytes())
        for one in [resource, *(changed(resource, chance) for _ in range(5))]:
            met.clear()
            claimed_problems(one)
            assert sorted(met, key=str) == sorted(everywhere(one, root(one).type, root(one).type), key=str)
            count += len(met)
    assert count > 500


def everywhere(value: Any, type_name: str, path: str) -> Iterator[tuple[str, Any]]:
    """Give the extensions in an object with their paths, going into every member that R4 knows."""
    for key, one in by_key(type_name).items() if type(value) is dict else ():
        name, inner = (one.part, "Element") if one.primitive else (key, one.type)
        member = value.get(name)
        several = [("", member)] if type(member) is dict else []
        several = [(f"[{at}]", each) for at, each in enumerate(member)] if type(member) is list else several
        for index, each in several:
            if type(each) is dict:
                if key in ("extension", "modifierExtension"):
                    yield f"{path}.{name}{index}", each.get("url")
                below = root(each).type if inner == "Resource" else inner
                yield from everywhere(each, below, f"{path}.{name}{index}")


def test_a_plain_resource_compiles_no_profile_and_nothing_is_kept_of_what_is_claimed():
    packages = Packages([FOLDER / "package"])
    claims = {
        "resourceType": "Patient",
        "meta": {"profile": ["https://elsewhere.example/1|1", "https://elsewhere.example/2"]},
        "extension": [{"url": "https://elsewhere.example/3", "valueString": "a"}],
    }
    claimed_problems(claims, packages)
    assert [one for one in packages.trees if "/" in one] == []
    compile_profiles(packages)
    assert {url for url in packages.urls() if "/StructureDefinition/" in url} <= set(packages.trees)


LEAVES = st.sampled_from(["a", "b", 1, 1.0, True, False, 0, None, ""])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@given(TREES, TREES)
def test_values_are_compared_alike(value, wanted):
    for one in (value, wanted):
        assert fixed_test(wanted)(one) == is_fixed(one, wanted)
        assert pattern_test(wanted)(one) == has_pattern(one, wanted)
