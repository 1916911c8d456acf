"""What a check leaves behind, and what it knows of the surroundings."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias


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


@dataclass(frozen=True, slots=True)
class Scope:
    """Where references may point from here.

    Attributes:
        entries: resource type by fullUrl in the Bundle around; None outside a Bundle.
        contained: resource type by id of what the resource around contains.
    """

    entries: dict[str, str] | None = None
    contained: dict[str, str] = field(default_factory=dict)


def typed_by(resources: Any, key: str) -> dict[str, str]:
    """Return the resource type by `key` ("id") of those that have both; anything odd is left to other checks."""
    if type(resources) is not list:
        return {}
    return {
        resource[key]: resource["resourceType"]
        for resource in resources
        if type(resource) is dict and type(resource.get(key)) is str and type(resource.get("resourceType")) is str
    }
