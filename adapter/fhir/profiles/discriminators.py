"""Discriminators: which slice a value belongs to, decided by tests that were compiled from what the slices say.

https://hl7.org/fhir/R4/profiling.html#discriminator
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

from adapter.fhir.fhirpath import Node
from adapter.fhir.fhirpath.model import is_a
from adapter.fhir.profiles.check import Checks
from adapter.fhir.profiles.codes import bound_test
from adapter.fhir.profiles.definition import NOTHING, Discriminator, Rule, profile_of
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.profiles.places import Follow, content_of, finder_of, follower_of
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.profiles.values import fixed_test, pattern_test

_EXTENSION = re.compile(r"extension\('([^']+)'\)")
_STEPS = re.compile(r"(?:[^.('\"]|\([^)]*\))+")

Choose: TypeAlias = Callable[[Node, Surroundings], int | None]
"""Gives the place of the first slice that a value belongs to, None where it belongs to none."""

Tells: TypeAlias = Callable[[Sequence[Node], Surroundings], bool]
"""Tells whether what the path of a discriminator leads to is that of one slice."""

Table: TypeAlias = dict[tuple[str, str], int]
"""Places of slices by the system and the code of a CodeableConcept."""

Decides: TypeAlias = Callable[[Node], bool]


def chooser_of(rule: Rule, checks: Checks) -> Choose:
    """Return what finds the slice of a value."""
    if rule.by_url is not None:
        places = {url: rule.slices.index(one) for url, one in rule.by_url.items()}
        return lambda node, _: places.get(url) if type(url := content_of(node).get("url")) is str else None
    slices = list(enumerate(rule.slices))
    if not rule.discriminators:
        return lambda node, scene: next((at for at, one in slices if checks.fits(one, node, scene)), None)
    if len(rule.discriminators) == 1:
        return _by_one(rule, checks)
    follow = [follower_of(by.path) for by in rule.discriminators]
    tests = [[_teller(by, one, checks) for by in rule.discriminators] for one in rule.slices]

    def choose(node: Node, scene: Surroundings) -> int | None:
        values = [one(node, scene) for one in follow]
        for at, tells in enumerate(tests):
            if all(test(found, scene) for test, found in zip(tells, values, strict=True)):
                return at
        return None

    return choose


def _by_one(rule: Rule, checks: Checks) -> Choose:
    (by,) = rule.discriminators
    follow = follower_of(by.path)
    table = _table_of(by, rule.slices, checks.packages) if by.kind in ("value", "pattern") else None
    if table is not None:
        return _by_table(follow, table)
    if by.kind == "type":
        return _by_type(follow, [_told_types(by, one, checks.packages) for one in rule.slices])
    tests = [_teller(by, one, checks) for one in rule.slices]

    def choose(node: Node, scene: Surroundings) -> int | None:
        values = follow(node, scene)
        for at, tells in enumerate(tests):
            if tells(values, scene):
                return at
        return None

    return choose


def _table_of(by: Discriminator, slices: Sequence[Rule], packages: Packages) -> Table | None:
    """Return slices by the code that tells each of them; None where one is told by anything else."""
    table: Table = {}
    for at, one in enumerate(slices):
        told = _rule_at(one, by.path, packages)
        wanted = told.pattern if told is not None and told.fixed is NOTHING else None
        codings = wanted.get("coding") if type(wanted) is dict and len(wanted) == 1 else None
        coding = codings[0] if type(codings) is list and len(codings) == 1 else None
        if type(coding) is not dict or coding.keys() != {"system", "code"}:
            return None
        if told is None or any(_is_decisive(child) for child in told.children.values()):
            return None
        table.setdefault((coding["system"], coding["code"]), at)
    return table


def _by_table(follow: Follow, table: Table) -> Choose:
    def choose(node: Node, scene: Surroundings) -> int | None:
        first: int | None = None
        for value in follow(node, scene):
            codings = value.value.get("coding") if value.value.__class__ is dict else None
            for coding in codings if codings.__class__ is list else ():
                system, code = (coding.get("system"), coding.get("code")) if coding.__class__ is dict else (None, None)
                at = table.get((system, code)) if system.__class__ is str and code.__class__ is str else None
                if at is not None and (first is None or at < first):
                    first = at
        return first

    return choose


def _by_type(follow: Follow, told: list[tuple[str, ...]]) -> Choose:
    nowhere = len(told)

    @cache  # there are no more types than R4 has
    def place_of(name: str) -> int:
        return next((at for at, types in enumerate(told) if any(is_a(name, wanted) for wanted in types)), nowhere)

    def choose(node: Node, scene: Surroundings) -> int | None:
        first = min([place_of(value.type) for value in follow(node, scene)], default=nowhere)
        return None if first == nowhere else first

    return choose


def _told_types(by: Discriminator, one: Rule, packages: Packages) -> tuple[str, ...]:
    told = _rule_at(one, by.path, packages)
    return () if told is None else tuple(told.types or _types_of(told, packages))


def _teller(by: Discriminator, one: Rule, checks: Checks) -> Tells:
    told = _rule_at(one, by.path, checks.packages)
    if by.kind == "exists":
        wanted = told is None or told.maximum != 0
        return lambda values, _: bool(values) is wanted
    if told is None:
        profiles = one.profiles if by.path == "url" else ()
        return lambda values, _: any(value.value in profiles for value in values)
    if by.kind == "type":
        types = _told_types(by, one, checks.packages)
        return lambda values, _: any(is_a(value.type, wanted) for value in values for wanted in types)
    if by.kind == "profile":
        return lambda values, scene: any(checks.fits(told, value, scene) for value in values)
    deciders: dict[str, Decides] = {}

    def tells(values: Sequence[Node], _: Surroundings) -> bool:
        for value in values:
            decides = deciders.get(value.type)
            if decides is None:
                decides = deciders[value.type] = _decider(told, value.type, checks.packages)
            if decides(value):
                return True
        return False

    return tells


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
    urls = (*rule.profiles, *rule.targets)
    named = [(url, profile_of(url, packages)) for url in urls]
    known = [profile.type for _, profile in named if profile is not None]
    return known + [url.rpartition("/")[2] for url, profile in named if profile is None]


def _decider(rule: Rule, type_name: str, packages: Packages) -> Decides:
    """Return the test for the value that tells a slice: by fixed or pattern value, or by a required binding."""
    tests: list[Decides] = []
    if rule.fixed is not NOTHING:
        is_fixed = fixed_test(rule.fixed)
        tests.append(lambda node: is_fixed(node.value))
    if rule.pattern is not NOTHING:
        has_pattern = pattern_test(rule.pattern)
        tests.append(lambda node: has_pattern(node.value))
    if rule.binding is not None and rule.binding.strength == "required" and not tests:
        is_bound = bound_test(rule.binding.value_set, type_name, packages)
        tests.append(lambda node: bool(is_bound(node.value)))
    tests += [_below_decides(child, type_name, packages) for child in rule.children.values() if _is_decisive(child)]
    if len(tests) == 1:
        return tests[0]
    return lambda node: bool(tests) and all(test(node) for test in tests)


def _below_decides(child: Rule, owner: str, packages: Packages) -> Decides:
    find = finder_of(owner, child.name)
    deciders: dict[str, Decides] = {}

    def decides(node: Node) -> bool:
        for value, _ in find(content_of(node)):
            one = deciders.get(value.type)
            if one is None:
                one = deciders[value.type] = _decider(child, value.type, packages)
            if one(value):
                return True
        return False

    return decides


def _is_decisive(rule: Rule) -> bool:
    own = rule.fixed is not NOTHING or rule.pattern is not NOTHING
    return rule.minimum > 0 and (own or any(_is_decisive(child) for child in rule.children.values()))
