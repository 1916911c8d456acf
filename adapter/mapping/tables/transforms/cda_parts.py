"""How transforms of CDA take an element apart: attributes, the text, and what nullFlavor says.

CDA R2 data types: an element with nullFlavor has no value, whatever else stands there; it is unknown, never a fact.
"""

from typing import Final

from adapter.mapping.source import Node

TEXT: Final = "1"


def attribute(node: Node | None, name: str) -> Node | None:
    """Return an attribute that says something; None = there is none, or no such element."""
    if node is None:
        return None
    found = node.first(f"@{name}")
    return found if found is not None and found.text and found.text.strip() else None


def value_of(node: Node | None, name: str) -> str | None:
    """Return the text of an attribute without blanks around it; None = there is none."""
    found = attribute(node, name)
    return (found.text or "").strip() if found is not None else None


def is_null(node: Node | None) -> bool:
    """Tell whether an element is missing, or says itself that it has no value."""
    return node is None or node.first("@nullFlavor") is not None


def text_of(node: Node | None) -> Node | None:
    """Return the leaf with the text of an element; None = it has none."""
    if node is None:
        return None
    leaf = node.first(TEXT) if node.children else node
    return leaf if leaf is not None and leaf.text and leaf.text.strip() else None


def inner(node: Node | None, *names: str) -> Node | None:
    """Return the first element at the end of a path of names; None = there is none."""
    for name in names:
        node = node.first(name) if node is not None else None
    return node
