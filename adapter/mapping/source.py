"""The tree that every reader of a foreign format makes: named nodes, each with its place in the sender's terms.

HL7 v2: the message's children are segments, theirs are field repetitions, then components, then subcomponents.
FHIR: resources, elements, values. CDA: elements, with attributes as children called "@name".
"""

from collections.abc import Iterator
from typing import Final

_NONE: Final[tuple["Node", ...]] = ()


class Node:
    """One node of a source; made by readers, never changed afterwards.

    Attributes:
        name: what tables call it: "PID", "3", "1"; "Patient", "birthDate"; "recordTarget", "@extension".
        path: its place as the sender would say it: "PID-3[2].4", "Patient.name[0].family".
        text: the value of a leaf, decoded; None where there are children, or nothing.
        children: in the order of the source; repeated ones share a name.
    """

    __slots__ = ("children", "name", "path", "text")

    def __init__(self, name: str, path: str, text: str | None = None, children: tuple["Node", ...] = _NONE) -> None:
        """Make a node: a leaf by `text`, another one by `children`."""
        self.name = name
        self.path = path
        self.text = text
        self.children = children

    def every(self, name: str) -> Iterator["Node"]:
        """Yield the children of this name, in order."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Node | None":
        """Return the first child of this name; None = there is none."""
        return next(self.every(name), None)

    def value(self, *names: str) -> str | None:
        """Return the text at the end of a path of first children; None = nothing is said there."""
        node: Node | None = self
        for name in names:
            node = node.first(name) if node is not None else None
        return node.leading() if node is not None else None

    def leading(self) -> str | None:
        """Return the node's own text, else that of its first leaf; None = it says nothing."""
        return self.text if not self.children else next((leaf.text for leaf in self.leaves()), None)

    def leaves(self) -> Iterator["Node"]:
        """Yield every leaf beneath (or the node itself) that says something, in order."""
        if self.children:
            for child in self.children:
                yield from child.leaves()
        elif self.text:
            yield self
