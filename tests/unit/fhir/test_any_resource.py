"""Resources of every type, built at random from the definitions: they pass the codec unchanged and are valid R4."""

import os
import random
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapter.base.errors import AdapterError
from adapter.fhir.codec import parse_json, parse_xml, to_json, to_xml
from adapter.fhir.codec.numbers import WrittenDecimal, number
from adapter.fhir.definitions.model import PRIMITIVES
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate import is_valid, validate

TYPES = sorted(definitions().resource_types)
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">'
DEEPEST = 5
WORDS = [
    "a",
    "Ärztin",
    "zwei Wörter",
    " am Rand ",
    "a\tb\nc",
    "<b>&amp;\"'",
    "]]>",
    "\U0001f600",
    "ﬁ\u0301",
    "--",
    "\u200f",
]
VALUES: dict[str, list] = {
    "base64Binary": ["AAAA", "/+8=", "YQ=="],
    "boolean": [True, False],
    "canonical": ["http://a.example/x|1.0", "http://a.example/ä?b=c&d#e"],
    "code": ["a", "two words"],
    "date": ["1970", "1970-02", "2020-02-29"],
    "dateTime": ["1970", "1970-02", "2020-02-29", "2020-02-29T23:59:59Z", "1999-12-31T00:00:00.000100+14:00"],
    "decimal": ["0", "1.0", "1.00", "1e2", "1E-2", "-0.0", "0.000", "-12345678901234567890.10", "0.1e+3", "7", "-0"],
    "id": ["a", "A-1.b", "a" * 64],
    "instant": ["2020-02-29T23:59:59Z", "2020-02-29T23:59:59.1234567890-00:30", "1970-01-01T00:00:00.0+01:00"],
    "integer": [0, -1, 2**31 - 1, -(2**31)],
    "markdown": WORDS,
    "oid": ["urn:oid:1.2.3", "urn:oid:2.16.840.1"],
    "positiveInt": [1, 2**31 - 1],
    "string": WORDS,
    "time": ["00:00:00", "23:59:59.10"],
    "unsignedInt": [0, 5],
    "uri": ["urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", "http://a.example/b", "mailto:a@b.example"],
    "url": ["http://a.example/b?c=%20&d=e", "mllp://a.example:1"],
    "uuid": ["urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"],
    "xhtml": [
        f"{XHTML}a</div>",
        f'{XHTML}<p title="&lt;&amp;&quot;">a <b>b</b>\n c<br/></p><!-- not kept --></div>'.replace(
            "<!-- not kept -->", ""
        ),
        f'{XHTML}<a href="#x">ä\U0001f600</a>&gt;&amp;</div>',
    ],
}


OUTSIDE = {"languages": "de", "currencies": "EUR", "mimetypes": "text/plain", "": "a"}
"""A code of a value set that R4 does not hold, by what its URL says."""


