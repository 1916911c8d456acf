"""How somebody is reached, in HL7 v2: XAD with SAD, and XTN in its old form (a number as text) and its new one (parts).

HL7 v2.8 chapter 2A, XAD and XTN; tables 0201 (use) and 0202 (equipment).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Entry, Given, Outcome, Transform, entry
from adapter.mapping.tables.transforms.v2_parts import Reading, part, said

_NET: Final = frozenset({"internet", "net", "x.400", "email"})
_MOBILE: Final = frozenset({"cp", "cell", "mobile"})
_DIGITS: Final = re.compile(r"[^0-9]")
_NO_EXTENSION: Final = 6
"""Digits of which a number behind a switchboard does not have as many."""
_WEB: Final = re.compile(r"(https?://|www\.)", re.IGNORECASE)


def read_xad(node: Node, context: Context) -> Outcome:
    """Give a postal address."""
    reading = Reading(node)
    made: dict[str, Any] = {}
    if lines := _lines(reading, node):
        made["line"] = lines
    for number, name in (("5", "postalCode"), ("3", "city"), ("4", "state")):
        if (text := reading.take(part(node, number), f"/{name}")) is not None:
            made[name] = text
    country = part(node, "6")
    if (code := said(country)) is not None:
        found = context.codes("country").find(code)
        if found is not None and found.code is not None:
            made["country"] = found.code
            reading.note(country, "/country")
        else:
            reading.remark(RemarkKind.UNMAPPED, country, "the country is no code of ISO 3166 (table 0399)", "/country")
    if made:
        reading.note(part(node, "7"), "")  # the address's type: by it this address was chosen
    return reading.outcome(made or None)


def _lines(reading: Reading, node: Node) -> list[str]:
    street = part(node, "1")
    first = reading.take(part(street, "1"), "/line/0") or ""
    for number in ("2", "3"):  # street and house number by themselves, beside or instead of the whole
        piece = part(street, number)
        text = said(piece)
        if text is not None:
            reading.note(piece, "/line/0")
            if f" {text.casefold()} " not in f" {first.casefold()} ":
                first = f"{first} {text}".strip()
    second = said(part(node, "2"))
    if second is not None and f" {second.casefold()} " in f" {first.casefold()} ":
        reading.note(part(node, "2"), "/line/0")  # a Dutch addition to the house number that the line has already
        return [first]
    second = reading.take(part(node, "2"), f"/line/{1 if first else 0}")
    return [line for line in (first, second) if line]


def _xtn(given: Given) -> Transform:
    return lambda node, context: read_xtn(node, context, given.argument)


def read_xtn(node: Node, context: Context, use_of_field: str | None = None) -> Outcome:
    """Give a way to reach somebody.

    Args:
        node: the XTN.
        context: with the tables of equipment and use.
        use_of_field: what the field's name says of a phone's use; None = nothing.
    """
    reading = Reading(node)
    use, kind = said(part(node, "2")), said(part(node, "3"))
    made: dict[str, str] = {}
    email = part(node, "4")
    is_net = (kind or "").lower() in _NET or (kind is None and (use or "").lower() in _NET)
    first = said(part(node, "1"))
    if is_net or (kind is None and first is not None and "@" in first and not any(c.isspace() for c in first)):
        value = reading.take(email, "/value") or reading.take(part(node, "1"), "/value")
        made["system"] = "url" if value and _WEB.match(value) else "email"
    else:
        value = _number(reading, node)
        if value is None and said(email):
            value, made["system"] = reading.take(email, "/value"), "email"
        else:
            made["system"] = _system(reading, context, part(node, "3"))
    if value is None:
        return Outcome(None, {}, tuple(reading.remarks))
    made["value"] = value
    reading.note(part(node, "3"), "/system")
    _set_use(reading, context, made, use, kind, part(node, "2"))
    if use is None and use_of_field and made["system"] == "phone":
        made.setdefault("use", use_of_field)
    return reading.outcome(made)


def read_email(node: Node, _context: Context) -> Outcome:
    """Give an e-mail address that stands beside a number."""
    reading = Reading(node)
    address = reading.take(node, "/value")
    return reading.outcome({"system": "email", "value": address} if address else None)


def _system(reading: Reading, context: Context, kind: Node | None) -> str:
    code = said(kind)
    if code is None or code.lower() in _MOBILE:
        return "phone"
    found = context.codes("v2-0202").find(code)
    if found is None or found.code is None:
        reading.remark(RemarkKind.UNMAPPED, kind, "the equipment is no code of table 0202", "/system")
        return "other"
    return found.code


def _set_use(
    reading: Reading, context: Context, made: dict[str, str], use: str | None, kind: str | None, node: Node | None
) -> None:
    if (kind or "").lower() in _MOBILE:
        made["use"] = "mobile"
    if use is None or use.lower() in _NET:
        reading.note(node, "/system")
        return
    found = context.codes("v2-0201").find(use)
    if found is None:
        reading.remark(RemarkKind.UNMAPPED, node, "the use is no code of table 0201", "/use")
    elif found.code is not None and made.setdefault("use", found.code) == found.code:
        reading.note(node, "/use")


def _number(reading: Reading, node: Node) -> str | None:
    """Return the phone number: as one text (the 12th component, before v2.7 the first), else of its parts."""
    parts = {number: said(part(node, number)) for number in ("5", "6", "7", "8")}
    country, area, local, extension = parts.values()
    text = said(part(node, "12")) or said(part(node, "1"))
    if local is None and extension is not None and len(_DIGITS.sub("", extension)) >= _NO_EXTENSION:
        local, extension = extension, None  # one component too far to the right
    if text is None and local is None:
        return None
    written = text or " ".join(filter(None, (f"+{country.lstrip('+')}" if country else None, area, local)))
    digits = _DIGITS.sub("", written)
    if extension and extension not in digits:
        written = f"{written} ext. {extension}"
    for number in ("12", "1", "5", "6", "7", "8"):
        said_here = _DIGITS.sub("", said(part(node, number)) or "")
        if said_here and said_here.lstrip("0") in _DIGITS.sub("", written):
            reading.note(part(node, number), "/value")
    if text is not None:
        reading.note(part(node, "12") if said(part(node, "12")) else part(node, "1"), "/value")
    return written


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "xad": entry(
            "An XAD as an address; the country by the ConceptMap `country`, street and house number as one line.",
            read_xad,
            makes="address",
        ),
        "v2-email": entry("An e-mail address beside a number (XTN.4), as a telecom.", read_email, makes="telecom"),
        "xtn": Entry(
            "An XTN as a telecom, of its text or its parts; kind and use by the ConceptMaps `v2-0202` and `v2-0201`."
            " The argument is the use of a phone that names none.",
            _xtn,
            makes="telecom",
            argument="may",
        ),
    }
)
