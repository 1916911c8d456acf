"""The elements of a FHIR resource as nodes, each with its place as R4 writes it: `Bundle.entry[2].resource.birthDate`.

A primitive value is a leaf; its extensions stand beside it under the name with an underscore, as in JSON
(https://hl7.org/fhir/R4/json.html#primitive). Resources within resources are left out: they are parts of their own.
"""

from collections.abc import Iterator
from typing import Any, Final

from adapter.fhir.resource import Resource
from adapter.mapping.source import Node

_PARTS: Final = frozenset({"contained", "resource"})
"""Elements that hold resources: of any resource, and of the entries of a Bundle or the parameters of Parameters."""
_TYPE: Final = "resourceType"


class Elements:
    """Makes nodes, and remembers which node an object of the resource became.

    Attributes:
        made: the nodes by the identity of the object; the resources must live as long.
    """

    __slots__ = ("made",)

    def __init__(self) -> None:
        """Begin with none."""
        self.made: dict[int, Node] = {}

    def of(self, resource: Resource, path: str) -> tuple[Node, ...]:
        """Return the nodes of a resource's elements, without the resources within it.

        Args:
            resource: as parsed.
            path: its place in the message.
        """
        return self._members(resource, path)

    def node_of(self, value: object) -> Node | None:
        """Return the node that an object of a resource became; None = it is none, or says nothing."""
        return self.made.get(id(value))

    def objects(self, resource: Resource) -> Iterator[tuple[Resource, Node]]:
        """Yield the objects within a resource with their nodes, without the resources within it."""
        waiting: list[Any] = [inner for name, inner in resource.items() if name not in _PARTS]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                node = self.made.get(id(value))
                if node is not None:
                    yield value, node
                    waiting += value.values()

    def _members(self, value: Resource, path: str) -> tuple[Node, ...]:
        nodes: list[Node] = []
        for name, inner in value.items():
            if name == _TYPE or (name in _PARTS and _holds_resources(inner)):
                continue
            shown = name.removeprefix("_")
            where = f"{path}.{shown}"
            if isinstance(inner, list):
                for index, one in enumerate(inner):
                    self._add(nodes, name, f"{where}[{index}]", one)
            else:
                self._add(nodes, name, where, inner)
        return tuple(nodes)

    def _add(self, nodes: list[Node], name: str, path: str, value: Any) -> None:
        if isinstance(value, dict):
            children = self._members(value, path)
            if children:
                node = Node(name, path, None, children)
                self.made[id(value)] = node
                nodes.append(node)
        elif value is True or value is False:
            nodes.append(Node(name, path, "true" if value else "false"))
        elif value is not None and (text := str(value)):
            nodes.append(Node(name, path, text))


def _holds_resources(value: Any) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and _TYPE in first
