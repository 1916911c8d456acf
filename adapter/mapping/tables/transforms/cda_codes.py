"""Codes and texts of CDA: CD and CE with their code systems by OID, originalText, and sections as text.

CDA R2 data types, CD. A code without a known system is never put into one; the ConceptMap `cda-code-systems` turns OIDs
into URIs, another OID is a URI itself.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.codes import CodeMap
from adapter.mapping.tables.identifier_systems import as_uri
from adapter.mapping.tables.outcome import Context, Entry, Given, Outcome, Transform, entry
from adapter.mapping.tables.transforms import v2_codes
from adapter.mapping.tables.transforms.cda_parts import attribute, inner, is_null, text_of, value_of
from adapter.mapping.tables.transforms.v2_codes import System
from adapter.mapping.tables.transforms.v2_parts import Reading

CODE_SYSTEMS: Final = "cda-code-systems"
_MARK: Final = re.compile(r"^(?:[-*•]|[0-9]{1,2}[.)])\s+")


def code_system(node: Node, context: Context) -> System | None:
    """Return the code system of a CD; None = nobody knows it.

    Its OID is heard first. German catalogues have an OID for each year, which the name tells (icd10gm2026, OPS 2026).
    """
    oid, name = value_of(node, "codeSystem"), value_of(node, "codeSystemName")
    if oid is not None:
        found = context.codes(CODE_SYSTEMS).find(oid)
        if found is not None and found.code is not None:
            return System(found.code)
    named = v2_codes.code_system(name, None, context) if name is not None else None
    uri = as_uri(oid) if oid is not None else None
    return named if named is not None and (named.version is not None or uri is None) else System(uri) if uri else None


def coded(node: Node, context: Context) -> tuple[Node, System] | None:
    """Return the CD, or the first of its translations, that has a code of a known system, with that system."""
    for one in (node, *node.every("translation")):
        if not is_null(one) and value_of(one, "code") is not None:
            system = code_system(one, context)
            if system is not None:
                return one, system
    return None


def words(node: Node) -> Node | None:
    """Return where a CD says in words what it means: as the author put it, else the name of its code."""
    original = inner(node, "originalText")
    for leaf in (text_of(original), text_of(inner(original, "reference")), attribute(node, "displayName")):
        if leaf is not None:
            return leaf
    return next((leaf for one in node.every("translation") if (leaf := attribute(one, "displayName"))), None)


def read_code(node: Node, context: Context) -> Outcome:
    """Give system, code, version and text, each by itself."""
    system, code, version, text = Reading(node), Reading(node), Reading(node), Reading(node)
    found = coded(node, context)
    values: list[str | None] = [None, None, None]
    if found is not None:
        one, named = found
        for name in ("codeSystem", "codeSystemName", "xsi:type"):
            system.note(attribute(one, name), "")
        values = [named.uri, " ".join((code.take(attribute(one, "code"), "") or "").split()), named.version]
        values[2] = version.take(attribute(one, "codeSystemVersion"), "") or named.version
        if values[2] == named.version:
            version.note(attribute(one, "codeSystemName"), "")
    elif (unknown := attribute(node, "code")) is not None and not is_null(node):
        told = "the code's system is not named, or not known here: the code is not taken, its text is"
        system.remark(RemarkKind.UNMAPPED, unknown, told)
    said = words(node)
    if said is not None:
        text.note(said, "")
        text.note(attribute(inner(node, "originalText", "reference"), "value"), "")
    return system.outcome(
        values[0], (code.outcome(values[1]), version.outcome(values[2]), text.outcome(text.take(said, "")))
    )


def read_coding(node: Node, context: Context) -> Outcome:
    """Give a coding: system, code, version, display; without a known system nothing."""
    reading = Reading(node)
    found = coded(node, context)
    if found is None:
        if (unknown := attribute(node, "code")) is not None and not is_null(node):
            told = "the code's system is not named, or not known here: the code is not taken"
            reading.remark(RemarkKind.UNMAPPED, unknown, told)
        return reading.outcome()
    one, named = found
    made = {"system": named.uri, "code": " ".join((reading.take(attribute(one, "code"), "/code") or "").split())}
    reading.note(attribute(one, "codeSystem"), "/system")
    reading.note(attribute(one, "codeSystemName"), "/system")
    for name, member in (("codeSystemVersion", "version"), ("displayName", "display")):
        if (said := reading.take(attribute(one, name), f"/{member}")) is not None:
            made[member] = said
    if named.version is not None:
        made.setdefault("version", named.version)
    return reading.outcome(made)


def read_words(node: Node, _context: Context) -> Outcome:
    """Give what a CD says in words, or the text of an element that is no code."""
    reading = Reading(node)
    text = reading.take(words(node) or text_of(node), "")
    reading.note(attribute(node, "xsi:type"), "")
    return reading.outcome(text)


def _mapped(given: Given) -> Transform:
    codes = given.codes or CodeMap("")

    def read(node: Node, _context: Context) -> Outcome:
        reading = Reading(node)
        for one in (node, *node.every("translation")):
            code = attribute(one, "code")
            if code is None or is_null(one):
                continue
            found = codes.find((code.text or "").strip())
            if found is None:
                told = f"the ConceptMap {codes.name} does not have this code: not taken over"
                reading.remark(RemarkKind.UNMAPPED, code, told)
            elif found.code is None:
                reading.remark(RemarkKind.LOST, code, found.comment or "there is nothing here that means the same")
            else:
                reading.remarks.clear()
                for name in ("code", "codeSystem", "codeSystemName", "displayName", "xsi:type"):
                    reading.note(attribute(one, name), "")
                if not found.is_exact:
                    reading.remark(RemarkKind.DEFAULTED, code, found.comment or "the nearest that there is here", "")
                return reading.outcome(found.code)
        return reading.outcome()

    return read


def read_section(node: Node, _context: Context) -> Outcome:
    """Give a section as text: its title and its narrative."""
    reading = Reading(node)
    narrative = text_of(inner(node, "text"))
    if narrative is None:
        return reading.outcome()
    title = reading.take(text_of(inner(node, "title")), "") or ""
    said = reading.take(narrative, "") or ""
    return reading.outcome(f"{title}: {said}" if title else said)


def read_lines(node: Node, _context: Context) -> Outcome:
    """Give a narrative as a list of texts: a paragraph, item or row each."""
    reading = Reading(node)
    leaf = text_of(node)
    lines = [_MARK.sub("", line).strip() for line in (leaf.text or "").split("\n")] if leaf is not None else []
    reading.note(leaf, "")
    return reading.outcome([line for line in lines if line] or None)


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "cda-code": entry(
            "A CD as system, code, version and text; the system by the ConceptMap `cda-code-systems` or as an OID. A"
            " code without a known system is not taken, its text is; with nullFlavor only the text.",
            read_code,
            makes="uri;token;token;text",
            targets=4,
        ),
        "cda-coding": entry("A CD as a code with its system and display.", read_coding, makes="coding"),
        "cda-words": entry("What a CD says in words, or the text of another element.", read_words, makes="string"),
        "cda-mapped": Entry(
            "Our code for that of a CD or of one of its translations, by the ConceptMap.",
            _mapped,
            makes="string",
            codes="must",
        ),
        "cda-section": entry("A section as text: its title and its narrative.", read_section, makes="string"),
        "cda-lines": entry("A narrative as a list: a text for each paragraph, item or row.", read_lines, makes="array"),
    }
)
