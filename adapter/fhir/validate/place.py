"""Finds what a path of ours points at: the element, its type, and the names that definitions may call it by."""

import re
from functools import cache
from typing import Any, NamedTuple

from adapter.fhir.definitions.model import PRIMITIVES
from adapter.fhir.fhirpath import Node
from adapter.fhir.fhirpath.model import Property, by_key, properties, root

_STEP = re.compile(r"\.([A-Za-z]+)(?:\[([0-9]+)\])?")


class Place(NamedTuple):
    """An element: its type, and its path in each type on the way ("Patient.name.given", "HumanName.given")."""

    node: Node
    type: str
    names: frozenset[str]


def place_of(resource: dict[str, Any], path: str) -> Place | None:
    """Return the place of a path like `.name[0].given[1]` in a resource; None where it cannot be followed."""
    node = root(resource)
    names = {node.type}
    for match in _STEP.finditer(path):
        if node.value.__class__ is not dict:
            return None
        found = by_key(node.type).get(match[1])
        if found is None:
            return None
        following = _member(node, found, match[2])
        if following is None:
            return None
        plain = _plain_names(node.type)[match[1]]
        longer = {f"{name}.{one}" for name in (*names, node.type) for one in (plain, match[1])}
        node = following
        names = {node.type} if found.type == "Resource" else longer
    return Place(node, node.type, frozenset(names))


def _member(node: Node, found: Property, index: str | None) -> Node | None:
    value, part = node.value.get(found.key), node.value.get(found.part) if found.type in PRIMITIVES else None
    if index is not None:
        at = int(index)
        value = value[at] if value.__class__ is list and at < len(value) else None
        part = part[at] if part.__class__ is list and at < len(part) else None
    if found.type == "Resource":
        return root(value) if value.__class__ is dict else None
    return Node(value, found.type, part) if value is not None or part is not None else None


@cache
def _plain_names(type_name: str) -> dict[str, str]:
    """Return the name in definitions ("value[x]") by the name in instances ("valueString")."""
    return {
        one.key: name if len(several) == 1 else f"{name}[x]"
        for name, several in properties(type_name).items()
        for one in several
    }
