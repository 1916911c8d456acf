"""Maps a source tree by a table: rows are heard in their order, and the first value of a place stays."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.account import FieldTrace, Mapped
from adapter.mapping.tables.adoption import adopt
from adapter.mapping.tables.draft import Draft, Verdict
from adapter.mapping.tables.outcome import Context, Outcome
from adapter.mapping.tables.required import missing
from adapter.mapping.tables.row import Row
from adapter.mapping.tables.table import Table

NO_ROW: Final = "no row in the table: not taken over"
_MESSAGE: Final = Node("", "")
"""What rows without a source speak of."""


def apply(table: Table, root: Node, context: Context) -> Mapped:
    """Map a message.

    Args:
        table: the table of its format.
        root: the tree that a reader made; its leaves have places of their own.
        context: of the sender.
    """
    top = adopt(root, table.families)
    run = _Run(table, top, context)
    matches = table.matcher.find(top)
    if table.sourceless:
        matches += [(number, (_MESSAGE,)) for number in table.sourceless]
        matches.sort(key=_number)
    rows = table.rows
    for number, way in matches:
        run.hear(rows[number], way)
    traces = tuple(run.traces())
    told = missing(table, run.draft)
    return Mapped(table, run.draft.document, traces, tuple(run.remarks), tuple(told.values()), told)


def _number(match: tuple[int, tuple[Node, ...]]) -> int:
    return match[0]


class _Fate(NamedTuple):
    """What is said of the leaves beneath a node that no transform used."""

    transform: str
    note: str
    is_loss: bool
    is_meant: bool  # by a row without a target, not by what a transform left over


class _Run:
    """One mapping while it goes on.

    `used`, `told` and `decided` go by the place of a leaf: where it went; why it went nowhere; what it chose.
    """

    __slots__ = ("context", "decided", "draft", "fates", "remarks", "told", "top", "used")

    def __init__(self, table: Table, top: Node, context: Context) -> None:
        """Begin with an empty document."""
        self.top = top
        self.context = context
        self.draft = Draft({"format": table.produces})
        self.remarks: dict[Remark, None] = {}
        self.used: dict[str, tuple[str, str, str]] = {}
        self.told: dict[str, tuple[str | None, str, str, bool]] = {}
        self.decided: dict[str, str] = {}
        self.fates: dict[Node, _Fate] = {}

    def hear(self, row: Row, way: tuple[Node, ...]) -> None:
        """Apply a row to one of its matches."""
        node = way[-1]
        cells = row.cells
        if not row.targets:
            fate = self.fates.get(node)
            if fate is None or not fate.is_meant:
                self.fates[node] = _Fate(cells.transform, cells.spec, row.is_loss, True)
            return
        outcome = row.transform(node, self.context)
        if row.selector is not None and node not in self.fates:
            self.fates[node] = _Fate(cells.transform, row.unused, True, False)
        self._take(row, 0, outcome, way)
        for position, one in enumerate(outcome.also[: len(row.targets) - 1], start=1):
            self._take(row, position, one, way)

    def _take(self, row: Row, position: int, outcome: Outcome, way: tuple[Node, ...]) -> None:
        name = row.cells.transform
        if outcome.value is None:
            for remark in outcome.remarks:
                self._remark(remark, None, name)
            return
        verdict, pointer = self.draft.put(row.targets[position], way, outcome.value)
        if verdict is Verdict.PUT:
            for remark in outcome.remarks:
                self._remark(remark, pointer, name)
            for path, inner in outcome.used.items():
                self._use(path, pointer + inner, name)
            for at, selector in row.decides:
                for leaf in selector.find(way[at], self.top):
                    self.decided.setdefault(_first_place(leaf), pointer)
        elif row.selector is not None:
            self._tell_taken(outcome, name, pointer, is_same=verdict is Verdict.SAME)

    def _tell_taken(self, outcome: Outcome, name: str, pointer: str, *, is_same: bool) -> None:
        giver = self.draft.giver(pointer) or "the table"
        for path in outcome.used:
            if is_same:
                self.told.setdefault(path, (pointer, name, f"said already by {giver}", False))
            else:
                self.told.setdefault(path, (None, name, f"not taken over: {giver} says it otherwise", True))

    def _use(self, path: str, pointer: str, name: str) -> None:
        there = self.used.get(path)
        if there is None:
            self.used[path] = (pointer, name, "")
        elif pointer not in there[0].split("; "):
            self.used[path] = (f"{there[0]}; {pointer}", there[1], there[2])

    def _remark(self, remark: Remark, pointer: str | None, name: str) -> None:
        target = None if remark.target is None or pointer is None else pointer + remark.target
        self.remarks[Remark(remark.kind, remark.source, target, remark.text)] = None
        if remark.source is not None:
            self.told.setdefault(remark.source, (None, name, remark.text, False))

    def traces(self) -> Iterator[FieldTrace]:
        """Yield the trace of every leaf, and remark on those that are lost; called once, at the end."""
        used, told, decided, fates = self.used, self.told, self.decided, self.fates
        stack: list[tuple[Node, _Fate | None]] = [(self.top, None)]
        while stack:
            node, fate = stack.pop()
            fate = fates.get(node, fate)
            if node.children:
                stack += [(child, fate) for child in reversed(node.children)]
                continue
            if not node.text:
                continue
            path = node.path
            if (use := used.get(path)) is not None:
                said = told.get(path)
                yield FieldTrace(path, use[0], use[1], said[2] if said is not None and not said[3] else "")
            elif (said := told.get(path)) is not None:
                if said[3]:
                    self._lose(path, said[2])
                yield FieldTrace(path, said[0], said[1], said[2])
            elif (choice := decided.get(path)) is not None:
                yield FieldTrace(path, choice, "", "decides where this goes")
            elif fate is not None:
                if fate.is_loss:
                    self._lose(path, fate.note)
                yield FieldTrace(path, None, fate.transform, fate.note)
            else:
                self._lose(path, NO_ROW)
                yield FieldTrace(path, None, "", NO_ROW)

    def _lose(self, path: str, text: str) -> None:
        self.remarks[Remark(RemarkKind.LOST, path, None, text)] = None


def _first_place(node: Node) -> str:
    leaf = next(node.leaves(), None)
    return node.path if leaf is None else leaf.path