class Builder:
    """Builds what R4 allows, by a seed; `full` is how likely an optional element is there."""

    def __init__(self, seed: int, full: float) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing is secret here
        self.full = full
        self.ids = 0

    def resource(self, name: str, depth: int = 0) -> dict:
        return {"resourceType": name, **self.members(name, depth)}

    def members(self, type_name: str, depth: int) -> dict:
        found: dict = {}
        elements = [one for one in definitions().type(type_name).elements if not self._left_out(one, type_name, depth)]
        chance = self.full / (1 + depth * 2)
        for element in elements:
            if element.minimum or self.random.random() < chance:
                self._add(found, element, depth)
        optional = [one for one in elements if one.name not in ("id", "extension", "url")]
        if not set(found) - {"id", "url"}:
            self._add(found, self.random.choice(optional or elements), depth)
        if type_name == "Extension" and "extension" in found:
            found = {key: member for key, member in found.items() if not key.lstrip("_").startswith("value")}
        return found

    def _left_out(self, element, type_name: str, depth: int) -> bool:
        # contained resources contain none; what modifies the meaning must be known
        if element.name in ("contained", "modifierExtension"):
            return depth > 0 or element.name == "modifierExtension"
        return type_name == "Extension" and element.name == "extension" and depth > DEEPEST

    def _add(self, found: dict, element, depth: int) -> None:
        choices = list(element.properties())
        if depth >= DEEPEST:
            choices = [one for one in choices if one[1] in PRIMITIVES] or choices
        name, code = self.random.choice(choices)
        count = self.random.choice([1, 1, 2, 3]) if element.repeats else 1
        if code in PRIMITIVES:
            self._add_primitive(found, name, [self._value(code, element) for _ in range(count)], element, code, depth)
            return
        several = [self._complex(code, element, depth + 1) for _ in range(count)]
        found[name] = several if element.repeats else several[0]

    def _add_primitive(self, found: dict, name: str, values: list, element, code: str, depth: int) -> None:
        parts: list = [None] * len(values)
        if not element.attribute and code != "xhtml" and name != "id" and depth < DEEPEST:
            for at in range(len(values)):
                if self.random.random() < 0.1:
                    identified = {"id": self._new_id()} if self.random.random() < 0.5 else {}
                    parts[at] = {**identified, "extension": [self.members("Extension", DEEPEST)]}
                    if self.random.random() < 0.5 and not element.minimum and element.binding is None:
                        values[at] = None
        if any(value is not None for value in values):
            found[name] = values if element.repeats else values[0]
        if any(part is not None for part in parts):
            found["_" + name] = parts if element.repeats else parts[0]

    def _new_id(self) -> str:
        self.ids += 1
        return f"e{self.ids}"

    def _value(self, code: str, element):
        if element.name == "id" and element.attribute:
            return self._new_id()
        if element.name == "data" and code == "string":
            return "1 -2.5 E U L"  # SampledData, the one string with a form of its own
        if code == "code" and element.binding is not None:
            codes = definitions().codes(element.binding.value_set)
            if codes is None:
                return next(word for key, word in OUTSIDE.items() if key in element.binding.value_set)
            return self.random.choice(sorted(set().union(*codes.values())))
        value = self.random.choice(VALUES[code])
        return number(value) if code == "decimal" else value

    def _complex(self, code: str, element, depth: int):
        if code == "Resource":
            name = self.random.choice(TYPES if depth == 1 else ["Basic"])
            inner = self.resource(name, max(depth, 3))
            return {"resourceType": name, "id": "c1", **{key: one for key, one in inner.items() if key[-2:] != "id"}}
        if code == "Reference":
            targets = sorted(element.targets - {"Resource"}) or ["Patient"]
            return {"reference": f"{self.random.choice(targets)}/r-1", "display": self.random.choice(WORDS)}
        if code in ("CodeableConcept", "Coding"):
            return self._coded(code, element)
        return self.members(code, depth)

    def _coded(self, code: str, element):
        codes = definitions().codes(element.binding.value_set) if element.binding is not None else None
        if element.binding is not None and element.binding.value_set.endswith("/ucum-units"):
            codes = {"http://unitsofmeasure.org": {"mg/dL"}}
        if not codes:
            return {"text": "a"} if code == "CodeableConcept" else {"display": "a"}
        system = self.random.choice(sorted(codes))
        coding = {"system": system, "code": self.random.choice(sorted(codes[system]))}
        return {"coding": [coding]} if code == "CodeableConcept" else coding


