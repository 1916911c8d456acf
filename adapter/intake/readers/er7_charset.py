"""The character set of an HL7 v2 message: MSH-18 by its many spellings, or what the bytes allow.

HL7 table 0211 "Alternate character sets" (https://terminology.hl7.org/CodeSystem-v2-0211.html) and what senders write
instead. The first repetition of MSH-18 holds for the message; nothing in it means UTF-8 where the bytes are UTF-8.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from adapter.base.errors import Unreadable
from adapter.mapping.remarks import Remark, RemarkKind

UTF8: Final = "utf-8"
_WINDOWS: Final = "cp1252"
_LATIN1: Final = "iso8859-1"
_WHERE: Final = "MSH-18"
_CHUNK: Final = 1 << 20
_C1: Final = re.compile(rb"[\x80-\x9f]")
_NOISE: Final = re.compile(r"[^A-Z0-9]")
_PARTS: Final = (*range(1, 12), *range(13, 17))  # there is no part 12

_CODECS: Final[dict[str, str]] = {
    "ASCII": "ascii",
    "USASCII": "ascii",
    "ISO646": "ascii",
    "ISOIR6": "ascii",
    "ISOIR100": _LATIN1,
    "ISOIR101": "iso8859-2",
    "ISOIR109": "iso8859-3",
    "ISOIR110": "iso8859-4",
    "ISOIR144": "iso8859-5",
    "ISOIR127": "iso8859-6",
    "ISOIR126": "iso8859-7",
    "ISOIR138": "iso8859-8",
    "ISOIR148": "iso8859-9",
    "ISOIR203": "iso8859-15",
    "ISOIR192": UTF8,
    "LATIN1": _LATIN1,
    "LATIN9": "iso8859-15",
    "UNICODE": UTF8,
    "UTF8": UTF8,
    "UNICODEUTF8": UTF8,
    "UTF8UNICODE": UTF8,
    "ISO10646": UTF8,
    "WINDOWS1252": _WINDOWS,
    "WIN1252": _WINDOWS,
    "CP1252": _WINDOWS,
    "MS1252": _WINDOWS,
    "1252": _WINDOWS,
    "ANSI": _WINDOWS,
    "WINDOWS1250": "cp1250",
    "CP1250": "cp1250",
    "WINDOWS1254": "cp1254",
    "CP850": "cp850",
    "IBM850": "cp850",
    "CP437": "cp437",
    "IBM437": "cp437",
    "GB18030": "gb18030",
    "GB180302000": "gb18030",
    "BIG5": "big5",
    "KSX1001": "euc_kr",
    "SHIFTJIS": "shift_jis",
    "UNICODEUTF16": "utf-16",
    "UTF16": "utf-16",
    "UNICODEUTF32": "utf-32",
    "UTF32": "utf-32",
    **{f"{prefix}8859{part}": f"iso8859-{part}" for prefix in ("", "ISO", "ISOIEC") for part in _PARTS},
}
"""Spellings without anything but letters and digits, in capitals, and Python's codec for them."""

_WIDE: Final = frozenset({"utf-16", "utf-32"})
"""These are told by their bytes before anything is read; see `adapter.intake.readers.er7_batch`."""
_ENTANGLED: Final = frozenset({"gb18030", "big5", "shift_jis"})
"""In these, the byte of a delimiter may be part of another character."""


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """How the bytes of one message become text.

    Attributes:
        codec: Python's name.
        remarks: what is to be said of it.
    """

    codec: str
    remarks: tuple[Remark, ...] = ()

    @property
    def entangled(self) -> bool:
        """Whether bytes must be decoded before they are cut at delimiters."""
        return self.codec in _ENTANGLED


def names_of_sets() -> dict[str, list[str]]:
    """Return the character sets by their codec, each with its spellings, for people who look them up."""
    sets: dict[str, list[str]] = {}
    for name, codec in _CODECS.items():
        sets.setdefault(codec, []).append(name)
    return sets


def character_set(declared: str, data: bytes, start: int, end: int) -> CharacterSet:
    """Return the character set of the message that stands in `data` from `start` to `end`.

    Args:
        declared: the first repetition of MSH-18; empty = nothing is declared.
        data: all that came.
        start: where the message begins; faults are told as bytes of `data`, from 1.
        end: where it ends.

    Raises:
        Unreadable: the bytes are none of what is declared, or nobody knows what is declared and it matters.
    """
    view = memoryview(data)[start:end]
    plain = data.isascii() if end - start == len(data) else bytes(view).isascii()
    named = declared.strip()
    if not named:
        return CharacterSet(UTF8) if plain else _undeclared(view)
    codec = _CODECS.get(_NOISE.sub("", named.upper()))
    if codec is None:
        said = "this character set is not known here: name one of HL7 table 0211, such as UNICODE UTF-8 or 8859/1"
        if plain:
            return CharacterSet(UTF8, (Remark(RemarkKind.DEFAULTED, _WHERE, None, said),))
        raise Unreadable(said, where=_WHERE)
    if codec in _WIDE:
        codec = UTF8  # bytes that really are so have been brought to UTF-8 before
    if plain:
        return CharacterSet(codec)
    return _declared(view, codec, start)


def _declared(view: memoryview, codec: str, start: int) -> CharacterSet:
    if codec == _LATIN1 and _C1.search(view):
        said = "the bytes hold characters that ISO 8859-1 does not have: read as windows-1252"
        if _first_fault(view, _WINDOWS) is None:
            return CharacterSet(_WINDOWS, (Remark(RemarkKind.DEFAULTED, _WHERE, None, said),))
    fault = _first_fault(view, codec)
    if fault is not None:
        said = f"byte {start + fault + 1} is no character of the set that is declared: declare the set really used"
        raise Unreadable(said, where=_WHERE)
    return CharacterSet(codec, _doubt(view, codec))


def _undeclared(view: memoryview) -> CharacterSet:
    if _first_fault(view, UTF8) is None:
        return CharacterSet(UTF8)
    said = "no character set is declared and the bytes are not UTF-8: read as windows-1252; declare it in MSH-18"
    fault = _first_fault(view, _WINDOWS)
    codec = _WINDOWS if fault is None else _LATIN1
    return CharacterSet(codec, (Remark(RemarkKind.DEFAULTED, _WHERE, None, said),))


def _doubt(view: memoryview, codec: str) -> tuple[Remark, ...]:
    """A single-byte set is believed, but a sender whose bytes happen to be UTF-8 should look at what it declares."""
    if not codec.startswith(("iso8859", "cp")) or _first_fault(view, UTF8) is not None:
        return ()
    said = "the bytes are UTF-8 as well: if letters come out wrong, declare UNICODE UTF-8"
    return (Remark(RemarkKind.DEFAULTED, _WHERE, None, said),)


def _first_fault(view: memoryview, codec: str) -> int | None:
    """Return the offset of the first byte that `codec` cannot read, piece by piece; None = it reads all."""
    decoder = codecs.getincrementaldecoder(codec)()
    for offset in range(0, max(len(view), 1), _CHUNK):
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(view[offset : offset + _CHUNK], final=offset + _CHUNK >= len(view))
        except UnicodeDecodeError as error:
            return offset - kept + error.start
    return None
