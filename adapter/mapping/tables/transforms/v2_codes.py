"""Codes and texts of HL7 v2: CWE, CE, CNE, CF, IS and ID, ST, TX and FT, and the code systems that they name.

HL7 v2.8 chapter 2A, CWE; a coding system is named by table 0396 (https://terminology.hl7.org/CodeSystem-v2-0396.html),
which the ConceptMap `v2-0396` turns into URIs, or by an OID. A code without a known system is never put into one.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.codes import CodeMap
from adapter.mapping.tables.identifier_systems import as_uri
from adapter.mapping.tables.outcome import Context, Entry, Given, Outcome, Transform, entry
from adapter.mapping.tables.transforms.v2_parts import Reading, part, said

CODE_SYSTEMS: Final = "v2-0396"
_TABLE: Final = re.compile(r"HL7([0-9]{4})", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?P<name>.*?)[\s_-]?(?P<year>(?:19|20)[0-9]{2})")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_AMOUNT: Final = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?")


class System(NamedTuple):
    """A code system that a message names; `version` where its name ends in a year."""

    uri: str
    version: str | None = None


def code_system(name: str | None, oid: str | None, context: Context) -> System | None:
    """Return the code system of this name or OID; None = nobody knows it."""
    systems = context.codes(CODE_SYSTEMS)
    for text in (name, oid):
        if text is None:
            continue
        found = systems.find(text)
        if found is not None and found.code is not None:
            return System(found.code)
        if table := _TABLE.fullmatch(text):
            return System(f"http://terminology.hl7.org/CodeSystem/v2-{table[1]}")
        dated = _YEAR.fullmatch(text)
        found = systems.find(dated["name"]) if dated else None
        if dated and found is not None and found.code is not None:
            return System(found.code, dated["year"])
        if (uri := as_uri(text)) is not None:
            return System(uri)
    return None


class Coded(NamedTuple):
    """Where the triplet of a CWE that is taken stands: its code, text, system, OID and version."""

    code: Node
    text: Node | None
    name: Node | None
    oid: Node | None
    version: Node | None
    system: System


def coded(node: Node, context: Context) -> Coded | None:
    """Return the first of the two codes of a CWE whose system is known; None = there is none."""
    for first, oid, version in ((1, "14", "7"), (4, "17", "8")):
        code, text, name = (part(node, str(first + offset)) for offset in range(3))
        if code is None or said(code) is None:
            continue
        system = code_system(said(name), said(part(node, oid)), context)
        if system is not None:
            return Coded(code, text, name, part(node, oid), part(node, version), system)
    return None


def read_cwe(node: Node, context: Context) -> Outcome:
    """Give system, code, version and text, each by itself."""
    found = coded(node, context)
    system, code, version, text = (Reading(node), Reading(node), Reading(node), Reading(node))
    for other in (code, version, text):
        other.remarks.clear()  # the two quotation marks are told once
    values: list[str | None] = [None, None, None]
    if found is not None:
        system.note(found.name, "")
        system.note(found.oid, "")
        values = [found.system.uri, code.take(found.code, ""), version.take(found.version, "") or found.system.version]
        if values[2] and said(found.version) is None:
            version.note(found.name, "")
    elif (unknown := said(part(node, "1"))) is not None:
        told = "the code's system is not named, or not known here: the code is not taken, its text is"
        system.remark(RemarkKind.UNMAPPED, part(node, "1"), told)
        if words(node) is None:
            text.note(part(node, "1"), "")
            return system.outcome(None, (code.outcome(), version.outcome(), text.outcome(unknown)))
    said_text = words(node)
    if said_text is not None:
        text.note_all(said_text, "")
    return system.outcome(
        values[0],
        (code.outcome(values[1]), version.outcome(values[2]), text.outcome(said(said_text))),
    )


def words(node: Node) -> Node | None:
    """Return where a CWE says in words what it means: as the sender put it, else the text of its first code."""
    for number in ("9", "2", "5"):
        if said(part(node, number)) is not None:
            return part(node, number)
    return None


def read_coding(node: Node, context: Context) -> Outcome:
    """Give a coding: system, code, version, display; without a known system nothing."""
    reading = Reading(node)
    found = coded(node, context)
    if found is None:
        if said(part(node, "1")) is not None:
            told = "the code's system is not named, or not known here: the code is not taken"
            reading.remark(RemarkKind.UNMAPPED, part(node, "1"), told)
        return reading.outcome()
    made: dict[str, str] = {
        "system": found.system.uri,
        "code": " ".join((reading.take(found.code, "/code") or "").split()),
    }
    reading.note(found.name, "/system")
    reading.note(found.oid, "/system")
    if version := reading.take(found.version, "/version") or found.system.version:
        made["version"] = version
    if display := reading.take(found.text, "/display"):
        made["display"] = display
    return reading.outcome(made)


def read_words(node: Node, _context: Context) -> Outcome:
    """Give what a CWE says in words, else its code."""
    reading = Reading(node)
    return reading.outcome(reading.take(words(node) or part(node, "1"), ""))


def _code(given: Given) -> Transform:
    codes = given.codes or CodeMap("")

    def read(node: Node, _context: Context) -> Outcome:
        reading = Reading(node)
        unknown: list[str] = []
        for first in (1, 4):
            code = part(node, str(first))
            text = said(code)
            if text is None:
                continue
            found = codes.find(text)
            if found is None:
                unknown += (str(first + offset) for offset in range(3))
                continue
            triplet = [part(node, str(first + offset)) for offset in range(3)]  # text and system say the same again
            if found.code is None:
                _tell(reading, triplet, RemarkKind.LOST, found.comment or "there is nothing here that means the same")
                return reading.outcome()
            for one in triplet:
                reading.note(one, "")
            if not found.is_exact:
                reading.remark(RemarkKind.DEFAULTED, code, found.comment or "the nearest that there is here", "")
            return reading.outcome(found.code)
        told = f"the ConceptMap {codes.name} does not have this code: not taken over"
        _tell(reading, [part(node, number) for number in unknown], RemarkKind.UNMAPPED, told)
        return reading.outcome()

    return read


def _tell(reading: Reading, nodes: Iterable[Node | None], kind: RemarkKind, text: str) -> None:
    for node in nodes:
        if said(node) is not None:
            reading.remark(kind, node, text)


def _truth(given: Given) -> Transform:
    read_code = _code(given) if given.codes is not None else None

    def read(node: Node, context: Context) -> Outcome:
        if read_code is not None:
            made = read_code(node, context)
            return made._replace(value=None if made.value is None else made.value == "true")
        reading = Reading(node)
        text = (reading.take(part(node, "1"), "") or "").upper()
        if text in ("Y", "N"):
            return reading.outcome(text == "Y")
        if text:
            reading.remark(RemarkKind.UNMAPPED, node, "this is neither Y nor N (table 0136)")
        return reading.outcome()

    return read


def read_text(node: Node, _context: Context) -> Outcome:
    """Give all that a text field says; parts that an unescaped delimiter made are put together again."""
    reading = Reading(node)
    pieces = [leaf.text for leaf in node.leaves() if leaf.text and leaf.text != '""']
    reading.note_all(node, "")
    text = "\n".join(line.rstrip() for line in " ".join(pieces).split("\n")).strip()
    return reading.outcome(text or None)


def _note(given: Given) -> Transform:
    def read(node: Node, context: Context) -> Outcome:
        made = read_words(node, context) if part(node, "2") is not None else read_text(node, context)
        return made._replace(value=f"{given.argument}: {made.value}") if made.value is not None else made

    return read


def _doubt(given: Given) -> Transform:
    def read(node: Node, _context: Context) -> Outcome:
        reading = Reading(node)
        reading.remark(RemarkKind.DEFAULTED, node, given.argument or "")
        return reading.outcome()

    return read


def read_number(node: Node, _context: Context) -> Outcome:
    """Give a whole number of an NM or SI."""
    reading = Reading(node)
    text = reading.take(part(node, "1"), "")
    if text is None:
        return reading.outcome()
    number = Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
    if number is None or number != number.to_integral_value():
        reading.remark(RemarkKind.UNREADABLE, node, "a whole number is needed here")
        return reading.outcome()
    return reading.outcome(int(number))


def read_money(node: Node, _context: Context) -> Outcome:
    """Give an amount and its currency of an MO, or of the price of a CP."""
    reading = Reading(node)
    price = part(node, "1")
    holder = price if price is not None and price.children else node
    amount, currency = said(part(holder, "1")), said(part(holder, "2"))
    if amount is None:
        return reading.outcome()
    if not _AMOUNT.fullmatch(amount) or currency is None or not re.fullmatch("[A-Z]{3}", currency):
        reading.remark(RemarkKind.UNREADABLE, part(holder, "1"), "an amount is digits with a currency such as EUR")
        return reading.outcome()
    reading.note(part(holder, "1"), "/value")
    reading.note(part(holder, "2"), "/currency")
    made: dict[str, Any] = {"value": amount, "currency": currency}
    return reading.outcome(made)


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "cwe": entry(
            "A CWE or CE as system; code; version; text: of its two codes the first whose system is known.",
            read_cwe,
            makes="uri;token;token;text",
            targets=4,
        ),
        "cwe-coding": entry("A CWE or CE as one coding, without a known system nothing.", read_coding, makes="coding"),
        "cwe-text": entry("What a CWE or CE says in words, else its code.", read_words, makes="string"),
        "v2-code": Entry(
            "A code by the ConceptMap of the row; one that it does not have gives nothing and a remark.",
            _code,
            makes="string",
            codes="must",
        ),
        "v2-truth": Entry(
            "Y or N (table 0136), or a code that the ConceptMap of the row says is true or false.",
            _truth,
            makes="boolean",
            codes="may",
        ),
        "v2-note": Entry(
            "What a field says in words, as a line that begins with the argument.",
            _note,
            makes="string",
            argument="must",
        ),
        "doubt": Entry(
            "Nothing but a remark, the argument: what the message does not say itself.", _doubt, argument="must"
        ),
        "v2-text": entry("An ST, TX or FT, all of it.", read_text, makes="string"),
        "v2-number": entry("A whole number of an NM or SI.", read_number, makes="integer"),
        "money": entry("An MO, or the price of a CP, as an amount with its currency.", read_money, makes="object"),
    }
)
