"""Attachments of FHIR R4 as records: the bytes as they are; an address alone goes along as one.

https://hl7.org/fhir/R4/datatypes.html#Attachment
"""

import base64
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.v2_parts import said

_BLANKS: Final = re.compile(r"\s+")


def read_link(node: Node, _context: Context) -> Outcome:
    """Give a record's bytes that are an address: nothing is fetched."""
    address = said(node)
    if address is None:
        return NOTHING
    told = "an address and not the record itself: nothing is fetched, the address goes along as a record"
    data = base64.b64encode(f"{_BLANKS.sub(' ', address)}\r\n".encode()).decode()
    return Outcome(data, {node.path: ""}, (Remark(RemarkKind.DEFAULTED, node.path, "", told),))


def read_text_bytes(node: Node, _context: Context) -> Outcome:
    """Give a text as bytes."""
    text = said(node)
    return NOTHING if text is None else Outcome(base64.b64encode(text.encode()).decode(), {node.path: ""})


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "fhir-link": entry("An address as the bytes of a record; nothing is fetched.", read_link, makes="string"),
        "text-bytes": entry("A text as the bytes of a record (UTF-8).", read_text_bytes, makes="string"),
    }
)
