"""The one entry point: a resource in, every problem out.

https://hl7.org/fhir/R4/validation.html
"""

from typing import Any

from adapter.base.errors import Problem
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath import Budget
from adapter.fhir.resource import Resource
from adapter.fhir.validate.bindings import unchecked_systems
from adapter.fhir.validate.compiler import check_resource
from adapter.fhir.validate.extension_rules import answered
from adapter.fhir.validate.findings import Findings, Scope
from adapter.fhir.validate.version_marks import add_versions

MOST_PROBLEMS = 1000
"""More are counted, not listed."""

_UNLISTED = {
    severity: Problem("one of many", code="incomplete", severity=severity)
    for severity in ("fatal", "error", "warning", "information")
}


def validate(resource: Resource, *, invariants: bool = True) -> list[Problem]:
    """Return all problems, errors and warnings, each with a FHIRPath; empty means valid as far as it was checked.

    At most MOST_PROBLEMS are listed; one more (code "incomplete") then says how many there are. `invariants` False
    leaves out the invariants in FHIRPath and the rules of narratives: structure, codes and references only.
    """
    problems = all_problems(resource, invariants=invariants)
    return limited(problems) if len(problems) > MOST_PROBLEMS else problems


def all_problems(resource: Resource, *, invariants: bool = True) -> list[Problem]:
    """Return all problems, however many; those that cannot be listed are all one object that says their severity."""
    out: Findings = []
    scope = Scope(budget=Budget() if invariants else None)
    try:
        check_resource(resource, out, scope)
    except RecursionError:
        said = "is nested too deep to be checked"
        return [Problem(said, where=_root(resource), code="too-costly", severity="fatal")]
    if not out and not scope.unchecked:
        return []
    root, out = _root(resource), answered(out, resource)
    add_versions(out, resource)
    return (
        [
            Problem(finding.text, where=root + finding.path, code=finding.code, severity=finding.severity)
            for finding in out[:MOST_PROBLEMS]
        ]
        + [_UNLISTED[finding.severity] for finding in out[MOST_PROBLEMS:]]
        + [
            Problem(
                f"not checked: no content for the code system {system}", code="not-supported", severity="information"
            )
            for system in unchecked_systems(scope.unchecked)
        ]
    )


def limited(problems: list[Problem]) -> list[Problem]:
    """Return the first MOST_PROBLEMS and how many more there are."""
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return problems
    # an error that is cut off must not make the rest look valid
    severity = "error" if any(one.severity in ("error", "fatal") for one in problems[MOST_PROBLEMS:]) else "information"
    return [*problems[:MOST_PROBLEMS], Problem(f"{more} more", code="incomplete", severity=severity)]


def _root(resource: Any) -> str:
    name = resource.get("resourceType") if type(resource) is dict else None
    return name if type(name) is str and name in definitions().resource_types else "Resource"
