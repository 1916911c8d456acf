"""Names, people and organisations of CDA: PN, ON, and the roles that hold them.

CDA R2 data types; qualifiers of EntityNamePartQualifier (VV, AC, NB, CL ...).
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.cda_contacts import read_address, read_telecoms
from adapter.mapping.tables.transforms.cda_identifiers import read_id
from adapter.mapping.tables.transforms.cda_parts import attribute, inner, is_null, text_of, value_of
from adapter.mapping.tables.transforms.v2_parts import Reading

_PERSONS: Final = (
    "assignedPerson",
    "informationRecipient",
    "associatedPerson",
    "playingEntity",
    "guardianPerson",
    "relatedPerson",
)
_PARTS: Final = frozenset({"family", "given", "prefix", "suffix"})
_BEFORE_FAMILY: Final = frozenset({"VV", "NB"})
"""Prefixes that belong to the family name: voorvoegsel, nobility."""


def read_name(node: Node, _context: Context) -> Outcome:
    """Give a name of a PN; a family name has its own prefixes, as its owner writes it."""
    reading = Reading(node)
    return reading.outcome(_name(reading, node, ""))


def read_organization(node: Node, context: Context) -> Outcome:
    """Give an organisation: name, numbers, address and how it is reached."""
    reading = Reading(node)
    return reading.outcome(_organization(reading, node, context))


def read_practitioner(node: Node, context: Context) -> Outcome:
    """Give a practitioner of a role (assignedAuthor, assignedEntity, intendedRecipient, associatedEntity)."""
    reading = Reading(node)
    person = next((one for name in _PERSONS if (one := node.first(name)) is not None), None)
    if person is None or is_null(node):
        return reading.outcome()
    made: dict[str, Any] = {}
    if identifiers := _identifiers(reading, node, context):
        made["identifiers"] = identifiers
    for one in person.every("name"):
        if "name" not in made and (name := _name(reading, one, "/name")) is not None:
            made["name"] = name
    telecoms = read_telecoms(reading, node, context)
    if telecoms and made:
        made["telecom"] = telecoms
    return reading.outcome(made or None)


def read_author(node: Node, _context: Context) -> Outcome:
    """Give who wrote something as one text: the person, else the device or the organisation."""
    reading = Reading(node)
    for path in (
        ("assignedAuthor", "assignedPerson", "name"),
        ("assignedAuthor", "assignedAuthoringDevice", "softwareName"),
        ("assignedAuthor", "assignedAuthoringDevice", "manufacturerModelName"),
        ("assignedAuthor", "representedOrganization", "name"),
    ):
        found = inner(node, *path)
        if found is None or is_null(found):
            continue
        name = _name(reading, found, "") or {}
        reading.used = dict.fromkeys(reading.used, "")
        parts = (*name.get("prefix", ()), *name.get("given", ()), name.get("family", ""), *name.get("suffix", ()))
        if text := " ".join(filter(None, parts)) or name.get("text"):
            return reading.outcome(text)
    return reading.outcome()


def _organization(reading: Reading, node: Node, context: Context) -> dict[str, Any] | None:
    if is_null(node):
        return None
    made: dict[str, Any] = {}
    names = (reading.take(text_of(one), "/name") for one in node.every("name"))
    if (name := next(filter(None, names), None)) is not None:
        made["name"] = name
    if identifiers := _identifiers(reading, node, context):
        made["identifiers"] = identifiers
    if not made:
        return None
    if (address := next(_addresses(reading, node, context), None)) is not None:
        made["address"] = address
        if "country" in address:
            made["country"] = address["country"]
    if telecoms := read_telecoms(reading, node, context):
        made["telecom"] = telecoms
    return made


def _addresses(reading: Reading, node: Node, context: Context) -> Iterator[dict[str, Any]]:
    for one in node.every("addr"):
        if (address := reading.include(read_address(one, context), "/address")) is not None:
            yield address


def _identifiers(reading: Reading, node: Node, context: Context) -> list[Any]:
    identifiers: list[Any] = []
    for one in node.every("id"):
        if (value := reading.include(read_id(one, context), f"/identifiers/{len(identifiers)}")) is not None:
            identifiers.append(value)
    return identifiers


def _name(reading: Reading, node: Node, at: str) -> dict[str, Any] | None:
    """Return a name; the pointers of its parts begin with `at`."""
    if is_null(node):
        return None
    made: dict[str, Any] = {}
    family: list[str] = []
    for part in node.children:
        text = _said(part) if part.name in _PARTS else None
        if text is None:
            continue
        if part.name == "family" or _BEFORE_FAMILY.intersection((value_of(part, "qualifier") or "").split()):
            family.append(text)
            reading.note_all(part, f"{at}/family")
        else:
            texts = made.setdefault(part.name, [])
            texts.append(text)
            reading.note_all(part, f"{at}/{part.name}/{len(texts) - 1}")
    if family:
        made["family"] = " ".join(family)
    elif made:
        made["text"] = " ".join(text for name in ("prefix", "given", "suffix") for text in made.get(name, ()))
    elif (text := reading.take(text_of(node), f"{at}/text")) is not None:
        made["text"] = text
    if made:
        reading.note(attribute(node, "use"), at)
    return made or None


def _said(part: Node) -> str | None:
    leaf = text_of(part)
    return " ".join((leaf.text or "").split()) if leaf is not None and not is_null(part) else None


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "cda-name": entry("A PN as a name; the family name with its own prefixes.", read_name, makes="humanName"),
        "cda-organization": entry(
            "An organisation: its names, numbers, address and telecoms.", read_organization, makes="organization"
        ),
        "cda-practitioner": entry(
            "A role that a person plays as a practitioner: name, numbers and telecoms.",
            read_practitioner,
            makes="practitioner",
        ),
        "cda-author": entry("Who wrote something, as one text.", read_author, makes="string"),
    }
)
