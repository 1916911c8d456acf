"""The header segment of a message as far as its answer needs it; read leniently, because broken messages are answered.

HL7 v2.8 chapter 2, section 2.14.9 "MSH". The texts are the bytes as they came (Latin-1), not unescaped.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from adapter.mapping.to_v2.er7 import USUAL, Writing, codec_of

_LONGEST: Final = 4096
_BEGINNING: Final = rb"(?:^|[\r\n\x0b])[ \t]*(?:\xef\xbb\xbf)?(%s[^A-Za-z0-9\s\x00-\x1f\x7f-\xff][^\r\n]*)"
_SEGMENT: Final = {name: re.compile(_BEGINNING % name.encode(), re.IGNORECASE) for name in ("MSH", "BHS")}
_VERSION: Final = re.compile(r"2\.(\d{1,2})(?:\.\d{1,2})?")
_EVENT: Final = re.compile(r"[A-Z][A-Z0-9]{2}")
_MARK_BYTES: Final = 8
_CONTROLS: Final = dict.fromkeys([*range(32), 127])
_MOST_DELIMITERS: Final = 6  # with MSH-1 and the truncation character
_INSTEAD: Final = "$%+@"


@dataclass(frozen=True, slots=True)
class Header:
    """A header segment.

    Attributes:
        writing: the delimiters and character set of the message, made usable where they are not.
        fields: MSH-1 is the first.
    """

    writing: Writing
    fields: tuple[str, ...]

    def field(self, number: int) -> str:
        """Return MSH-`number` whole; "" where there is none."""
        return self.fields[number - 1] if number <= len(self.fields) else ""

    def first(self, number: int) -> str:
        """Return the first repetition of MSH-`number`; "" where there is none."""
        return self.field(number).partition(self.writing.repetition)[0]

    def part(self, number: int, component: int = 1) -> str:
        """Return a component of the first repetition of MSH-`number`; "" where there is none."""
        writing = self.writing
        parts = self.first(number).split(writing.component)
        return parts[component - 1].partition(writing.subcomponent)[0].strip() if component <= len(parts) else ""

    @property
    def event(self) -> str:
        """The trigger event; "" where there is none that looks like one."""
        event = self.part(9, 2)
        return event if _EVENT.fullmatch(event) else ""

    @property
    def minor_version(self) -> int:
        """The 5 of version 2.5.1; 5 where the message does not say."""
        match = _VERSION.fullmatch(self.part(12))
        return int(match[1]) if match else 5

    @property
    def control_id(self) -> str:
        """MSH-10 as it came; "" where there is none."""
        return self.first(10)


def read_header(message: bytes, segment: Literal["MSH", "BHS"] = "MSH") -> Header | None:
    """Return the header of a message, or of a batch; of the first one where there are several.

    None where nothing looks like one.
    """
    head = message[:_LONGEST]
    if b"\0" in head[:_MARK_BYTES]:  # UTF-16, which the header's own characters survive without their zeros
        head = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    found = _SEGMENT[segment].search(head)
    if found is None:
        return None
    line = found[1].decode("latin-1").translate(_CONTROLS)  # an answer must not break its own frame
    mark = line[3]
    fields = line[4:].split(mark)
    writing = Writing(mark, _usable(mark, fields[0]), codec_of(_of(fields, 18, fields[0])))
    return Header(writing, (mark, *fields))


def _of(fields: list[str], number: int, encoding: str) -> str:
    value = fields[number - 2] if number - 2 < len(fields) else ""
    return value.partition(encoding[1:2] or "~")[0]


def _usable(mark: str, declared: str) -> str:
    """Return four or five encoding characters: the declared ones where they differ, completed by usual ones."""
    differ = len(set(declared) | {mark}) == len(declared) + 1 <= _MOST_DELIMITERS
    kept = declared if differ and all("!" <= one <= "~" and not one.isalnum() for one in declared) else ""
    for usual, other in zip(USUAL[len(kept) :], _INSTEAD[len(kept) :], strict=True):
        kept += other if usual in mark + kept else usual
    return kept
