"""Selectors: which nodes of a source tree a row speaks of, read from their text once, when a table is loaded.

`PID-3.1`, `Patient.name.family` and `recordTarget/patientRole/@x` are steps of names; `-`, `.` and `/` are the same.
`*` is any name, `^` goes back to the step before, and step `1` of a leaf is the leaf itself (HL7 v2.8 §2.5.3: the first
component of a field that has no others). Behind a step any number of conditions in brackets, heard in their order:
`[2]`, `[path=value|value]`, `[path!=value|value]`, `[path~=words|words]` (somewhere in the text), `[?path]` (says
something), `[!path]` (says nothing), `[path]` where the path is no number; an empty path is the step's node, and one
that begins with `/` starts at the top of the message. A backslash in a value takes the next character as it is.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from adapter.mapping.source import Node

Test: TypeAlias = Callable[[Node, "Scope"], bool]
"""Tells of a node of a message whether a condition holds."""

MANY: Final = 32
"""From so many children on they are grouped by their names."""
_LOOK_CHARACTERS: Final = 20_000
UP: Final = "^"
ANY: Final = "*"
FIRST: Final = "1"
_SEPARATORS: Final = frozenset("-./")
_NAME: Final = re.compile(r"[@A-Za-z0-9_:]+|\*|\^")
_NUMBER: Final = re.compile(r"\[([1-9][0-9]{0,3})\]")
_VALUE: Final = re.compile(r"(?:[^|\]\\]|\\.)*")


class Scope:
    """A message while it is asked about, so that nothing is found out twice, however long it is.

    Attributes:
        top: the message.
        answers: of conditions that start at the top, by a key of their own.
    """

    __slots__ = ("_groups", "answers", "top")

    def __init__(self, top: Node) -> None:
        """Begin without having asked anything."""
        self.top = top
        self.answers: dict[object, bool] = {}
        self._groups: dict[Node, dict[str, list[Node]]] = {}

    def children(self, node: Node, name: str) -> Sequence[Node]:
        """Return the children of this name, in order."""
        if len(node.children) <= MANY:
            return [child for child in node.children if child.name == name]
        groups = self._groups.get(node)
        if groups is None:
            groups = self._groups[node] = {}
            for child in node.children:
                groups.setdefault(child.name, []).append(child)
        return groups.get(name, ())


class Words(frozenset[str]):
    """Values of which one must stand somewhere in the text, in whatever case of the letters (`~=`).

    Of a very long text, such as a record in base64, the beginning is looked at.
    """

    def __contains__(self, said: object) -> bool:
        """Tell whether a text has one of the words in it."""
        if not isinstance(said, str):
            return False
        folded = said[:_LOOK_CHARACTERS].casefold()
        return any(word in folded for word in self)


@dataclass(frozen=True, slots=True)
class Nth:
    """Keeps the n-th of those that are left, from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Condition:
    """Keeps the nodes of which something is true.

    Attributes:
        path: where to look.
        values: what one of the nodes there must say; None = it must say anything.
        is_negated: whether that must not be.
        from_top: whether the path starts at the top of the message instead of the node.
        text: all of that as it is written.
        test: all of that as a function.
    """

    path: "Selector"
    values: frozenset[str] | None
    is_negated: bool
    from_top: bool
    text: str
    test: Test

    @property
    def is_lookup(self) -> bool:
        """Whether the condition holds where the path says one of its values, neither more nor less."""
        return type(self.values) is frozenset and not self.is_negated and not self.from_top


@dataclass(frozen=True, slots=True)
class Step:
    """One name, and what must be true of the nodes that have it; `text` is both as they are written."""

    name: str
    conditions: tuple[Nth | Condition, ...]
    text: str

    def pick(self, chain: Sequence[Node], scope: Scope) -> Sequence[Node]:
        """Return the nodes to which the step leads from the last node of the way so far."""
        node, name = chain[-1], self.name
        if name == UP:
            nodes: Sequence[Node] = chain[-2:-1]
        elif not node.children:
            nodes = (node,) if name == FIRST else ()
        elif name == ANY:
            nodes = node.children
        else:
            nodes = scope.children(node, name)
        for condition in self.conditions:
            if isinstance(condition, Nth):
                nodes = nodes[condition.number - 1 : condition.number]
            else:
                nodes = [one for one in nodes if condition.test(one, scope)]
        return nodes


