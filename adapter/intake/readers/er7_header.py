"""The MSH segment of an HL7 v2 message by itself, read as far as that is possible, so that a refusal can be addressed.

HL7 v2.8 chapter 2, section 2.14.9 "MSH - Message header segment".
"""

import re
from dataclasses import dataclass
from typing import Final

from adapter.base.errors import InputError
from adapter.intake.readers.er7_batch import split_batch
from adapter.intake.readers.er7_delimiters import Delimiters, read_delimiters

_LINE_END: Final = re.compile(rb"[\r\n\x0b\x1c]")
_LONGEST: Final = 65536
_USUAL: Final = Delimiters("|", "^", "~", "\\", "&")


@dataclass(frozen=True, slots=True)
class Header:
    """An MSH segment.

    Attributes:
        delimiters: its own; the usual ones where it has none that can be used.
        fields: as they were sent, MSH-1 first, escape sequences and all; one character per byte where the character
            set is not UTF-8.
    """

    delimiters: Delimiters
    fields: tuple[str, ...]

    def raw(self, number: int) -> str:
        """Return MSH-`number` as it was sent; empty = nothing there."""
        return self.fields[number - 1] if number <= len(self.fields) else ""

    def part(self, number: int, component: int = 1) -> str:
        """Return a component of the first repetition of MSH-`number`, without blanks around it; empty = none."""
        marks = self.delimiters
        first = self.raw(number).partition(marks.repetition)[0] if marks.repetition else self.raw(number)
        parts = first.split(marks.component) if marks.component else [first]
        return parts[component - 1].strip() if component <= len(parts) else ""


def sender_of(application: str, facility: str) -> str:
    """Return a sending system as its message ids are counted, of MSH-3 and MSH-4."""
    return f"hl7v2:{application}|{facility}"


def header_of(data: bytes) -> Header:
    """Return the header of the first message in `data`; without a readable one, a header that says nothing."""
    try:
        batch = split_batch(data, max_messages=len(data))
    except InputError:
        return Header(_USUAL, ())
    return header_at(batch.data, batch.spans[0].start, batch.spans[0].end)


def header_at(data: bytes, start: int, end: int) -> Header:
    """Return the header of the message from `start` to `end`, as `header_of` does."""
    stop = _LINE_END.search(data, start, min(end, start + _LONGEST))
    line = data[start : stop.start() if stop else min(end, start + _LONGEST)]
    text = _decoded(line)
    try:
        delimiters = read_delimiters(text)
    except InputError:
        delimiters = _USUAL
    fields = text.split(delimiters.field)
    return Header(delimiters, (text[3:4], *fields[1:]))


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("iso8859-1")
