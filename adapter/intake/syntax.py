"""Which syntax some bytes are written in: the media type is heard first, the bytes themselves decide.

Media types: https://hl7.org/fhir/R4/http.html#mime-type, application/hl7-v2 and its older names for ER7,
application/hl7-sda+xml and plain XML for CDA.
"""

import re
from enum import StrEnum
from typing import Final

from adapter.base.errors import UnknownFormat

_LOOK_BYTES: Final = 4096
_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_ER7: Final = re.compile(rb"[\x0b\s]*(?:MSH|FHS|BHS)[^A-Za-z0-9\s]", re.IGNORECASE)
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z]\w*)[\s/>]")
_CDA: Final = b"ClinicalDocument"


class Syntax(StrEnum):
    """What a reader exists for."""

    JSON = "json"  # canonical, or FHIR where it says resourceType
    FHIR_XML = "fhir-xml"
    CDA = "cda"
    ER7 = "er7"


_SAID: Final = {
    "application/json": Syntax.JSON,
    "application/fhir+json": Syntax.JSON,
    "application/fhir+xml": Syntax.FHIR_XML,
    "application/hl7-v2": Syntax.ER7,
    "application/hl7-v2+er7": Syntax.ER7,
    "x-application/hl7-v2+er7": Syntax.ER7,
    "application/edi-hl7": Syntax.ER7,
    "text/hl7v2": Syntax.ER7,
    "application/hl7-cda+xml": Syntax.CDA,
    "application/cda+xml": Syntax.CDA,
}


def syntax_of(data: bytes, media_type: str | None = None) -> Syntax:
    """Return the syntax of `data`.

    Args:
        data: the whole message; its beginning is looked at.
        media_type: what the sender called it; None or something general leaves it to the bytes. Where the two differ,
            the bytes are believed: engines send everything as text/plain or application/xml.

    Raises:
        UnknownFormat: neither says anything that is read here.
    """
    head = data[:_LOOK_BYTES].removeprefix(_BOM)
    if head.startswith(_UTF16):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    if _ER7.match(head):
        return Syntax.ER7
    first = head.lstrip()[:1]
    if first in (b"{", b"["):
        return Syntax.JSON
    said = _SAID.get((media_type or "").partition(";")[0].strip().lower())
    if first == b"<":
        root = _ROOT.search(head)
        if root is not None:
            return Syntax.CDA if root[1] == _CDA else Syntax.FHIR_XML
        return said if said in (Syntax.CDA, Syntax.FHIR_XML) else Syntax.FHIR_XML
    if said is not None:
        return said  # let its reader say what is wrong with it
    said_so = "send JSON, FHIR (JSON or XML), HL7 v2 (ER7) or CDA"
    raise UnknownFormat(f"this is no format that is read here: {said_so}", where="")
