"""Makes the tree of a CDA document: elements by their names, attributes as `@name`, each with its place as an XPath.

Names are those of the namespace urn:hl7-org:v3 and without a prefix; what stands in another namespace has one
("sdtc:raceCode", "@xsi:type"). The text of an element is its first child `1`, where it has attributes or elements, too.
Sections stand beneath the document whatever they are nested in, and their narrative is one text.
http://www.hl7.org/implement/standards/product_brief.cfm?product_id=7 (CDA R2)
"""

from functools import lru_cache
from typing import Final

from adapter.fhir.codec.xml_tree import Node as Element
from adapter.fhir.codec.xml_tree import line_of
from adapter.intake.readers.cda_narrative import Anchors, render
from adapter.mapping.source import Node

V3: Final = "urn:hl7-org:v3"
MAX_LEVELS: Final = 100
"""Of elements within each other; real documents have some 15."""
TEXT: Final = "1"

_PREFIXES: Final = {
    "urn:hl7-org:sdtc": "sdtc",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/XML/1998/namespace": "xml",
}


class Tree:
    """Makes the nodes of one document.

    Attributes:
        sections: the nodes of all sections, in the order of the document.
        lines: the line in which an element begins, by its path.
    """

    def __init__(self, anchors: Anchors) -> None:
        """Begin with nothing.

        Args:
            anchors: what references lead to.
        """
        self.sections: list[Node] = []
        self.lines: dict[str, int] = {}
        self._anchors = anchors

    def node(self, element: Element, name: str, path: str) -> Node:
        """Return the node of an element."""
        if (line := line_of(element)) is not None:
            self.lines[path] = line
        if name == "text" and path.rpartition("/")[0].rpartition("/")[2].partition("[")[0] == "section":
            return _narrative(element, path)
        children = self._children(element, name, path)
        text = _own_text(element)
        if text is None and name == "reference":
            text = self._anchors.text((element.get("value") or "").removeprefix("#"))
        return _made(name, path, text, [*_attributes(element, path), *children])

    def _children(self, element: Element, name: str, path: str) -> list[Node]:
        made: list[Node] = []
        if not len(element):
            return made
        for child, child_name, place in places(element, path):
            if child_name == "section" and name == "component":
                at = len(self.sections)
                self.sections.append(Node(child_name, place))  # before the sections in it
                self.sections[at] = self.node(child, child_name, place)
            else:
                made.append(self.node(child, child_name, place))
        return made


def places(element: Element, path: str) -> list[tuple[Element, str, str]]:
    """Return the elements in an element with their names and places; those of a name are counted where it repeats."""
    inner = [(child, name_of(str(child.tag))) for child in element]
    counts: dict[str, int] = {}
    for _, name in inner:
        counts[name] = counts.get(name, 0) + 1
    if len(counts) == len(inner):
        return [(child, name, f"{path}/{name}") for child, name in inner]
    numbers = dict.fromkeys(counts, 0)
    found = []
    for child, name in inner:
        numbers[name] += 1
        found.append((child, name, f"{path}/{name}[{numbers[name]}]" if counts[name] > 1 else f"{path}/{name}"))
    return found


@lru_cache(4096)
def name_of(tag: str) -> str:
    """Return the name of an element or attribute, with a prefix where it is not HL7's own."""
    namespace, _, name = tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    if namespace in ("", V3):
        return name
    return f"{_PREFIXES.get(namespace, 'other')}:{name}"


def anchors_of(root: Element) -> dict[str, Element]:
    """Return the elements of a document that have an ID, by it; of several with the same one, the first."""
    found: dict[str, Element] = {}
    for element in root.iter():
        if (name := element.get("ID")) is not None:
            found.setdefault(name, element)
    return found


def _made(name: str, path: str, text: str | None, children: list[Node]) -> Node:
    if not children:
        return Node(name, path, text)
    if text is not None:
        children.insert(0, Node(TEXT, path, text))
    return Node(name, path, None, tuple(children))


def _attributes(element: Element, path: str) -> list[Node]:
    return [
        Node(name := f"@{name_of(str(key))}", f"{path}/{name}", str(value))
        for key, value in element.attrib.items()
        if value
    ]


def _own_text(element: Element) -> str | None:
    """Return the text of an element without that of the elements in it; None = white space, or nothing."""
    first = (element.text or "").strip()
    if not len(element):
        return first or None
    tails = [tail for child in element if (tail := (child.tail or "").strip())]
    return " ".join(filter(None, (first, *tails))) or None


def _narrative(block: Element, path: str) -> Node:
    """Return a narrative block: its text, and beneath it the attributes of its markup, each with its place."""
    layout: list[Node] = []
    stack: list[tuple[Element, str]] = [(block, path)]
    while stack:
        element, place = stack.pop()
        layout += _attributes(element, place)
        stack += [(child, inner) for child, _, inner in reversed(places(element, place))]
    return _made("text", path, render(block) or None, layout)
