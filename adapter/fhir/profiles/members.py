"""The elements below an element, with their types and their places in FHIRPath."""

from functools import lru_cache

from adapter.fhir.fhirpath import Expression, FhirPathError, Node, compile_expression
from adapter.fhir.fhirpath.model import Items, add_members, properties
from adapter.fhir.profiles.surroundings import Surroundings

Place = tuple[Node, str]


def members(node: Node, name: str) -> list[Place]:
    """Return the elements of a name ("value" finds valueString), each with the step that leads to it."""
    content = node.value if type(node.value) is dict else node.part
    if type(content) is not dict:
        return []
    found: list[Place] = []
    for one in properties(node.type).get(name, ()):
        if one.key not in content and one.part not in content:
            continue
        items: Items = []
        add_members(content, (one,), items)
        if list in (type(content.get(one.key)), type(content.get(one.part))):
            found += [(item, f".{one.key}[{index}]") for index, item in enumerate(items)]
        else:
            found += [(item, f".{one.key}") for item in items]
    return found


def at_path(node: Node, path: str, around: Surroundings) -> list[Node]:
    """Return what the path of a discriminator leads to; nothing where it cannot be followed."""
    if path == "$this":
        return [node]
    if "(" not in path:
        found = [node]
        for step in path.removeprefix("$this.").split("."):
            found = [below for one in found for below, _ in members(one, step)]
        return found
    expression = _expression(path)
    if expression is None:
        return []
    try:
        return [one for one in expression.items([node], around.environment(node)) if isinstance(one, Node)]
    except FhirPathError:
        return []


@lru_cache(maxsize=512)
def _expression(path: str) -> Expression | None:
    try:
        return compile_expression(path)
    except FhirPathError:
        return None
