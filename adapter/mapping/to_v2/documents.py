"""Records and reports as encapsulated data: OBX of type ED.

HL7 v2.8 chapter 2A.2.24 "ED" with tables 0191 and 0291, and 7.4.2 "OBX".
"""

import re
from typing import Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.to_v2.script import CWE_SINCE, Script
from adapter.mapping.to_v2.stated import Stated

_TOP_TYPES: Final = frozenset({"application", "audio", "font", "image", "model", "text", "video"})
_SUBTYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]*")
_ONE_TEXT: Final = "HL7 v2 has one text for the title and the name of the code before version 2.6"
_AS_TITLE: Final = "HL7 v2 has one text for the title and the name of the code"


def ed(script: Script, document: Stated, data: str) -> str:
    """Return bytes as ED.

    Args:
        script: the message.
        document: with `contentType`.
        data: the bytes in base64.
    """
    stated = document.take("contentType")
    top, subtype = _split(script, stated) if stated is not None else ("", "")
    if stated is not None and stated != stated.lower():
        document.remark(RemarkKind.DEFAULTED, "media types are written small", "contentType")
    if stated is None and data.startswith("JVBERi"):
        document.remark(RemarkKind.DEFAULTED, "the bytes begin as those of a PDF", "contentType")
    return script.parts("", script.escaped(top), script.escaped(subtype), "Base64", data)


def _split(script: Script, stated: str) -> tuple[str, str]:
    """Return ED.2 and ED.3; a type that their tables would take for another one goes whole."""
    top, _, subtype = stated.lower().partition("/")
    codes = script.codes.library.maps.get("v2-0291")
    found = codes.find(subtype) if codes is not None else None
    whole = found is not None and found.code != stated.lower()
    plain = top in _TOP_TYPES and _SUBTYPE.fullmatch(subtype) is not None
    return (top, stated.lower()) if whole or not plain else (top, subtype)


def coded(script: Script, at: Stated, code: Stated | None, *, title: str | None = None) -> str:
    """Return a coding with a title as CE or CWE, by the version.

    Args:
        script: the message.
        at: what holds the title.
        code: with `system`, `code`, `version` and `display`; None = not stated.
        title: name of the member that holds the title; None = there is none.
    """
    words = script.text(at, title) if title is not None else ""
    if code is None:
        return script.parts("", words)
    uri, version = str(code.take("system")), code.value.get("version")
    has_more = script.minor >= CWE_SINCE
    name, told_version, told = script.codes.code_system(uri, version, coded_version=has_more)
    if told:
        code.take("version")
    else:
        code.lose("HL7 v2 has no place for the version of this code system before version 2.6", "version")
    value, display = script.text(code, "code"), script.text(code, "display")
    if title is None:
        return script.parts(value, display, script.escaped(name), "", "", "", script.escaped(told_version))
    if has_more:
        original = words if words != display else ""
        _tell(at, code, title, words, display if original or not words else words, display)
        parts = (value, display, script.escaped(name), "", "", "", script.escaped(told_version), "", original)
        return script.parts(*parts)
    _tell(at, code, title, words, words, display)
    return script.parts(value, words or display, script.escaped(name))


def _tell(at: Stated, code: Stated, title: str, words: str, shown: str, display: str) -> None:
    """Tell where title and display cannot be told apart."""
    if display and not words:
        at.remark(RemarkKind.DEFAULTED, _AS_TITLE, title)
    if words and shown != display:
        code.remark(RemarkKind.DEFAULTED, _ONE_TEXT, "display")
