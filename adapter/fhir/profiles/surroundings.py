"""What a profile's rules may look at beyond the element itself: the resource, what it contains, the Bundle around."""

from dataclasses import dataclass, field
from typing import Any

from adapter.fhir.fhirpath import Budget, Environment, Node, root
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.validate.bundle_rules import entries_by_url
from adapter.fhir.validate.findings import Findings, Scope, typed_by


@dataclass(slots=True)
class Surroundings:
    """What is around an element while it is checked.

    Attributes:
        packages: where profiles and value sets come from.
        budget: what all expressions of one file may spend together.
        resource: the nearest resource.
        outermost: the resource that contains it, else the same.
        entries: the resources of the Bundle around by fullUrl.
        scope: the same as the base validator wants it for references.
        told: where everything is told once, the list that it goes to; None = as often as it is found.
        seen: profiles by URL with the resources that were held against them for `told`.
        fitting: whether a resource fits a profile, as far as somebody asked.
    """

    packages: Packages
    budget: Budget
    resource: Node
    outermost: Node
    entries: dict[str, Any] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    told: Findings | None = None
    seen: set[tuple[str, int]] = field(default_factory=set)
    fitting: dict[tuple[str, int], bool] = field(default_factory=dict)

    def was_told(self, url: str, resource: Node, out: Findings) -> bool:
        """Tell whether `out` has all that a profile says of a resource already, and take it that it will have it."""
        if out is not self.told or type(resource.value) is not dict or "resourceType" not in resource.value:
            return False
        key = (url, id(resource.value))
        before = len(self.seen)
        self.seen.add(key)
        return len(self.seen) == before

    def resolve(self, text: str) -> Node | None:
        """Return the resource that a reference points at, None where it is not in this file."""
        if text.startswith("#"):
            contained = self.outermost.value.get("contained")
            several = contained if type(contained) is list else ()
            of_it = (one for one in several if type(one) is dict and one.get("id") == text[1:])
            found = next(of_it, None)
        else:
            found = self.entries.get(text)
        return root(found) if type(found) is dict else None

    def environment(self, this: Node) -> Environment:
        """Return what an expression about `this` is evaluated in."""
        return Environment([this], self.resource, self.outermost, resolve=self.resolve, budget=self.budget)


def around(resource: Node, packages: Packages, budget: Budget, outer: Surroundings | None = None) -> Surroundings:
    """Return the surroundings inside a resource; `outer` are those around it, None at the top."""
    contained = typed_by(resource.value.get("contained"), "id")
    if resource.type == "Bundle":
        entries = _entries(resource.value)
        scope = Scope(entries_by_url(resource.value), contained, resource, resource)
    else:
        entries = {} if outer is None else outer.entries
        scope = Scope(None if outer is None else outer.scope.entries, contained, resource, resource)
    made = Surroundings(packages, budget, resource, resource, entries, scope)
    if outer is not None:
        made.told, made.seen, made.fitting = outer.told, outer.seen, outer.fitting
    return made


def _entries(bundle: dict[str, Any]) -> dict[str, Any]:
    """Return the resources by fullUrl, and by `Type/id` where nothing else has that name."""
    found: dict[str, Any] = {}
    entries = bundle.get("entry")
    for entry in entries if type(entries) is list else ():
        resource, url = (entry.get("resource"), entry.get("fullUrl")) if type(entry) is dict else (None, None)
        if type(resource) is not dict:
            continue
        if type(url) is str:
            found[url] = resource
        found.setdefault(f"{resource.get('resourceType')}/{resource.get('id')}", resource)
    return found
