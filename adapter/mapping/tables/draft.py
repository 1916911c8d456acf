"""The canonical document while rows fill it: the first value of a place stays."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from adapter.mapping.source import Node
from adapter.mapping.tables.target import Kind, Target, TargetStep

_LONG: Final = 200


class Verdict(Enum):
    """What became of a value."""

    PUT = "it stands there now"
    SAME = "the same stood there already"
    TAKEN = "something else stood there already"


class Draft:
    """A document that grows.

    Attributes:
        document: the document.
    """

    __slots__ = ("_entries", "_givers", "_lines", "_nodes", "_seen", "_texts", "document")

    def __init__(self, document: dict[str, Any]) -> None:
        """Begin with what is known before."""
        self.document = document
        self._entries: dict[tuple[str, Node], int] = {}
        self._givers: dict[str, str] = {}
        self._nodes: dict[tuple[str, int], Node] = {}
        self._seen: dict[tuple[str, Any], list[int]] = {}
        self._lines: dict[str, dict[str, str]] = {}
        self._texts: dict[str, tuple[dict[str, Any], str]] = {}

    def put(self, target: Target, way: tuple[Node, ...], value: Any) -> tuple[Verdict, str]:
        """Put a value where it belongs, unless something stands there; return the place as a JSON pointer, too."""
        if target.names is not None:
            verdict, pointer = self._put_plain(target.names, value), target.text
        else:
            verdict, pointer = self._put(target.steps, way, value)
        if verdict is Verdict.PUT:
            self._givers.setdefault(pointer, way[-1].path)
        return verdict, pointer

    def finish(self) -> dict[str, Any]:
        """Return the document, with its texts put together of their lines; called once, at the end."""
        for pointer, (place, name) in self._texts.items():
            place[name] = "\n".join(self._lines[pointer])
        return self.document

    def giver(self, pointer: str, value: Any) -> str:
        """Return the place in the source whose value stands at a pointer, or near it; "" = the table itself.

        Of a text with several lines, it is the one that gave the line `value`, where there is one.
        """
        if type(value) is str and (line := self._lines.get(pointer, {}).get(value)):
            return line
        near = pointer
        while near:
            if near in self._givers:
                return self._givers[near]
            near = near.rpartition("/")[0]
        return next((path for place, path in self._givers.items() if place.startswith(pointer + "/")), "")

    def node_of(self, pointer: str, index: int) -> Node | None:
        """Return the node to which an entry of the list at `pointer` belongs; None = to none."""
        return self._nodes.get((pointer, index))

    def _put_plain(self, names: tuple[str, ...], value: Any) -> Verdict:
        place: Any = self.document
        for name in names[:-1]:
            inner = place.get(name)
            if inner is None:
                inner = place[name] = {}
            elif type(inner) is not dict:
                return Verdict.TAKEN
            place = inner
        return _put_member(place, names[-1], value)

    def _put(self, steps: Sequence[TargetStep], way: tuple[Node, ...], value: Any) -> tuple[Verdict, str]:
        place: Any = self.document
        pointer = ""
        last = len(steps) - 1
        for number, step in enumerate(steps):
            is_member = step.kind in (Kind.MEMBER, Kind.LINE)
            fits = isinstance(place, dict if is_member else list)
            if not fits:
                return Verdict.TAKEN, pointer
            if not is_member:
                verdict, index = self._entry(place, step, way, pointer, value if number == last else {})
                pointer = f"{pointer}/{index}"
                if number == last:
                    return verdict, pointer
                place = place[index]
                continue
            pointer = f"{pointer}/{step.name}"
            if step.kind is Kind.LINE:
                return self._put_line(place, step.name, pointer, value, way), pointer
            if number == last:
                return _put_member(place, step.name, value), pointer
            inner = place.get(step.name)
            if inner is None:
                inner = place[step.name] = {} if steps[number + 1].kind in (Kind.MEMBER, Kind.LINE) else []
            place = inner
        return Verdict.TAKEN, pointer

    def _entry(
        self, entries: list[Any], step: TargetStep, way: tuple[Node, ...], pointer: str, value: Any
    ) -> tuple[Verdict, int]:
        """Find or make the entry of a list; one that is said twice stays one."""
        position = len(entries)
        if step.kind is Kind.BOUND:
            node = way[step.position]
            index = self._entries.get((pointer, node))
            if index is not None:
                return _compared(entries[index], value), index
            self._entries[pointer, node] = position
            self._nodes[pointer, position] = node
        elif value != {}:
            alike = self._seen.setdefault((pointer, _likeness(value)), [])
            for index in alike:
                if entries[index] == value:
                    return Verdict.SAME, index
            alike.append(position)
        entries.append(value)
        return Verdict.PUT, position

    def _put_line(self, place: dict[str, Any], name: str, pointer: str, value: Any, way: tuple[Node, ...]) -> Verdict:
        if type(value) is not str:
            return Verdict.TAKEN
        lines = self._lines.get(pointer)
        if lines is None:
            lines = self._lines[pointer] = {}
            self._texts[pointer] = (place, name)
            if (there := place.setdefault(name, "")) != "":
                lines[there] = ""
        if value in lines:
            return Verdict.SAME
        lines[value] = way[-1].path
        place[name] = place[name] or value
        return Verdict.PUT


def _put_member(place: dict[str, Any], name: str, value: Any) -> Verdict:
    there = place.get(name)
    if there is None:
        place[name] = value
        return Verdict.PUT
    return _compared(there, value)


def _compared(there: Any, value: Any) -> Verdict:
    return Verdict.SAME if there == value else Verdict.TAKEN


def _likeness(value: Any) -> Any:
    """Return something that is the same for the same values and can be looked up; long texts count by their length."""
    if isinstance(value, dict):
        return tuple((name, _likeness(inner)) for name, inner in sorted(value.items()))
    if isinstance(value, list):
        return tuple(_likeness(inner) for inner in value)
    return len(value) if isinstance(value, str) and len(value) > _LONG else value
