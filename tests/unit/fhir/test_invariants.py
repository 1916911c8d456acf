"""https://hl7.org/fhir/R4/conformance-rules.html#constraints."""

import re

import pytest

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath import Environment, FhirPathError, Node, compile_expression, root
from adapter.fhir.fhirpath.footprint import footprint
from adapter.fhir.validate import validate
from adapter.fhir.validate.invariants import IN_PYTHON, invariants_of

NOT_COMPILED: dict[str, str] = {}
"""Invariants whose expression cannot be compiled, with the reason: none."""


def test_every_invariant_of_r4_compiles_but_for_those_listed():
    failed = set()
    for constraint in definitions().constraints():
        try:
            compile_expression(constraint.expression)
        except FhirPathError:
            failed.add(constraint.key)
    assert failed == set(NOT_COMPILED)
    assert len(definitions().constraints()) > 200


def test_the_invariants_of_every_type_are_ready_to_run():
    for name in definitions().names():
        invariants_of(name)
    assert invariants_of("Period") is not None
    assert invariants_of("Coding") is None


def test_what_is_written_in_python_exists_in_r4():
    assert {one.key for one in definitions().constraints()} >= IN_PYTHON


@pytest.mark.parametrize(
    ("resource", "where", "key"),
    [
        ({"resourceType": "Patient", "contact": [{"gender": "other"}]}, "Patient.contact[0]", "pat-1"),
        ({"resourceType": "Patient", "telecom": [{"value": "1"}]}, "Patient.telecom[0]", "cpt-2"),
        (
            {"resourceType": "Patient", "name": [{"period": {"start": "2021", "end": "2020"}}]},
            "Patient.name[0].period",
            "per-1",
        ),
        (
            {"resourceType": "Patient", "name": [{"period": {"start": "2021", "end": "2021-03"}}]},
            "Patient.name[0].period",
            "per-1",
        ),
        ({"resourceType": "Organization", "active": True}, "Organization", "org-1"),
        (
            {"resourceType": "Organization", "name": "a", "address": [{"use": "work"}, {"use": "home"}]},
            "Organization.address[1]",
            "org-2",
        ),
        (
            {
                "resourceType": "Observation",
                "status": "final",
                "code": {"text": "a"},
                "referenceRange": [{"low": {"value": 1, "comparator": "<"}}],
            },
            "Observation.referenceRange[0].low",
            "sqty-1",
        ),
    ],
)
def test_a_broken_invariant_is_named_with_its_key_at_its_place(resource, where, key):
    found = {(problem.where, problem.severity) for problem in validate(resource) if f"({key})" in problem.text}
    assert found == {(where, "error")}


def test_best_practice_is_a_warning():
    assert [(problem.severity, problem.where) for problem in validate({"resourceType": "Patient", "active": True})] == [
        ("warning", "Patient"),
    ]


def test_without_invariants_only_structure_codes_and_references_are_checked():
    assert validate({"resourceType": "Organization", "active": True}, invariants=False) == []


def test_an_invariant_is_not_run_on_what_is_malformed():
    period = {"start": "2021", "end": 2020}
    problems = validate({"resourceType": "Patient", "name": [{"period": period}]})
    assert [problem.where for problem in problems if problem.severity == "error"] == ["Patient.name[0].period.end"]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("start.empty() or end.empty() or start <= end", {"start", "end"}),
        ("a.where(b = %resource.c).exists()", {"a"}),
        ("a.exists() implies %resource.c = 1", None),
        ("children().count() > 1", None),
        ("$this = 'a'", None),
        ("(a | b).exists() xor c[0] is Quantity", {"a", "b", "c"}),
    ],
)
def test_the_footprint_of_an_expression_is_what_it_looks_at(expression, names):
    assert footprint(expression) == names


def _documents():
    composition = {"resourceType": "Composition", "title": "a"}
    patient = {"resourceType": "Patient", "id": "p"}
    for kind in ("document", "message", "searchset", "collection", "transaction", "batch-response", "history"):
        for entry in (
            {"resource": composition},
            {"resource": patient, "fullUrl": "http://a.example/Patient/p/_history/1"},
            {"resource": patient, "search": {"mode": "match"}},
            {"request": {"method": "GET", "url": "a"}},
            {"response": {"status": "200"}},
            {"resource": {"resourceType": "MessageHeader"}, "response": {"status": "200"}},
            {"fullUrl": "urn:oid:1.2.3"},
        ):
            bundle = {"resourceType": "Bundle", "type": kind, "entry": [entry, entry]}
            yield bundle
            yield {
                **bundle,
                "total": 1,
                "timestamp": "2020-01-01T00:00:00Z",
                "identifier": {"system": "a:b", "value": "1"},
            }


