"""Slices: how often each may be there, and which one a value belongs to, by discriminators that are compiled.

https://hl7.org/fhir/R4/profiling.html#discriminator
"""

import sys
from collections.abc import Callable, Sequence
from typing import TypeAlias

from adapter.fhir.profiles.check import Checks
from adapter.fhir.profiles.definition import Rule
from adapter.fhir.profiles.discriminators import Choose, chooser_of
from adapter.fhir.profiles.places import Place
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.validate.findings import Finding, Findings, put_before

Count: TypeAlias = Callable[[int, Findings], None]
"""Takes how many there are."""

SlicesCheck: TypeAlias = Callable[[Sequence[Place], Findings, Surroundings], None]
"""Takes all elements of a name; the paths of what it appends begin at their owner."""


def bounds_of(rule: Rule) -> tuple[int, int]:
    """Return how often an element may be there at least and at most."""
    return rule.minimum, sys.maxsize if rule.maximum is None else rule.maximum


def count_of(rule: Rule) -> Count:
    """Return the check of how often an element, or a slice of it, is there."""
    label = rule.name if rule.slice is None else f"{rule.name}:{rule.slice}"
    least, most = rule.minimum, rule.maximum
    few = "must be there" if least == 1 else f"must be there at least {least} times"
    many = "must not be there" if most == 0 else f"may be there at most {most} times"

    def check(count: int, out: Findings) -> None:
        if count < least:
            out.append(Finding("", "required", f"{label} {few} (profile)"))
        elif most is not None and count > most:
            out.append(Finding("", "structure", f"{label} {many} (profile)"))

    return check


def slices_check(rule: Rule, checks: Checks) -> SlicesCheck:  # noqa: C901 - the hot loop stays in one piece
    """Return what holds each element against the slice it belongs to, and slices against how often and where."""
    slices = [
        (*bounds_of(one), count_of(one), slices_check(one, checks) if one.slices else None) for one in rule.slices
    ]
    nowhere = f"is none of what may stand here: {', '.join(str(one.slice) for one in rule.slices)} (profile)"
    silent = [one.bare and not one.children for one in rule.slices]
    choose: Choose | None = None
    closed, ordered = rule.closed, rule.ordered

    def check(found: Sequence[Place], out: Findings, scene: Surroundings) -> None:  # noqa: C901 - as above
        nonlocal choose
        if choose is None:  # here, as a slice may hold slices of its own kind
            choose = chooser_of(rule, checks)
        members: list[list[Place]] = [[] for _ in slices]
        last = 0
        for place in found:
            node, step = place
            inside = scene.inside(node)
            at = choose(node, inside)
            start = len(out)
            if at is None:
                if closed:
                    out.append(Finding(step, "structure", nowhere))
                continue
            if ordered and at < last:
                said = f"{rule.slices[at].slice} stands too late: the slices are ordered (profile)"
                out.append(Finding("", "structure", said))
            last = max(last, at)
            members[at].append(place)
            if not silent[at]:
                checks.of_rule(rule.slices[at], node.type)(node, out, inside)
            if len(out) > start:
                put_before(out, start, step)
        for (least, most, count, within), members_of_it in zip(slices, members, strict=True):
            if not least <= len(members_of_it) <= most:
                count(len(members_of_it), out)
            if within is not None:
                within(members_of_it, out, scene)

    return check
