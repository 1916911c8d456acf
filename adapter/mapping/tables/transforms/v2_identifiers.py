"""Numbers and who issued them in HL7 v2: CX, EI, HD, PLN, and the identifiers within XCN and XON.

HL7 v2.8 chapter 2A. A number belongs to a naming system by its assigning authority and its type (table 0203);
which URI that is stand the hospital's and the shipped lists of identifier systems.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.fhir.systems import URI
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.identifier_systems import as_uri
from adapter.mapping.tables.outcome import Context, Entry, Given, Outcome, Transform, entry
from adapter.mapping.tables.transforms.v2_parts import Reading, part, said

_NO_URIS: Final = frozenset({"DNS", "L", "M", "N", "RANDOM", "X400", "X500"})


def _cx(given: Given) -> Transform:
    def read(node: Node, context: Context) -> Outcome:
        value, authority, kind = (part(node, name) for name in ("1", "4", "5"))
        if said(authority) is None:
            authority = part(node, "6")  # the assigning facility, where nobody else is named
        return number(node, context, value=value, authority=authority, kind=kind, otherwise=given.argument)

    return read


def read_ei(node: Node, context: Context) -> Outcome:
    """Give an identifier of an EI; its namespace stands beside the number, not in an HD."""
    return number(node, context, value=part(node, "1"), authority=node, kind=None, first="2")


def read_pln(node: Node, context: Context) -> Outcome:
    """Give an identifier of a PLN, whose type (table 0338) says who issued it."""
    reading = Reading(node)
    value = reading.take(part(node, "1"), "/value")
    if value is None:
        return reading.outcome()
    kind, qualifier = reading.take(part(node, "2"), "/system"), reading.take(part(node, "3"), "/system")
    found = context.systems.find(qualifier, type=kind, sender=context.sender)
    if not found.is_known:
        reading.remark(RemarkKind.UNMAPPED, part(node, "1"), f"who issued this number is not known: {found.advice}", "")
    return reading.outcome({"system": found.system, "value": " ".join(value.split())})


def _key(given: Given) -> Transform:
    def read(node: Node, _context: Context) -> Outcome:
        reading = Reading(node)
        value = reading.take(part(node, "1"), "")
        if value is not None and given.argument:
            reading.remark(RemarkKind.DEFAULTED, part(node, "1"), given.argument, "")
        return reading.outcome(" ".join(value.split()) if value else None)

    return read


def number(
    node: Node,
    context: Context,
    *,
    value: Node | None,
    authority: Node | None,
    kind: Node | None,
    first: str = "1",
    otherwise: str | None = None,
) -> Outcome:
    """Give an identifier.

    Args:
        node: the field, of which everything else is looked after by the engine.
        context: with the naming systems.
        value: where the number stands.
        authority: who assigned it: an HD whose components begin with number `first`.
        kind: its type (table 0203).
        first: number of the namespace in `authority`; the universal id and its type follow.
        otherwise: its type where it names none; None = unknown.
    """
    reading = Reading(node)
    text = reading.take(value, "/value")
    if text is None:
        return reading.outcome()
    namespace, universal, universal_type = (
        reading.take(part(authority, str(int(first) + offset)), "/system") for offset in range(3)
    )
    type_code = reading.take(kind, "/system")
    uri = universal if universal_id(universal, universal_type) else None
    found = context.systems.find(uri, namespace, universal, type=type_code or otherwise, sender=context.sender)
    if namespace is None and universal is None and type_code is None and otherwise is None:
        told = "who issued this number is not named: send its assigning authority"
        reading.remark(RemarkKind.UNMAPPED, value, told, "")
    elif not found.is_known:
        reading.remark(RemarkKind.UNMAPPED, value, f"who issued this number is not known: {found.advice}", "")
    return reading.outcome({"system": found.system, "value": " ".join(text.split())})


def universal_id(text: str | None, kind: str | None) -> str | None:
    """Return the universal id of an HD as a URI, unless its type (table 0301) says that it is none."""
    return as_uri(text) if text is not None and (kind or "").upper() not in _NO_URIS else None


def read_hd(node: Node, _context: Context, assumption: str | None = None) -> Outcome:
    """Give an organisation of an HD: the namespace is its name, the universal id its identifier.

    Args:
        node: the HD.
        _context: not needed.
        assumption: what is to be said of taking it for that; None = nothing.
    """
    reading = Reading(node)
    made: dict[str, object] = {}
    if (name := reading.take(part(node, "1"), "/name")) is not None:
        made["name"] = name
    universal = part(node, "2")
    uri = universal_id(said(universal), said(part(node, "3")))
    if uri is not None:
        reading.note(universal, "/identifiers/0/value")
        reading.note(part(node, "3"), "/identifiers/0/system")
        made["identifiers"] = [{"system": URI, "value": uri}]
    elif "name" not in made and said(universal) is not None:
        made["name"] = reading.take(universal, "/name")
    if made and assumption:
        reading.remark(RemarkKind.DEFAULTED, node, assumption, "")
    return reading.outcome(made or None)


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "cx": Entry(
            "A CX as an identifier; its system by assigning authority and type, see identifier systems. The argument"
            " is the type where it names none.",
            _cx,
            makes="identifier",
            argument="may",
        ),
        "ei": entry("An EI as an identifier; its system by its namespace.", read_ei, makes="identifier"),
        "pln": entry("A PLN as an identifier; its system by its type (table 0338).", read_pln, makes="identifier"),
        "v2-key": Entry(
            "The first component as an id: blanks around it and double ones within are left out. With an argument, that"
            " remark says why it was taken.",
            _key,
            makes="key",
            argument="may",
        ),
        "hd": Entry(
            "An HD as an organisation: the namespace is the name, the universal id an identifier. With an argument,"
            " that remark says why it was taken.",
            lambda given: lambda node, context: read_hd(node, context, given.argument),
            makes="organization",
            argument="may",
        ),
    }
)
