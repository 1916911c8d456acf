"""Reads the acknowledgement that a partner gives: its code, and its reasons made safe to show.

HL7 v2.8 chapter 2, sections 2.14.8 "MSA" and 2.14.5 "ERR"; ERR-1 for versions before 2.5.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from adapter.base.errors import Problem
from adapter.mapping.to_v2.acknowledgement import Code
from adapter.mapping.to_v2.error_codes import TEXTS
from adapter.mapping.to_v2.header import Header, read_header

_MOST: Final = 20
_LONGEST: Final = 300
_LINES: Final = re.compile(rb"[\r\n]+")
_ESCAPED: Final = re.compile(r"\\[^\\]{0,40}\\")
_IDENTIFIER_LIKE: Final = re.compile(r"\w*\d{6,}\w*")
_NAME: Final = re.compile(r"[A-Z][A-Z0-9]{2}")
_SEVERITIES: Final = {"W": "warning", "I": "information", "F": "fatal"}
_LATER: Final = frozenset({"206", "207"})


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a partner says of a message.

    Attributes:
        control_id: MSA-2, the MSH-10 of the message that it speaks of.
        problems: its reasons, few and short; what looks like an identifier is masked.
        passing: whether it names a trouble of its own, so that the same message may be taken later.
    """

    code: Code
    control_id: str
    problems: tuple[Problem, ...]
    passing: bool

    @property
    def accepted(self) -> bool:
        """Whether the message was taken."""
        return self.code in (Code.ACCEPT, Code.COMMIT)


def read_acknowledgement(message: bytes) -> Acknowledged | None:
    """Return what an acknowledgement says; None where the message is none."""
    header = read_header(message)
    if header is None:
        return None
    segments = [line.decode("latin-1").split(header.writing.field) for line in _LINES.split(message)]
    msa = next((one for one in segments if one[0].strip().upper() == "MSA"), None)
    if msa is None or _field(msa, 1).strip().upper() not in frozenset(Code):
        return None
    found = [problem for one in segments if one[0].strip().upper() == "ERR" for problem in _problems(header, one)]
    conditions = {code for code, _ in found} | ({_part(header, msa, 6, 0)} - {""})
    problems = [problem for _, problem in found[:_MOST]]
    if not problems and (text := _safe(_field(msa, 3))):
        problems = [Problem(text, code="processing")]
    return Acknowledged(
        Code(_field(msa, 1).strip().upper()),
        _field(msa, 2),
        tuple(problems),
        bool(conditions) and conditions <= _LATER,
    )


def _problems(header: Header, err: list[str]) -> Iterator[tuple[str, Problem]]:
    """Yield the reasons in an ERR segment with their codes of table 0357, in the form of 2.5 or the one before."""
    writing = header.writing
    if _field(err, 3):
        code = _part(header, err, 3, 0)
        parts = _field(err, 2).partition(writing.repetition)[0].split(writing.component)
        text = _safe(_field(err, 8)) or _safe(_part(header, err, 3, 1)) or TEXTS.get(code, "no reason given")
        yield code, Problem(text, _where(parts), "processing", _SEVERITIES.get(_field(err, 4).strip(), "error"))
        return
    for one in _field(err, 1).split(writing.repetition) if _field(err, 1) else ():
        parts = one.split(writing.component)
        code, *said = parts[3].split(writing.subcomponent) if len(parts) > 3 else ("",)  # noqa: PLR2004 - ERR-1.4
        texts = [_safe(text) for text in (said[3:4] + said[0:1])]
        text = next((text for text in texts if text), TEXTS.get(code, "no reason given"))
        yield code, Problem(text, _where([*parts[:3]]), "processing")


def _where(parts: list[str]) -> str | None:
    """Return the place as we write it; None where the partner's words are no place."""
    if not _NAME.fullmatch(parts[0]):
        return None
    numbers = []
    for part in parts[1:6]:
        if not (part.isascii() and part.isdecimal() and len(part) < 4):  # noqa: PLR2004 - longer is no number of a field
            break
        numbers.append(int(part))
    sequence, *rest = numbers or [1]
    segment = parts[0] if sequence <= 1 else f"{parts[0]}[{sequence}]"
    if not rest:
        return segment
    field, *rest = rest
    place = f"{segment}-{field}"
    if rest and rest[0] > 1:
        place += f"[{rest[0]}]"
    return ".".join([place, *(str(one) for one in rest[1:])])


def _field(segment: list[str], number: int) -> str:
    return segment[number] if number < len(segment) else ""


def _part(header: Header, segment: list[str], number: int, index: int) -> str:
    parts = _field(segment, number).split(header.writing.component)
    return parts[index].strip() if index < len(parts) else ""


def _safe(text: str) -> str:
    """Return a partner's words on one line, short, with what looks like an identifier masked."""
    plain = _ESCAPED.sub(" ", text[: 4 * _LONGEST])
    plain = " ".join("".join(one if one.isprintable() else " " for one in plain).split())
    return _IDENTIFIER_LIKE.sub("...", plain)[:_LONGEST]
