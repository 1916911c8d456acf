"""Expands value sets offline, as far as the package itself holds the code systems; used by the build step only.

What needs SNOMED CT, LOINC, UCUM, ISO lists or the like has no expansion, and that is said (None), never guessed.
https://hl7.org/fhir/R4/valueset.html#compositions
"""

from collections.abc import Iterable, Iterator
from typing import Any

Pair = tuple[str, str]
_COMPLETE = "complete"
_LICENSED = frozenset({"http://snomed.info/sct", "http://loinc.org"})
_OF_HL7 = ("http://hl7.org/fhir/", "http://terminology.hl7.org/")


class _NotHereError(Exception):
    """The content is not part of the package."""


class Terminology:
    """The code systems and value sets of a package."""

    def __init__(self, resources: Iterable[dict[str, Any]]) -> None:
        self._systems: dict[str, dict[str, Any]] = {}
        self._value_sets: dict[str, dict[str, Any]] = {}
        for resource in resources:
            if resource["resourceType"] == "CodeSystem":
                self._systems[resource["url"]] = resource
            elif resource["resourceType"] == "ValueSet":
                self._value_sets[resource["url"]] = resource

    def complete_systems(self) -> dict[str, list[str]]:
        """Return all codes, sorted, of each code system of HL7 that is here as a whole; case matters in all of them."""
        found: dict[str, list[str]] = {}
        for url, system in self._systems.items():
            if system["content"] == _COMPLETE and url.startswith(_OF_HL7) and system.get("caseSensitive", True):
                codes = {code for code, _ in _concepts(system.get("concept", ()), frozenset())}
                if codes:
                    found[url] = sorted(codes)
        return found

    def expand(self, url: str) -> dict[str, list[str]] | None:
        """Return the codes by system, sorted; None where a part of the value set is not in the package."""
        try:
            pairs = self._pairs(url, frozenset())
        except _NotHereError:
            return None
        found: dict[str, list[str]] = {}
        for system, code in sorted(pairs):
            found.setdefault(system, []).append(code)
        return found or None

    def _pairs(self, url: str, above: frozenset[str]) -> set[Pair]:
        value_set = self._value_sets.get(url.partition("|")[0])
        if value_set is None or "compose" not in value_set or url in above:
            raise _NotHereError(url)
        compose = value_set["compose"]
        pairs: set[Pair] = set()
        for part in compose["include"]:
            pairs |= self._part(part, above | {url})
        for part in compose.get("exclude", ()):
            pairs -= self._part(part, above | {url})
        return pairs

    def _part(self, part: dict[str, Any], above: frozenset[str]) -> set[Pair]:
        pairs: set[Pair] | None = None
        if "system" in part:
            pairs = {(part["system"], code) for code in self._codes(part)}
        for url in part.get("valueSet", ()):
            others = self._pairs(url, above)
            pairs = others if pairs is None else pairs & others
        return pairs or set()

    def _codes(self, part: dict[str, Any]) -> set[str]:
        if part["system"] in _LICENSED:
            raise _NotHereError(part["system"])
        if "concept" in part:
            return {concept["code"] for concept in part["concept"]}
        system = self._systems.get(part["system"])
        if system is None or system["content"] != _COMPLETE:
            raise _NotHereError(part["system"])
        parents = dict(_concepts(system.get("concept", ()), frozenset()))
        codes = set(parents)
        for rule in part.get("filter", ()):
            codes &= _filtered(rule, parents)
        return codes


def _filtered(rule: dict[str, Any], parents: dict[str, frozenset[str]]) -> set[str]:
    if rule["property"] != "concept" or rule["op"] not in ("is-a", "descendent-of", "is-not-a"):
        raise _NotHereError(rule["op"])
    root = rule["value"]
    below = {code for code in parents if code != root and root in _ancestors(code, parents)}
    if rule["op"] == "descendent-of":
        return below
    return below | {root} if rule["op"] == "is-a" else set(parents) - below - {root}


def _ancestors(code: str, parents: dict[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    open_ends = [code]
    while open_ends:
        for parent in parents.get(open_ends.pop(), ()):
            if parent not in found:
                found.add(parent)
                open_ends.append(parent)
    return found


def _concepts(concepts: Iterable[dict[str, Any]], above: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Give each code with its direct parents: by nesting, and by the property `subsumedBy` of the v3 systems."""
    for concept in concepts:
        stated = {
            entry["valueCode"]
            for entry in concept.get("property", ())
            if entry["code"] in ("subsumedBy", "parent") and "valueCode" in entry
        }
        yield concept["code"], above | stated
        yield from _concepts(concept.get("concept", ()), frozenset({concept["code"]}))
