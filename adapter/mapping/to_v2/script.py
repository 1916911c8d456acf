r"""An HL7 v2 message under construction: its delimiters, version and character set, and what it could not say.

HL7 v2.8 chapter 2, sections 2.5 "Message construction rules" and 2.7 "Use of escape sequences in text fields".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.to_v2.counterparts import Counterparts
from adapter.mapping.to_v2.er7 import Writing, codec_of
from adapter.mapping.to_v2.header import Header
from adapter.mapping.to_v2.stated import Stated

NULL: Final = '""'
UTF8: Final = "UNICODE UTF-8"
STRUCTURED_SINCE: Final = 4
"""The minor version from which MSH-9.3 names the structure."""
CWE_SINCE: Final = 6
"""The minor version from which CE has given way to CWE, with components for versions and the original text."""
_LINES: Final = re.compile(r"[ \t]*\r?\n|\r")
_BLANKS: Final = re.compile(r"\s")
_NOT_KEPT: Final = "blanks at its ends, and line breaks and tabs within, are not kept as they stand"
_NOT_IN_SET: Final = "the receiver's character set lacks some of its characters: a question mark stands for each"
_FRACTION_DIGITS: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """What MSH says of a message that we send.

    Attributes:
        id: MSH-10.
        at: MSH-7, aware, in the sender's offset.
        sender: MSH-3 and MSH-4, as they are written in the message.
        receiver: MSH-5 and MSH-6, likewise.
        processing: MSH-11.
        version: MSH-12.
        character_set: MSH-18; UTF-8 where nothing else is agreed.
        field: MSH-1.
        encoding: MSH-2.
        accept: MSH-15, table 0155; "" = original mode. In enhanced mode no application acknowledgement is asked for.
        answers: MSH-10 of the message that this one answers; None = none.
    """

    id: str
    at: datetime
    sender: tuple[str, str] = ("", "")
    receiver: tuple[str, str] = ("", "")
    processing: str = "P"
    version: str = "2.5.1"
    character_set: str = UTF8
    field: str = "|"
    encoding: str = r"^~\&"
    accept: str = ""
    answers: str | None = None

    @property
    def writing(self) -> Writing:
        """The delimiters and the character set."""
        return Writing(self.field, self.encoding, codec_of(self.character_set))

    @property
    def minor_version(self) -> int:
        """The 5 of version 2.5.1."""
        return Header(self.writing, ("",) * 11 + (self.version,)).minor_version


@dataclass(frozen=True, slots=True)
class Written:
    """A message ready to be sent.

    Attributes:
        message: its bytes, without a frame.
        remarks: what HL7 v2 cannot carry of the canonical document; `source` is a JSON pointer there.
    """

    message: bytes
    remarks: tuple[Remark, ...]


@dataclass(slots=True)
class Script:
    """The segments so far; `codes` are the tables of the intake, read the other way."""

    letterhead: Letterhead
    codes: Counterparts
    writing: Writing = field(init=False)
    minor: int = field(init=False)
    segments: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Take delimiters and version from the letterhead."""
        self.writing = self.letterhead.writing
        self.minor = self.letterhead.minor_version

    def begin(self, kind: str, event: str, structure: str) -> None:
        """Write MSH."""
        head = self.letterhead
        named = (kind, event, structure) if self.minor >= STRUCTURED_SINCE else (kind, event)
        self.add(
            "MSH",
            {
                1: head.encoding,
                2: head.sender[0],
                3: head.sender[1],
                4: head.receiver[0],
                5: head.receiver[1],
                6: moment(head.at),
                8: self.parts(*named),
                9: self.escaped(head.id),
                10: head.processing,
                11: head.version,
                14: head.accept,
                15: "NE" if head.accept else "",
                17: head.character_set if self.writing.codec != "ascii" else "",
            },
        )

    def add(self, name: str, fields: Mapping[int, str]) -> None:
        """Add a segment by the numbers of its fields; of MSH, which counts its own delimiter, one less."""
        last = max((number for number, text in fields.items() if text), default=0)
        self.segments.append(self.writing.segment(name, *(fields.get(number, "") for number in range(1, last + 1))))

    def written(self, document: Stated) -> Written:
        """Return the message and what became of the document."""
        message = "".join(f"{one}\r" for one in self.segments).encode("latin-1")
        return Written(message, document.account())

    def parts(self, *texts: str) -> str:
        """Return components as a field."""
        return self._joined(self.writing.component, texts)

    def subparts(self, *texts: str) -> str:
        """Return subcomponents as a component."""
        return self._joined(self.writing.subcomponent, texts)

    def repeated(self, texts: Iterable[str]) -> str:
        """Return the repetitions of a field, without empty ones."""
        return self.writing.repetition.join(one for one in texts if one)

    @staticmethod
    def _joined(mark: str, texts: Iterable[str]) -> str:
        return mark.join(texts).rstrip(mark)

    def escaped(self, text: str, *, formatted: bool = False) -> str:
        r"""Return a text for a field, delimiters escaped; in a formatted one `\.br\` stands for a line break."""
        escape = self.writing.encoding[2]
        mark = f"{escape}.br{escape}"
        lines = _LINES.split(text.strip())
        return (mark if formatted else " ").join(self._line(one) for one in lines)

    def _line(self, text: str) -> str:
        field_mark, encoding = self.writing.field, self.writing.encoding
        escape = encoding[2]
        names = dict(zip((escape, field_mark, *encoding[:2], encoding[3]), "EFSRT", strict=True))
        line = _BLANKS.sub(" ", text)
        written = "".join(f"{escape}{names[one]}{escape}" if one in names else one for one in line)
        return written.encode(self.writing.codec, "replace").decode("latin-1")

    def text(self, at: Stated | None, *names: str, formatted: bool = False) -> str:
        """Return what stands in the document, escaped; "" = nothing. What does not arrive as it was gets a remark."""
        value = at.take(*names) if at is not None else None
        if at is None or value is None:
            return ""
        return self.value(at, str(value), *names, formatted=formatted)

    def value(self, at: Stated, value: str, *names: str, formatted: bool = False) -> str:
        """Return a text that was made of what stands in the document, as `text` does."""
        if value.strip() == NULL:
            at.remark(RemarkKind.DEFAULTED, "two quotation marks alone would mean that there is no value", *names)
            value = '" "'
        kept = "\n".join(_LINES.split(value.strip())) if formatted else value.strip()
        if _BLANKS.sub(" ", kept if not formatted else kept.replace("\n", " ")) != value.replace("\n", " ") or (
            not formatted and _BLANKS.sub(" ", value) != value
        ):
            at.remark(RemarkKind.DEFAULTED, _NOT_KEPT, *names)
        try:
            value.encode(self.writing.codec)
        except UnicodeEncodeError:
            at.remark(RemarkKind.TRUNCATED, _NOT_IN_SET, *names)
        return self.escaped(value, formatted=formatted)

    def code(self, at: Stated | None, table: str, *names: str, length: int | None = None) -> str:
        """Return the code that stands for ours; "" = nothing is stated, or there is none, which gets a remark."""
        value: Any = at.take(*names) if at is not None else None
        if at is None or value is None:
            return ""
        ours = str(value).lower() if isinstance(value, bool) else str(value)
        found = self.codes.code(table, ours, length=length)
        if found is None:
            at.remark(RemarkKind.LOST, f"no code of HL7 v2 means the same (ConceptMap {table})", *names)
        return self._line(found) if found is not None else ""


def digits(stated: str | None) -> str:
    """Return a date of any precision as HL7 v2 writes it."""
    return (stated or "").replace("-", "")


def moment(at: datetime) -> str:
    """Return a moment as HL7 v2 writes it, with its offset."""
    fraction = f"{at.microsecond:06}"[:_FRACTION_DIGITS].rstrip("0")
    return f"{at:%Y%m%d%H%M%S}{'.' if fraction else ''}{fraction}{at:%z}"[: len("20260312080500.1234+0100")]
