"""What a check leaves behind, and what it knows of the surroundings."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypeAlias

from adapter.fhir.definitions.registry import definitions
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

MOST_KEPT = 30_000
"""Of findings beyond, far more than are listed, only code and severity are kept: a megabyte can have half a million."""


class _Counted(Finding):
    """Stands for any number of findings; where they are is not kept."""

    __slots__ = ()

    @property
    def path(self) -> str:
        return ""

    @path.setter
    def path(self, _: str) -> None:
        pass


@cache
def _counted(code: str, severity: str) -> Finding:
    return _Counted("", code, "is one of very many problems", severity)


def put_before(findings: Findings, start: int, prefix: str) -> None:
    """Lengthen the paths of all findings from index `start` on; called only where something was found."""
    if start >= MOST_KEPT:
        findings[start:] = [
            _counted(one.code, one.severity) if one.__class__ is Finding else one for one in findings[start:]
        ]
    for finding in findings[start:]:
        finding.path = prefix + finding.path


class Entries:
    """The resources of a Bundle by fullUrl, and by the `Type/id` that a RESTful one ends with; looked up when asked."""

    def __init__(self, bundle: dict[str, Any]) -> None:
        self._bundle = bundle

    @cached_property
    def by_url(self) -> dict[str, dict[str, Any]]:
        """Return them; of two with one name the first counts."""
        found: dict[str, dict[str, Any]] = {}
        entries = self._bundle.get("entry")
        for entry in entries if type(entries) is list else ():
            url, resource = (entry.get("fullUrl"), entry.get("resource")) if type(entry) is dict else (None, None)
            if type(url) is str and type(resource) is dict and type(resource.get("resourceType")) is str:
                found.setdefault(url, resource)
                found.setdefault("/".join(url.split("/")[-2:]), resource)
        return found

    @cached_property
    def questionnaires(self) -> dict[str, dict[str, Any]]:
        """Return the Questionnaires by canonical URL; of two with one URL the first counts."""
        found: dict[str, dict[str, Any]] = {}
        for resource in self.by_url.values():
            if resource["resourceType"] == "Questionnaire" and type(resource.get("url")) is str:
                found.setdefault(resource["url"], resource)
        return found


class Resolver:
    """Gives the resource that a reference points at, if it is in the input; `missed` tells that one was not."""

    __slots__ = ("_bundle", "_root", "missed")

    def __init__(self, root: Node | None, bundle: Entries | None) -> None:
        self._root = root
        self._bundle = bundle
        self.missed = False

    def __call__(self, text: str) -> Node | None:
        """Return the resource, None where it is not at hand."""
        found = self._contained(text[1:]) if text[:1] == "#" else None
        if found is None and self._bundle is not None:
            found = self._bundle.by_url.get(text)
        if found is None or found["resourceType"] not in definitions().resource_types:
            self.missed = True
            return None
        return Node(found, found["resourceType"])

    def _contained(self, name: str) -> dict[str, Any] | None:
        several = self._root.value.get("contained") if self._root is not None else None
        for one in several if type(several) is list else ():
            if type(one) is dict and one.get("id") == name and type(one.get("resourceType")) is str:
                return one
        return None


@dataclass(slots=True)
class Scope:
    """What is around an element: where references may point from here, and what its invariants may look at.

    Attributes:
        entries: resource type by fullUrl in the Bundle around; None outside a Bundle.
        contained: resource type by id of what the resource around contains.
        resource: the nearest resource.
        root: the resource that contains it, else the same.
        bundle: the entries of the Bundle around; None outside a Bundle.
        budget: what all invariants of a file may spend together; None: no invariants are run.
        environment: the one that the invariants of a resource share.
        unchecked: systems of codes that R4 demands and does not hold, over the whole file.
        references: the References met in the resource.
        element_ids: the ids of elements met in the resource; None before the first.
        gathered: in a Bundle, its resources with the References in each; None where nobody asks.
    """

    entries: dict[str, str] | None = None
    contained: dict[str, str] = field(default_factory=dict)
    resource: Node | None = None
    root: Node | None = None
    bundle: Entries | None = None
    budget: Budget | None = None
    environment: Environment | None = None
    unchecked: set[str] = field(default_factory=set)
    references: list[dict[str, Any]] = field(default_factory=list)
    gathered: list[tuple[dict[str, Any], list[dict[str, Any]]]] | None = None
    element_ids: set[str] | None = None


def typed_by(resources: Any, key: str) -> dict[str, str]:
    """Return the resource type by `key` ("id") of those that have both; anything odd is left to other checks."""
    if type(resources) is not list:
        return {}
    return {
        resource[key]: resource["resourceType"]
        for resource in resources
        if type(resource) is dict and type(resource.get(key)) is str and type(resource.get("resourceType")) is str
    }
