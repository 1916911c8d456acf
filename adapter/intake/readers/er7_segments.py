"""One segment of an HL7 v2 message, cut at its delimiters into a tree.

What is long, such as a record in base64 in OBX-5, is cut as bytes, so that its only copy is the text of its leaf.
Names and paths are in the words of the standard: "PID-3[2].4.1" is the first subcomponent of the fourth component.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from adapter.base.errors import TooLarge
from adapter.intake.readers.er7_delimiters import Delimiters
from adapter.intake.readers.er7_escapes import unescaper
from adapter.mapping.source import Node

_SHORT: Final = 65536
_HEADERS: Final = frozenset({"MSH", "FHS", "BHS"})
_PLAIN_TYPES: Final = frozenset({b"TX", b"FT", b"ST"})
"""OBX-2 of observations whose OBX-5 is plain text."""
_OBSERVATION_VALUE: Final = 5
_PLAIN_FIELDS: Final = {"NTE": 3, "DG1": 4, "PR1": 4}
"""Fields of plain text, where a delimiter that is not escaped can only be a character."""
_NUMBERS: Final = tuple(str(number) for number in range(512))


class SegmentReader:
    """Makes the segments of one message; knows how many of each name there were."""

    def __init__(self, delimiters: Delimiters, codec: str, escape_codec: str, max_values: int) -> None:
        """Prepare for one message.

        Args:
            delimiters: of the message.
            codec: of the bytes.
            escape_codec: the character set that is declared, for hexadecimal escapes.
            max_values: how many fields, components and subcomponents are read in all.
        """
        self._marks = delimiters
        self._codec = codec
        self._unescape = unescaper(delimiters, escape_codec)
        self._seen: Counter[str] = Counter()
        self._left = max_values
        special = f"{delimiters.component}{delimiters.repetition}{delimiters.escape}{delimiters.subcomponent}\r\n"
        self._special = re.compile(f"[{re.escape(special)}]").search

    def read(self, data: bytes, name: str, start: int, end: int) -> Node:
        """Return the segment that stands at `start` to `end`.

        Raises:
            TooLarge: more values than let in.
        """
        self._seen[name] += 1
        count = self._seen[name]
        path = name if count == 1 else f"{name}[{count}]"
        first = 2 if name in _HEADERS else 0
        children: list[Node] = []
        if first:
            marks = data[start + 4 : end].partition(self._marks.field.encode())[0].decode("iso8859-1")
            children = [Node("1", f"{path}-1", self._marks.field), Node("2", f"{path}-2", marks)]
        plain = self._plain(data, name, start, end)
        if end - start <= _SHORT:
            fields = str(memoryview(data)[start:end], self._codec).split(self._marks.field)
            self._spend(len(fields))
            for number, value in enumerate(fields[first or 1 :], first + 1 if first else 1):
                if value:
                    self._field(children, number, f"{path}-{number}", value, plain=number == plain)
        else:
            for index, (left, right) in enumerate(_cut(data, start, end, self._marks.field.encode())):
                self._spend(1)
                if index >= (first or 1) and left < right:
                    number = index + 1 if first else index
                    self._long_field(children, data, left, right, number, f"{path}-{number}", plain=number == plain)
        return Node(name, path, None, tuple(children))

    def _plain(self, data: bytes, name: str, start: int, end: int) -> int:
        """Return the number of the field that holds plain text; 0 = none."""
        if name != "OBX":
            return _PLAIN_FIELDS.get(name, 0)
        type_field = next(islice(_cut(data, start, min(end, start + _SHORT), self._marks.field.encode()), 2, 3), None)
        kind = data[slice(*type_field)].strip().upper() if type_field else b""
        return _OBSERVATION_VALUE if kind in _PLAIN_TYPES else 0

    def _field(self, into: list[Node], number: int, path: str, value: str, *, plain: bool) -> None:
        name = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
        if self._special(value) is None:
            into.append(Node(name, path, value))
            return
        marks = self._marks
        repetitions = value.split(marks.repetition) if marks.repetition else [value]
        self._spend(len(repetitions))
        for count, repetition in enumerate(repetitions, 1):
            if repetition:
                place = path if count == 1 else f"{path}[{count}]"
                if plain:
                    into.append(Node(name, place, self._text(repetition)))
                else:
                    into.append(self._node(name, place, repetition, marks.component, marks.subcomponent))

    def _node(self, name: str, path: str, value: str, separator: str, below: str) -> Node:
        """Return a repetition, or by the next separator a component, with what is in it."""
        if not separator or separator not in value:
            if below and below in value:
                component = self._node("1", f"{path}.1", value, below, "")
                return Node(name, path, None, (component,) if component.children or component.text else ())
            return Node(name, path, self._text(value))
        parts = value.split(separator)
        self._spend(len(parts))
        children = [
            self._node(_NUMBERS[count] if count < len(_NUMBERS) else str(count), f"{path}.{count}", part, below, "")
            for count, part in enumerate(parts, 1)
            if part
        ]
        return Node(name, path, None, tuple(children))

    def _text(self, value: str) -> str:
        value = self._unescape(value)
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        return value

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooLarge("too many fields, components and subcomponents in one message: send it in several")

    def _long_field(
        self, into: list[Node], data: bytes, start: int, end: int, number: int, path: str, *, plain: bool
    ) -> None:
        if end - start <= _SHORT:
            self._field(into, number, path, str(memoryview(data)[start:end], self._codec), plain=plain)
            return
        marks = self._marks
        for count, (left, right) in enumerate(_cut(data, start, end, marks.repetition.encode()), 1):
            self._spend(1)
            if left == right:
                continue
            place = path if count == 1 else f"{path}[{count}]"
            if plain:
                into.append(Node(str(number), place, self._text(str(memoryview(data)[left:right], self._codec))))
            else:
                into.append(self._long_node(str(number), place, data, left, right, marks.component, marks.subcomponent))

    def _long_node(self, name: str, path: str, data: bytes, start: int, end: int, separator: str, below: str) -> Node:
        if end - start <= _SHORT:
            return self._node(name, path, str(memoryview(data)[start:end], self._codec), separator, below)
        if separator and data.find(separator.encode(), start, end) >= 0:
            parts = enumerate(_cut(data, start, end, separator.encode()), 1)
            children: list[Node] = []
            for count, (left, right) in parts:
                self._spend(1)
                if left < right:
                    children.append(self._long_node(str(count), f"{path}.{count}", data, left, right, below, ""))
            return Node(name, path, None, tuple(children))
        if below and data.find(below.encode(), start, end) >= 0:
            component = self._long_node("1", f"{path}.1", data, start, end, below, "")
            return Node(name, path, None, (component,))
        return Node(name, path, self._text(str(memoryview(data)[start:end], self._codec)))


def _cut(data: bytes, start: int, end: int, separator: bytes) -> Iterator[tuple[int, int]]:
    """Yield the places between separators; without a separator the whole."""
    position = start
    while separator:
        found = data.find(separator, position, end)
        if found < 0:
            break
        yield position, found
        position = found + 1
    yield position, end
