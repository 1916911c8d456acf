"""Identifiers of FHIR R4: which naming system a number belongs to.

https://hl7.org/fhir/R4/datatypes.html#Identifier
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.fhir.systems import IK, IK_OID, RECORD_ID, UZOVI, UZOVI_OID
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.identifier_systems import as_uri
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.fhir_parts import Collected, leaf, said

_INSURERS: Final = (UZOVI, UZOVI_OID, IK, IK_OID)
_KEY_LENGTH: Final = 256


def read_identifier(node: Node, context: Context) -> Outcome:
    """Give an identifier; its system as it is stated, else by its type and who assigned it."""
    reading = Collected()
    value = node.first("value")
    text = reading.take(value, "/value")
    if text is None:
        return reading.outcome()
    if node.value("use") == "old":
        reading.remark(RemarkKind.LOST, value, "the number is no longer in use: not taken over")
        return Outcome(None, {}, tuple(reading.remarks))
    stated = said(node.first("system"))
    kind = node.first("type")
    if stated is not None and (system := as_uri(stated)) is not None:
        found = context.systems.find(system, sender=context.sender)
    else:
        names = (stated, node.value("assigner", "identifier", "value"), node.value("assigner", "display"))
        found = context.systems.find(*names, type=node.value("type", "coding", "code"), sender=context.sender)
    reading.note(node.first("system"), "/system")
    reading.note_all(kind, "/system")
    reading.note(node.first("use"), "/system")
    reading.note_all(node.first("assigner"), "/system")
    if not found.is_known:
        told = "whose number this is does not stand in `system`" if stated is None else "the system is no URI"
        reading.remark(RemarkKind.UNMAPPED, value, f"{told}: {found.advice}", "")
    return reading.outcome({"system": found.system, "value": " ".join(text.split())[:_KEY_LENGTH]})


def identifiers_into(reading: Collected, node: Node, context: Context) -> list[dict[str, str]]:
    """Return the identifiers of a resource, noting where they go beneath `/identifiers`."""
    made: list[dict[str, str]] = []
    for one in node.every("identifier"):
        outcome = read_identifier(one, context)
        if outcome.value is None or outcome.value not in made:
            value = reading.include(outcome, f"/identifiers/{len(made)}")
            if value is not None:
                made.append(value)
        else:
            reading.include(outcome, f"/identifiers/{made.index(outcome.value)}")
    return made


def read_insurer(node: Node, context: Context) -> Outcome:
    """Give the insurer by its national number: of the Organization beneath a role, else of the reference itself."""
    reading = Collected()
    holder = node.first("Organization") or node
    found = [read_identifier(one, context) for one in holder.every("identifier")]
    known = [(one.value, one) for one in found if one.value is not None]
    best = min(known, key=lambda pair: _rank(pair[0]), default=None)
    if best is None:
        label = holder.first("name") or holder.first("display")
        if label is not None:
            reading.remark(RemarkKind.LOST, label, "an insurer without a number has no place: send its identifier")
        return reading.outcome()
    made: dict[str, Any] = dict(reading.include(best[1], ""))
    label = holder.first("name") or holder.first("display")
    if (name := reading.take(label, "/name")) is not None:
        made["name"] = name
    return reading.outcome(made)


def record_id_of(document: Node) -> Node | None:
    """Return where the id of the record that a DocumentReference describes stands; None = it has none."""
    stated = [*document.every("identifier"), *document.every("masterIdentifier")]
    ours = (leaf(one, "value") for one in stated if one.value("system") == RECORD_ID)
    masters: Iterable[Node | None] = (leaf(one, "value") for one in document.every("masterIdentifier"))
    others = (leaf(one, "value") for one in document.every("identifier"))
    every = (*ours, *masters, *others, leaf(document, "id"))
    return next((one for one in every if said(one) is not None), None)


def record_id(document: Node) -> str:
    """Return the id of the record that a DocumentReference, Media or DiagnosticReport describes."""
    text = said(record_id_of(document))
    return " ".join(text.split())[:_KEY_LENGTH] if text is not None else _by_place(document.path)


def read_record_id(node: Node, _context: Context) -> Outcome:
    """Give the id of a record: the sender's own, else the place of the resource in the message."""
    place = record_id_of(node)
    if place is None:
        return Outcome(record_id(node))
    return Outcome(record_id(node), {place.path: ""})


def _by_place(path: str) -> str:
    return path.removesuffix(".resource").replace("[", "-").replace("]", "").replace(".", "-").lower()


def _rank(identifier: Mapping[str, str]) -> int:
    system = identifier["system"]
    return _INSURERS.index(system) if system in _INSURERS else len(_INSURERS)


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "fhir-identifier": entry(
            "An Identifier: its system as it is, else by its type and assigner, see identifier systems. One that is "
            "`old` is lost.",
            read_identifier,
            makes="identifier",
        ),
        "fhir-insurer": entry(
            "An insurer by its national number (UZOVI, IK, else the first), of the Organization or the reference.",
            read_insurer,
            makes="object",
        ),
        "fhir-record-id": entry(
            "The id of a record: our identifier for it, its master identifier, another one, its id, its place.",
            read_record_id,
            makes="key",
        ),
    }
)
