"""The narrative block of a CDA section as text for people: lists and tables line by line, what was struck out left out.

CDA R2 §4.3.5; what an entry says by reference (`originalText/reference/@value="#id"`) is looked up here, never fetched.
"""

from collections.abc import Mapping
from typing import Final

from adapter.fhir.codec.xml_tree import Node as Element

LONGEST_REFERENCE: Final = 4000
"""Characters of a text that is referred to; a whole section behind a reference is no name of a code."""

_OWN_LINE: Final = frozenset({"paragraph", "caption", "item", "tr", "table", "list", "br", "footnote", "p", "div"})
_CELLS: Final = frozenset({"td", "th"})
_CELL_END: Final = " | "


def render(block: Element) -> str:
    """Return a narrative block, or an element in it, as text: a line for each paragraph, item and row of a table."""
    pieces: list[str] = []
    _render(block, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line.rstrip(" |") for line in lines if line.strip(" |"))


class Anchors:
    """The elements of all narrative blocks by their ID, rendered when somebody refers to them.

    Attributes:
        cut: the ids whose text was too long.
    """

    def __init__(self, elements: Mapping[str, Element]) -> None:
        """Begin without any text."""
        self.cut: set[str] = set()
        self._elements = elements
        self._texts: dict[str, str] = {}

    def text(self, name: str) -> str | None:
        """Return the text behind an id; None = there is no such place, or nothing stands there."""
        if name not in self._texts:
            element = self._elements.get(name)
            said = render(element) if element is not None else ""
            if len(said) > LONGEST_REFERENCE:
                said = said[:LONGEST_REFERENCE].rstrip()
                self.cut.add(name)
            self._texts[name] = said
        return self._texts[name] or None


def _render(element: Element, pieces: list[str]) -> None:
    name = local(element)
    if element.get("revised") == "delete":
        return
    is_line = name in _OWN_LINE
    if is_line:
        pieces.append("\n")
    if name == "item":
        pieces.append("- ")
    _add(element.text, pieces)
    for child in element:
        _render(child, pieces)
        _add(child.tail, pieces)
    if name in _CELLS:
        pieces.append(_CELL_END)
    elif is_line:
        pieces.append("\n")


def _add(text: str | None, pieces: list[str]) -> None:
    if text:
        pieces.append(" ".join(text.split("\n")) if "\n" in text else text)


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