def _with_contained():
    div = '<div xmlns="http://www.w3.org/1999/xhtml">a</div>'
    yield {"resourceType": "Patient", "text": {"status": "generated", "div": div}}
    inner = {"resourceType": "Organization", "id": "a", "name": "b"}
    for contained in (
        [inner],
        [{**inner, "contained": [{"resourceType": "Basic", "id": "c", "code": {"text": "d"}}]}],
        [{**inner, "meta": {"versionId": "1"}}],
        [{**inner, "meta": {"lastUpdated": "2020-01-01T00:00:00Z"}}],
        [{**inner, "meta": {"security": [{"code": "a"}]}}],
        [{**inner, "partOf": {"reference": "#"}}],
        [inner, {**inner, "id": "b"}],
    ):
        yield {"resourceType": "Patient", "contained": contained}
        yield {"resourceType": "Patient", "contained": contained, "managingOrganization": {"reference": "#a"}}
        yield {"resourceType": "Patient", "contained": contained, "managingOrganization": {"reference": "#x"}}


@pytest.mark.parametrize("key", sorted(key for key in IN_PYTHON if key.startswith(("bdl", "dom"))))
def test_what_is_written_in_python_says_what_the_expression_says(key):
    constraint = next(one for one in definitions().constraints() if one.key == key)
    judged = set()
    for resource in [*_documents(), *_with_contained()]:
        is_bundle = resource["resourceType"] == "Bundle"
        if is_bundle is not key.startswith("bdl"):
            continue
        owners = resource["entry"] if key in ("bdl-5", "bdl-8") else [resource]
        type_name = "Bundle.entry" if key in ("bdl-5", "bdl-8") else resource["resourceType"]
        expected = all(_holds(constraint.expression, owner, type_name, resource) for owner in owners)
        # one sentence may be for two keys: "(bdl-11, bdl-12)"
        found = any(key in re.split(r"[(), ]+", problem.text) for problem in validate(resource))
        if key in ("bdl-11", "bdl-12"):
            found = found and resource["type"] == {"bdl-11": "document", "bdl-12": "message"}[key]
        if key in ("dom-4", "dom-5"):
            part = {"dom-4": (".versionId", ".lastUpdated"), "dom-5": (".security",)}[key]
            found = any(problem.where.endswith(part) for problem in validate(resource) if key in problem.text)
        assert found is not expected, (key, resource)
        judged.add(expected)
    assert judged == {True, False}


def _holds(expression, owner, type_name, resource):
    this = [Node(owner, type_name)]
    holds = compile_expression(expression).truth(this, Environment(this, root(resource)))
    return holds is True or (holds is None and expression.startswith("fullUrl."))  # without one there is nothing to say


def _patients():
    """Give Patients with good and bad elements, extensions and references."""
    url = "http://a.example/x"
    for name in (
        {"id": "a"},
        {"family": "x"},
        {"id": "a", "family": "x"},
        {"extension": [{"url": url, "valueCode": "y"}]},
    ):
        yield "ele-1", {"resourceType": "Patient", "name": [name]}
    yield "ele-1", {"resourceType": "Patient", "birthDate": "1970", "_birthDate": {"id": "a"}}
    inner = {"url": url, "valueCode": "y"}
    for content in ({"valueCode": "y"}, {"extension": [inner]}, {}, {"valueCode": "y", "extension": [inner]}):
        yield "ext-1", {"resourceType": "Patient", "extension": [{"url": url, **content}]}
    contained = [{"resourceType": "Organization", "id": "o", "name": "x", "partOf": {"reference": "#"}}]
    for reference in ("#o", "#", "#p", "Organization/1", "http://a.example/Organization/1"):
        yield (
            "ref-1",
            {"resourceType": "Patient", "contained": contained, "managingOrganization": {"reference": reference}},
        )


@pytest.mark.parametrize("key", ["ele-1", "ext-1", "ref-1"])
def test_what_runs_on_every_element_says_what_the_expression_says(key):
    constraint = next(one for one in definitions().constraints() if one.key == key)
    kept = set()
    for resource in (one for which, one in _patients() if which == key):
        path = {"ele-1": "name", "ext-1": "extension", "ref-1": "managingOrganization"}[key]
        top = root(resource)
        elements = compile_expression(path if path in resource else "birthDate").items(
            [top], Environment([top], top, top)
        )
        truth = compile_expression(constraint.expression).truth
        expected = all(truth([one], Environment([one], top, top)) is True for one in elements)
        bad = [problem for problem in validate(resource) if problem.severity == "error"]
        assert (bad == []) is expected, (resource, bad)
        kept.add(expected)
    assert kept == {True, False}
