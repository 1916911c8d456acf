"""What an element demands of its value beyond the type: codes, reference targets, an extension's URL.

https://hl7.org/fhir/R4/elementdefinition.html#binding
"""

from typing import Any

from adapter.fhir.definitions.model import Element
from adapter.fhir.validate.bindings import coding_check, system_note
from adapter.fhir.validate.findings import Finding, Findings, Scope
from adapter.fhir.validate.references import check_reference
from adapter.fhir.validate.slots import Check


def use_of(code: str, element: Element, owner: str) -> Check | None:
    """Return the check of this use of the type `code` in the type `owner`; None where it demands nothing."""
    if code == "Reference":
        return _reference(element.targets)
    if code in ("CodeableConcept", "Coding"):
        return _coded(element, concept=code == "CodeableConcept")
    return _outer_url if code == "Extension" and owner != "Extension" else None


def _reference(targets: frozenset[str]) -> Check:
    def check(value: Any, out: Findings, scope: Scope) -> int | None:
        if value.__class__ is not dict:
            return None
        start = len(out)
        check_reference(value, targets, out, scope)
        return start if len(out) > start else None

    return check


def _coded(element: Element, *, concept: bool) -> Check | None:
    coded, note = coding_check(element.binding, concept=concept), system_note(element.binding, concept=concept)
    if note is not None:

        def check_noted(value: Any, _out: Findings, scope: Scope) -> None:
            if value.__class__ is dict:
                note(value, scope.unchecked)

        return check_noted
    if coded is None:
        return None

    def check(value: Any, out: Findings, _scope: Scope) -> int | None:
        if value.__class__ is not dict:
            return None
        start = len(out)
        coded(value, out)
        return start if len(out) > start else None

    return check


def _outer_url(value: Any, out: Findings, _scope: Scope) -> int | None:
    """Check an extension that is no part of another one, so that its URL must stand for itself."""
    url = value.get("url") if value.__class__ is dict else None
    if type(url) is str and ":" not in url:
        out.append(Finding(".url", "value", "must be an absolute URL"))
        return len(out) - 1
    return None
