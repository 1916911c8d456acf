"""How somebody is reached, in CDA: AD and TEL.

CDA R2 data types; uses of TelecommunicationAddressUse and PostalAddressUse.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.cda_parts import attribute, inner, is_null, text_of, value_of
from adapter.mapping.tables.transforms.v2_parts import Reading

_LINES: Final = ("streetAddressLine", "additionalLocator", "deliveryAddressLine", "unitID")
_STREET: Final = ("streetName", "streetNameBase", "houseNumber", "houseNumberNumeric", "buildingNumberSuffix")
_SCHEMES: Final = {
    "tel": "phone",
    "fax": "fax",
    "mailto": "email",
    "http": "url",
    "https": "url",
    "sms": "sms",
    "x-text-fax": "fax",
}
_USES: Final = {
    "H": "home",
    "HP": "home",
    "HV": "home",
    "WP": "work",
    "DIR": "work",
    "PUB": "work",
    "MC": "mobile",
    "TMP": "temp",
    "BAD": "old",
}
_PHONE: Final = re.compile(r"\+?[0-9()/ .\-]{3,40}")


def read_address(node: Node, context: Context) -> Outcome:
    """Give a postal address of an AD; street and house number are one line."""
    reading = Reading(node)
    if is_null(node):
        return reading.outcome()
    made: dict[str, Any] = {}
    if lines := _lines(reading, node):
        made["line"] = lines
    for name in ("postalCode", "city", "state"):
        if (text := reading.take(text_of(inner(node, name)), f"/{name}")) is not None:
            made[name] = text
    if (country := _country(reading, inner(node, "country"), context)) is not None:
        made["country"] = country
    if not made and (text := reading.take(text_of(node), "/line/0")) is not None:
        made["line"] = [text]
    if made:
        reading.note(attribute(node, "use"), "")
    return reading.outcome(made or None)


def _lines(reading: Reading, node: Node) -> list[str]:
    street = " ".join(filter(None, (reading.take(text_of(one), "/line/0") for one in _every(node, _STREET))))
    lines = [street] if street else []
    for one in _every(node, _LINES):
        if (text := reading.take(text_of(one), f"/line/{len(lines)}")) is not None:
            lines.append(text)
    return lines


def _country(reading: Reading, node: Node | None, context: Context) -> str | None:
    leaves = [leaf for leaf in (attribute(node, "code"), text_of(node)) if leaf is not None]
    for leaf in leaves:
        found = context.codes("country").find((leaf.text or "").strip())
        if found is not None and found.code is not None:
            for one in leaves:
                reading.note(one, "/country")
            return found.code
    if leaves:
        reading.remark(RemarkKind.UNMAPPED, leaves[0], "the country is no code of ISO 3166", "/country")
    return None


def read_telecom(node: Node, _context: Context) -> Outcome:
    """Give a way to reach somebody of a TEL, whose value is a URL."""
    reading = Reading(node)
    text = value_of(node, "value")
    if is_null(node) or text is None:
        return reading.outcome()
    scheme, colon, rest = text.partition(":")
    system = _SCHEMES.get(scheme.strip().lower()) if colon else None
    said = (text if system == "url" else rest).strip()
    if system is None:
        system, said = ("email" if "@" in text else "phone" if _PHONE.fullmatch(text) else "other"), text
    if not said:
        return reading.outcome()
    reading.note(attribute(node, "value"), "/value")
    made = {"system": system, "value": said}
    uses = [_USES[one] for one in (value_of(node, "use") or "").split() if one in _USES]
    if uses:
        made["use"] = "mobile" if "mobile" in uses else uses[0]
        reading.note(attribute(node, "use"), "/use")
    return reading.outcome(made)


def read_telecoms(reading: Reading, node: Node, context: Context) -> list[Any]:
    """Return the ways to reach a role, noting in `reading` that they went to /telecom."""
    telecoms: list[Any] = []
    for one in node.every("telecom"):
        if (value := reading.include(read_telecom(one, context), f"/telecom/{len(telecoms)}")) is not None:
            telecoms.append(value)
    return telecoms


def _every(node: Node, names: Iterable[str]) -> list[Node]:
    wanted = frozenset(names)
    return [child for child in node.children if child.name in wanted]


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "cda-address": entry(
            "An AD as an address; the country by the ConceptMap `country`, street and house number as one line.",
            read_address,
            makes="address",
        ),
        "cda-telecom": entry("A TEL as a telecom, by the scheme of its URL.", read_telecom, makes="telecom"),
    }
)
