"""Codes: required value sets are errors, extensible ones warnings, both only where R4 itself holds the codes.

https://hl7.org/fhir/R4/terminologies.html#strength
"""

import re
from collections.abc import Callable
from typing import Any

from adapter.fhir.definitions import ucum
from adapter.fhir.definitions.model import Binding
from adapter.fhir.definitions.outside_codes import JUDGED_SYSTEMS, JUDGED_VALUE_SETS
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.findings import Finding, Findings
from adapter.fhir.validate.primitives import Primitive

_UNITS = "http://hl7.org/fhir/ValueSet/ucum-units"
_MOST_CODES_NAMED = 24
_MOST_SYSTEMS_NOTED = 50
_LONGEST_SYSTEM = 120
_SYSTEM = re.compile(r"https?://[A-Za-z0-9./#_-]+|urn:oid:[0-9.]+|urn:[a-z]+:[A-Za-z0-9:._-]+").fullmatch
NoteSystems = Callable[[dict[str, Any], set[str]], None]
BindingCheck = Callable[[dict[str, Any], Findings], None]


def codes_of(binding: Binding | None) -> frozenset[str] | None:
    """Return the codes that an element of type `code` may have; None where they are not fixed or not known."""
    if binding is None or binding.strength != "required":
        return None
    by_system = definitions().codes(binding.value_set)
    return None if by_system is None else frozenset().union(*by_system.values())


def judged_code(binding: Binding | None) -> Primitive | None:
    """Return what takes the codes of a binding to media types, languages or currencies; None for other value sets."""
    if binding is None or binding.strength != "required" or binding.value_set not in JUDGED_VALUE_SETS:
        return None
    judge, said = JUDGED_VALUE_SETS[binding.value_set]
    return Primitive((str,), judge, said)


def said_of(codes: frozenset[str], value_set: str) -> str:
    """Return the end of a sentence "must be ..." that names the codes, if they are few, else their value set."""
    listed = f"one of {', '.join(sorted(codes))}" if len(codes) <= _MOST_CODES_NAMED else "a code"
    return f"{listed} ({value_set})"


def system_note(binding: Binding | None, *, concept: bool) -> NoteSystems | None:
    """Return what notes the systems of codes that a binding demands and R4 does not hold; None where it holds them."""
    if binding is None or binding.value_set == _UNITS or definitions().codes(binding.value_set) is not None:
        return None

    def note(value: dict[str, Any], noted: set[str]) -> None:
        codings = value.get("coding") if concept else (value,)
        for coding in codings if codings.__class__ in (list, tuple) else ():
            system = coding.get("system") if coding.__class__ is dict else None
            if system.__class__ is str and len(noted) < _MOST_SYSTEMS_NOTED and not _is_known(system):
                noted.add(system)

    return note


def _is_known(system: str) -> bool:
    return system in JUDGED_SYSTEMS or definitions().code_system(system) is not None


def unchecked_systems(noted: set[str]) -> list[str]:
    """Return the noted systems that look like what they should be: they are shown to people."""
    return sorted(system for system in noted if len(system) <= _LONGEST_SYSTEM and _SYSTEM(system))


def coding_check(binding: Binding | None, *, concept: bool) -> BindingCheck | None:
    """Return a check of a Coding, or of a CodeableConcept (`concept`); None where there is nothing to check."""
    if binding is None:
        return None
    if binding.value_set == _UNITS and binding.strength == "required":
        return _unit_check(concept=concept)
    by_system = definitions().codes(binding.value_set)
    return None if by_system is None else _listed_check(binding, by_system, concept=concept)


def _listed_check(binding: Binding, by_system: dict[str, frozenset[str]], *, concept: bool) -> BindingCheck:
    required = binding.strength == "required"
    end = said_of(frozenset().union(*by_system.values()), binding.value_set)
    if required:
        text, severity, code = f"needs a code of the required value set: {end}", "error", "code-invalid"
    else:
        text, severity, code = (
            f"has no code of the extensible value set, which is right only if none of them fits: {end}",
            "warning",
            "code-invalid",
        )

    def fits(coding: Any) -> bool:
        if type(coding) is not dict:
            return True  # reported as a wrong shape already
        system, value = coding.get("system"), coding.get("code")
        return type(system) is str and type(value) is str and value in by_system.get(system, ())

    def check_coding(value: dict[str, Any], out: Findings) -> None:
        if not fits(value) and (required or "code" in value):
            out.append(Finding("", code, text, severity))

    def check_concept(value: dict[str, Any], out: Findings) -> None:
        codings = value.get("coding") or ()
        if codings.__class__ not in (list, tuple) or any(fits(coding) for coding in codings):
            return  # another shape is reported already
        if codings or required:
            out.append(Finding("", code, text, severity))

    return check_concept if concept else check_coding


def _unit_check(*, concept: bool) -> BindingCheck:
    def is_unit(coding: Any) -> bool:
        return type(coding) is dict and coding.get("system") == ucum.SYSTEM and ucum.is_unit(str(coding.get("code")))

    def check(value: dict[str, Any], out: Findings) -> None:
        codings = value.get("coding", ()) if concept else (value,)
        if not any(is_unit(one) for one in (codings if type(codings) in (list, tuple) else ())):
            out.append(Finding("", "code-invalid", f"needs a unit of UCUM, system {ucum.SYSTEM} ({_UNITS})"))

    return check
