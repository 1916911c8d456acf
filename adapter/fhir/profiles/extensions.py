"""Extensions, wherever they stand: one whose definition is at hand must fit it, and stand where it may.

https://hl7.org/fhir/R4/defining-extensions.html#context
"""

from functools import cache, cached_property
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from adapter.fhir.fhirpath import Node, root
from adapter.fhir.fhirpath.model import by_key, is_a
from adapter.fhir.profiles.checks import checks_of
from adapter.fhir.profiles.definition import Profile, profile_of
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.systems import CANONICAL
from adapter.fhir.validate.findings import Finding, Findings, put_before

_OURS: Final = f"{CANONICAL}/StructureDefinition/"
_HOLDERS: Final = frozenset({"extension", "modifierExtension"})
_MOST_SHAPES: Final = 256


class _Way(NamedTuple):
    """A member in which extensions may stand, at any depth; `within` are the ways from there, None in a resource."""

    key: str
    within: "_Ways | None"
    is_extension: bool


class _Ways:
    """The ways to the extensions of one type, by the names of the members that an object has."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name
        self.by_shape: dict[tuple[str, ...], tuple[_Way, ...]] = {}

    @cached_property
    def _known(self) -> dict[str, _Way]:
        found: dict[str, _Way] = {}
        for key, one in by_key(self.type_name).items():
            name, below = (one.part, "Element") if one.primitive else (key, one.type)
            found[name] = _Way(name, None if below == "Resource" else _ways_of(below), key in _HOLDERS)
        return found

    def of(self, value: dict[str, Any]) -> tuple[_Way, ...]:
        """Return the ways that an object has; those of its shape are kept, if it has no words of a sender."""
        names = tuple(value)
        found = self.by_shape.get(names)
        if found is None:
            found = tuple(self._known[name] for name in names if name in self._known)
            plain = {*by_key(self.type_name), *self._known, "resourceType"}
            if len(self.by_shape) < _MOST_SHAPES and plain.issuperset(names):
                self.by_shape[names] = found
        return found


_ways_of = cache(_Ways)

_Trail: TypeAlias = tuple["_Trail | None", str, int | None]
"""How an object was come to: from where, by which member, at which index; made into a path where there is need."""

_Stop: TypeAlias = tuple[dict[str, Any], _Ways, _Trail | None, Surroundings]


def check_extensions(whole: Surroundings, out: Findings) -> None:
    """Check all extensions in a resource and in what is inside it."""
    pending: list[_Stop] = []
    _come_to(whole.resource, None, whole, pending)
    while pending:
        value, ways, trail, scene = pending.pop()
        for key, within, is_extension in ways.of(value):
            member = value[key]
            single = member.__class__ is dict
            for index, one in enumerate((member,) if single else member if member.__class__ is list else ()):
                if one.__class__ is not dict:
                    continue
                if within is None:
                    inner = root(one)
                    _come_to(inner, (trail, key, None if single else index), scene.inside(inner), pending)
                    continue
                below = within.by_shape.get(tuple(one))  # most objects have no ways: they are passed by
                if is_extension or below is None or below:
                    step = (trail, key, None if single else index)
                    pending.append((one, within, step, scene))
                    if is_extension:
                        _check(one, ways.type_name, step, whole.resource.type, out, scene)


def _come_to(resource: Node, trail: _Trail | None, scene: Surroundings, pending: list[_Stop]) -> None:
    value = resource.value
    if value.__class__ is dict and (resource.type == "Bundle" or _may_have_some(value)):
        pending.append((value, _ways_of(resource.type), trail, scene))


def _may_have_some(resource: dict[str, Any]) -> bool:
    """Tell at a glance: writing JSON and looking for the word is much faster than going everywhere."""
    try:
        return b'xtension"' in orjson.dumps(resource, default=str)
    except TypeError:  # a number of more than 64 bits
        return True


def _path(trail: _Trail | None, top: str) -> str:
    steps: list[str] = []
    while trail is not None:
        trail, key, index = trail
        steps.append(key if index is None else f"{key}[{index}]")
    return ".".join([top, *reversed(steps)])


def _check(extension: dict[str, Any], owner: str, trail: _Trail, top: str, out: Findings, scene: Surroundings) -> None:
    url = extension.get("url")
    if type(url) is not str:
        return
    packages = scene.judging.packages
    profile = profile_of(url, packages)
    start = len(out)
    if profile is not None:
        checks_of(packages).of_profile(url, "Extension")(Node(extension, "Extension"), out, scene)
        if profile.contexts and not _may_stand(profile, owner, trail, top):
            places = ", ".join(expression for _, expression in profile.contexts)
            out.append(Finding("", "structure", f"this extension may stand in {places} only"))
    elif url.startswith(_OURS):
        said = f"{url} is no extension of this version of the second-opinion package"
        out.append(Finding("", "not-found", said, "warning"))
    if len(out) > start:
        put_before(out, start, _path(trail, top))


def _may_stand(profile: Profile, owner: str, trail: _Trail, top: str) -> bool:
    """Tell whether one of the places of an extension is here; places by FHIRPath are taken to be."""
    for kind, expression in profile.contexts:
        if kind != "element" or expression == owner or ("." not in expression and is_a(owner, expression)):
            return True
    element = ".".join(step.partition("[")[0] for step in _path(trail, top).split(".")[:-1])
    return any(element.endswith(expression) for _, expression in profile.contexts)
