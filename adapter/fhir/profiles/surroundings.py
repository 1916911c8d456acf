"""What a profile's rules may look at beyond the element itself: the resource, what it contains, the Bundle around."""

from typing import Any

from adapter.fhir.fhirpath import Budget, Environment, Node, root
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.validate.bundle_rules import entries_by_url
from adapter.fhir.validate.findings import Findings, Scope, typed_by

_HOLDING = ("Bundle", "Parameters")
"""Types whose resources are no contained ones."""


class Judging:
    """What belongs to one call of the validator.

    Attributes:
        packages: where profiles and value sets come from.
        budget: what all expressions of one file may spend together.
        told: where everything is told once, the list that it goes to; None = as often as it is found.
        seen: profiles by URL with the values that were held against them for `told`.
        fitting: whether a resource fits a profile, as far as somebody asked.
    """

    __slots__ = ("budget", "fitting", "packages", "seen", "told")

    def __init__(self, packages: Packages, told: Findings | None = None) -> None:
        self.packages = packages
        self.budget = Budget()
        self.told = told
        self.seen: set[tuple[str, int]] = set()
        self.fitting: dict[tuple[str, int], bool] = {}

    def was_told(self, url: str, value: Any, out: Findings) -> bool:
        """Tell whether `out` has all that a profile says of a value already, and take it that it will have it."""
        if out is not self.told:
            return False
        key = (url, id(value))
        before = len(self.seen)
        self.seen.add(key)
        return len(self.seen) == before


class Surroundings:
    """What is around an element while it is checked; the same for all elements of a resource.

    Attributes:
        judging: what belongs to the call.
        resource: the nearest resource.
        outermost: the resource that contains it, else the same.
        bundle: the surroundings of the Bundle around; None outside a Bundle.
    """

    __slots__ = ("_entries", "_inner", "_scope", "_types", "bundle", "judging", "outermost", "resource")

    def __init__(self, resource: Node, judging: Judging, outer: "Surroundings | None" = None) -> None:
        """Stand inside a resource; `outer` are the surroundings around it, None at the top."""
        self.judging = judging
        self.resource = resource
        is_contained = outer is not None and outer.resource.type not in _HOLDING
        self.outermost: Node = outer.outermost if outer is not None and is_contained else resource
        self.bundle: Surroundings | None = self if resource.type == "Bundle" else outer and outer.bundle
        self._entries: dict[str, Any] | None = None
        self._scope: Scope | None = None
        self._types: dict[str, str] | None = None
        self._inner: dict[int, Surroundings] = {}

    def inside(self, node: Node) -> "Surroundings":
        """Return the surroundings of what is in a value: others, where it is a resource of its own."""
        value = node.value
        if value is self.resource.value or value.__class__ is not dict or "resourceType" not in value:
            return self
        found = self._inner.get(id(value))
        if found is None:
            found = self._inner[id(value)] = Surroundings(node, self.judging, self)
        return found

    @property
    def scope(self) -> Scope:
        """The same as the base validator wants it for references."""
        if self._scope is None:
            of_bundle = None if self.bundle is None else self.bundle.types
            contained = typed_by(self.outermost.value.get("contained"), "id")
            self._scope = Scope(of_bundle, contained, self.resource, self.outermost)
        return self._scope

    @property
    def types(self) -> dict[str, str]:
        """The types of a Bundle's resources by fullUrl."""
        if self._types is None:
            self._types = entries_by_url(self.resource.value)
        return self._types

    @property
    def entries(self) -> dict[str, Any]:
        """The resources of the Bundle around by fullUrl, and by `Type/id` where nothing else has that name."""
        if self._entries is None:
            around = self.bundle
            found = {} if around is None else _entries(self.resource.value) if around is self else around.entries
            self._entries = found
        return self._entries

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
        return Environment([this], self.resource, self.outermost, resolve=self.resolve, budget=self.judging.budget)


def _entries(bundle: dict[str, Any]) -> dict[str, Any]:
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
