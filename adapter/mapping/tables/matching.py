"""All selectors of a table as one tree of steps, so that a message is walked once and not once per row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeAlias

from adapter.mapping.source import Node
from adapter.mapping.tables.selector import ANY, FIRST, MANY, UP, Nth, Scope, Selector, Step, Test

Match: TypeAlias = tuple[int, tuple[Node, ...]]
"""The number of a selector, and the way: the top of the message, then the node of each step."""

_number = itemgetter(0)


@dataclass(slots=True)
class _Edge:
    """A step that selectors share: what it asks of a node, which selectors end there, and what comes after."""

    step: Step
    tests: tuple[Test, ...]
    ends: list[int] = field(default_factory=list)
    below: "_Branch | None" = None


@dataclass(slots=True)
class _Branch:
    """The steps that begin at one place.

    Attributes:
        edges: by the name of the child; where there are steps `*`, every list holds them too.
        any: the steps `*`.
        slow: steps that go by number or upwards.
        first: the steps `1`, which a leaf takes for itself.
        all: by the text of the step.
    """

    edges: dict[str, tuple[_Edge, ...]] = field(default_factory=dict)
    any: tuple[_Edge, ...] = ()
    slow: tuple[_Edge, ...] = ()
    first: tuple[_Edge, ...] = ()
    all: dict[str, _Edge] = field(default_factory=dict)


class Matcher:
    """Selectors, compiled; finds for each its nodes in a message."""

    __slots__ = ("_top",)

    def __init__(self, selectors: Iterable[tuple[int, Selector]]) -> None:
        """Compile selectors with their numbers."""
        self._top = _Branch()
        for number, selector in selectors:
            branch = self._top
            for position, step in enumerate(selector.steps, start=1):
                edge = branch.all.get(step.text)
                if edge is None:
                    edge = branch.all[step.text] = _Edge(step, _tests(step))
                if position == len(selector.steps):
                    edge.ends.append(number)
                else:
                    edge.below = edge.below or _Branch()
                    branch = edge.below
        _arrange(self._top)

    def find(self, scope: Scope) -> list[Match]:
        """Return every match in the order of the selectors' numbers, those of one in the order of the source."""
        found: list[Match] = []
        _walk(self._top, (scope.top,), scope, found)
        found.sort(key=_number)
        return found


def _tests(step: Step) -> tuple[Test, ...]:
    return tuple(one.test for one in step.conditions if not isinstance(one, Nth))


def _arrange(branch: _Branch) -> None:
    edges = branch.all.values()
    slow = [edge for edge in edges if edge.step.name == UP or any(isinstance(one, Nth) for one in edge.step.conditions)]
    quick = [edge for edge in edges if edge not in slow]
    branch.slow = tuple(slow)
    branch.any = tuple(edge for edge in quick if edge.step.name == ANY)
    branch.first = tuple(edge for edge in quick if edge.step.name == FIRST)
    for name in {edge.step.name for edge in quick} - {ANY}:
        branch.edges[name] = tuple(edge for edge in quick if edge.step.name in (name, ANY))
    for edge in edges:
        if edge.below is not None:
            _arrange(edge.below)


def _walk(branch: _Branch, way: tuple[Node, ...], scope: Scope, found: list[Match]) -> None:
    node = way[-1]
    edges = branch.edges
    if not node.children:
        for edge in branch.first:
            _try(edge, node, way, scope, found)
    elif len(node.children) <= MANY or branch.any:
        others = branch.any
        for child in node.children:
            for edge in edges.get(child.name, others):
                _try(edge, child, way, scope, found)
    else:
        _walk_many(branch, way, scope, found)
    for edge in branch.slow:
        for child in edge.step.pick(way, scope):
            _enter(edge, (*way, child), scope, found)


def _walk_many(branch: _Branch, way: tuple[Node, ...], scope: Scope, found: list[Match]) -> None:
    """Go by the names of the steps instead of the children; a way back may come by here once for each child."""
    for name, edges in branch.edges.items():
        for child in scope.children(way[-1], name):
            for edge in edges:
                _try(edge, child, way, scope, found)


def _try(edge: _Edge, node: Node, way: tuple[Node, ...], scope: Scope, found: list[Match]) -> None:
    for test in edge.tests:
        if not test(node, scope):
            return
    _enter(edge, (*way, node), scope, found)


def _enter(edge: _Edge, way: tuple[Node, ...], scope: Scope, found: list[Match]) -> None:
    if edge.ends:
        found += [(number, way) for number in edge.ends]
    if edge.below is not None:
        _walk(edge.below, way, scope, found)
