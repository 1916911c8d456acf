"""What a file or transmission of HL7 v2 holds: one message, several, or a batch in its envelopes.

HL7 v2.8 chapter 2, section 2.10.3 "HL7 batch protocol": [FHS] { [BHS] { MSH .. } [BTS] } [FTS]. Only where messages
begin and end is found out here; each of them is read, and may fail, for itself.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from adapter.base.errors import TooLarge, Unreadable
from adapter.mapping.remarks import Remark, RemarkKind

MAX_MESSAGES: Final = 1000
_JUNK_BYTES: Final = 4096
_START: Final = re.compile(rb"(?:\A|(?<=[\r\n\x0b\x1c\x00\t \xbf]))(?:MSH|FHS|BHS)[^A-Za-z0-9\s]", re.IGNORECASE)
_ENVELOPE: Final = rb"(MSH|FHS|BHS|BTS|FTS)(?=[^A-Za-z0-9\s]|[\r\n]|\Z)"
_FIRST: Final = re.compile(_ENVELOPE, re.IGNORECASE)
_BOUNDARY: Final = re.compile(rb"[\r\n\x0b\x1c]" + _ENVELOPE, re.IGNORECASE)
_NUMBER: Final = re.compile(rb"[^A-Za-z0-9\s]0*([0-9]{1,6})")
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"M\x00S\x00H\x00", "utf-16-le"),
    (b"\x00M\x00S\x00H", "utf-16-be"),
)
_PADDING: Final = b"\x00\x1a\x1c\r\n\t "


@dataclass(frozen=True, slots=True)
class Span:
    """Where one message stands in the bytes, without envelope, frame and padding."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The messages of a transmission.

    Attributes:
        data: the bytes that the spans speak of: those that came, or the same text in UTF-8 where it came in UTF-16.
        enveloped: whether there is a file or batch header.
        remarks: what is to be said of the transmission as a whole.
    """

    data: bytes
    spans: tuple[Span, ...]
    enveloped: bool
    remarks: tuple[Remark, ...]


def split_batch(data: bytes, *, max_messages: int = MAX_MESSAGES) -> Batch:
    """Return where the messages of `data` stand.

    Raises:
        Unreadable: there is no MSH segment, or the bytes claim to be UTF-16 or UTF-32 and are not.
        TooLarge: more messages than `max_messages`.
    """
    data = _narrow(data)
    first = _START.search(data, 0, _JUNK_BYTES)
    if first is None:
        raise Unreadable("no MSH segment: an HL7 v2 message begins with MSH and its delimiters", where="MSH")
    remarks = [_junk()] if data[: first.start()].strip(b"\xef\xbb\xbf\x0b\x00\r\n\t \x1c") else []
    marks = list(islice(_boundaries(data, first.start()), max_messages * 4 + 4))
    ends = [mark.start() for mark in marks[1:]] + [len(data)]
    spans = tuple(
        _trimmed(data, mark.start(1), end) for mark, end in zip(marks, ends, strict=True) if mark[1].upper() == b"MSH"
    )
    if len(spans) > max_messages:
        raise TooLarge(f"more than {max_messages} messages in one transmission: send them in several")
    if not spans:
        raise Unreadable("the batch holds no message: none of its segments is MSH", where="MSH")
    counted = sum(_count(data, mark.end()) for mark in marks if mark[1].upper() == b"BTS")
    if counted and counted != len(spans):
        said = "the number of messages in the batch trailer is not that of the messages: one may be missing"
        remarks.append(Remark(RemarkKind.LOST, "BTS-1", None, said))
    return Batch(data, spans, len(spans) < len(marks), tuple(remarks))


def _boundaries(data: bytes, start: int) -> Iterator[re.Match[bytes]]:
    first = _FIRST.match(data, start)
    if first is not None:
        yield first
    yield from _BOUNDARY.finditer(data, start)


def _narrow(data: bytes) -> bytes:
    head = data[:_JUNK_BYTES]
    for mark, codec in _WIDE:
        if head.startswith(mark) or (b"M" in mark and head.find(mark) % 2 == 0):
            try:
                return data.decode(codec).encode()
            except UnicodeDecodeError as error:
                said = f"byte {error.start + 1} is no character of UTF-16 or UTF-32, which the bytes begin with"
                raise Unreadable(said, where="MSH-18") from None
    return data


def _junk() -> Remark:
    said = "what stands before the first MSH segment is no part of a message: not read"
    return Remark(RemarkKind.LOST, None, None, said)


def _trimmed(data: bytes, start: int, end: int) -> Span:
    while end > start and data[end - 1] in _PADDING:
        end -= 1
    frame = data.find(b"\x1c\r", start, end)  # what follows the end of an MLLP frame is not of the message
    return Span(start, end if frame < 0 else frame)


def _count(data: bytes, position: int) -> int:
    digits = _NUMBER.match(data, position)
    return int(digits[1]) if digits else 0
