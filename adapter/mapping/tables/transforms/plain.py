"""Transforms that belong to no format: text, keys, codes, ISO 8601 dates, constants, and what is left out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Given, Outcome, Transform, entry


def text(node: Node, _context: Context) -> Outcome:
    """Take a text, without the white space around it."""
    said = (node.text or "").strip()
    return Outcome(said, {node.path: ""}) if said else NOTHING


def _constant(given: Given) -> Transform:
    return lambda node, _context: Outcome(given.argument, {leaf.path: "" for leaf in node.leaves()})


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "text": entry("The text, without the white space around it.", text, makes="string"),
        "constant": Entry("The argument.", _constant, argument="must", sourceless=True),
    }
)
