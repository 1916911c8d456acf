r"""Escape sequences in HL7 v2 text: what stands between two escape characters, such as \T\ or \.br\.

HL7 v2.8 chapter 2, section 2.7 "Use of escape sequences in text fields". Formatting that plain text cannot show is
dropped (highlighting, indents, fill modes); what is not known, or local (\Z..\), stays as it was sent.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from adapter.intake.readers.er7_delimiters import Delimiters

_LONGEST: Final = 512
"""Between escape characters that are farther apart stands no sequence but text, such as a path of a file system."""
_FORMAT: Final = re.compile(r"\.(br|sp|fi|nf|in|ti|sk|ce)\s*([+-]?[0-9]{1,3})?", re.IGNORECASE)
_HEX: Final = re.compile(r"X((?:[0-9A-Fa-f]{2})+)")
_SINGLE_BYTE: Final = re.compile(r"C([0-9A-Fa-f]{4})")
_MOST_LINES: Final = 100

_SETS: Final = {
    "2842": "ascii",
    "2D41": "iso8859-1",
    "2D42": "iso8859-2",
    "2D43": "iso8859-3",
    "2D44": "iso8859-4",
    "2D4C": "iso8859-5",
    "2D47": "iso8859-6",
    "2D46": "iso8859-7",
    "2D48": "iso8859-8",
    "2D4D": "iso8859-9",
}
"""The ISO 2022 designations of single-byte sets that a \\C..\\ sequence may name, with Python's codecs."""

Unescape = Callable[[str], str]


@lru_cache(maxsize=64)
def unescaper(delimiters: Delimiters, codec: str) -> Unescape:
    """Return the function that puts in place what escape sequences stand for.

    Args:
        delimiters: of the message; without an escape character the text stays as it is.
        codec: Python's name of the message's character set; hexadecimal data are bytes of it.
    """
    mark = delimiters.escape
    if not mark:
        return lambda text: text
    stands_for = {
        "F": delimiters.field,
        "S": delimiters.component,
        "T": delimiters.subcomponent or "&",
        "R": delimiters.repetition or "~",
        "E": mark,
        "P": delimiters.truncation or "#",
        "L": delimiters.truncation or "#",
        "H": "",
        "N": "",
    }
    escaped = re.escape(mark)
    sequence = re.compile(f"{escaped}([^{escaped}]{{1,{_LONGEST}}}){escaped}")

    def replace(match: re.Match[str]) -> str:
        body = match[1]
        known = stands_for.get(body)
        if known is not None:
            return known
        if body[0] == ".":
            return _formatted(body, match[0])
        hexadecimal = _HEX.fullmatch(body)
        return _characters(hexadecimal[1], codec, match[0]) if hexadecimal else match[0]

    def unescape(text: str) -> str:
        if mark not in text:
            return text
        return sequence.sub(replace, _switched(text, sequence, codec) if f"{mark}C" in text else text)

    return unescape


def _formatted(body: str, as_sent: str) -> str:
    command = _FORMAT.fullmatch(body)
    if command is None:
        return as_sent
    count = min(abs(int(command[2] or 1)), _MOST_LINES)
    match command[1].lower():
        case "br" | "ce":
            return "\n"
        case "sp":
            return "\n" * max(count, 1)
        case "sk":
            return " " * count
        case _:
            return ""


def _characters(digits: str, codec: str, as_sent: str) -> str:
    try:
        text = bytes.fromhex(digits).decode(codec)
    except ValueError:
        return as_sent  # no text in this character set: bytes that only the sender can read
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _switched(text: str, sequence: re.Pattern[str], codec: str) -> str:
    """Read what follows a switch to another single-byte set in that set; a set that is not known changes nothing."""
    pieces: list[str] = []
    position, current = 0, codec
    for match in sequence.finditer(text):
        switch = _SINGLE_BYTE.fullmatch(match[1])
        target = _SETS.get(switch[1].upper()) if switch else None
        if target is not None:
            pieces.append(_reread(text[position : match.start()], codec, current))
            position, current = match.end(), target
    pieces.append(_reread(text[position:], codec, current))
    return "".join(pieces)


def _reread(text: str, codec: str, current: str) -> str:
    if current == codec or text.isascii():
        return text
    try:
        return text.encode(codec).decode("iso8859-1" if current == "ascii" else current)
    except ValueError:
        return text
