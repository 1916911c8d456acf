"""Records in HL7 v2 observations: encapsulated data (ED), pointers (RP), and results that are text or values.

HL7 v2.8 chapter 2A, ED and RP; chapter 7, OBR and OBX. Bytes stay as they were sent; nothing is fetched that a message
points to. Results become a text for people, because a second doctor reads them.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.v2_codes import words
from adapter.mapping.tables.transforms.v2_parts import Reading, part, said

FACTS: Final = "99SO"
"""The coding system of observations that are facts of a request or report and no results (see mappings/intake)."""
SUBTYPES: Final = "v2-0291"
_TEXT: Final = "text/plain; charset=utf-8"
_ADDRESSES: Final = "text/uri-list"
_TOP_TYPES: Final = frozenset({"application", "audio", "font", "image", "model", "text", "video"})
_SUBTYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]*")
_BLANKS: Final = re.compile(r"\s+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_PLACE: Final = re.compile(r"[A-Z0-9]{3}(?:\[([0-9]+)\])?(?:-[0-9]+(?:\[([0-9]+)\])?)?")
_BYTES: Final = frozenset({"ED", "RP"})
_QUOTED: Final = frozenset({"quoted-printable", "quoted", "qp"})
_NO_VALUE: Final = "-"
_NORMAL: Final = frozenset({"F", "C", ""})


def read_ed(node: Node, context: Context) -> Outcome:
    """Give a record's id, media type and bytes (base64)."""
    reading = Reading(node)
    kind, subtype, encoding, data = (part(node, str(number)) for number in range(2, 6))
    if data is None and not node.children:
        data = node  # bytes alone, without what they are
    text = data.leading() if data is not None else None
    if text is None or not text.strip():
        return reading.outcome()
    way = (said(encoding) or "").strip().lower()
    content = _content(text, way)
    if content is None:
        reading.remark(RemarkKind.UNREADABLE, data, f"these are no bytes in {way or 'base64'}: correct ED.4 or ED.5")
        reading.note(data, "")
        return reading.outcome({"id": _id(node.path)})  # a record without content, which is refused at this place
    reading.note(data, "/data")
    reading.note(encoding, "/data")
    made: dict[str, Any] = {"id": _id(node.path), "data": content}
    media_type = _media_type(said(kind), said(subtype), context)
    if media_type is None and content.startswith("JVBERi"):
        media_type = "application/pdf"
        reading.remark(
            RemarkKind.DEFAULTED, data, "the type is not said; the bytes begin as those of a PDF", "/contentType"
        )
    elif media_type is None and way == "a":
        media_type = _TEXT
    elif media_type is None:
        place = subtype or kind or data
        reading.remark(
            RemarkKind.UNMAPPED, place, "the type of the data is no code of tables 0191 and 0291", "/contentType"
        )
    if media_type is not None:
        made["contentType"] = media_type
        reading.note(kind, "/contentType")
        reading.note(subtype, "/contentType")
    return reading.outcome(made)


def read_document(node: Node, context: Context) -> Outcome:
    """Give the media type and bytes of a report's document; without a type a document has no place."""
    made = read_ed(node, context)
    if made.value is None:
        return made
    document = {"contentType": "application/octet-stream", **made.value}
    del document["id"]
    return made._replace(value=document)


def read_rp(node: Node, _context: Context) -> Outcome:
    """Give a record that holds the address alone."""
    reading = Reading(node)
    pointer = part(node, "1")
    address = reading.take(pointer, "/data")
    if address is None:
        return reading.outcome()
    told = "an address and not the record itself: nothing is fetched, the address goes along as a record"
    reading.remark(RemarkKind.DEFAULTED, pointer, told, "/data")
    data = base64.b64encode(f"{_BLANKS.sub(' ', address)}\r\n".encode()).decode()
    return reading.outcome({"id": _id(node.path), "contentType": _ADDRESSES, "data": data})


def read_results(node: Node, _context: Context) -> Outcome:
    """Give a record of what the observations beneath a node say, or of the one that it is, as text for people."""
    observations = [node] if node.name == "OBX" else list(node.every("OBX"))
    observations = [one for one in observations if _is_result(one)]
    if not observations:
        return NOTHING
    reading = Reading(node)
    reading.remarks.clear()
    labels = [said(words(field)) or said(field) if (field := one.first("3")) else None for one in observations]
    has_title = node.name == "OBX"  # its label is the title
    lines: list[str] = []
    for position, (one, label) in enumerate(zip(observations, labels, strict=True)):
        line = _line(reading, one)
        is_new = label is not None and not has_title and (position == 0 or labels[position - 1] != label)
        if not has_title:
            reading.note_all(one.first("3"), "/data")
        lines.append(f"{label}: {line}" if is_new else line)
        lines.extend(f"  {_all(reading, field)}" for note in one.every("NTE") for field in note.every("3"))
    text = "\n".join(line for line in lines if line.strip())
    if not text:
        return NOTHING
    data = base64.b64encode(text.encode()).decode()
    return reading.outcome({"id": _id(node.path), "contentType": _TEXT, "data": data})


