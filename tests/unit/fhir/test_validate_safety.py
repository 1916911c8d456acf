"""Whatever a sender sends: an answer, soon, and never a crash."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.fhir.codec import to_json
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath import FhirPathError, compile_expression
from adapter.fhir.validate import MOST_PROBLEMS, validate, validate_bytes

SOON = 30
"""Seconds; a loose watchdog, the figures are in the benches."""

NAMES = sorted(
    {prop for name in definitions().names() for e in definitions().type(name).elements for prop, _ in e.properties()}
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.sampled_from(["", "#", "#a", "Patient/1", "2020", "2020-02-30", "urn:uuid:", "http://hl7.org/fhir/", "<div>"])
    | st.text(max_size=6)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES) | st.sampled_from(["resourceType", "_value", "_status"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)
RESOURCES = st.builds(
    lambda name, members: {"resourceType": name, **members},
    st.sampled_from(sorted(definitions().resource_types)),
    st.dictionaries(st.sampled_from(NAMES), TREES, max_size=6),
)


@settings(deadline=None, max_examples=300)
@given(RESOURCES)
def test_no_resource_makes_the_validator_fail(resource):
    assert isinstance(validate(resource), list)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_make_the_validator_fail(data):
    assert isinstance(validate_bytes(data), list)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="abPatient.()'[]|=<>$%@0123456789 andorxiswhere{}`\\\"+-*/&~!,", max_size=60))
def test_no_text_makes_the_compiler_of_expressions_fail_otherwise_than_by_its_own_error(source):
    try:
        expression = compile_expression(source)
        expression({"resourceType": "Patient", "name": [{"given": ["a", "b"]}]})
    except FhirPathError:
        pass


@pytest.mark.parametrize(
    "source", ["(" * 5000 + "1" + ")" * 5000, "a." * 4000 + "a", "1+" * 4000 + "1", "-" * 9000 + "1"]
)
def test_no_expression_is_deep_enough_to_end_the_process(source):
    try:
        compile_expression(source)
    except FhirPathError:
        assert len(source) > 100


def _bundle(kind, entries):
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def _contained(number):
    inner = [{"resourceType": "Basic", "id": str(at), "code": {"text": "a"}} for at in range(number)]
    return {
        "resourceType": "Patient",
        "contained": inner,
        "link": [{"other": {"reference": f"#{at}"}} for at in range(number)],
    }


def _unresolved(number):
    focus = [{"reference": f"Basic/{at}"} for at in range(number)]
    composition = {"resourceType": "Composition", "section": [{"entry": focus}]}
    return _bundle("document", [{"fullUrl": "http://a.example/Composition/1", "resource": composition}])


def _many_of_one(number):
    url = "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"
    return _bundle(
        "collection", [{"fullUrl": url, "resource": {"resourceType": "Basic", "subject": {"reference": url}}}] * number
    )


def _codes(number):
    return {
        "resourceType": "CodeSystem",
        "status": "active",
        "content": "complete",
        "concept": [{"code": str(at)} for at in range(number)],
    }


def _snapshot(number):
    elements = [{"id": f"A.{at}", "path": f"A.a{at}", "definition": "a", "min": 0, "max": "1"} for at in range(number)]
    return {
        "resourceType": "StructureDefinition",
        "url": "http://a.example/A",
        "name": "A",
        "status": "active",
        "kind": "resource",
        "abstract": False,
        "type": "A",
        "snapshot": {"element": elements},
    }


def _guide(number):
    groups = [{"id": str(at), "name": "a"} for at in range(number)]
    resources = [{"reference": {"reference": "Basic/1"}, "groupingId": str(at)} for at in range(number)]
    return {
        "resourceType": "ImplementationGuide",
        "url": "http://a.example/A",
        "name": "A",
        "status": "active",
        "packageId": "a",
        "fhirVersion": ["4.0.1"],
        "definition": {"grouping": groups, "resource": resources},
    }


def _questions(number):
    items = [{"linkId": str(at), "type": "string", "enableWhen": [{"question": "x"}]} for at in range(number)]
    return {"resourceType": "Questionnaire", "status": "active", "item": items}


def _extensions(number):
    url = "http://hl7.org/fhir/StructureDefinition/humanname-mothers-family"
    return {"resourceType": "Patient", "name": [{"extension": [{"url": url, "valueString": "a"}] * number}]}


@pytest.mark.parametrize(
    ("make", "number"),
    [
        (_contained, 9000),
        (_unresolved, 20_000),
        (_many_of_one, 4000),
        (_codes, 40_000),
        (_snapshot, 8000),
        (_guide, 8000),
        (_questions, 10_000),
        (_extensions, 9000),
    ],
)
def test_a_megabyte_of_anything_is_judged_soon(make, number):
    resource = make(number)
    assert 500_000 < len(to_json(resource)) < 2_000_000
    start = time.monotonic()
    problems = validate(resource)
    assert time.monotonic() - start < SOON
    assert len(problems) <= MOST_PROBLEMS + 1


def test_a_narrative_of_a_megabyte_is_judged_soon():
    for inside in (
        "<b>" * 200 + "a" + "</b>" * 200,
        "<br/>" * 150_000,
        "<p>a</p>" * 100_000,
        "<" * 500_000,
        "&a;" * 300_000,
    ):
        div = f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>'
        start = time.monotonic()
        validate({"resourceType": "Patient", "text": {"status": "generated", "div": div}})
        assert time.monotonic() - start < SOON
