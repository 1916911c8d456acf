"""Which of the two formats some bytes are in: by their media type, else by their first character.

https://hl7.org/fhir/R4/http.html#mime-type
"""

from adapter.base.errors import UnknownFormat
from adapter.fhir.codec.json_reader import BOM, parse_json
from adapter.fhir.codec.limits import MAX_BYTES
from adapter.fhir.codec.xml_reader import parse_xml
from adapter.fhir.resource import Resource

JSON_TYPES = frozenset({"application/fhir+json", "application/json", "text/json", "json"})
XML_TYPES = frozenset({"application/fhir+xml", "application/xml", "text/xml", "xml"})


def parse(data: bytes, media_type: str | None = None, *, max_bytes: int = MAX_BYTES) -> Resource:
    """Return the resource in `data`; `media_type` may have parameters, None means: look at the bytes.

    Raises:
        UnknownFormat: neither FHIR JSON nor FHIR XML.
        Unreadable, TooLarge, Invalid: as `parse_json` and `parse_xml`.
    """
    if media_type_of(data, media_type) == "application/fhir+json":
        return parse_json(data, max_bytes=max_bytes)
    return parse_xml(data, max_bytes=max_bytes)


def media_type_of(data: bytes, media_type: str | None = None) -> str:
    """Return "application/fhir+json" or "application/fhir+xml".

    Raises:
        UnknownFormat: another media type, another FHIR version, or bytes that start like neither.
    """
    if media_type:
        essence, *parameters = (part.strip().lower() for part in media_type.split(";"))
        for parameter in parameters:
            if parameter.startswith("fhirversion=") and parameter.partition("=")[2].strip('"') != "4.0":
                raise UnknownFormat("only FHIR version 4.0 is spoken here: send `fhirVersion=4.0` or leave it out")
        if essence in JSON_TYPES:
            return "application/fhir+json"
        if essence in XML_TYPES:
            return "application/fhir+xml"
        raise UnknownFormat("send application/fhir+json or application/fhir+xml")
    start = data.removeprefix(BOM)[:200].lstrip()[:1]
    if start in (b"{", b"["):
        return "application/fhir+json"
    if start == b"<":
        return "application/fhir+xml"
    if start in (b"/", b"#"):
        raise UnknownFormat("starts with a comment, and JSON has none: take it out")
    raise UnknownFormat("neither FHIR JSON nor FHIR XML: the first character is neither `{` nor `<`")
