"""Reads a resource from XML, led by the definitions.

https://hl7.org/fhir/R4/xml.html
"""

import copy
from typing import Any

from lxml import etree

from adapter.base.errors import Invalid, Problem, TooLarge
from adapter.fhir.codec.limits import MAX_BYTES, MAX_DEPTH, MOST_PROBLEMS
from adapter.fhir.codec.names import shown
from adapter.fhir.codec.numbers import number
from adapter.fhir.codec.shape import FHIR, NUMBERS, Slot, slots
from adapter.fhir.codec.xml_tree import XHTML, Node, line_of, read_tree
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.definitions.versions import unknown_type
from adapter.fhir.resource import Resource

_FHIR = f"{{{FHIR}}}"
_DIV = f"{{{XHTML}}}div"
_SCHEMA_HINTS = "{http://www.w3.org/2001/XMLSchema-instance}"
_MAX_ELEMENTS_DEEP = MAX_DEPTH // 2
_MOST_ATTRIBUTES = 32
"""More are not looked at one by one: R4 has one or two, and lxml takes a time that grows with their square."""


def parse_xml(data: bytes, *, max_bytes: int = MAX_BYTES) -> Resource:
    """Return the resource; comments are dropped, everything else is kept.

    Raises:
        Unreadable: not well-formed, not UTF-8, or a DOCTYPE.
        TooLarge: more than `max_bytes`, or nested too deep.
        Invalid: it holds what R4 has no place for, so that it cannot be kept; every such place is named.
    """
    resource, problems = read_xml(data, max_bytes=max_bytes)
    if problems:
        raise Invalid("the XML is no FHIR R4", problems=problems)
    return resource


def read_xml(data: bytes, *, max_bytes: int = MAX_BYTES) -> tuple[Resource, list[Problem]]:
    """Return what can be read, and a problem for all that had to be left out or stands in the wrong order.

    Raises:
        Unreadable, TooLarge: as `parse_xml`.
        Invalid: the root is no R4 resource.
    """
    root = read_tree(data, max_bytes=max_bytes)
    reader = _Reader()
    name = _local(root)
    if name is None:
        raise Invalid("the root element is not in the namespace http://hl7.org/fhir: this is no FHIR resource")
    if name not in definitions().resource_types:
        raise Invalid("no resource of R4", problems=[Problem(unknown_type(name), code="not-supported", line=1)])
    return reader.resource(root, name, 1), reader.problems


def _local(node: Node) -> str | None:
    tag = str(node.tag)
    return tag[len(_FHIR) :] if tag.startswith(_FHIR) else None


