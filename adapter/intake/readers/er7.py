"""HL7 v2 in its ER7 encoding, read into a tree: segments, field repetitions, components, subcomponents.

HL7 v2.8 chapter 2, section 2.5 "Message framework" and 2.6 "Message construction rules"; the versions 2.1 to 2.9 differ
in their segments, not in this syntax. Which segments and fields mean what is not known here. Fields that hold plain
text keep delimiters that their sender forgot to escape.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from adapter.base.errors import InputError, Invalid, Problem, TooLarge
from adapter.intake.readers.er7_batch import MAX_MESSAGES, Batch, Span, split_batch
from adapter.intake.readers.er7_charset import UTF8, character_set
from adapter.intake.readers.er7_delimiters import Delimiters, read_delimiters
from adapter.intake.readers.er7_header import Header, header_at
from adapter.intake.readers.er7_segments import SegmentReader
from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node

MAX_BYTES: Final = 160 << 20
MAX_SEGMENTS: Final = 20_000
MAX_VALUES: Final = 200_000

_LINE: Final = re.compile(rb"[^\r\n\x0b\x1c]+")
_NAMED: Final = re.compile(rb"[ \t]*([A-Za-z][A-Za-z0-9]{2})(.?)", re.DOTALL)
_KNOWN: Final = frozenset(
    b"ACC ADD AL1 ARV AUT BLG CON CTD CTI DB1 DG1 DRG DSC ERR EVN FT1 GT1 IAM IN1 IN2 IN3 MRG MSA MSH NK1 NTE "
    b"OBR OBX ORC PD1 PDA PID PR1 PRD PRT PV1 PV2 RF1 RGS RMI ROL RXA RXE RXO SAC SFT SPM TQ1 TQ2 TXA UAC UB1 UB2 VAR "
    b"ZDS ZPD ZPI ZPV".split(),
)
"""Names that make a segment in small letters too, or without any field; other words at the start of a line are text."""
_VERSION: Final = re.compile(r"2\.([0-9])(?:\.[0-9]{1,2})?")
_STATED: Final = frozenset("345678")
"""The minor versions that the tables are written for."""
_OF_ONE_PATIENT: Final = frozenset({"REF", "RRI", "ORU", "ORM", "OML", "OMG", "OMI", "MDM", "ORL", "ORR"})


@dataclass(frozen=True, slots=True)
class Er7Message:
    """One message.

    Attributes:
        root: its segments in their order; repetitions, components and subcomponents beneath them. A field without
            delimiters in it is a leaf, and so is its only component.
        header: its MSH segment as it was sent.
        codec: its character set, by Python's name.
        version: MSH-12, such as "2.5.1".
        remarks: what is to be said of its syntax.
    """

    root: Node
    header: Header
    codec: str
    version: str
    remarks: tuple[Remark, ...]


def read_messages(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_messages: int = MAX_MESSAGES
) -> tuple[Batch, tuple[Er7Message | InputError, ...]]:
    """Return every message of a transmission, or why it cannot be read; none of them spoils the others.

    Raises:
        TooLarge: more than `max_bytes` or `max_messages`.
        Unreadable: there is no message in it.
    """
    _weigh(len(data), max_bytes)
    batch = split_batch(data, max_messages=max_messages)
    return batch, tuple(_tried(batch.data, span) for span in batch.spans)


def read_message(data: bytes, span: Span | None = None, *, max_bytes: int = MAX_BYTES) -> Er7Message:
    """Return the one message of `data`, or the one at `span`.

    Raises:
        TooLarge: more than `max_bytes`, segments or values than are read.
        Unreadable: no message, delimiters that cannot be, bytes outside the character set.
        Invalid: MSH-9, MSH-10 or MSH-12 is missing, the version is none that is read here, several messages where one
            is expected, two patients.
    """
    _weigh(len(data), max_bytes)
    remarks: tuple[Remark, ...] = ()
    if span is None:
        batch = split_batch(data)
        if len(batch.spans) > 1:
            said = f"{len(batch.spans)} messages where one is expected: send each by itself"
            raise Invalid(said, where="MSH[2]")
        data, span, remarks = batch.data, batch.spans[0], batch.remarks
    return _read(data, span, remarks)


def _weigh(size: int, most: int) -> None:
    if size > most:
        raise TooLarge(f"{size} bytes, and {most} are let in: send large records by themselves, before the message")


def _tried(data: bytes, span: Span) -> Er7Message | InputError:
    try:
        return _read(data, span, ())
    except InputError as error:
        return error


def _read(data: bytes, span: Span, remarks: tuple[Remark, ...]) -> Er7Message:
    start, end = span.start, span.end
    delimiters = read_delimiters(data[start : start + 16].decode("iso8859-1").partition("\r")[0].partition("\n")[0])
    header = header_at(data, start, end)
    characters = character_set(header.part(18), data, start, end)
    if characters.entangled:
        data = data[start:end].decode(characters.codec).encode()
        start, end, codec = 0, len(data), UTF8
    else:
        codec = characters.codec
    reader = SegmentReader(delimiters, codec, characters.codec, MAX_VALUES)
    own = [*remarks, *characters.remarks]
    segments = [reader.read(data, *place) for place in _segments(data, start, end, delimiters, own)]
    root = Node("message", "", None, tuple(segments))
    version = _check_header(root, own)
    _check_patients(root)
    own.extend(_truncations(root, delimiters))
    return Er7Message(root, header, characters.codec, version, tuple(own))


def _segments(
    data: bytes, start: int, end: int, delimiters: Delimiters, remarks: list[Remark]
) -> Iterator[tuple[str, int, int]]:
    """Yield name, start and end of every segment; lines that begin no segment belong to the one before them."""
    separator = delimiters.field.encode()
    current: tuple[str, int, int] | None = None
    count, line, lower = 0, 0, False
    for match in _LINE.finditer(data, start, end):
        line += 1
        first, last = match.span()
        name = _name(data, first, last, separator)
        if name is None:
            if current is None or not data[first:last].strip(b" \t\x00"):
                continue
            if current[2] and not (remarks and remarks[-1].source == current[0]):
                said = f"line {line} begins with no segment name: read as the continuation of {current[0]}"
                remarks.append(Remark(RemarkKind.DEFAULTED, current[0], None, said))
            current = (current[0], current[1], last)
            continue
        if current is not None:
            yield current
        count += 1
        if count > MAX_SEGMENTS:
            raise TooLarge(f"more than {MAX_SEGMENTS} segments in one message: send it in several")
        lower = lower or not name.isupper()
        current = (name.upper(), data.find(name.encode(), first), last)
    if current is not None:
        yield current
    if lower:
        said = "segment names in small letters are read as capitals"
        remarks.append(Remark(RemarkKind.DEFAULTED, None, None, said))


def _name(data: bytes, first: int, last: int, separator: bytes) -> str | None:
    match = _NAMED.match(data, first, last)
    if match is None:
        return None
    name, behind = match[1], match[2]
    if behind == separator:
        return name.decode() if name.isupper() or name.upper() in _KNOWN else None
    return name.decode() if not behind and name.upper() in _KNOWN else None


def _check_header(root: Node, remarks: list[Remark]) -> str:
    needed = {"9": "the message type, such as REF^I12", "10": "an id of this message", "12": "the version, such as 2.5"}
    problems = [
        Problem(f"MSH-{number} is missing: give {what}", f"MSH-{number}", "required")
        for number, what in needed.items()
        if not (root.value("MSH", number) or "").strip(' "')
    ]
    version = (root.value("MSH", "12") or "").strip().removeprefix("V").removeprefix("v")
    if not any(problem.where == "MSH-12" for problem in problems):
        match = _VERSION.fullmatch(version)
        if match is None or match[1] == "0":
            said = "this version is not read here: send HL7 v2.3 to v2.8"
            problems.append(Problem(said, "MSH-12", "not-supported"))
        elif match[1] not in _STATED:
            said = "this version is read by the rules of v2.3 to v2.8, which are near to it"
            remarks.append(Remark(RemarkKind.DEFAULTED, "MSH-12", None, said))
    if problems:
        raise Invalid("the message header is incomplete: correct what is named and send it again", problems=problems)
    return version


def _check_patients(root: Node) -> None:
    patients = list(root.every("PID"))
    if not patients[1:] or root.value("MSH", "9") not in _OF_ONE_PATIENT:
        return
    first = _patient(patients[0])
    for other in patients[1:]:
        if _patient(other) != first:
            said = "a second patient in the same message: send one message for each patient"
            raise Invalid(said, where=f"{other.path}-3")


def _patient(segment: Node) -> tuple[str | None, ...]:
    fields = [segment.first(number) for number in ("3", "5")]
    return tuple(leaf.text for field in fields if field is not None for leaf in field.leaves())


def _truncations(root: Node, delimiters: Delimiters) -> Iterator[Remark]:
    mark = delimiters.truncation
    if mark:
        for leaf in root.leaves():
            if leaf.text and leaf.text.endswith(mark) and leaf.name != "2":
                said = "the sender cut this value off, as its last character says"
                yield Remark(RemarkKind.TRUNCATED, leaf.path, None, said)
