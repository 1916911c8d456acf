"""Bytes to resource and back, JSON and XML, without losing or bending anything.

What a lenient parser would silently bend is refused: a key given twice, numbers that no double holds, lone surrogates,
DOCTYPEs, text that is not UTF-8, nesting or size beyond a limit. Comments in XML are the one thing that is dropped.
https://hl7.org/fhir/R4/formats.html
"""

from adapter.fhir.codec.formats import media_type_of, parse
from adapter.fhir.codec.json_reader import parse_json
from adapter.fhir.codec.json_writer import to_json
from adapter.fhir.codec.limits import MAX_BYTES, MAX_DEPTH
from adapter.fhir.codec.xml_reader import parse_xml, read_xml
from adapter.fhir.codec.xml_writer import to_xml

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "media_type_of",
    "parse",
    "parse_json",
    "parse_xml",
    "read_xml",
    "to_json",
    "to_xml",
]
