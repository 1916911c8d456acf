"""Errors and problems as OperationOutcome, the one translation; and a peer's OperationOutcome as problems.

https://hl7.org/fhir/R4/operationoutcome.html
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from adapter.base.errors import AdapterError, Problem
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.resource import Resource

_ISSUE_TYPES = "http://hl7.org/fhir/ValueSet/issue-type"
_SEVERITIES = ("fatal", "error", "warning", "information")
_ACCESS = frozenset({"security", "login", "unknown", "expired", "forbidden", "suppressed"})
_FHIR_PATH = re.compile(r"([A-Z][A-Za-z]+)(?:\.[A-Za-z][A-Za-z0-9]*(?:\[(?:[0-9]+|x)\])?)*")
_POSITION = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue"
"""The start of two extensions, -line and -col: the position in the text that was sent."""
_LONGEST_PATH = 200
_MOST_PEER_ISSUES = 20
_LONGEST_PEER_TEXT = 300
_TAG = re.compile(r"<[^>]*>?")
_IDENTIFIER_LIKE = re.compile(r"\w*\d{6,}\w*")


def outcome(error: AdapterError) -> Resource:
    """Return the OperationOutcome of an error: one issue for each of its problems."""
    return outcome_of(error.problems, default_code=error.issue)


def outcome_of(problems: Iterable[Problem], *, default_code: str = "invalid") -> Resource:
    """Return an OperationOutcome; without problems it says that all is well.

    A place that is a FHIRPath goes to `expression`; one in the sender's own terms (a JSON pointer, RF1-6) goes to
    `diagnostics` and, for people, in front of the text; line and column go to `diagnostics` and to the extensions for
    them.
    """
    issues = [_issue(problem, default_code) for problem in problems]
    return {"resourceType": "OperationOutcome", "issue": issues} if issues else ok_outcome("All OK")


def ok_outcome(text: str) -> Resource:
    """Return an OperationOutcome with one piece of good news."""
    issue = {"severity": "information", "code": "informational", "details": {"text": text}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def problems_from(peer_outcome: Resource) -> tuple[Problem, ...]:
    """Return what a peer's OperationOutcome says, made safe to show: few, short, no markup, nothing about access.

    What looks like an identifier (six digits and more in a row) is masked; anything of an unexpected shape is skipped.
    """
    issues = peer_outcome.get("issue") if type(peer_outcome) is dict else None
    if type(issues) is not list:
        return ()
    known = _issue_types()
    found = []
    for issue in issues[:_MOST_PEER_ISSUES]:
        if type(issue) is not dict:
            continue
        code, severity = str(issue.get("code")), str(issue.get("severity"))
        text = "the other side did not permit it" if code in _ACCESS else _said(issue)
        found.append(
            Problem(
                text,
                where=_place(issue),
                code=code if code in known else "processing",
                severity=severity if severity in _SEVERITIES else "error",
            ),
        )
    return tuple(found)


def is_fhir_path(where: str) -> bool:
    """Tell whether a place is a FHIRPath into a resource, such as `Bundle.entry[2].resource.status`."""
    match = _FHIR_PATH.fullmatch(where)
    return match is not None and (match[1] == "Resource" or match[1] in definitions().resource_types)


def _issue(problem: Problem, default_code: str) -> dict[str, Any]:
    text, where = problem.text, problem.where
    path = where if where is not None and is_fhir_path(where) else None
    own_terms = where if path is None else None
    position = ", ".join(
        f"{name} {number}"
        for name, number in (("line", problem.line), ("column", problem.column))
        if number is not None
    )
    issue: dict[str, Any] = {}
    if problem.line is not None:
        issue["extension"] = [
            {"url": f"{_POSITION}-{name}", "valueInteger": number}
            for name, number in (("line", problem.line), ("col", problem.column))
            if number is not None
        ]
    issue |= {
        "severity": problem.severity,
        "code": problem.code or default_code,
        "details": {"text": f"{own_terms}: {text}" if own_terms else text},
    }
    if diagnostics := "; ".join(part for part in (own_terms, position) if part):
        issue["diagnostics"] = diagnostics
    if path is not None:
        issue["expression"] = [path]
    return issue


def _issue_types() -> frozenset[str]:
    return frozenset().union(*(definitions().codes(_ISSUE_TYPES) or {}).values())


def _said(issue: dict[str, Any]) -> str:
    details = issue.get("details")
    candidates: Iterator[Any] = iter(
        (details.get("text") if type(details) is dict else None, issue.get("diagnostics")),
    )
    text = next((text for text in candidates if type(text) is str and text.strip()), "no reason given")
    # cut first: the rest of the work is then bounded, however long the peer's text is
    text = _TAG.sub(" ", text[: 4 * _LONGEST_PEER_TEXT])
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _IDENTIFIER_LIKE.sub("...", text)[:_LONGEST_PEER_TEXT] or "no reason given"


def _place(issue: dict[str, Any]) -> str | None:
    expressions = issue.get("expression")
    first = expressions[0] if type(expressions) is list and expressions else None
    if type(first) is str and len(first) <= _LONGEST_PATH and is_fhir_path(first):
        return first
    return None
