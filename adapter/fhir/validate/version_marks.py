"""Recognises resources of STU3 and R5 by what is wrong with them as R4: elements, shapes and codes of those versions.

Runs only where something is wrong. https://hl7.org/fhir/R4/versions.html
"""

import re
from typing import Any

from adapter.base.errors import Problem
from adapter.fhir.definitions.versions import (
    versions_of_code,
    versions_of_element,
    versions_of_member,
    versions_of_shape,
)
from adapter.fhir.validate.findings import Finding, Findings
from adapter.fhir.validate.place import Place, place_of

_LAST = re.compile(r"\.([A-Za-z]+)(?:\[[0-9]+\])?$")
_RESOURCE = re.compile(
    r"(?:\.contained\[[0-9]+\]|\.entry\[[0-9]+\]\.resource|\.parameter\[[0-9]+\](?:\.part\[[0-9]+\])*\.resource)*"
)
_TELLING = frozenset({"structure", "value", "not-supported", "code-invalid"})
_MOST_LOOKED_AT = 200
_MOST_NAMED = 3


def add_versions(out: Findings, resource: dict[str, Any]) -> None:
    """Add, for each resource that must be of another version, one finding that says so and by what it is known."""
    marks: dict[str, dict[str, list[str]]] = {}
    for finding in [one for one in out if one.severity == "error" and one.code in _TELLING][:_MOST_LOOKED_AT]:
        name, versions = _marks_of(finding, resource)
        match = _RESOURCE.match(finding.path)
        for version in versions:
            named = marks.setdefault(match[0] if match else "", {}).setdefault(version, [])
            if name not in named:
                named.append(name)
    said_of_all: Findings = []
    for path, by_version in marks.items():
        most = max(len(names) for names in by_version.values())
        likely = sorted(version for version, names in by_version.items() if len(names) == most)
        names = [f"`{name}`" for name in by_version[likely[0]][:_MOST_NAMED]]
        said = (
            f"this is of FHIR {' or '.join(likely)}, not of R4, as {', '.join(names)} "
            f"show{'s' if len(names) == 1 else ''}: only FHIR R4 (4.0.1) is accepted"
        )
        said_of_all.append(Finding(path, "not-supported", said))
    out[:0] = said_of_all  # first, so that no limit cuts it off


def marked(noted: list[Problem], resource: dict[str, Any]) -> list[Problem]:
    """Return what a reader had to leave out of a resource, and before it of which version it must be, if that shows."""
    root = str(resource.get("resourceType"))
    left_out = [
        Finding(problem.where.removeprefix(root), problem.code or "", problem.text)
        for problem in noted
        if problem.where is not None
    ]
    count = len(left_out)
    add_versions(left_out, resource)
    return [
        *(Problem(one.text, where=root + one.path, code=one.code) for one in left_out[: len(left_out) - count]),
        *noted,
    ]


def _marks_of(finding: Finding, resource: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the element that a finding is about, and the versions in which there would be nothing wrong with it."""
    match = _LAST.search(finding.path)
    owner = place_of(resource, finding.path[: match.start()]) if match is not None else None
    if match is None or owner is None or type(owner.node.value) is not dict:
        return "", ()
    name, type_name = match[1], owner.type
    value = owner.node.value.get(name)
    if finding.code == "code-invalid" and type(value) is not bool:
        # a code alone may as well be a slip: it is told in the finding and proves nothing
        versions = versions_of_code(type_name, name, value) if type(value) is str else ()
        if versions:
            finding.text += f"; FHIR {' and '.join(versions)} would have it"
        return name, ()
    return name, versions_of_element(type_name, name) or _of_owner(owner, name) or versions_of_shape(
        type_name, name, value
    )


def _of_owner(owner: Place, name: str) -> tuple[str, ...]:
    for path in owner.names:
        above, _, element = path.rpartition(".")
        if above and (versions := versions_of_member(above, element, name)):
            return versions
    return ()