class _Reader:
    """Walks the tree once; every trouble is noted and the rest is read on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._steps: list[tuple[str, int | None]] = []

    def resource(self, node: Node, name: str, depth: int) -> Resource:
        if not self._steps:
            self._steps.append((name, None))
        return {"resourceType": name, **self.complex(node, name, depth)}

    def complex(self, node: Node, type_name: str, depth: int) -> dict[str, Any]:
        if depth > _MAX_ELEMENTS_DEEP:
            raise TooLarge(f"nested deeper than the limit of {_MAX_ELEMENTS_DEEP} elements")
        table = slots(type_name)
        attributes = self._attributes(node, table)
        values: dict[str, list[Any]] = {}
        parts: dict[str, list[Any]] = {}
        self._no_text(node.text, node)
        rank = -1
        for child in node:
            self._no_text(child.tail, node)
            slot = self._slot(child, table)
            if slot is None:
                continue
            before = parts.get(slot.name, ())
            self._steps.append((slot.name, len(before) if slot.repeats else None))
            if slot.rank < rank:
                self._note(child, "stands too late: R4 fixes the order of elements in XML", "structure")
            rank = max(rank, slot.rank)
            value, part = self._value(child, slot, depth)
            if slot.repeats or not before:
                values.setdefault(slot.name, []).append(value)
                parts.setdefault(slot.name, []).append(part)
            else:
                self._note(child, "may stand only once", "structure")
            self._steps.pop()
        return _settled(attributes, values, parts, table)

    def _slot(self, child: Node, table: dict[str, Slot]) -> Slot | None:
        if child.tag == _DIV:
            slot = table.get("div")
            if slot is not None and slot.code == "xhtml":
                return slot
        else:
            name = _local(child)
            slot = table.get(name) if name is not None else None
            if slot is not None and not slot.attribute and slot.code != "xhtml":
                return slot
        self._note(child, "is not an element of R4 at this place", "structure", etree.QName(child).localname)
        return None

    def _value(self, child: Node, slot: Slot, depth: int) -> tuple[Any, dict[str, Any] | None]:
        if slot.primitive:
            return self._primitive(child, slot, depth)
        if slot.code == "xhtml":
            return _narrative(child), None
        if slot.code == "Resource":
            return self._inner_resource(child, depth), None
        found = self.complex(child, slot.code, depth + 1)
        if not found:
            self._note(child, "is empty", "structure")
        return found, None

    def _primitive(self, child: Node, slot: Slot, depth: int) -> tuple[Any, dict[str, Any] | None]:
        written = child.get("value")
        value = None if written is None else self._typed(child, written, slot.code)
        if len(child) == 0 and len(child.attrib) == (written is not None):
            self._no_text(child.text, child)
            if written is None:
                self._note(child, "has neither a value nor an extension", "structure")
            return value, None
        part = self.complex(child, "Element", depth + 1)
        if written is None and "extension" not in part:
            self._note(child, "has neither a value nor an extension", "structure")
        return value, part or None

    def _typed(self, child: Node, text: str, code: str) -> Any:
        """Return JSON's form of a value; what does not fit its type is noted and stays text."""
        if code == "boolean" and text in ("true", "false"):
            return text == "true"
        if code in NUMBERS:
            try:
                found = number(text)
            except ValueError as error:
                self._note(child, str(error), "value")
                return text
            if found is not None:
                return found
        if code == "boolean" or code in NUMBERS:
            self._note(child, "must be true or false" if code == "boolean" else "must be a number", "value")
        return text

    def _inner_resource(self, child: Node, depth: int) -> Resource | None:
        self._attributes(child, {})
        self._no_text(child.text, child)
        inner = list(child)
        name = _local(inner[0]) if len(inner) == 1 else None
        if name is None:
            self._note(child, "must hold exactly one resource", "structure")
            return None
        if name not in definitions().resource_types:
            self._note(inner[0], unknown_type(name), "not-supported", name)
            return None
        self._no_text(inner[0].tail, child)
        return self.resource(inner[0], name, depth + 2)

    def _attributes(self, node: Node, table: dict[str, Slot]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if len(node.attrib) > _MOST_ATTRIBUTES:
            self._note(node, "has an attribute that R4 does not know", "structure")
            return found
        for key, value in node.attrib.items():
            name = str(key)
            if name in table and table[name].attribute:
                found[name] = str(value)
            elif not (name.startswith(_SCHEMA_HINTS) or (name == "value" and table is slots("Element"))):
                self._note(node, "has an attribute that R4 does not know", "structure")
        return found

    def _no_text(self, text: str | None, node: Node) -> None:
        if text is not None and not text.isspace():
            self._note(node, "holds text: values stand in the attribute `value`", "structure")

    def _note(self, node: Node, said: str, code: str, below: str | None = None) -> None:
        """Keep a problem of the element that is being read, or of the one called `below` in it."""
        if len(self.problems) > MOST_PROBLEMS:
            raise Invalid("the XML is no FHIR R4", problems=self.problems)
        where = ".".join(name if at is None else f"{name}[{at}]" for name, at in self._steps)
        self.problems.append(
            Problem(said, where=f"{where}.{shown(below)}" if below else where, code=code, line=line_of(node))
        )


def _settled(
    attributes: dict[str, Any], values: dict[str, list[Any]], parts: dict[str, list[Any]], table: dict[str, Slot]
) -> dict[str, Any]:
    """Return what was read in JSON's form and order: `name` and `_name`, arrays or not."""
    found: dict[str, Any] = {}
    ahead = list(attributes)
    for name, several in values.items():
        slot, its_parts = table[name], parts[name]
        while ahead and table[ahead[0]].rank < slot.rank:
            early = ahead.pop(0)
            found[early] = attributes[early]
        if any(value is not None for value in several):
            found[name] = several if slot.repeats else several[0]
        if any(part is not None for part in its_parts):
            found["_" + name] = its_parts if slot.repeats else its_parts[0]
    found.update((name, attributes[name]) for name in ahead)
    return found


def _narrative(div: Node) -> str:
    if len(div.nsmap) > 1:  # leave out what the surroundings declare and the narrative does not use
        div = copy.deepcopy(div)
        div.tail = None
        etree.cleanup_namespaces(div)
    return etree.tostring(div, encoding="unicode", with_tail=False)
