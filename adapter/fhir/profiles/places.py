"""The elements below an element, with their types and their places in FHIRPath; how to find them is compiled.

https://hl7.org/fhir/R4/elementdefinition.html#path
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any, TypeAlias

from adapter.fhir.fhirpath import Expression, FhirPathError, Node, compile_expression
from adapter.fhir.fhirpath.model import Property, properties, root
from adapter.fhir.profiles.surroundings import Surroundings

Place: TypeAlias = tuple[Node, str]
"""An element, and the step that leads to it: `.name[0]`."""

Find: TypeAlias = Callable[[dict[str, Any]], Sequence[Place]]
"""Gives the elements of one name in the content of their owner."""

Follow: TypeAlias = Callable[[Node, Surroundings], Sequence[Node]]
"""Gives what the path of a discriminator leads to."""

_NOTHING: dict[str, Any] = {}


def content_of(node: Node) -> dict[str, Any]:
    """Return what holds the members of an element: of a primitive, its id and extensions."""
    if node.value.__class__ is dict:
        return node.value
    return node.part if node.part.__class__ is dict else _NOTHING


@cache
def finder_of(type_name: str, name: str) -> Find:
    """Return what finds the elements of a name ("value" finds valueString) in a type."""
    several = properties(type_name).get(name, ())
    finders = [_primitives(one) if one.primitive else _objects(one) for one in several]
    if len(finders) == 1:
        return finders[0]
    by_key = {key: at for at, one in enumerate(several) for key in (one.key, one.part)}
    keys = frozenset(by_key)

    def find(content: dict[str, Any]) -> Sequence[Place]:
        there = {by_key[key] for key in keys.intersection(content)}
        if len(there) == 1:
            return finders[there.pop()](content)
        return [place for at in sorted(there) for place in finders[at](content)]

    return find


def _objects(stated: Property) -> Find:
    key, code, step = stated.key, stated.type, f".{stated.key}"
    node_of = root if code == "Resource" else lambda value: Node(value, code)

    def find(content: dict[str, Any]) -> Sequence[Place]:
        member = content.get(key)
        if member.__class__ is dict:
            return ((node_of(member), step),)
        if member.__class__ is not list:
            return ()
        return [(node_of(one), f"{step}[{at}]") for at, one in enumerate(member) if one.__class__ is dict]

    return find


def _primitives(stated: Property) -> Find:
    key, part_key, code, step = stated.key, stated.part, stated.type, f".{stated.key}"

    def find(content: dict[str, Any]) -> Sequence[Place]:
        value, part = content.get(key), content.get(part_key)
        if value is None and part is None:
            return ()
        if value.__class__ is not list and part.__class__ is not list:
            return ((Node(value, code, part), step),)
        values: list[Any] = value if value.__class__ is list else []
        parts: list[Any] = part if part.__class__ is list else []
        found: list[Place] = []
        for at in range(max(len(values), len(parts))):
            one = values[at] if at < len(values) else None
            extra = parts[at] if at < len(parts) else None
            if one is not None or extra is not None:
                found.append((Node(one, code, extra), f"{step}[{at}]"))
        return found

    return find


@lru_cache(maxsize=512)
def follower_of(path: str) -> Follow:
    """Return what follows the path of a discriminator; it finds nothing where the path cannot be followed."""
    if path == "$this":
        return lambda node, _: (node,)
    if "(" in path:
        return _by_expression(path)
    first, *others = path.removeprefix("$this.").split(".")

    def follow(node: Node, _: Surroundings) -> Sequence[Node]:
        found = [below for below, _ in finder_of(node.type, first)(content_of(node))]
        for step in others:
            found = [below for one in found for below, _ in finder_of(one.type, step)(content_of(one))]
        return found

    return follow


def _by_expression(path: str) -> Follow:
    try:
        expression: Expression = compile_expression(path)
    except FhirPathError:
        return lambda _, __: ()

    def follow(node: Node, around: Surroundings) -> Sequence[Node]:
        try:
            return [one for one in expression.items([node], around.environment(node)) if isinstance(one, Node)]
        except FhirPathError:
            return ()

    return follow
