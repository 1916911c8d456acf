"""Comments in JSON, which neither JSON nor FHIR has, made blank for those who ask for it: places stay where they are.

https://www.rfc-editor.org/rfc/rfc8259 has none; the official validator permits them by an option, as `validate` does.
"""

import re
from typing import Final

_PARTS: Final = re.compile(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|(//[^\r\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?+)',
    re.DOTALL,
)
"""A string, or a comment; possessive, so that no text makes it try again."""
_SEEN: Final = re.compile(rb"[^\r\n]")


def blank_comments(data: bytes) -> bytes:
    """Return JSON with a blank for every byte of a comment (// to the end of the line, or /* to */); strings stay."""
    return _PARTS.sub(_blank, data)


def _blank(match: re.Match[bytes]) -> bytes:
    return match[0] if match[1] is None else _SEEN.sub(b" ", match[1])
