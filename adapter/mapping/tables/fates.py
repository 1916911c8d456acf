"""What became of each field of a source while its rows were heard; at the end every one of them has a line."""

from typing import Final, NamedTuple

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.account import FieldTrace
from adapter.mapping.tables.outcome import Outcome
from adapter.mapping.tables.row import Over, Row
from adapter.mapping.tables.selector import Scope

NO_ROW: Final = "no row in the table: not taken over"
DECIDES: Final = "decides where this goes"
DELETES: Final = "asks that a value be deleted, and none is kept here"
BLANK: Final = "white space says nothing"
UNKNOWN: Final = "the sender says that there is no value (nullFlavor)"
MOST_TARGETS: Final = 16
"""Of a field that went to more places the first ones are told."""
_DELETE: Final = '""'  # HL7 v2.8 §2.5.3
_NULL: Final = "@nullFlavor"  # CDA R2 data types, ANY


class _Told(NamedTuple):
    """What is said of a field that went nowhere, or went where it stood already."""

    target: str | None
    transform: str
    note: str
    is_loss: bool


class Fates:
    """Collects, by the place of a field, where it went, what was said of it and what it decided.

    Attributes:
        scope: the message.
    """

    __slots__ = ("_asked", "_decided", "_losses", "_over", "_pending", "_remarks", "_told", "_used", "scope")

    def __init__(self, top: Node) -> None:
        """Begin with nothing."""
        self.scope = Scope(top)
        self._asked: set[tuple[Node, str]] = set()
        self._used: dict[str, tuple[str, str]] = {}
        self._told: dict[str, _Told] = {}
        self._decided: dict[str, tuple[str | None, str]] = {}
        self._over: dict[Node, Over] = {}
        self._remarks: dict[Remark, None] = {}
        self._losses: list[Remark] = []
        self._pending: dict[str, Remark] = {}

    def mean(self, row: Row, way: tuple[Node, ...]) -> None:
        """Note that a row without a target speaks of a node and what is beneath it."""
        node = way[-1]
        there = self._over.get(node)
        if there is None or not there.is_meant:
            self._over[node] = row.over
        if row.decides:
            self.decide(row, way, None)

    def leave_over(self, row: Row, node: Node) -> None:
        """Note that a transform looks at a node: what it does not use is lost by it."""
        if row.selector is not None:
            self._over.setdefault(node, row.over)

    def use(self, row: Row, outcome: Outcome, pointer: str) -> None:
        """Note where the fields of an outcome went; the value stands at `pointer`."""
        name, used = row.cells.transform, self._used
        for path, inner in outcome.used.items():
            place = pointer + inner
            there = used.get(path)
            if there is None:
                used[path] = (place, name)
            elif there[0].count("; ") < MOST_TARGETS and place not in there[0].split("; "):
                used[path] = (f"{there[0]}; {place}", there[1])
        for one in outcome.remarks:
            if one.kind is RemarkKind.LOST and one.source is not None and one.source not in outcome.used:
                self._tell_loss(one, name)
                continue
            target = None if one.target is None else pointer + one.target
            self._remark(Remark(one.kind, one.source, target, one.text), name)

    def explain(self, row: Row, outcome: Outcome) -> None:
        """Note what a transform says of fields from which it made no value."""
        name = row.cells.transform
        for one in outcome.remarks:
            if one.kind is RemarkKind.LOST and one.source is not None:
                self._tell_loss(one, name)
            else:
                self._remark(one if one.target is None else Remark(one.kind, one.source, None, one.text), name)

    def refuse(self, row: Row, outcome: Outcome, pointer: str, giver: str, *, is_same: bool) -> None:
        """Note that a value found its place filled, by the field `giver` ("" = by the table itself)."""
        name, who = row.cells.transform, giver or "the table"
        told = (
            _Told(pointer, name, f"said already by {who}", False)
            if is_same
            else _Told(None, name, f"not taken over: {who} says it otherwise", True)
        )
        for path in outcome.used:
            self._told.setdefault(path, told)

    def decide(self, row: Row, way: tuple[Node, ...], pointer: str | None) -> None:
        """Note which fields chose the row, by its conditions."""
        for position, selector in row.decides:
            asked = (way[position], selector.text)
            if asked in self._asked:
                continue
            if pointer is not None:
                self._asked.add(asked)
            for node in selector.find(way[position], self.scope):
                leaf = node if not node.children else next(node.leaves(), node)
                if self._decided.get(leaf.path, (None,))[0] is None:
                    self._decided[leaf.path] = (pointer, row.cells.transform)

    def traces(self) -> tuple[FieldTrace, ...]:
        """Return the line of every field that says something, in the order of the source; called once, at the end.

        A field that stands in several places of the tree, such as that of somebody with two roles, has one.
        """
        traces: list[FieldTrace] = []
        done: set[str] = set()
        seen: set[Node] = set()
        add, over_of, used_of = traces.append, self._over.get, self._used.get
        stack: list[tuple[Node, Over | None]] = [(self.scope.top, None)]
        while stack:
            node, over = stack.pop()
            over = over_of(node, over)
            if node.children:
                if node in seen:
                    continue
                seen.add(node)
                stack += [(child, over) for child in reversed(node.children)]
            elif node.text and node.path not in done:
                done.add(node.path)
                self._pending.pop(node.path, None)
                use = used_of(node.path)
                add(self._rest(node, over) if use is None else self._used_line(node.path, use))
        return tuple(traces)

    def remarks(self) -> tuple[Remark, ...]:
        """Return the loss report: what transforms remarked, then what is lost, in the order of the source."""
        return (*self._remarks, *self._pending.values(), *self._losses)

    def _tell_loss(self, remark: Remark, name: str) -> None:
        """Note that a field is lost by one row; it is told in the end, unless another row has a use for it."""
        if remark.source is not None and self._pending.setdefault(remark.source, remark) is remark:
            self._told.setdefault(remark.source, _Told(None, name, remark.text, True))

    def _remark(self, remark: Remark, name: str) -> None:
        self._remarks[remark] = None
        if remark.source is not None:
            self._told.setdefault(remark.source, _Told(None, name, remark.text, False))

    def _used_line(self, path: str, use: tuple[str, str]) -> FieldTrace:
        told = self._told.get(path)
        return FieldTrace(path, use[0], use[1], told.note if told is not None and not told.is_loss else "")

    def _rest(self, node: Node, over: Over | None) -> FieldTrace:
        """Return the line of a field that is used nowhere; the most telling word about it is taken."""
        path = node.path
        told = self._told.get(path)
        is_meant = over is not None and over.is_meant
        if told is not None and not (told.is_loss and is_meant):
            return self._line(path, told.target, told.transform, told.note, is_loss=told.is_loss)
        if (decided := self._decided.get(path)) is not None and not is_meant:
            return FieldTrace(path, decided[0], "", DECIDES)
        if node.text == _DELETE or (node.text or "").isspace():
            return FieldTrace(path, None, "", DELETES if node.text == _DELETE else BLANK)
        if node.name == _NULL:
            return FieldTrace(path, None, "", UNKNOWN)
        if over is None:
            return self._line(path, None, "", NO_ROW, is_loss=True)
        return self._line(path, None, over.transform, over.note, is_loss=over.is_loss)

    def _line(self, path: str, target: str | None, transform: str, note: str, *, is_loss: bool) -> FieldTrace:
        if is_loss:
            self._losses.append(Remark(RemarkKind.LOST, path, None, note))
        return FieldTrace(path, target, transform, note)
