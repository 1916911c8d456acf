"""Paths to elements of a resource, as the trace tables write them, and what stands there.

`Condition({0}).code.coding.code`: the resource called "Condition(0)", `{0}` being the first array index of the source;
then element names as in FHIR's JSON. `extension('informed-on')` picks an extension of ours, `input('question')` the
Task inputs of that type. A name that stands for a list means each of its items.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapter.fhir import systems
from adapter.fhir.coding import codes_of
from adapter.fhir.resource import Resource

_NAME: Final = re.compile(r"(?P<type>[A-Z][A-Za-z]+)(?:\((?P<key>[A-Za-z0-9{}/-]+)\))?")
_STEP: Final = re.compile(r"(?P<name>[a-z][A-Za-z0-9]*)(?:\('(?P<key>[a-z0-9-]+)'\))?")
_EXTENSIONS: Final = {
    url.rpartition("/")[2]: url for name, url in vars(systems).items() if name.startswith("EXT_") and type(url) is str
}
_PICKED: Final = {"input": systems.TASK_INPUT, "output": systems.TASK_OUTPUT}


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path; `key` picks among the items of an extension or of Task.input."""

    name: str
    key: str | None


@dataclass(frozen=True, slots=True)
class ElementPath:
    """A path that was read; `resource` is what the resource is called, `type` its type."""

    type: str
    resource: str
    steps: tuple[Step, ...]

    def resource_at(self, indexes: Sequence[int]) -> str:
        """Return what the resource is called for these indexes of the source."""
        return self.resource.format(*indexes)


def parse_path(text: str) -> ElementPath:
    """Read a path.

    Raises:
        ValueError: it is none, or picks an extension that there is not.
    """
    resource, _, elements = text.partition(".")
    named = _NAME.fullmatch(resource)
    if named is None or not elements:
        raise ValueError("a target is a resource, a dot and elements: Patient.birthDate")
    steps = tuple(_parse_step(step) for step in elements.split("."))
    for before, step in zip((None, *steps), steps, strict=False):
        is_part = before is not None and before.name == "extension"
        if step.name == "extension" and step.key not in _EXTENSIONS and not is_part:
            raise ValueError(f"there is no extension of ours called {step.key!r}")
    return ElementPath(named["type"], resource, steps)


def _parse_step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no element")
    name, key = found["name"], found["key"]
    if key is not None and name not in ("extension", *_PICKED):
        raise ValueError("only extension, input and output pick by a name in brackets")
    return Step(name, key)


def find(resource: Resource, path: ElementPath) -> Iterator[tuple[str, Any]]:
    """Yield every place that a path leads to, written out with its indexes, and what stands there."""
    places: list[tuple[str, Any]] = [(path.type, resource)]
    for step in path.steps:
        places = [found for where, value in places for found in _next(where, value, step)]
    yield from places


def _next(where: str, value: Any, step: Step) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict) or step.name not in value:
        return
    child = value[step.name]
    if not isinstance(child, list):
        yield f"{where}.{step.name}", child
        return
    for index, item in enumerate(child):
        if step.key is None or _is_picked(item, step):
            yield f"{where}.{step.name}[{index}]", item


def _is_picked(item: Resource, step: Step) -> bool:
    if step.name in _PICKED:
        return step.key in codes_of(item.get("type"), _PICKED[step.name])
    return item.get("url") in (_EXTENSIONS.get(step.key or ""), step.key)
