"""Records of CDA: the document itself, and the bytes that stand in it (ED: nonXMLBody, observationMedia).

CDA R2 data types, ED: representation (TXT, B64), mediaType, compression, integrityCheck. Nothing is fetched.
"""

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.cda_parts import attribute, inner, text_of, value_of
from adapter.mapping.tables.transforms.v2_parts import Reading

DOCUMENT_TYPE: Final = "text/xml"
"""As IHE XDS registers CDA documents."""
MOST_BYTES: Final = 50 * 1024 * 1024
"""Of what is unpacked."""

_BLANKS: Final = re.compile(r"\s+")
_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*")
_WINDOWS: Final = {"DF": -zlib.MAX_WBITS, "GZ": zlib.MAX_WBITS | 16, "ZL": zlib.MAX_WBITS}
_HASHES: Final = {"SHA-1": "sha1", "SHA-256": "sha256"}
_STEP: Final = re.compile(r"[^A-Za-z0-9]+")


def read_original(node: Node, _context: Context) -> Outcome:
    """Give the record that is the document itself."""
    return Outcome({"id": "document", "contentType": DOCUMENT_TYPE, "data": node.text}, {node.path: "/data"})


def read_record(node: Node, _context: Context) -> Outcome:
    """Give a record of an ED; what cannot be read is a record without content, which is refused at its place."""
    reading = Reading(node)
    made: dict[str, Any] = {"id": _id(node.path)}
    leaf = text_of(node)
    if leaf is None:
        if (address := attribute(inner(node, "reference"), "value")) is not None:
            told = "an address and not the record itself: nothing is fetched; the address stands in the document"
            reading.remark(RemarkKind.LOST, address, told)
        return reading.outcome()
    content = _content(node, leaf, reading)
    if content is None:
        reading.note(leaf, "")
        return reading.outcome(made)
    reading.note(leaf, "/data")
    for name in ("representation", "compression", "integrityCheck", "integrityCheckAlgorithm"):
        reading.note(attribute(node, name), "/data")
    made["data"] = base64.b64encode(content).decode()
    kind = attribute(node, "mediaType")
    said = (value_of(node, "mediaType") or "").lower()
    if _MEDIA_TYPE.fullmatch(said):
        made["contentType"] = said
        reading.note(kind, "/contentType")
    elif content.startswith(b"%PDF-"):
        made["contentType"] = "application/pdf"
        told = "the type is not said; the bytes begin as those of a PDF"
        reading.remark(RemarkKind.DEFAULTED, leaf, told, "/contentType")
    elif value_of(node, "representation") != "B64":
        made["contentType"] = "text/plain"
    else:
        reading.remark(RemarkKind.UNMAPPED, kind or leaf, "the type of the data is no media type", "/contentType")
    if (language := value_of(node, "language")) is not None and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{2})?", language):
        made["language"] = language
        reading.note(attribute(node, "language"), "/language")
    return reading.outcome(made)


def read_document(node: Node, context: Context) -> Outcome:
    """Give the document of a report of an ED; without a type a document has no place."""
    made = read_record(node, context)
    if made.value is None:
        return made
    document = {"contentType": "application/octet-stream", **made.value}
    del document["id"]
    document.pop("language", None)
    return made._replace(value=document)


def read_original_document(node: Node, _context: Context) -> Outcome:
    """Give the document of a report that is the CDA document itself."""
    return Outcome({"contentType": DOCUMENT_TYPE, "data": node.text}, {node.path: "/data"})


def _content(node: Node, leaf: Node, reading: Reading) -> bytes | None:
    """Return the bytes; None = they are not what the ED says, and a remark tells it."""
    data = (leaf.text or "").encode()
    if value_of(node, "representation") == "B64":
        try:
            data = binascii.a2b_base64(_BLANKS.sub("", leaf.text or ""), strict_mode=True)
        except (binascii.Error, ValueError):
            reading.remark(RemarkKind.UNREADABLE, leaf, "these are no bytes in base64: correct the element")
            return None
    way = value_of(node, "compression")
    if way is not None:
        unpacked = _unpacked(data, way)
        if unpacked is None:
            said = f"the bytes are not compressed as it says, or are more than {MOST_BYTES} when unpacked"
            reading.remark(RemarkKind.UNREADABLE, attribute(node, "compression"), said)
            return None
        data = unpacked
    if not _is_intact(node, data):
        said = "the bytes are not those that were checked: integrityCheck has another hash"
        reading.remark(RemarkKind.UNREADABLE, attribute(node, "integrityCheck"), said)
        return None
    return data


def _unpacked(data: bytes, way: str) -> bytes | None:
    window = _WINDOWS.get(way)
    if window is None:
        return None
    try:
        unpacking = zlib.decompressobj(window)
        unpacked = unpacking.decompress(data, MOST_BYTES)
    except zlib.error:
        return None
    return unpacked if unpacking.eof else None


def _is_intact(node: Node, data: bytes) -> bool:
    check = value_of(node, "integrityCheck")
    if check is None:
        return True
    method = _HASHES.get(value_of(node, "integrityCheckAlgorithm") or "SHA-1")
    if method is None:
        return False
    try:
        expected = base64.b64decode(_BLANKS.sub("", check))
    except (binascii.Error, ValueError):
        return False
    return hashlib.new(method, data, usedforsecurity=False).digest() == expected


def _id(path: str) -> str:
    """Return a record's id: where it stands in the document, such as nonXMLBody or section-2-entry-observationMedia."""
    steps = [step for step in path.split("/") if step and not step.startswith(("ClinicalDocument", "component"))]
    name = "-".join(_STEP.sub("-", step).strip("-") for step in steps if step not in ("structuredBody", "value"))
    return name.removesuffix("-text") or "text"


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "cda-original": entry("The document itself as a record.", read_original, makes="record"),
        "cda-record": entry(
            "An ED as a record; DF, GZ and ZL are unpacked, integrityCheck is checked. What cannot be read is refused.",
            read_record,
            makes="record",
        ),
        "cda-document": entry("An ED as the document of a report.", read_document, makes="document"),
        "cda-original-document": entry(
            "The document itself as the document of a report.", read_original_document, makes="document"
        ),
    }
)
