"""What a check leaves behind, and what it knows of the surroundings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from adapter.fhir.fhirpath import Budget, Environment, Node


class Finding:
    """One thing that is wrong; `path` grows from the inside to the outside as the checks return."""

    __slots__ = ("code", "path", "severity", "text")

    def __init__(self, path: str, code: str, text: str, severity: str = "error") -> None:
        self.path = path
        self.code = code
        self.text = text
        self.severity = severity


Findings: TypeAlias = list[Finding]


def put_before(findings: Findings, start: int, prefix: str) -> None:
    """Lengthen the paths of all findings from index `start` on; called only where something was found."""
    for finding in findings[start:]:
        finding.path = prefix + finding.path


@dataclass(slots=True)
class Scope:
    """What is around an element: where references may point from here, and what its invariants may look at.

    Attributes:
        entries: resource type by fullUrl in the Bundle around; None outside a Bundle.
        contained: resource type by id of what the resource around contains.
        resource: the nearest resource.
        root: the resource that contains it, else the same.
        resolve: gives the resource that a reference points at; None where none is at hand.
        budget: what all invariants of a file may spend together; None: no invariants are run.
        environment: the one that the invariants of a resource share.
        unchecked: systems of codes that R4 demands and does not hold, over the whole file.
        references: the References met in the resource.
        gathered: in a Bundle, its resources with the References in each; None where nobody asks.
    """

    entries: dict[str, str] | None = None
    contained: dict[str, str] = field(default_factory=dict)
    resource: Node | None = None
    root: Node | None = None
    resolve: Callable[[str], Node | None] | None = None
    budget: Budget | None = None
    environment: Environment | None = None
    unchecked: set[str] = field(default_factory=set)
    references: list[dict[str, Any]] = field(default_factory=list)
    gathered: list[tuple[dict[str, Any], list[dict[str, Any]]]] | None = None


def typed_by(resources: Any, key: str) -> dict[str, str]:
    """Return the resource type by `key` ("id") of those that have both; anything odd is left to other checks."""
    if type(resources) is not list:
        return {}
    return {
        resource[key]: resource["resourceType"]
        for resource in resources
        if type(resource) is dict and type(resource.get(key)) is str and type(resource.get("resourceType")) is str
    }
