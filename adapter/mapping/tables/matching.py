"""All selectors of a table as one tree of steps and conditions, so that a message is walked once and not once per row.

Rows that begin alike share the beginning; rows that ask one path for different values share the asking.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeAlias

from adapter.mapping.source import Node
from adapter.mapping.tables.selector import ANY, FIRST, MANY, UP, Condition, Scope, Selector, Step, Test

Match: TypeAlias = tuple[int, tuple[Node, ...]]
"""The number of a selector, and the way: the top of the message, then the node of each step."""

_number = itemgetter(0)


@dataclass(slots=True, eq=False)
class _Gate:
    """Nodes that have fulfilled the conditions so far.

    Attributes:
        ends: the selectors that end here.
        below: the steps that follow; None = none do.
        switches: paths whose values open further gates.
        tests: other conditions, each with its gate.
        parts: the gates behind this one, by the text of their condition; used while selectors are added.
    """

    ends: list[int] = field(default_factory=list)
    below: "_Branch | None" = None
    switches: dict[str, tuple[Selector, dict[str, list["_Gate"]]]] = field(default_factory=dict)
    tests: list[tuple[Test, "_Gate"]] = field(default_factory=list)
    parts: dict[str, "_Gate"] = field(default_factory=dict)

    def behind(self, condition: Condition) -> "_Gate":
        """Return the gate behind this one that a condition opens, made where it is new."""
        gate = self.parts.get(condition.text)
        if gate is None:
            gate = self.parts[condition.text] = _Gate()
            if condition.is_lookup:
                _path, table = self.switches.setdefault(condition.path.text, (condition.path, {}))
                for value in condition.values or ():
                    table.setdefault(value, []).append(gate)
            else:
                self.tests.append((condition.test, gate))
        return gate


@dataclass(slots=True)
class _Branch:
    """The steps that begin at one place.

    Attributes:
        gates: by the name of the child.
        slow: steps that go by number, upwards or to any name, by their text.
    """

    gates: dict[str, _Gate] = field(default_factory=dict)
    slow: dict[str, tuple[Step, _Gate]] = field(default_factory=dict)

    def gate(self, step: Step) -> _Gate:
        """Return the gate at the end of a step, made where it is new."""
        conditions = [one for one in step.conditions if isinstance(one, Condition)]
        if step.name in (UP, ANY) or len(conditions) < len(step.conditions):
            return self.slow.setdefault(step.text, (step, _Gate()))[1]
        gate = self.gates.setdefault(step.name, _Gate())
        for condition in conditions:
            gate = gate.behind(condition)
        return gate


class Matcher:
    """Selectors, compiled; finds for each its nodes in a message."""

    __slots__ = ("_top",)

    def __init__(self, selectors: Iterable[tuple[int, Selector]]) -> None:
        """Compile selectors with their numbers."""
        self._top = _Branch()
        for number, selector in selectors:
            branch, gate = self._top, None
            for step in selector.steps:
                if gate is not None:
                    gate.below = branch = gate.below or _Branch()
                gate = branch.gate(step)
            if gate is not None:
                gate.ends.append(number)

    def find(self, scope: Scope) -> list[Match]:
        """Return every match in the order of the selectors' numbers, those of one in the order of the source."""
        found: list[Match] = []
        _walk(self._top, (scope.top,), scope, found)
        found.sort(key=_number)
        return found


def _walk(branch: _Branch, way: tuple[Node, ...], scope: Scope, found: list[Match]) -> None:
    node, gates = way[-1], branch.gates
    children = node.children
    if len(children) > MANY:
        for name, gate in gates.items():
            for child in scope.children(node, name):
                _pass(gate, child, (*way, child), scope, found)
    elif children:
        for child in children:
            if (gate_of := gates.get(child.name)) is not None:
                _pass(gate_of, child, (*way, child), scope, found)
    elif (leaf_gate := gates.get(FIRST)) is not None:
        _pass(leaf_gate, node, (*way, node), scope, found)
    for step, gate in branch.slow.values():
        for child in step.pick(way, scope):
            _pass(gate, child, (*way, child), scope, found)


def _pass(gate: _Gate, node: Node, way: tuple[Node, ...], scope: Scope, found: list[Match]) -> None:
    """Note which selectors end at a node, and go on with the others; `way` ends with the node."""
    if gate.ends:
        found += [(number, way) for number in gate.ends]
    if gate.below is not None:
        _walk(gate.below, way, scope, found)
    for path, table in gate.switches.values():
        for one in _opened(table, path.values(node, scope)):
            _pass(one, node, way, scope, found)
    for test, one in gate.tests:
        if test(node, scope):
            _pass(one, node, way, scope, found)


def _opened(table: dict[str, list[_Gate]], values: Sequence[str]) -> Iterable[_Gate]:
    """Return the gates that these values open, each once."""
    if len(values) == 1:
        return table.get(values[0], ())
    return dict.fromkeys(gate for value in values for gate in table.get(value, ()))
