"""The codes of value sets: from the packages at hand, else from R4 itself; what cannot be known is said to be open.

https://hl7.org/fhir/R4/valueset.html#compositions
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from adapter.base.errors import Invalid, Problem
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.profiles.packages import Packages

_DEEPEST = 10


class Codes(NamedTuple):
    """The codes of a value set.

    Attributes:
        by_system: codes by their system.
        open: systems of which further codes may belong to it, which nobody here can tell; "" = any system.
    """

    by_system: dict[str, frozenset[str]]
    open: frozenset[str]

    def has(self, system: Any, code: Any) -> bool | None:
        """Tell whether a code belongs to the value set; None = nobody here can tell."""
        if type(system) is not str or type(code) is not str:
            return None if "" in self.open else False
        if code in self.by_system.get(system, ()):
            return True
        return None if system in self.open or "" in self.open else False

    def has_code(self, code: Any) -> bool | None:
        """Tell it of a code without a system, as an element of type `code` has it."""
        if type(code) is str and any(code in codes for codes in self.by_system.values()):
            return True
        return None if self.open else False


IsBound: TypeAlias = Callable[[Any], bool | None]
"""Tells whether a value has a code of a value set; None = nobody here can tell."""

_UNKNOWN = Codes({}, frozenset({""}))


def codes_of(url: str, packages: Packages) -> Codes:
    """Return the codes of a value set; wholly open where it is not here.

    Raises:
        Invalid: the value set, or a code system that it names, is not what R4 calls one.
    """
    found: Codes | None = packages.trees.get(f"codes {url}")
    if found is None:
        try:
            found = packages.trees[f"codes {url}"] = _codes(url, packages, 0)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            said = "is no usable ValueSet: get another version of its package, or report it to its publisher"
            raise Invalid("a value set cannot be read", problems=[Problem(said, where=url)]) from error
    return found


def bound_test(url: str, type_name: str, packages: Packages) -> IsBound:
    """Return the test of a code, Coding or CodeableConcept against a value set.

    Raises:
        Invalid: as `codes_of`.
    """
    codes = codes_of(url, packages)
    has, of_concept = codes.has, type_name == "CodeableConcept"

    def is_bound(value: Any) -> bool | None:
        if value.__class__ is not dict:
            return codes.has_code(value)
        stated = value.get("coding") if of_concept else (value,)
        open_ = False
        for one in stated if stated.__class__ in (list, tuple) else ():
            answer = has(one.get("system"), one.get("code")) if one.__class__ is dict else False
            if answer:
                return True
            open_ = open_ or answer is None
        return None if open_ else False

    return is_bound


def _codes(url: str, packages: Packages, depth: int) -> Codes:
    resource = packages.resource(url)
    if resource is None or resource.get("resourceType") != "ValueSet":
        known = definitions().codes(url.partition("|")[0])
        return _UNKNOWN if known is None else Codes(known, frozenset())
    composed = resource.get("compose", {})
    if depth > _DEEPEST or composed.get("exclude") or not composed.get("include"):
        return _UNKNOWN
    by_system: dict[str, frozenset[str]] = {}
    open_: frozenset[str] = frozenset()
    for part in composed["include"]:
        included = _included(part, packages, depth)
        for system, codes in included.by_system.items():
            by_system[system] = by_system.get(system, frozenset()) | codes
        open_ |= included.open
    return Codes(by_system, open_)


def _included(part: dict[str, Any], packages: Packages, depth: int) -> Codes:
    system, sets = part.get("system"), part.get("valueSet", ())
    if type(system) is str and not sets:
        if "concept" in part:
            return Codes({system: frozenset(one["code"] for one in part["concept"])}, frozenset())
        return _UNKNOWN if "filter" in part else _whole(system, packages)
    if system is None and len(sets) == 1:
        return _codes(sets[0], packages, depth + 1)
    return _UNKNOWN


def _whole(system: str, packages: Packages) -> Codes:
    resource = packages.resource(system)
    if resource is None or resource.get("resourceType") != "CodeSystem":
        return Codes({}, frozenset({system}))
    codes: set[str] = set()
    pending = list(resource.get("concept", ()))
    while pending:
        concept = pending.pop()
        codes.add(concept["code"])
        pending += concept.get("concept", ())
    open_ = frozenset() if resource.get("content") == "complete" else frozenset({system})
    return Codes({system: frozenset(codes)}, open_)