def _is_result(observation: Node) -> bool:
    value = observation.first("5")
    if value is None or said(observation.first("2")) in _BYTES:
        return False
    return said(part(observation.first("3"), "3")) != FACTS


def _line(reading: Reading, observation: Node) -> str:
    """Return value, unit, reference range, flag and, unless it is final, the status."""
    reading.note(observation.first("2"), "/data")
    values = " ".join(filter(None, (_value(reading, field) for field in observation.every("5")))) or _NO_VALUE
    unit = observation.first("6")
    unit_text = (
        said(words(unit)) if unit is not None and unit.children and said(part(unit, "1")) is None else said(unit)
    )
    reading.note_all(unit, "/data")
    pieces = [values, unit_text or ""]
    for number, before, after in (("7", "(", ")"), ("8", "[", "]")):
        texts = [_all(reading, field) for field in observation.every(number)]
        if any(texts):
            pieces.append(f"{before}{', '.join(filter(None, texts))}{after}")
    status = observation.first("11")
    code = said(status) or ""
    reading.note(status, "/data")
    if code.upper() not in _NORMAL:
        pieces.append(f"[status {code}]")
    return " ".join(filter(None, pieces))


def _value(reading: Reading, field: Node) -> str:
    meaning = words(field) if field.children else None
    if meaning is not None and said(part(field, "1")) is not None and said(part(field, "3")) is not None:
        reading.note_all(field, "/data")  # a coded value: its words stand for code and system
        return f"{said(meaning)} ({said(part(field, '1'))})"
    return _all(reading, field)


def _all(reading: Reading, field: Node) -> str:
    reading.note_all(field, "/data")
    return " ".join(leaf.text.strip() for leaf in field.leaves() if leaf.text and leaf.text != '""')


def _content(text: str, way: str) -> str | None:
    """Return the bytes in base64 as RFC 4648 has it; None = they are not what ED.4 says."""
    if way == "a":
        return base64.b64encode(text.encode()).decode()
    if way == "hex":
        return _from_hex(text)
    if way in _QUOTED:
        return base64.b64encode(quopri.decodestring(text.encode())).decode()
    plain = _BLANKS.sub("", text) if _BLANKS.search(text) else text
    bare = len(plain) - plain[-2:].count("=")
    if _BASE64.fullmatch(plain) is None or bare == 0 or bare % 4 == 1:
        return None
    padded = plain if len(plain) % 4 == 0 else plain[:bare] + "=" * (-bare % 4)
    return padded if _is_canonical(padded) else None


def _from_hex(text: str) -> str | None:
    try:
        return base64.b64encode(bytes.fromhex(text)).decode() or None
    except ValueError:
        return None


def _is_canonical(text: str) -> bool:
    try:
        binascii.a2b_base64(text[-4:], strict_mode=True)
    except ValueError:
        return False
    return True


def _media_type(kind: str | None, subtype: str | None, context: Context) -> str | None:
    """Return the media type of ED.2 and ED.3 (tables 0191 and 0291), in either of them; None = unknown."""
    for text in (subtype, kind):
        if text is not None and "/" in text and text.partition("/")[0].lower() in _TOP_TYPES:
            return text.lower()
    codes = context.codes(SUBTYPES)
    for text in (subtype, kind):
        found = codes.find(text) if text is not None else None
        if found is not None and found.code is not None:
            return found.code
    top = (kind or "").lower()
    if top in _TOP_TYPES and subtype is not None and _SUBTYPE.fullmatch(subtype.lower()):
        return f"{top}/{subtype.lower()}"
    return None


def _id(path: str) -> str:
    """Return a record's id: the segment that holds it and its number in the message, such as obx-3."""
    match = _PLACE.fullmatch(path)
    if match is None:
        return path
    repetition = f".{match[2]}" if match[2] else ""
    return f"{path[:3].lower()}-{match[1] or 1}{repetition}"


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "ed": entry(
            "An ED as a record: id by its segment, media type by the ConceptMap `v2-0291`, bytes as they were sent.",
            read_ed,
            makes="record",
        ),
        "document": entry("An ED as the document of a report.", read_document, makes="document"),
        "rp": entry("An RP as a record that holds the address; nothing is fetched.", read_rp, makes="record"),
        "results": entry(
            "What the OBX beneath an OBR or TXA say, or one OBX, as a text record; without ED, RP and facts (99SO).",
            read_results,
            makes="record",
        ),
    }
)
