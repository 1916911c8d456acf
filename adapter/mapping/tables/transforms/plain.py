"""Transforms that belong to no format: text, keys, constants, yes and no, numbers, and what is left out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Given, Outcome, Transform, entry


def first_leaf(node: Node) -> Node | None:
    """Return the node itself, or its first leaf that says something; None = nothing is said."""
    if not node.children:
        return node if node.text and not node.text.isspace() else None
    return next((leaf for leaf in node.leaves() if leaf.text and not leaf.text.isspace()), None)


def unreadable(leaf: Node, text: str) -> Outcome:
    """Return no value, with a remark that the leaf is lost and why."""
    return Outcome(None, {}, (Remark(RemarkKind.LOST, leaf.path, None, f"{text}: not taken over"),))


def _text(node: Node, _context: Context) -> Outcome:
    leaf = first_leaf(node)
    return NOTHING if leaf is None or leaf.text is None else Outcome(leaf.text.strip(), {leaf.path: ""})


def _constant(given: Given) -> Transform:
    return lambda node, _context: Outcome(given.argument, {leaf.path: "" for leaf in node.leaves()})


def _nothing(_given: Given) -> Transform:
    return lambda _node, _context: NOTHING


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "text": entry("The text, without the white space around it.", _text, makes="string"),
        "constant": Entry("The argument.", _constant, argument="must", sourceless=True),
        "ignore": Entry("Nothing, and nothing is lost: the last cell says why.", _nothing, targets=0),
        "lost": Entry("Nothing, and it counts as lost: the last cell says why.", _nothing, targets=0),
    }
)
