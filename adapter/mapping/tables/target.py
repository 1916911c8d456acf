"""Targets: where in the canonical document a row puts its value, checked against the schema when a table is loaded.

A target is a JSON pointer (RFC 6901). The step `+` appends to a list, or a line to a text; `{NAME}` is the entry of the
list that belongs to the node of the selector's step NAME, so that several rows fill one entry.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from adapter.mapping.tables.selector import Selector

_POINTER: Final = re.compile(r"(?:/(?:[A-Za-z][A-Za-z0-9]*|\+|\{[@A-Za-z0-9_:]+\}))+")
_REF: Final = "#/$defs/"


class Kind(Enum):
    """What a step of a target does."""

    MEMBER = "member of an object"
    APPEND = "new entry of a list"
    BOUND = "entry of a list that belongs to a node"
    LINE = "new line of a text"


@dataclass(frozen=True, slots=True)
class TargetStep:
    """One step; `name` of a member, `position` in the way of the match (1 = the first step) of a bound entry."""

    kind: Kind
    name: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """A target that was read.

    Attributes:
        text: as it is written.
        steps: its steps.
        schema: what the schema says of the value, `$ref` resolved.
        definition: the name of that definition; None = it stands in its place.
        description: of the member, for people.
        names: of the members on the way, where the target is one place whatever matches; None = it is not.
    """

    text: str
    steps: tuple[TargetStep, ...]
    schema: Mapping[str, Any]
    definition: str | None
    description: str
    names: tuple[str, ...] | None


class NoPlace(ValueError):
    """The schema has no such member."""


def parse_target(text: str, selector: Selector | None, schema: Mapping[str, Any]) -> Target:
    """Read a target.

    Args:
        text: the pointer.
        selector: of the same row, for `{NAME}`; None = the row has no source.
        schema: the JSON Schema of the canonical document.

    Raises:
        ValueError: it is none, the schema does not have it, or `{NAME}` is no step of the source.
    """
    if not _POINTER.fullmatch(text):
        raise ValueError("a target is a JSON pointer with + for a new entry and {NAME} for the entry of a node")
    place, definition, description, steps = schema, None, "", list[TargetStep]()
    parts = text[1:].split("/")
    for number, part in enumerate(parts, start=1):
        so_far = "/" + "/".join(parts[:number])
        if part == "+" and place.get("type") == "string" and number == len(parts):
            steps[-1] = TargetStep(Kind.LINE, steps[-1].name)
            break
        if part == "+" or part.startswith("{"):
            if place.get("type") != "array":
                raise ValueError(f"{so_far}: only a list has entries, and only a text has lines")
            steps.append(TargetStep(Kind.APPEND, part) if part == "+" else _bound(part, selector))
            inner = place["items"]
        else:
            inner = place.get("properties", {}).get(part)
            if inner is None:
                raise NoPlace(f"{so_far}: the format has no such member")
            steps.append(TargetStep(Kind.MEMBER, part))
        reference = inner.get("$ref", "").removeprefix(_REF) or None
        description = inner.get("description", "")
        if reference is not None:
            place, definition = schema["$defs"][reference], reference
            description = description or place.get("description", "")
        else:
            place, definition = inner, None
    is_plain = all(step.kind is Kind.MEMBER for step in steps)
    names = tuple(step.name for step in steps) if is_plain else None
    return Target(text, tuple(steps), place, definition, description, names)


def _bound(part: str, selector: Selector | None) -> TargetStep:
    name = part[1:-1]
    positions = [n for n, step in enumerate(selector.steps if selector else (), start=1) if step.name == name]
    if len(positions) != 1:
        raise ValueError(f"{part} is {'more than one step' if positions else 'no step'} of the source")
    return TargetStep(Kind.BOUND, part, positions[0])


def takes(target: Target, makes: str, definitions: Mapping[str, Any]) -> bool:
    """Tell whether a target can hold what a transform makes.

    Args:
        target: the target.
        makes: a JSON type, or a definition of the schema.
        definitions: of the schema.
    """
    wanted = type_of(target)
    definition = definitions.get(makes)
    if definition is None:
        return makes == wanted or (makes == "integer" and wanted == "number")
    if target.definition == makes or _json_type(definition) != "object":
        return _json_type(definition) == wanted
    return wanted == "object" and _members(definition) <= _members(target.schema)


def allowed(target: Target) -> Sequence[str] | None:
    """Return the codes of which one must stand at a target; None = anything of its type may."""
    return target.schema.get("enum")


def type_of(target: Target) -> str:
    """Return the JSON type of what stands at a target."""
    return _json_type(target.schema)


def _json_type(schema: Mapping[str, Any]) -> str:
    return str(schema.get("type", "string"))  # enumerations of texts name no type


def _members(schema: Mapping[str, Any]) -> set[str]:
    return set(schema.get("properties", ()))
