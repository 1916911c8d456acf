r"""Writes segments in ER7 with given delimiters, texts escaped and in a given character set.

HL7 v2.8 chapter 2, sections 2.5 and 2.7; character sets by table 0211. A message under construction is a text in which
every character is one byte (Latin-1), so that what is mirrored from another message keeps its bytes.
"""

from dataclasses import dataclass
from typing import Final

USUAL: Final = r"^~\&"

_CODECS: Final = {
    "8859/1": "iso8859-1",
    "8859/2": "iso8859-2",
    "8859/3": "iso8859-3",
    "8859/4": "iso8859-4",
    "8859/5": "iso8859-5",
    "8859/6": "iso8859-6",
    "8859/7": "iso8859-7",
    "8859/8": "iso8859-8",
    "8859/9": "iso8859-9",
    "8859/15": "iso8859-15",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
}


def codec_of(character_set: str) -> str:
    """Return Python's name of a character set of table 0211; what is not listed here is answered in ASCII."""
    return _CODECS.get(character_set.strip().upper(), "ascii")


@dataclass(frozen=True, slots=True)
class Writing:
    """How a message is written.

    Attributes:
        field: MSH-1.
        encoding: MSH-2, four characters or five.
        codec: Python's name of the character set of MSH-18.
    """

    field: str = "|"
    encoding: str = USUAL
    codec: str = "ascii"

    @property
    def component(self) -> str:
        """The component separator."""
        return self.encoding[0]

    @property
    def repetition(self) -> str:
        """The repetition separator."""
        return self.encoding[1]

    @property
    def subcomponent(self) -> str:
        """The subcomponent separator."""
        return self.encoding[3]

    def text(self, value: str) -> str:
        """Return a text for a field: on one line, delimiters escaped, what the character set lacks as "?"."""
        escape = self.encoding[2]
        names = dict(zip((escape, self.field, *self.encoding[:2], self.encoding[3]), "EFSRT", strict=True))
        line = " ".join(value.split())
        written = "".join(f"{escape}{names[one]}{escape}" if one in names else one for one in line)
        return written.encode(self.codec, "replace").decode("latin-1")

    def segment(self, name: str, *fields: str) -> str:
        """Return a segment of fields that are written already; empty ones at the end are left out."""
        return self.field.join((name, *fields)).rstrip(self.field)
