"""https://hl7.org/fhir/R4/conformance-rules.html#constraints."""

import pytest

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath import FhirPathError, compile_expression
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
