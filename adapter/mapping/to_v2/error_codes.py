"""Our issue types as message error conditions (table 0357), and the severities of ERR-4 (table 0516).

https://terminology.hl7.org/CodeSystem-v2-0357.html, https://terminology.hl7.org/CodeSystem-v2-0516.html
"""

from typing import Final

from adapter.base.errors import Problem

TEXTS: Final = {
    "0": "Message accepted",
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "104": "Value too long",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "206": "Application record locked",
    "207": "Application error",
}
_OF_ISSUE: Final = {
    "required": "101",
    "structure": "102",
    "value": "102",
    "invalid": "102",
    "invariant": "102",
    "code-invalid": "103",
    "too-long": "104",
    "not-supported": "200",
    "not-found": "204",
    "duplicate": "205",
    "lock-error": "206",
}
_OF_HEADER: Final = {"MSH-9": "200", "MSH-9.1": "200", "MSH-9.2": "201", "MSH-11": "202", "MSH-12": "203"}
_SEVERITIES: Final = {"fatal": "F", "warning": "W", "information": "I"}


def condition_code(problem: Problem, issue: str) -> str:
    """Return the code of table 0357 for a problem; the table of version 2.8 only adds to those before.

    Args:
        problem: what is wrong.
        issue: its issue type where it says none itself.
    """
    if problem.severity == "information":
        return "0"
    issue = problem.code or issue
    where = problem.where or ""
    if issue != "required" and (of_header := _OF_HEADER.get(where.partition("[")[0])):
        return of_header
    if issue == "structure" and "-" not in where:
        return "100"
    return _OF_ISSUE.get(issue, "0" if problem.severity == "warning" else "207")


def severity_code(problem: Problem) -> str:
    """Return the code of table 0516."""
    return _SEVERITIES.get(problem.severity, "E")
