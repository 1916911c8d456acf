"""Names, people and organisations of HL7 v2: XPN, FN, XCN, NDL, XON and PL.

HL7 v2.8 chapter 2A. Dutch own and partner's names stand in the parts of FN (HL7 Netherlands), German name prefixes in
FN.2 and titles in the degree; a family name is told with its prefixes, as its owner writes it.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.v2_identifiers import number, read_hd
from adapter.mapping.tables.transforms.v2_parts import Reading, part, said

_BEFORE: Final = re.compile(r"(dr|prof|drs|ir|ing|mr|mw|dipl|priv|pd|dhr|frau|herr|med)\b", re.IGNORECASE)
"""Degrees that stand before a name in German and Dutch; all others stand behind it."""


def read_xpn(node: Node, _context: Context) -> Outcome:
    """Give a name."""
    reading = Reading(node)
    return reading.outcome(_name(reading, node, 1, "", professional=14))


def read_xcn(node: Node, context: Context) -> Outcome:
    """Give a practitioner: name and number."""
    reading = Reading(node)
    made: dict[str, Any] = {}
    inner = number(node, context, value=part(node, "1"), authority=part(node, "9"), kind=part(node, "13"))
    if (identifier := reading.include(inner, "/identifiers/0")) is not None:
        made["identifiers"] = [identifier]
    if (name := _name(reading, node, 2, "/name", professional=21)) is not None:
        made["name"] = name
    return reading.outcome(made or None)


def read_cnn(node: Node, context: Context) -> Outcome:
    """Give a practitioner of a CNN, whose authority stands beside the number and not in an HD."""
    reading = Reading(node)
    made: dict[str, Any] = {}
    inner = number(node, context, value=part(node, "1"), authority=node, kind=None, first="9")
    if (identifier := reading.include(inner, "/identifiers/0")) is not None:
        made["identifiers"] = [identifier]
    if (name := _name(reading, node, 2, "/name", professional=21)) is not None:
        made["name"] = name
    return reading.outcome(made or None)


def read_name_text(node: Node, _context: Context) -> Outcome:
    """Give the name of an XCN as one text; of a text that is no XCN, the text."""
    reading = Reading(node)
    if not node.children or said(part(node, "2")) is None:
        return reading.outcome(reading.take(node, ""))
    name = _name(reading, node, 2, "", professional=21) or {}
    if "text" in name:
        return reading.outcome(name["text"])
    reading.used = dict.fromkeys(reading.used, "")
    words = (*name.get("prefix", ()), *name.get("given", ()), name.get("family", ""), *name.get("suffix", ()))
    return reading.outcome(" ".join(filter(None, words)) or None)


def read_xon(node: Node, context: Context) -> Outcome:
    """Give an organisation: name and number."""
    reading = Reading(node)
    made: dict[str, Any] = {}
    if (name := reading.take(part(node, "1"), "/name")) is not None:
        made["name"] = name
    value = part(node, "10") if said(part(node, "10")) else part(node, "3")
    inner = number(node, context, value=value, authority=part(node, "6"), kind=part(node, "7"))
    if (identifier := reading.include(inner, "/identifiers/0")) is not None:
        made["identifiers"] = [identifier]
    return reading.outcome(made or None)


def read_pl(node: Node, context: Context) -> Outcome:
    """Give an organisation of a person location: its facility, else its description."""
    reading = Reading(node)
    facility, description = part(node, "4"), part(node, "9")
    made = reading.include(read_hd(facility, context), "") if said(facility) and facility is not None else None
    if made is None and (name := reading.take(description, "/name")) is not None:
        made = {"name": name}
    return reading.outcome(made)


def _name(reading: Reading, node: Node, first: int, at: str, *, professional: int) -> dict[str, Any] | None:
    """Return the name whose family name is component `first`; the pointers of its parts begin with `at`."""

    def component(offset: int) -> Node | None:
        return part(node, str(first + offset))

    made: dict[str, Any] = {}
    family = _family(reading, component(0), f"{at}/family")
    given = [text for offset in (1, 2) if (text := reading.take(component(offset), f"{at}/given/{offset - 1}"))]
    if family is None and not given:
        return None
    if family is not None:
        made["family"] = family
    else:
        made["text"] = " ".join(given)
    if given:
        made["given"] = given
        if len(given) == 1 and said(component(1)) is None:
            reading.note(component(2), f"{at}/given/0")
    prefix, suffix = [said(component(4))], [said(component(3))]
    reading.note(component(4), f"{at}/prefix/0")
    reading.note(component(3), f"{at}/suffix/0")
    for degree in (component(5), part(node, str(professional))):
        text = said(degree)
        into, name = (prefix, "prefix") if text and _BEFORE.match(text) else (suffix, "suffix")
        reading.note(degree, f"{at}/{name}/{len(list(filter(None, into)))}")
        into.append(text)
    for name, parts in (("prefix", prefix), ("suffix", suffix)):
        if any(parts):
            made[name] = [text for text in parts if text]
    if said(component(6)) is not None and first == 1:
        reading.note(component(6), at)  # the name's type: by it this name was chosen
    return made


def _family(reading: Reading, node: Node | None, at: str) -> str | None:
    """Return the family name with its prefixes; parts that it holds already are not said twice."""
    whole, own_prefix, own, partner_prefix, partner = (part(node, str(number)) for number in range(1, 6))
    surname = said(whole)
    if surname is None:
        names = [_joined(reading, prefix, name, at) for prefix, name in ((own_prefix, own), (partner_prefix, partner))]
        return " - ".join(filter(None, names)) or None
    reading.note(whole, at)
    words = f" {surname.casefold().replace('-', ' ')} "
    for piece in (own, partner_prefix, partner):
        if (text := said(piece)) is not None and f" {text.casefold()} " in words:
            reading.note(piece, at)
    prefix = said(own_prefix)
    if prefix is None:
        return surname
    reading.note(own_prefix, at)
    return surname if f" {prefix.casefold()} " in words else f"{prefix} {surname}"


def _joined(reading: Reading, prefix: Node | None, name: Node | None, at: str) -> str:
    return " ".join(filter(None, (reading.take(prefix, at), reading.take(name, at)))) if said(name) else ""


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "xpn": entry(
            "An XPN as a name; the family name with its own prefix (FN.2), or of its Dutch parts where FN.1 is empty.",
            read_xpn,
            makes="humanName",
        ),
        "xcn": entry("An XCN as a practitioner: name and identifier.", read_xcn, makes="practitioner"),
        "cnn": entry("A CNN as a practitioner: name and identifier.", read_cnn, makes="practitioner"),
        "xcn-text": entry("The name of an XCN as one text.", read_name_text, makes="string"),
        "xon": entry("An XON as an organisation: name and identifier.", read_xon, makes="organization"),
        "pl": entry("A PL as an organisation: its facility, else its description.", read_pl, makes="organization"),
    }
)
