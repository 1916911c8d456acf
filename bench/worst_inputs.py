"""A megabyte of each kind of trouble that somebody could send: by a name that says what it is."""

# ruff: noqa: E501 -- a table: one input a line

import json
from collections.abc import Callable
from typing import Any

MEGABYTE = 1_000_000
URN = "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"
_XHTML = "http://www.w3.org/1999/xhtml"
_ANY = {"resourceType": "Basic", "code": {"text": "a"}}


def _fill(unit: bytes) -> bytes:
    return unit * (MEGABYTE // len(unit))


def _json(resource: Any) -> bytes:
    return json.dumps(resource, separators=(",", ":"), ensure_ascii=False).encode()


def _patient(**members: Any) -> bytes:
    return _json({"resourceType": "Patient", **members})


def _names(unit: bytes) -> bytes:
    """Return a Patient whose names are an array of this, as often as it fits."""
    return b'{"resourceType":"Patient","name":[' + _fill(unit + b",")[:-1] + b"]}"


def _bundle(entries: list[Any], kind: str = "collection") -> bytes:
    return _json({"resourceType": "Bundle", "type": kind, "entry": entries})


def _nested(levels: int, leaf: Any, wrap: Callable[[Any], Any]) -> Any:
    for _ in range(levels):
        leaf = wrap(leaf)
    return leaf


def _div(inside: str) -> bytes:
    return _patient(text={"status": "generated", "div": f'<div xmlns="{_XHTML}">{inside}</div>'})


def _xml(inside: bytes) -> bytes:
    return b'<Patient xmlns="http://hl7.org/fhir">' + inside + b"</Patient>"


def _xml_div(inside: str) -> bytes:
    return _xml(f'<text><status value="generated"/><div xmlns="{_XHTML}">{inside}</div></text>'.encode())


def _element(**members: Any) -> dict[str, Any]:
    return {"id": "Patient", "path": "Patient", "definition": "a", "min": 0, "max": "1", **members}


def _structure(elements: list[Any]) -> bytes:
    head = {"resourceType": "StructureDefinition", "url": "http://a.example/A", "name": "A", "status": "active"}
    kind = {"kind": "resource", "abstract": False, "type": "Patient", "derivation": "specialization"}
    return _json({**head, **kind, "snapshot": {"element": elements}})


def _versions(base: str) -> bytes:
    full = {"fullUrl": "http://a.example/Basic/1"}
    return _bundle(
        [
            {
                **full,
                "resource": {
                    **_ANY,
                    "id": "1",
                    "meta": {"versionId": f"{at}"},
                    "subject": {"reference": base + f"{at}"},
                },
            }
            for at in range(5000)
        ]
    )


def _document() -> bytes:
    sections = [{"title": "a", "entry": [{"reference": f"Basic/{at}"}]} for at in range(12_000)]
    composition = {"resourceType": "Composition", "status": "final", "title": "a", "date": "2020", "section": sections}
    others = [{"fullUrl": f"http://a.example/Basic/{at}", "resource": {**_ANY, "id": f"{at}"}} for at in range(4000)]
    return _bundle([{"fullUrl": "http://a.example/Composition/1", "resource": composition}, *others], "document")


def _filter(value: str) -> bytes:
    rule = {"property": "constraint", "op": "=", "value": value}
    return _json(
        {"resourceType": "ValueSet", "compose": {"include": [{"system": "http://snomed.info/sct", "filter": [rule]}]}}
    )


_SYNTAX: dict[str, Callable[[], bytes]] = {
    "JSON: arrays, never closed": lambda: b"[" * MEGABYTE,
    "JSON: objects, never closed": lambda: _fill(b'{"a":'),
    "JSON: arrays of 150 levels, again and again": lambda: _names(b"[" * 150 + b"]" * 150),
    "JSON: 90,000 members of one object": lambda: _json({"resourceType": "Patient", **{f"k{at}": 1 for at in range(90_000)}}),
    "JSON: 45,000 members, each twice": lambda: (
        _json({"resourceType": "Patient", **{f"k{at}": 1 for at in range(45_000)}})[:-1]
        + b"," + _json({f"k{at}": 1 for at in range(45_000)})[1:]
    ),
    "JSON: one member 140,000 times": lambda: b'{"resourceType":"Patient",' + _fill(b'"id":1,')[:-1] + b"}",
    "JSON: objects with a member twice": lambda: _names(b'{"a":1,"a":2}'),
    "JSON: empty objects": lambda: _names(b"{}"),
    "JSON: nulls": lambda: _names(b"null"),
    "JSON: whole numbers": lambda: _names(b"1"),
    "JSON: decimals": lambda: _names(b"1.0"),
    "JSON: a whole number of a million digits": lambda: b'{"resourceType":"Patient","multipleBirthInteger":' + b"1" * MEGABYTE + b"}",
    "JSON: a decimal of a million digits": lambda: b'{"resourceType":"Observation","valueQuantity":{"value":0.' + b"1" * MEGABYTE + b"}}",
    "JSON: an exponent of a million digits": lambda: b'{"resourceType":"Observation","valueQuantity":{"value":1e' + b"1" * MEGABYTE + b"}}",
    "JSON: a string, never closed": lambda: b'{"resourceType":"Patient","id":"' + b"a" * MEGABYTE,
    "JSON: escaped quotes": lambda: b'{"resourceType":"Patient","id":"' + _fill(b'\\"') + b'"}',
    "JSON: lone surrogates": lambda: b'{"resourceType":"Patient","id":"' + _fill(b"\\ud800") + b'"}',
    "JSON: a wrong byte after a million lines": lambda: b'{"resourceType":"Patient","id":"' + b"\n" * MEGABYTE + b'\xff"}',
    "XML: elements, never closed": lambda: _fill(b"<a>"),
    "XML: 90,000 attributes of one element": lambda: _xml(b"<id " + b" ".join(b'a%d="b"' % at for at in range(90_000)) + b"/>"),
    "XML: 60,000 namespaces": lambda: _xml(b"<id " + b" ".join(b'xmlns:a%d="b"' % at for at in range(60_000)) + b"/>"),
    "XML: 99 namespaces around 7,000 narratives": lambda: (
        b'<Bundle xmlns="http://hl7.org/fhir" ' + b" ".join(b'xmlns:a%d="b"' % at for at in range(99)) + b">"
        + b'<entry><resource><Patient><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">a</div></text>'
        b"</Patient></resource></entry>" * 7000 + b"</Bundle>"
    ),
    "XML: comments": lambda: _xml(_fill(b"<!---->")),
    "XML: processing instructions": lambda: _xml(_fill(b"<?a?>")),
    "XML: character references": lambda: _xml(b'<id value="' + _fill(b"&#65;") + b'"/>'),
    "XML: unknown elements": lambda: _xml(_fill(b"<nope/>")),
    "XML: an unknown element in each of 50,000 names": lambda: _xml(_fill(b"<name><nope/></name>")),
    "XML: empty elements": lambda: _xml(_fill(b"<name/>")),
    "XML: an element that may stand once, 66,000 times": lambda: _xml(_fill(b'<id value="a"/>')),
    "XML: extensions of 70 levels": lambda: _xml(
        (b'<extension url="u">' * 70 + b'<valueString value="a"/>' + b"</extension>" * 70) * 440
    ),
}  # fmt: skip

_VALUES: dict[str, Callable[[], bytes]] = {
    "values: an OID of 500,000 numbers": lambda: _patient(identifier=[{"system": "urn:oid:1" + ".1" * 500_000 + "."}]),
    "values: a code of 500,000 words": lambda: _patient(gender="a " * 500_000),
    "values: a URL of slashes": lambda: _bundle([{"fullUrl": "http://" + "/a" * 500_000, "resource": _ANY}]),
    "values: a date with a million digits": lambda: _patient(meta={"lastUpdated": "2020-01-01T00:00:00." + "1" * MEGABYTE}),
    "values: base64 in small pieces": lambda: _json({"resourceType": "Binary", "contentType": "a/b", "data": "AA A A " * 140_000}),
    "values: an expression constraint of operators": lambda: _filter("<" * MEGABYTE),
    "values: an expression constraint of words": lambda: _filter("memberOf " * 110_000),
    "values: an expression of brackets": lambda: _structure(
        [_element(constraint=[{"key": "a", "expression": "(" * 500_000 + ")" * 500_000}])]
    ),
    "narrative: a style with a million spaces": lambda: _div(f'<p style="url({" " * MEGABYTE}">a</p>'),
    "narrative: 80,000 attributes": lambda: _div("<p " + " ".join(f'a{at}="b"' for at in range(80_000)) + ">a</p>"),
    "narrative: 80,000 attributes, in XML": lambda: _xml_div("<p " + " ".join(f'a{at}="b"' for at in range(80_000)) + ">a</p>"),
    "narrative: 90,000 unknown elements": lambda: _div("".join(f"<x{at}/>" for at in range(90_000))),
    "narrative: paragraphs within paragraphs": lambda: _div("<p>" * 140_000 + "</p>" * 140_000),
    "narrative: named entities": lambda: _div("&a;" * 330_000),
}  # fmt: skip

_RESOURCES: dict[str, Callable[[], bytes]] = {
    "resource: 17,000 contained of one id": lambda: _patient(contained=[{**_ANY, "id": "a"}] * 17_000),
    "resource: contained in a chain": lambda: _patient(
        contained=[{**_ANY, "id": f"a{at}", "subject": {"reference": f"#a{at + 1}"}} for at in range(10_000)]
    ),
    "resource: 30,000 times the same reference": lambda: _patient(generalPractitioner=[{"reference": "Practitioner/1"}] * 30_000),
    "resource: 250,000 given names": lambda: _patient(name=[{"given": ["a"] * 250_000}]),
    "resource: nulls for given names and their extensions": lambda: _patient(name=[{"given": [None] * 90_000, "_given": [None] * 90_000}]),
    "resource: 72,000 wrong values": lambda: _patient(name=[{"use": "zz", "period": {"start": "1-1"}}] * 24_000),
    "resource: extensions of 70 levels": lambda: _patient(
        extension=[_nested(70, {"url": "u", "valueString": "a"}, lambda one: {"url": "u", "extension": [one]})] * 450
    ),
    "resource: 12,000 claims of a profile": lambda: _patient(
        meta={"profile": ["https://second-opinion.example/fhir/StructureDefinition/SecondOpinionBundle"] * 12_000}
    ),
    "resource: codes of 22,000 unknown systems": lambda: _patient(
        maritalStatus={"coding": [{"system": f"http://a.example/{at}", "code": "M"} for at in range(22_000)]}
    ),
    "Bundle: 9,000 entries of one fullUrl": lambda: _bundle([{"fullUrl": URN, "resource": _ANY}] * 9000),
    "Bundle: all refer to one": lambda: _bundle([{"fullUrl": URN, "resource": {**_ANY, "subject": {"reference": URN}}}] * 6000),
    "Bundle: 5,000 versions of one": lambda: _versions("http://a.example/Basic/1/_history/"),
    "Bundle: 5,000 versions of one, relative references": lambda: _versions("Basic/1/_history/"),
    "Bundle: empty entries": lambda: _bundle([{}] * 300_000),
    "Bundle: 25,000 small resources": lambda: _bundle([{"resource": {"resourceType": "Patient"}}] * 25_000),
    "Bundle: Bundles of 45 levels": lambda: _bundle(
        [{"resource": _nested(45, _ANY, lambda one: {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one}]})}] * 290
    ),
    "Bundle: a document of 12,000 sections": _document,
    "Questionnaire: items of 60 levels": lambda: _json(
        {
            "resourceType": "Questionnaire",
            "status": "active",
            "item": [_nested(60, {"linkId": "a", "type": "string"}, lambda one: {"linkId": "g", "type": "group", "item": [one]})] * 350,
        }
    ),
    "CodeSystem: 75,000 times one code": lambda: _json(
        {"resourceType": "CodeSystem", "status": "active", "content": "complete", "concept": [{"code": "a"}] * 75_000}
    ),
    "StructureDefinition: 14,000 elements of one id": lambda: _structure([_element()] * 14_000),
    "StructureDefinition: 9,000 expressions": lambda: _structure(
        [_element(constraint=[{"key": f"a-{at}", "severity": "error", "human": "a", "expression": f"name.where(family='{at}')"} for at in range(9000)])]
    ),
}  # fmt: skip

INPUTS = {**_SYNTAX, **_VALUES, **_RESOURCES}
"""By its name, what makes it."""
