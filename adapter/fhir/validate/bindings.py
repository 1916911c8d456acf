"""Codes: required value sets are errors, extensible ones warnings, both only where R4 itself holds the codes.

https://hl7.org/fhir/R4/terminologies.html#strength
"""

import re
from collections.abc import Callable
from typing import Any

from adapter.fhir.definitions.model import Binding
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.findings import Finding, Findings

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


def said_of(codes: frozenset[str], value_set: str) -> str:
    """Return the end of a sentence "must be ..." that names the codes, if they are few, else their value set."""
    listed = f"one of {', '.join(sorted(codes))}" if len(codes) <= _MOST_CODES_NAMED else "a code"
    return f"{listed} ({value_set})"


def system_note(binding: Binding | None, *, concept: bool) -> NoteSystems | None:
    """Return what notes the systems of codes that a binding demands and R4 does not hold; None where it holds them."""
    if binding is None or definitions().codes(binding.value_set) is not None:
        return None

    def note(value: dict[str, Any], noted: set[str]) -> None:
        codings = value.get("coding") if concept else (value,)
        for coding in codings if codings.__class__ in (list, tuple) else ():
            system = coding.get("system") if coding.__class__ is dict else None
            if system.__class__ is str and len(noted) < _MOST_SYSTEMS_NOTED:
                noted.add(system)

    return note


def unchecked_systems(noted: set[str]) -> list[str]:
    """Return the noted systems that look like what they should be: they are shown to people."""
    return sorted(system for system in noted if len(system) <= _LONGEST_SYSTEM and _SYSTEM(system))


def coding_check(binding: Binding | None, *, concept: bool) -> BindingCheck | None:
    """Return a check of a Coding, or of a CodeableConcept (`concept`); None where there is nothing to check."""
    by_system = definitions().codes(binding.value_set) if binding is not None else None
    if binding is None or by_system is None:
        return None
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
