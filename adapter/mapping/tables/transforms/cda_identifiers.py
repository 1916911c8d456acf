"""Identifiers of CDA: II, whose root is the naming system (an OID) or, where it stands alone, the number itself.

CDA R2 data types, II; OIDs as URIs: RFC 3061.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.fhir.systems import URI
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.identifier_systems import as_uri
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.cda_parts import attribute, inner, is_null, text_of, value_of
from adapter.mapping.tables.transforms.v2_parts import Reading


def read_id(node: Node, context: Context) -> Outcome:
    """Give an identifier."""
    reading = Reading(node)
    if is_null(node):
        return reading.outcome()
    root, extension = attribute(node, "root"), attribute(node, "extension")
    issuer = value_of(node, "assigningAuthorityName")
    if extension is None:
        uri = as_uri(value_of(node, "root") or "")
        if uri is None:
            return reading.outcome()
        reading.note(root, "/value")
        return reading.outcome({"system": URI, "value": uri})
    value = " ".join((reading.take(extension, "/value") or "").split())
    reading.note(root, "/system")
    reading.note(attribute(node, "assigningAuthorityName"), "/system")
    found = context.systems.find(value_of(node, "root"), issuer, sender=context.sender)
    if not found.is_known:
        reading.remark(RemarkKind.UNMAPPED, extension, f"who issued this number is not known: {found.advice}", "")
    return reading.outcome({"system": found.system, "value": value})


def read_key(node: Node, _context: Context) -> Outcome:
    """Give an id as one text: the extension, or the root where it stands alone."""
    reading = Reading(node)
    if is_null(node):
        return reading.outcome()
    extension, root = attribute(node, "extension"), attribute(node, "root")
    if extension is None:
        return reading.outcome(reading.take(root, ""))
    reading.note(root, "")
    return reading.outcome(" ".join((reading.take(extension, "") or "").split()))


def read_insurer(node: Node, context: Context) -> Outcome:
    """Give an insurer of an organisation: its number, the nationally known one first (IK, UZOVI), and its name."""
    reading = Reading(node)
    numbers = [read for one in node.every("id") if (read := read_id(one, context)).value is not None]
    numbers.sort(key=_is_local)
    if not numbers:
        return reading.outcome()
    made: dict[str, Any] = reading.include(numbers[0], "")
    if (name := text_of(inner(node, "name"))) is not None:
        made["name"] = reading.take(name, "/name")
    return reading.outcome(made)


def _is_local(made: Outcome) -> bool:
    """Tell whether a number belongs to an OID that no list names, and not to a national system."""
    return isinstance(made.value, dict) and made.value["system"].startswith("urn:")


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "cda-id": entry(
            "An II as an identifier; its system by its root, see identifier systems. A root alone is the number.",
            read_id,
            makes="identifier",
        ),
        "cda-key": entry("An II as an id: its extension, or its root where it has none.", read_key, makes="key"),
        "cda-insurer": entry("An organisation as an insurer: its number and name.", read_insurer, makes="object"),
    }
)
