"""Attachments of FHIR R4 as records, and narratives as text; an address alone goes along as a record.

https://hl7.org/fhir/R4/datatypes.html#Attachment
"""

import base64
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.narrative import language_of, plain_text
from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.fhir_parts import said
from adapter.mapping.tables.transforms.plain import leaf_of

_MEDIA_TYPE: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*( ?; ?[^\x00-\x1f\x7f]+)?"
)
_BLANKS: Final = re.compile(r"\s+")


def read_link(node: Node, _context: Context) -> Outcome:
    """Give a record's bytes that are an address: nothing is fetched."""
    leaf = leaf_of(node)
    address = said(leaf)
    if leaf is None or address is None:
        return NOTHING
    told = "an address and not the record itself: nothing is fetched, the address goes along as a record"
    data = base64.b64encode(f"{_BLANKS.sub(' ', address)}\r\n".encode()).decode()
    return Outcome(data, {leaf.path: ""}, (Remark(RemarkKind.DEFAULTED, leaf.path, "", told),))


def read_media_type(node: Node, _context: Context) -> Outcome:
    """Give a media type with its parameters."""
    leaf = leaf_of(node)
    text = said(leaf)
    if leaf is None or text is None:
        return NOTHING
    if _MEDIA_TYPE.fullmatch(text) is None:
        told = "this is no media type: not taken over"
        return Outcome(None, {}, (Remark(RemarkKind.LOST, leaf.path, None, told),))
    return Outcome(text, {leaf.path: ""})


def read_narrative(node: Node, _context: Context) -> Outcome:
    """Give what a narrative says, as plain text."""
    words = plain_text({"div": node.text}) if node.text else None
    return Outcome(words, {node.path: ""}) if words else NOTHING


def read_narrative_language(node: Node, _context: Context) -> Outcome:
    """Give the language of a narrative; "und" where it does not say it."""
    if not node.text:
        return NOTHING
    language = language_of({"div": node.text})
    if language is not None:
        return Outcome(language, {node.path: ""})
    told = "the narrative does not say its language (xml:lang): undetermined"
    return Outcome("und", {node.path: ""}, (Remark(RemarkKind.DEFAULTED, node.path, "", told),))


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "fhir-link": entry("An address as the bytes of a record; nothing is fetched.", read_link, makes="string"),
        "fhir-media-type": entry(
            "A media type with its parameters. Anything else is lost.", read_media_type, makes="string"
        ),
        "fhir-narrative": entry("What a Narrative says, as plain text.", read_narrative, makes="string"),
        "fhir-narrative-language": entry(
            "The language of a Narrative (xml:lang); `und` where it does not say it.",
            read_narrative_language,
            makes="string",
        ),
    }
)
