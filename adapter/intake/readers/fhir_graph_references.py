"""The resources of a FHIR message and how they refer to each other: by fullUrl, contained, relative, by identifier.

Nothing is ever fetched: what is not in the message is known by what the reference itself says of it.
https://hl7.org/fhir/R4/bundle.html#references https://hl7.org/fhir/R4/references.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapter.base.errors import Problem, TooLarge
from adapter.fhir.resource import Resource

MOST_RESOURCES: Final = 5_000
_LOCAL: Final = re.compile(r"(?:(?P<base>https?://.+)/)?(?P<local>[A-Za-z]+/[A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One resource of a message.

    Attributes:
        resource: as parsed.
        path: its place, "Bundle.entry[2].resource".
        full_url: of its entry; None = it has none.
        owner: the resource that contains it; None = it stands on its own.
        bundle: the Bundle in which it stands, by its place; "" = in none.
    """

    resource: Resource
    path: str
    full_url: str | None = None
    owner: "Part | None" = None
    bundle: str = ""

    @property
    def kind(self) -> str:
        """The type of the resource."""
        return str(self.resource["resourceType"])

    @property
    def local(self) -> str | None:
        """`Type/id`; None = it has no id."""
        return f"{self.kind}/{self.resource['id']}" if "id" in self.resource else None


@dataclass(slots=True)
class Graph:
    """The resources of one message, in their order, with what leads to them."""

    parts: list[Part] = field(default_factory=list)
    _by_url: dict[str, Part] = field(default_factory=dict)
    _by_local: dict[str, Part] = field(default_factory=dict)
    _by_identifier: dict[tuple[str, str, str], list[Part]] = field(default_factory=dict)
    _contained: dict[tuple[int, str], Part] = field(default_factory=dict)
    _roles: dict[Part, list[Part]] | None = None

    def add(self, part: Part) -> None:
        """Add a resource with everything in it.

        Raises:
            TooLarge: it is one too many.
        """
        waiting = [part]
        while waiting:
            one = waiting.pop()
            if len(self.parts) >= MOST_RESOURCES:
                text = f"the message has more than {MOST_RESOURCES} resources: send fewer of them at once"
                raise TooLarge(text, problems=[Problem(text, one.path, "too-long")])
            self.parts.append(one)
            self._index(one)
            waiting += reversed(list(_within(one)))

    def resolve(self, reference: Any, source: Part) -> Part | None:
        """Return the resource that a Reference of another one leads to; None = it is not in the message."""
        if not isinstance(reference, Mapping):
            return None
        said = reference.get("reference")
        if isinstance(said, str) and (found := self.at(said, source)) is not None:
            return found
        identifier = reference.get("identifier")
        if not isinstance(identifier, Mapping):
            return None
        named = (str(reference.get("type", "")), str(identifier.get("system", "")), str(identifier.get("value", "")))
        several = self._by_identifier.get(named, []) or self._by_identifier.get(("", *named[1:]), [])
        several = [one for one in several if named[0] in ("", one.kind)]
        return several[0] if len(several) == 1 else None

    def at(self, address: str, source: Part) -> Part | None:
        """Return the resource at an address as a resource of the message writes it; None = it is not in the message."""
        if address.startswith("#"):
            owner = source.owner or source
            return owner if address == "#" else self._contained.get((id(owner), address[1:]))
        if (found := self._by_url.get(address)) is not None:
            return found
        match = _LOCAL.fullmatch(address)
        if match is None:
            return None
        if match["base"] is not None:
            without_version = self._by_url.get(f"{match['base']}/{match['local']}")
            known = without_version or self._by_local.get(match["local"])
            return known if known is not None and (known is without_version or known.full_url is None) else None
        base = (source.owner or source).full_url or ""
        stem = _LOCAL.fullmatch(base)
        if stem is not None and stem["base"] is not None:
            near = self._by_url.get(f"{stem['base']}/{match['local']}")
            if near is not None:
                return near
        return self._by_local.get(match["local"])

    def roles_of(self, person: Part) -> list[Part]:
        """Return the PractitionerRoles of the message that a Practitioner has."""
        if self._roles is None:
            self._roles = {}
            for role in self.of("PractitionerRole"):
                found = self.resolve(role.resource.get("practitioner"), role)
                if found is not None:
                    self._roles.setdefault(found, []).append(role)
        return self._roles.get(person, [])

    def of(self, *kinds: str) -> Iterator[Part]:
        """Yield the resources of these types, in their order."""
        return (part for part in self.parts if part.kind in kinds)

    def _index(self, part: Part) -> None:
        if part.full_url is not None:
            self._by_url.setdefault(part.full_url, part)
        if part.owner is not None:
            self._contained.setdefault((id(part.owner), str(part.resource.get("id", "")).removeprefix("#")), part)
        elif part.local is not None:
            self._by_local.setdefault(part.local, part)
        stated = part.resource.get("identifier")
        for one in stated if isinstance(stated, list) else [stated]:
            if isinstance(one, Mapping) and "value" in one:
                key = ("", str(one.get("system", "")), str(one["value"]))
                self._by_identifier.setdefault(key, []).append(part)


def _within(part: Part) -> Iterator[Part]:
    """Yield the resources that a resource holds: contained ones, and those of entries and parameters."""
    resource, path = part.resource, part.path
    for index, inner in enumerate(_listed(resource, "contained")):
        if _is_resource(inner):
            yield Part(inner, f"{path}.contained[{index}]", None, part.owner or part, part.bundle)
    if part.kind == "Bundle":
        for index, entry in enumerate(_listed(resource, "entry")):
            if isinstance(entry, dict) and _is_resource(entry.get("resource")):
                yield Part(entry["resource"], f"{path}.entry[{index}].resource", entry.get("fullUrl"), None, path)
    if part.kind == "Parameters":
        for index, entry in enumerate(_listed(resource, "parameter")):
            if isinstance(entry, dict) and _is_resource(entry.get("resource")):
                yield Part(entry["resource"], f"{path}.parameter[{index}].resource", None, None, part.bundle)


def _listed(resource: Resource, name: str) -> list[Any]:
    value = resource.get(name)
    return value if isinstance(value, list) else []


def _is_resource(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("resourceType"), str)
