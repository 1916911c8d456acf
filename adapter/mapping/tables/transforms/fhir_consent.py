"""Consent of FHIR R4 as one of the three statements: given or refused, by whom, from when to when, for which records.

https://hl7.org/fhir/R4/consent.html
A statement is never made wider than it is: records that it names and the message does not have stay named, so that
the request is refused at that place.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.fhir.systems import RECORD_ID
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.fhir_identifiers import record_id
from adapter.mapping.tables.transforms.fhir_parts import Collected, said

_GIVEN: Final = {"permit": True, "deny": False}
_SPEAKERS: Final = {"Patient": "patient", "RelatedPerson": "representative"}
_DAY_LENGTH: Final = len("2026-01-31")
_UNKNOWN: Final = "record-not-in-the-message"


def read_consent(node: Node, _context: Context) -> Outcome:
    """Give one statement of the patient; a Consent that is not in force is none."""
    reading = Collected()
    status = node.first("status")
    provision = node.first("provision")
    kind = provision.first("type") if provision is not None else None
    given = _GIVEN.get(said(kind) or "")
    if said(status) != "active":
        reading.remark(RemarkKind.LOST, status, "a consent that is not active does not count")
        return reading.outcome()
    if given is None or provision is None:
        told = "whether it permits or denies does not stand in provision.type: it does not count"
        reading.remark(RemarkKind.LOST, kind or status, told)
        return reading.outcome()
    if provision.first("provision") is not None:
        told = "exceptions within a consent are not understood: it does not count. Say each statement on its own"
        reading.remark(RemarkKind.LOST, kind, told)
        return reading.outcome()
    reading.note(status, "/given")
    reading.note(kind, "/given")
    made: dict[str, Any] = {"given": given}
    if (speaker := _speaker(reading, node)) is not None:
        made["by"] = speaker
    _days(reading, made, provision)
    _records(reading, made, provision)
    _form(reading, made, node)
    return reading.outcome(made)


def _speaker(reading: Collected, node: Node) -> str | None:
    for performer in node.every("performer"):
        kind = performer.value("to") or performer.value("type") or ""
        if (speaker := _SPEAKERS.get(kind)) is not None:
            reading.note_all(performer, "/by")
            return speaker
        reading.note_all(performer, "")
    return None


def _days(reading: Collected, made: dict[str, Any], provision: Node) -> None:
    period = provision.first("period")
    for name, member in (("start", "on"), ("end", "until")):
        place = period.first(name) if period is not None else None
        text = said(place)
        if text is not None and len(text) >= _DAY_LENGTH:
            made[member] = text[:_DAY_LENGTH]
            reading.note(place, f"/{member}")
        elif text is not None:
            reading.remark(RemarkKind.LOST, place, "the day is not said: not taken over")


def _records(reading: Collected, made: dict[str, Any], provision: Node) -> None:
    """Take the records that the statement names; none at all means all, a name without a record none."""
    data = list(provision.every("data"))
    if not data:
        return
    named: list[str] = []
    for one in data:
        reference = one.first("reference")
        text = _record(reading, reference, f"/records/{len(named)}") if reference is not None else None
        if text is not None and text not in named:
            named.append(text)
        reading.note(one.first("meaning"), "/records")
    made["records"] = named


def _record(reading: Collected, reference: Node, pointer: str) -> str | None:
    identifier = reference.first("identifier")
    document = reference.first("DocumentReference")
    reading.note(reference.first("reference"), pointer)
    reading.note(reference.first("type"), pointer)
    if identifier is not None and identifier.value("system") == RECORD_ID:
        reading.note(identifier.first("system"), pointer)
        return reading.take(identifier.first("value"), pointer)
    if document is not None:
        return record_id(document)
    if identifier is None and reference.first("reference") is None:
        reading.note(reference.first("display"), "/records")
        return None  # said in words: no record
    place = reference.first("reference") or reference.first("identifier")
    reading.remark(RemarkKind.UNMAPPED, place, "the record that is meant is not in the message", pointer)
    return _UNKNOWN


def _form(reading: Collected, made: dict[str, Any], node: Node) -> None:
    source = node.first("sourceReference")
    if source is None:
        return
    identifier = source.first("identifier")
    document = source.first("DocumentReference")
    if identifier is not None and identifier.value("system") == RECORD_ID:
        made["document"] = reading.take(identifier.first("value"), "/document")
        reading.note(identifier.first("system"), "/document")
    elif document is not None:
        made["document"] = record_id(document)
    else:
        return
    for name in ("reference", "type", "display"):
        reading.note(source.first(name), "/document")


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "fhir-consent": entry(
            "An active Consent as one statement: permit or deny, who said it, its days, its records, the signed form. "
            "One with exceptions (provision within provision) does not count.",
            read_consent,
            makes="consentStatement",
        ),
    }
)
