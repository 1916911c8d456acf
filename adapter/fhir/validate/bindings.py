"""Codes: required value sets are errors, extensible ones warnings, both only where R4 itself holds the codes.

https://hl7.org/fhir/R4/terminologies.html#strength
"""

from collections.abc import Callable
from typing import Any

from adapter.fhir.definitions.model import Binding
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.findings import Finding, Findings

_MOST_CODES_NAMED = 24
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
        if type(codings) is dict or any(fits(coding) for coding in codings):
            return
        if codings or required:
            out.append(Finding("", code, text, severity))

    return check_concept if concept else check_coding
