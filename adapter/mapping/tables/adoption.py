"""Puts nodes that belong to the one before them beneath it, where the syntax has them side by side.

HL7 v2 writes segment groups flat: the CTD behind a PRD is that provider's contact, the NTE behind an OBX its note.
https://www.hl7.eu/HL7v2x/v251/std251/ch11.html (REF^I12) shows the groups that the order of the segments means.
"""

from collections.abc import Mapping

from adapter.mapping.source import Node


def adopt(top: Node, families: Mapping[str, frozenset[str]]) -> Node:
    """Return the tree with every child of `top` beneath the nearest one before it that takes it, or where it was.

    Args:
        top: the message; it and its nodes stay as they are.
        families: for the name of a node the names of those that it takes. A node that nobody takes ends all groups.
    """
    if not families:
        return top
    grown: list[_Growing] = []
    open_ones: list[_Growing] = []
    for child in top.children:
        while open_ones and not open_ones[-1].takes(child, families):
            open_ones.pop()
        one = _Growing(child)
        (open_ones[-1].adopted if open_ones else grown).append(one)
        open_ones.append(one)
    return Node(top.name, top.path, top.text, tuple(one.finished() for one in grown))


class _Growing:
    """A node while its own are collected."""

    __slots__ = ("adopted", "node")

    def __init__(self, node: Node) -> None:
        """Begin without any."""
        self.node = node
        self.adopted: list[_Growing] = []

    def takes(self, child: Node, families: Mapping[str, frozenset[str]]) -> bool:
        """Tell whether a node goes beneath this one; one that is a text has nothing beneath it."""
        return not self.node.text and child.name in families.get(self.node.name, ())

    def finished(self) -> Node:
        """Return the node with what it adopted behind its own children."""
        if not self.adopted:
            return self.node
        node = self.node
        return Node(node.name, node.path, None, (*node.children, *(one.finished() for one in self.adopted)))
