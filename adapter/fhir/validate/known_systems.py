"""Codes of systems that are known as a whole, wherever they stand: R4's own, UCUM, languages and the like.

A binding says which codes an element may have; this says that a code exists at all.
https://hl7.org/fhir/R4/datatypes.html#Coding
"""

from typing import Any

from adapter.fhir.definitions import ucum
from adapter.fhir.definitions.outside_codes import JUDGED_SYSTEMS
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.findings import Finding, Findings, Scope

_OF_R4 = "http://hl7.org/fhir/"
_OF_STU3 = (f"{_OF_R4}v2/", f"{_OF_R4}v3/")
_VALUE_SET = f"{_OF_R4}ValueSet/"
EXISTING: set[tuple[str, str]] = set()
"""Systems with codes of theirs about which there was nothing to say: they come again and again."""

_MOST_KEPT, _LONGEST_KEPT = 4096, 200
_QUANTITIES = ("Quantity", "Age", "Count", "Distance", "Duration", "MoneyQuantity", "SimpleQuantity")


def check_coding(coding: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check that the system has the code, where that is known.

    R4's own systems are fixed: an error. Those at terminology.hl7.org grow, and for outside systems there is no rule
    of R4 but the definition of `code` itself: a warning.
    """
    system, code = coding.get("system"), coding.get("code")
    if system is None or code is None or (system, code) in EXISTING:
        return
    before = len(out)
    _check_code(system, code, coding, out)
    if len(out) == before and "version" not in coding and len(system) + len(code) <= _LONGEST_KEPT:
        if len(EXISTING) >= _MOST_KEPT:
            EXISTING.clear()
        EXISTING.add((system, code))


def _check_code(system: str, code: str, coding: dict[str, Any], out: Findings) -> None:
    judge = JUDGED_SYSTEMS.get(system)
    if judge is not None:
        if not judge(code):
            out.append(Finding(".code", "code-invalid", f"is no code of {system}", "warning"))
        return
    known = definitions().code_system(system)
    if known is None:
        if system.startswith(_VALUE_SET):
            out.append(Finding(".system", "value", "is the URL of a value set: give the code system's"))
        elif system.startswith(_OF_STU3):
            said = "is the URI of STU3: since R4 it is at http://terminology.hl7.org/CodeSystem/ (v2-..., v3-...)"
            out.append(Finding(".system", "value", said, "warning"))
    elif code not in known and "version" not in coding:
        if system.startswith(_OF_R4):
            out.append(Finding(".code", "code-invalid", f"is no code of {system}"))
        else:
            said = f"is no code of {system} as of R4 4.0.1; if a later edition has it, give the version"
            out.append(Finding(".code", "code-invalid", said, "warning"))


def check_quantity(quantity: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check that a unit in UCUM is one."""
    if quantity.get("system") == ucum.SYSTEM and "code" in quantity and not ucum.is_unit(quantity["code"]):
        said = "is no unit of UCUM: what is counted stands in braces ({tablet}), without unit the code is 1"
        out.append(Finding(".code", "code-invalid", said, "warning"))


SYSTEM_RULES = {"Coding": check_coding, **dict.fromkeys(_QUANTITIES, check_quantity)}
"""By the name of the type."""
