"""CodeableConcept and Coding of FHIR R4: one code, its system and its words.

https://hl7.org/fhir/R4/datatypes.html#CodeableConcept
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.identifier_systems import as_uri
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Given, Outcome, Transform, entry
from adapter.mapping.tables.transforms.fhir_parts import Collected, leaf, said
from adapter.mapping.tables.transforms.plain import clean

_KEY_LENGTH: Final = 256
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def read_concept(node: Node, _context: Context) -> Outcome:
    """Give system, code, version and words, each for a target of its own."""
    reading = Collected()
    chosen = _chosen(node)
    system = _system(chosen)
    also: list[Outcome] = []
    for name in ("code", "version"):
        place = leaf(chosen, name) if chosen is not None and system is not None else None
        text = said(place)
        also.append(Outcome(text, {place.path: ""}) if place is not None and text is not None else NOTHING)
    also.append(_text(node, chosen))
    first = NOTHING
    if chosen is not None and system is not None:
        place = leaf(chosen, "system")
        used = {place.path: ""} if place is not None else {}
        others = [one for one in node.every("coding") if one is not chosen]
        for one in others:
            reading.remark(RemarkKind.LOST, one.first("code"), "one code has a place: not taken over")
        first = Outcome(system, used, tuple(reading.remarks))
    elif chosen is not None:
        reading.remark(RemarkKind.UNMAPPED, chosen.first("code"), "a code without its system is none: not taken over")
        first = Outcome(None, {}, tuple(reading.remarks))
    return first._replace(also=tuple(also))


def read_coding(node: Node, _context: Context) -> Outcome:
    """Give a code with its system, version and display: of a Coding, or the best one of a CodeableConcept."""
    chosen = node if node.first("code") is not None and node.first("coding") is None else _chosen(node)
    system = _system(chosen)
    reading = Collected()
    if chosen is None or system is None:
        return NOTHING
    reading.note(chosen.first("system"), "/system")
    made: dict[str, Any] = {"system": system}
    for name in ("code", "version", "display"):
        if (text := reading.take(chosen.first(name), f"/{name}")) is not None:
            made[name] = clean(text)
    return reading.outcome(made)


def read_concept_text(node: Node, _context: Context) -> Outcome:
    """Give the words of a concept, else its code."""
    chosen = _chosen(node)
    outcome = _text(node, chosen)
    if outcome.value is not None or chosen is None:
        return outcome
    place = leaf(chosen, "code")
    text = said(place)
    return Outcome(text, {place.path: ""}) if place is not None and text is not None else NOTHING


def _labelled(given: Given) -> Transform:
    def read(node: Node, context: Context) -> Outcome:
        outcome = read_concept_text(node, context)
        return outcome._replace(value=f"{given.argument}: {outcome.value}") if outcome.value else outcome

    return read


def _text(node: Node, chosen: Node | None) -> Outcome:
    """Return the text of a concept, else the display of its code; a display that repeats the text is used, too."""
    places = (leaf(node, "text"), leaf(chosen, "display") if chosen is not None else None)
    texts = [(one.path, text) for one in places if one is not None and (text := clean(said(one) or ""))]
    if not texts:
        return NOTHING
    first = texts[0][1]
    return Outcome(first, {path: "" for path, text in texts if text == first})


def _chosen(node: Node) -> Node | None:
    """Return the Coding that counts: the one that the user chose, else the first with its system, else the first."""
    codings = [one for one in node.every("coding") if one.first("code") is not None or one.first("display") is not None]
    chosen = [one for one in codings if one.value("userSelected") == "true"]
    whole = [one for one in codings if _system(one) is not None]
    return next(iter([*chosen, *whole, *codings]), None)


def _system(coding: Node | None) -> str | None:
    """Return the system of a Coding that has a code, too, as a URI; None = it has not both."""
    if coding is None or said(coding.first("code")) is None:
        return None
    stated = said(coding.first("system"))
    if stated is None or len(said(coding.first("code")) or "") > _KEY_LENGTH:
        return None
    return as_uri(stated) or (stated if _ABSOLUTE.fullmatch(stated) else None)


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "fhir-concept": entry(
            "A CodeableConcept: system, code, version and words of the code that the user chose, else of the first "
            "that names its system. Further codes are lost.",
            read_concept,
            makes="string;string;string;string",
            targets=4,
        ),
        "fhir-coding": entry(
            "A Coding, or the best one of a CodeableConcept, as a code with its system.", read_coding, makes="coding"
        ),
        "fhir-concept-text": entry(
            "The text of a CodeableConcept, else the display of its code, else the code.",
            read_concept_text,
            makes="string",
        ),
        "fhir-note": Entry(
            "The words of a CodeableConcept behind the argument and a colon.",
            _labelled,
            makes="string",
            argument="must",
        ),
    }
)
