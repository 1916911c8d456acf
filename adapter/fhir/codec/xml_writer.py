"""Writes a resource as XML, elements in the order of the definitions.

https://hl7.org/fhir/R4/xml.html
"""

import re
from decimal import Decimal
from html.entities import html5
from itertools import zip_longest
from typing import Any

from lxml import etree

from adapter.base.errors import AdapterError, Invalid, Problem
from adapter.fhir.codec.limits import MOST_PROBLEMS
from adapter.fhir.codec.names import shown
from adapter.fhir.codec.shape import FHIR, NUMBERS, Slot, slots
from adapter.fhir.codec.xml_tree import XHTML, read_tree
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.definitions.versions import unknown_type
from adapter.fhir.resource import Resource

_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"},
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")
_XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def to_xml(resource: Resource, *, pretty: bool = False) -> bytes:
    """Return the resource as UTF-8 XML; `pretty` indents by two (never inside narratives).

    Raises:
        Invalid: XML has no place for something in it (unknown elements, wrong shapes, control characters);
            every such place is named.
    """
    writer = _Writer(pretty=pretty)
    writer.resource(resource, 0, str(resource.get("resourceType")), f' xmlns="{FHIR}"')
    if writer.problems:
        raise Invalid("the resource cannot be written as XML", problems=writer.problems)
    text = '<?xml version="1.0" encoding="UTF-8"?>' + ("" if pretty else "\n") + "".join(writer.out)
    return (text + "\n" if pretty else text).encode()


class _Writer:
    def __init__(self, *, pretty: bool) -> None:
        self.out: list[str] = []
        self.problems: list[Problem] = []
        self._pretty = pretty

    def resource(self, value: Any, level: int, where: str, namespace: str = "") -> None:
        name = value.get("resourceType") if type(value) is dict else None
        if type(name) is not str or name not in definitions().resource_types:
            said = unknown_type(name) if type(name) is str else "is no resource: `resourceType` is missing"
            self._note(where, said, "not-supported" if type(name) is str else "structure")
            return
        members = {key: member for key, member in value.items() if key != "resourceType"}
        self._element(name, namespace, members, name, level, where)

    def _element(self, tag: str, attributes: str, members: Any, code: str, level: int, where: str) -> None:
        """Write one element with its children; `code` is the type that says what the children are."""
        if type(members) is not dict:
            self._note(where, "must be an object", "structure")
            return
        table = slots(code)
        children: list[tuple[int, Slot, Any, Any]] = []
        for key, member in members.items():
            slot = table.get(key)
            if slot is None or (slot.attribute and type(member) is not str):
                self._unslotted(key, member, members, table, children, where)
            elif slot.attribute:
                attributes += f' {key}="{self._text(member, f"{where}.{key}")}"'
            elif member is None:
                self._note(f"{where}.{key}", "is null: leave it out", "structure")
            else:
                children.append((slot.rank, slot, member, members.get("_" + key) if slot.primitive else None))
        children.sort(key=lambda child: child[0])
        self._open(tag, attributes, level, empty=not children)
        for _, slot, member, part in children:
            self._children(slot, member, part, level + 1, f"{where}.{slot.name}")
        if children:
            self._line(level)
            self.out.append(f"</{tag}>")

    def _unslotted(
        self,
        key: str,
        member: Any,
        members: dict[str, Any],
        table: dict[str, Slot],
        children: list[tuple[int, Slot, Any, Any]],
        where: str,
    ) -> None:
        slot = table.get(key[1:]) if key[:1] == "_" else None
        if slot is None or not slot.primitive or slot.attribute:
            self._note(f"{where}.{shown(key)}", "is not an element of R4 at this place", "structure")
        elif member is None:
            self._note(f"{where}.{key}", "is null: leave it out", "structure")
        elif slot.name not in members:
            children.append((slot.rank, slot, None, member))

    def _children(self, slot: Slot, member: Any, part: Any, level: int, where: str) -> None:
        if not slot.repeats:
            self._child(slot, member, part, level, where)
            return
        if not (isinstance(member, list | None) and isinstance(part, list | None)):
            self._note(where, "must be an array", "structure")
            return
        if not member and not part:
            self._note(where, "is an empty array: leave it out", "structure")
        if member is not None and part is not None and len(member) != len(part):
            self._note(where, f"`{slot.name}` and `_{slot.name}` must be arrays of the same length", "structure")
        for index, (one, its_part) in enumerate(zip_longest(member or [], part or [])):
            self._child(slot, one, its_part, level, f"{where}[{index}]")

    def _child(self, slot: Slot, member: Any, part: Any, level: int, where: str) -> None:
        if slot.primitive:
            value = "" if member is None else f' value="{self._value(member, slot.code, where)}"'
            if member is None and not (type(part) is dict and "extension" in part):
                self._note(where, "has neither a value nor an extension", "structure")
            elif part == {}:
                self._note(where, "has an empty `_` part: leave it out", "structure")
            self._element(slot.name, value, {} if part is None else part, "Element", level, where)
        elif slot.code == "xhtml":
            self._line(level)
            self.out.append(self._narrative(member, where))
        elif slot.code == "Resource":
            self._open(slot.name, "", level, empty=False)
            self.resource(member, level + 1, where)
            self._line(level)
            self.out.append(f"</{slot.name}>")
        else:
            if member == {}:
                self._note(where, "is empty: leave it out", "structure")
            self._element(slot.name, "", member, slot.code, level, where)

    def _value(self, value: Any, code: str, where: str) -> str:
        """Return the text of a primitive; a value of another JSON type would come back changed, so it is refused."""
        if code == "boolean" and type(value) is bool:
            return "true" if value else "false"
        if code in NUMBERS and isinstance(value, int | float | Decimal) and type(value) is not bool:
            return str(value)
        if code == "boolean" or code in NUMBERS or type(value) is not str:
            wanted = "true or false" if code == "boolean" else "a number" if code in NUMBERS else "a string"
            self._note(where, f"must be {wanted} in JSON ({code})", "value")
            return ""
        return self._text(value, where)

    def _text(self, value: str, where: str) -> str:
        if _NOT_XML.search(value):
            self._note(where, "holds a control character that XML cannot carry", "value")
        return value.translate(_ESCAPES)

    def _narrative(self, value: Any, where: str) -> str:
        said = "must be well-formed XHTML: a div in the namespace http://www.w3.org/1999/xhtml"
        if type(value) is not str:
            self._note(where, said, "structure")
            return ""
        try:
            root = read_tree(_NAMED_ENTITY.sub(_resolved, value).encode(errors="surrogatepass"))
        except AdapterError:
            self._note(where, said, "structure")
            return ""
        if root.tag != f"{{{XHTML}}}div":
            self._note(where, said, "structure")
        return etree.tostring(root, encoding="unicode")

    def _open(self, tag: str, attributes: str, level: int, *, empty: bool) -> None:
        self._line(level)
        self.out.append(f"<{tag}{attributes}/>" if empty else f"<{tag}{attributes}>")

    def _line(self, level: int) -> None:
        if self._pretty:
            self.out.append("\n" + "  " * level)

    def _note(self, where: str, said: str, code: str) -> None:
        if len(self.problems) > MOST_PROBLEMS:
            raise Invalid("the resource cannot be written as XML", problems=self.problems)
        self.problems.append(Problem(said, where=where, code=code))


def _resolved(entity: re.Match[str]) -> str:
    """Return the character of one of HTML's named entities, which XML does not know without a DOCTYPE."""
    name = entity[1]
    return entity[0] if name in _XML_ENTITIES else html5.get(name, entity[0])
