"""Tells at a glance that a Reference, Coding or CodeableConcept is good, as most are: half of all objects are such.

A glance says yes only where all checks of the type and of its use would find nothing; whatever else there is, an
extension, a word that was not met before, has to be looked at by those checks. A test holds both together.
https://hl7.org/fhir/R4/references.html, https://hl7.org/fhir/R4/datatypes.html#CodeableConcept
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from adapter.fhir.definitions.model import Element
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.bindings import coding_check, system_note
from adapter.fhir.validate.findings import Scope
from adapter.fhir.validate.known_systems import EXISTING
from adapter.fhir.validate.primitives import ABSOLUTE, LONGEST_TEXT, PRIMITIVE

Glance: TypeAlias = Callable[[Any, Scope], bool]
"""Takes a value, and notes in the scope what a check would note, if it says yes."""

_ODD_ADDRESS = re.compile(r"[?#]|/_history").search
_CODE, _SYSTEM = PRIMITIVE["code"].accepts, ABSOLUTE.accepts
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}").fullmatch


def glance_of(code: str, element: Element, words: dict[str, set[str]]) -> Glance | None:
    """Return the glance at an element of the type `code`; None where there is none.

    `words` are the good words of vocabularies that were met before: "absolute" URIs and "code"s.
    """
    if code == "Reference":
        return _at_reference(element.targets or definitions().resource_types)
    if code == "Coding":
        return _at_coding(element, words["absolute"], words["code"])
    return _at_concept(element, words["absolute"], words["code"]) if code == "CodeableConcept" else None


def _at_reference(allowed: frozenset[str]) -> Glance:
    def glance(value: Any, scope: Scope) -> bool:
        text = value.get("reference") if value.__class__ is dict else None
        if text.__class__ is not str:
            return False
        if len(value) != 1:
            display = value.get("display")
            if display.__class__ is not str or not display.isprintable() or not 0 < len(display) <= LONGEST_TEXT:
                return False
            if len(value) != 2:  # noqa: PLR2004 - the reference and its display
                return False
        kind, _, name = text.partition("/")
        if kind in allowed:
            if _ID(name) is None:
                return False
        elif _type_of(text, scope) not in allowed or not text.isprintable() or len(text) > LONGEST_TEXT:
            return False
        scope.references.append(value)
        return True

    return glance


def _type_of(text: str, scope: Scope) -> str | None:
    """Return the type of what an address inside the Bundle, an absolute one, or `#id` points at; None: look closer."""
    if text[:1] == "#":
        return scope.contained.get(text[1:])
    if not text.startswith(("urn:uuid:", "http://", "https://")):
        return None
    found = scope.entries.get(text) if scope.entries is not None else None
    if found is None and text[0] == "h" and _ODD_ADDRESS(text) is None:
        return text.rpartition("/")[0].rpartition("/")[2]
    return found


def _at_concept(element: Element, systems: set[str], codes: set[str]) -> Glance | None:  # noqa: C901 - as above
    binding = element.binding
    by_system = definitions().codes(binding.value_set) if binding is not None else None
    if by_system is None and coding_check(binding, concept=True) is not None:
        return None
    note = system_note(binding, concept=True)

    def glance(value: Any, scope: Scope) -> bool:  # noqa: C901, PLR0911, PLR0912 - as above
        codings = value.get("coding") if value.__class__ is dict else None
        if codings.__class__ is not list or not codings:
            return False
        if len(value) != 1:
            text = value.get("text")
            if text.__class__ is not str or not text.isprintable() or not 0 < len(text) <= LONGEST_TEXT:
                return False
            if len(value) != 2:  # noqa: PLR2004 - codings and text
                return False
        fits = by_system is None
        for coding in codings:
            if coding.__class__ is not dict:
                return False
            system, code = coding.get("system"), coding.get("code")
            if system.__class__ is not str or code.__class__ is not str:
                return False
            if not ((code in codes or _CODE(code)) and (system in systems or _SYSTEM(system))):
                return False
            if scope.budget is not None and (system, code) not in EXISTING:
                return False
            if len(coding) != 2:  # noqa: PLR2004 - system and code
                shown = coding.get("display")
                if shown.__class__ is not str or not shown.isprintable() or not 0 < len(shown) <= LONGEST_TEXT:
                    return False
                if len(coding) != 3:  # noqa: PLR2004 - and the display
                    return False
            if not fits and by_system is not None and code in by_system.get(system, ()):
                fits = True
        if fits and note is not None:
            note(value, scope.unchecked)
        return fits

    return glance


def _at_coding(element: Element, systems: set[str], codes: set[str]) -> Glance | None:
    binding = element.binding
    by_system = definitions().codes(binding.value_set) if binding is not None else None
    if by_system is None and coding_check(binding, concept=False) is not None:
        return None
    note = system_note(binding, concept=False)

    def glance(value: Any, scope: Scope) -> bool:
        system, code = (value.get("system"), value.get("code")) if value.__class__ is dict else (None, None)
        if system.__class__ is not str or code.__class__ is not str:
            return False
        if not ((code in codes or _CODE(code)) and (system in systems or _SYSTEM(system))):
            return False
        if scope.budget is not None and (system, code) not in EXISTING:
            return False
        if len(value) != 2:  # noqa: PLR2004 - system and code
            shown = value.get("display")
            if shown.__class__ is not str or not shown.isprintable() or not 0 < len(shown) <= LONGEST_TEXT:
                return False
        if len(value) > 3 or (by_system is not None and code not in by_system.get(system, ())):  # noqa: PLR2004 - and the display
            return False
        if note is not None:
            note(value, scope.unchecked)
        return True

    return glance