@dataclass(frozen=True, slots=True)
class Selector:
    """Steps from a node downwards; none = the node itself. `names` are those of plain steps, None = some are not."""

    steps: tuple[Step, ...]
    text: str
    names: tuple[str, ...] | None

    def find(self, node: Node, scope: Scope) -> list[Node]:
        """Return the nodes that it leads to, in the order of the source."""
        chains: list[tuple[Node, ...]] = [(node,)]
        for step in self.steps:
            chains = [(*chain, one) for chain in chains for one in step.pick(chain, scope)]
        return [chain[-1] for chain in chains]

    def values(self, node: Node, scope: Scope) -> Sequence[str]:
        """Return what the nodes to which it leads say, without white space around it."""
        names = self.names
        said = _said(node, names) if names is not None else [one.leading() for one in self.find(node, scope)]
        return [text for one in said if one and (text := one.strip())]

    def place(self) -> str:
        """Return the selector as a place that people know, without its conditions."""
        text = ""
        for step in self.steps:
            separator = ("-" if step.name.isdigit() and "-" not in text else ".") if text else ""
            text = f"{text}{separator}{step.name}"
        return text


def _said(node: Node, names: tuple[str, ...]) -> list[str | None]:
    """Return what is said at the end of a path of plain names."""
    nodes = [node]
    for name in names:
        nodes = [
            below
            for one in nodes
            for below in (one.children or ((one,) if name == FIRST else ()))
            if below.name == name or below is one
        ]
    return [one.leading() if one.children else one.text for one in nodes]


@lru_cache(maxsize=8192)
def parse_selector(text: str) -> Selector:
    """Read a selector; the same text gives the same one, because tables that extend one share most of theirs.

    Raises:
        ValueError: it is none; the text says where it stops being one.
    """
    selector, end = _steps(text, 0)
    if end != len(text) or not selector.steps:
        raise ValueError(f"the selector cannot be read from character {end + 1} on")
    return selector


def _steps(text: str, at: int) -> tuple[Selector, int]:
    """Read steps from `at`; where none begins, there are none."""
    steps: list[Step] = []
    begin = end = at
    while (name := _NAME.match(text, at)) is not None:
        if name[0] == UP and (not steps or steps[-1].name == UP):
            raise ValueError(f"^ goes back from a name: character {at + 1}")
        start, at = at, name.end()
        conditions: list[Nth | Condition] = []
        while text[at : at + 1] == "[":
            one, at = _condition(text, at)
            conditions.append(one)
        steps.append(Step(name[0], tuple(conditions), text[start:at]))
        end = at
        if text[at : at + 1] not in _SEPARATORS or at >= len(text):
            break
        at += 1
    is_plain = not any(step.conditions or step.name in (UP, ANY) for step in steps)
    names = tuple(step.name for step in steps) if is_plain else None
    return Selector(tuple(steps), text[begin:end], names), end


def _condition(text: str, at: int) -> tuple[Nth | Condition, int]:
    if (number := _NUMBER.match(text, at)) is not None:
        return Nth(int(number[1])), number.end()
    begin = at
    at += 1
    is_negated = text[at : at + 1] == "!" and text[at + 1 : at + 2] != "="
    is_asked = text[at : at + 1] == "?"
    at += is_negated or is_asked
    start = at
    from_top = text[at : at + 1] == "/"
    path, at = _steps(text, at + from_top)
    values: frozenset[str] | None = None
    if text.startswith(("=", "!=", "~="), at):
        is_unequal, is_near = text[at] == "!", text[at] == "~"
        if is_negated or is_asked:
            raise ValueError(f"a condition has one of ?, !, =, != and ~=: character {at + 1}")
        is_negated = is_unequal
        values, at = _values(text, at + 1 + is_unequal + is_near)
        values = Words(one.casefold() for one in values) if is_near else values
    elif text[start:at].isdigit() and not (is_negated or is_asked):
        raise ValueError(f"a number counts from 1; write ? before the name of a field: character {start + 1}")
    elif not path.steps:
        raise ValueError(f"a condition is a number, a path, or a path with values: character {at + 1}")
    if text[at : at + 1] != "]":
        raise ValueError(f"a condition ends with ]: character {at + 1}")
    test = _test(path, values, wanted=not is_negated, from_top=from_top)
    return Condition(path, values, is_negated, from_top, text[begin : at + 1], test), at + 1


def _values(text: str, at: int) -> tuple[frozenset[str], int]:
    values: set[str] = set()
    while True:
        found = _VALUE.match(text, at)
        said = re.sub(r"\\(.)", r"\1", found[0]).strip() if found is not None else ""
        if found is None or not said:
            raise ValueError(f"a value says something: character {at + 1}")
        values.add(said)
        at = found.end()
        if text[at : at + 1] != "|":
            return frozenset(values), at
        at += 1


def _test(path: Selector, values: frozenset[str] | None, *, wanted: bool, from_top: bool) -> Test:
    def test(node: Node, scope: Scope) -> bool:
        for said in path.values(node, scope):
            if values is None or said in values:
                return wanted
        return not wanted

    if not from_top:
        return test
    key = object()

    def ask_once(_node: Node, scope: Scope) -> bool:
        answer = scope.answers.get(key)
        if answer is None:
            answer = scope.answers[key] = test(scope.top, scope)
        return answer

    return ask_once
