"""Slices: which slice of an element a value belongs to, by the discriminators.

https://hl7.org/fhir/R4/profiling.html#discriminator
"""

import re
from collections.abc import Callable

from adapter.fhir.fhirpath import Node
from adapter.fhir.fhirpath.model import is_a
from adapter.fhir.profiles.codes import codes_of
from adapter.fhir.profiles.definition import NOTHING, Discriminator, Rule, profile_of
from adapter.fhir.profiles.members import at_path, members
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.profiles.values import has_pattern, is_fixed

_EXTENSION = re.compile(r"extension\('([^']+)'\)")
_STEPS = re.compile(r"(?:[^.('\"]|\([^)]*\))+")

Fits = Callable[[Rule, Node, Surroundings], bool]
"""Tells whether a value keeps all rules of a slice; given by who checks, since the two need each other."""


def slice_of(rule: Rule, node: Node, around: Surroundings, fits: Fits) -> Rule | None:
    """Return the first slice that a value belongs to, None where it belongs to none."""
    if rule.by_url is not None:
        url = node.value.get("url") if type(node.value) is dict else None
        return rule.by_url.get(url) if type(url) is str else None
    if not rule.discriminators:
        return next((one for one in rule.slices if fits(one, node, around)), None)
    asked = [(by, at_path(node, by.path, around)) for by in rule.discriminators]
    for one in rule.slices:
        if all(_is_told(by, values, one, around, fits) for by, values in asked):
            return one
    return None


def _is_told(by: Discriminator, values: list[Node], one: Rule, around: Surroundings, fits: Fits) -> bool:
    if by.path not in one.told:
        one.told[by.path] = _rule_at(one, by.path, around.packages)
    told = one.told[by.path]
    if by.kind == "exists":
        return bool(values) is not (told is not None and told.maximum == 0)
    if told is None:
        return by.path == "url" and any(value.value in one.profiles for value in values)
    if by.kind == "type":
        types = told.types or _types_of(told, around.packages)
        return any(is_a(value.type, wanted) for value in values for wanted in types)
    if by.kind == "profile":
        return any(fits(told, value, around) for value in values)
    return any(_decides(told, value, around) for value in values)


def _rule_at(rule: Rule, path: str, packages: Packages) -> Rule | None:
    """Return what a slice says at the path of a discriminator; it may stand in the profile of a type."""
    here: Rule | None = rule
    for step in _STEPS.findall(path):
        if here is None:
            return None
        if step in {"$this", "resolve()"} or step.startswith("ofType("):
            continue
        extension = _EXTENSION.fullmatch(step)
        here = _extension(here, extension[1]) if extension else _below(here, step, packages)
    return here


def _below(rule: Rule, step: str, packages: Packages) -> Rule | None:
    if step in rule.children:
        return rule.children[step]
    for url in rule.profiles:
        profile = profile_of(url, packages)
        if profile is not None and step in profile.root.children:
            return profile.root.children[step]
    return None


def _extension(rule: Rule, url: str) -> Rule | None:
    extensions = rule.children.get("extension")
    return next((one for one in extensions.slices if url in one.profiles), None) if extensions else None


def _types_of(rule: Rule, packages: Packages) -> list[str]:
    named = [profile_of(url, packages) for url in (*rule.profiles, *rule.targets)]
    return [profile.type for profile in named if profile is not None] + [
        url.rpartition("/")[2]
        for url, profile in zip((*rule.profiles, *rule.targets), named, strict=True)
        if not profile
    ]


def _decides(rule: Rule, node: Node, around: Surroundings) -> bool:
    """Tell whether a value is the one that tells this slice: by fixed or pattern value, or by a required binding."""
    told = False
    if rule.fixed is not NOTHING:
        told = True
        if not is_fixed(node.value, rule.fixed):
            return False
    if rule.pattern is not NOTHING:
        told = True
        if not has_pattern(node.value, rule.pattern):
            return False
    if rule.binding is not None and rule.binding.strength == "required" and not told:
        told = True
        if not is_bound(node, rule.binding.value_set, around):
            return False
    for name, child in rule.children.items():
        below = members(node, name)
        if _is_decisive(child):
            told = True
            if not any(_decides(child, value, around) for value, _ in below):
                return False
    return told


def _is_decisive(rule: Rule) -> bool:
    own = rule.fixed is not NOTHING or rule.pattern is not NOTHING
    return rule.minimum > 0 and (own or any(_is_decisive(child) for child in rule.children.values()))


def is_bound(node: Node, value_set: str, around: Surroundings) -> bool | None:
    """Tell whether a code, Coding or CodeableConcept has a code of a value set; None = nobody here can tell."""
    codes = codes_of(value_set, around.packages)
    value = node.value
    if type(value) is not dict:
        return codes.has_code(value)
    stated = value.get("coding") if node.type == "CodeableConcept" else [value]
    codings = [one for one in stated if type(one) is dict] if type(stated) is list else []
    answers = [codes.has(one.get("system"), one.get("code")) for one in codings]
    return True if True in answers else None if None in answers else False