def _exactly(value):
    """Return a value with its digits, so that 1.0 and 1.00 differ."""
    if isinstance(value, dict):
        return {key: _exactly(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_exactly(one) for one in value]
    return str(value) if isinstance(value, Decimal | int | float) and not isinstance(value, bool) else value


@pytest.mark.parametrize("name", TYPES)
def test_a_resource_of_every_type_passes_json_and_xml_unchanged(name):
    for seed, full in ((1, 0.0), (2, 0.2), (3, 0.5), (4, 1.0)):
        resource = Builder(seed, full).resource(name)
        assert _exactly(parse_json(to_json(resource))) == _exactly(resource)
        for pretty in (False, True):
            assert _exactly(parse_xml(to_xml(resource, pretty=pretty))) == _exactly(resource)
        assert to_json(parse_xml(to_xml(resource))) == to_json(resource)


@pytest.mark.parametrize("name", [name for name in TYPES if name != "Bundle"])  # it has rules of its own
def test_a_resource_of_every_type_built_from_the_definitions_is_valid(name):
    for seed, full in ((5, 0.0), (6, 0.3), (7, 0.6)):
        problems = validate(Builder(seed, full).resource(name), invariants=False)
        assert [(one.where, one.text) for one in problems if one.severity in ("error", "fatal")] == []


@pytest.fixture(scope="module")
def schema(official, tmp_path_factory):
    folder = tmp_path_factory.mktemp("xsd")
    with zipfile.ZipFile(official / "00-definitions" / "fhir-r4-4.0.1-xsd.zip") as archive:
        archive.extractall(folder)
    return etree.XMLSchema(etree.parse(os.fspath(folder / "fhir-single.xsd")))


def test_the_xml_of_every_type_is_valid_by_the_official_schema(schema):
    wrong = {}
    # the schema has one list of codes for the states of a Medication and of a MedicationStatement, which differ, and
    # leaves out the abstract code "question" of Questionnaire.item.type
    for name in sorted({*TYPES} - {"MedicationStatement", "Questionnaire"}):
        for seed in range(3):
            if not schema.validate(etree.fromstring(to_xml(Builder(seed, 0.5).resource(name)))):
                wrong[name, seed] = str(schema.error_log.last_error)
    assert wrong == {}


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(TYPES), st.integers(0, 2**32), st.floats(0, 1))
def test_any_resource_of_any_type_passes_unchanged(name, seed, full):
    resource = Builder(seed, full).resource(name)
    assert _exactly(parse_xml(to_xml(parse_json(to_json(resource))))) == _exactly(resource)


ODD = [
    None,
    {},
    [],
    "",
    " ",
    "a\x00",
    "\ud800",
    0,
    -1,
    1.5,
    True,
    [None],
    [[]],
    {"id": "a"},
    WrittenDecimal("1.0"),
    "x" * 300,
]


def _bent(value, rng: random.Random):
    """Return the resource with one thing somewhere in it replaced, taken away or doubled."""
    places = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        for key in one if isinstance(one, dict) else range(len(one)):
            places.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    for _ in range(rng.choice([1, 1, 3])):
        holder, key = rng.choice(places)
        if isinstance(holder, list):
            if key < len(holder):
                holder[key] = rng.choice(ODD)
        elif rng.random() < 0.3:
            holder.pop(key, None)
        elif rng.random() < 0.3:
            holder["_" + str(key)] = rng.choice(ODD)
        else:
            holder[key] = rng.choice(ODD)
    return value


def _without_nulls(value):
    """Return the resource without arrays that hold nothing but null: they say nothing, and XML has no word for it."""
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without_nulls(one)
        for key, one in value.items()
        if not (isinstance(one, list) and all(inner is None for inner in one))
    }


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(TYPES), st.integers(0, 2**32), st.floats(0, 0.6))
def test_what_is_bent_is_refused_by_name_or_passes_unchanged(name, seed, full):
    resource = _bent(Builder(seed, full).resource(name), random.Random(seed))  # noqa: S311 - as above
    problems = validate(resource)
    assert all(one.text and one.code and one.severity for one in problems)
    try:
        written = to_xml(resource)
    except AdapterError as error:
        refused = error
        assert refused.problems
        return
    again = parse_xml(written)
    assert is_valid(validate(again)) == is_valid(problems)
    assert _exactly(again) == _exactly(_without_nulls(resource))
