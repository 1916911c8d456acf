"""Maps a source tree by a table: rows are heard in their order, and the first value of a place stays."""

from operator import itemgetter
from typing import Any, Final

from adapter.mapping.source import Node
from adapter.mapping.tables.account import Mapped
from adapter.mapping.tables.adoption import adopt
from adapter.mapping.tables.draft import Draft, Verdict
from adapter.mapping.tables.fates import Fates
from adapter.mapping.tables.outcome import Context, Outcome
from adapter.mapping.tables.required import missing
from adapter.mapping.tables.row import Row
from adapter.mapping.tables.table import Table

_MESSAGE: Final = Node("", "")
"""What rows without a source speak of."""
_EMPTY: Final[tuple[Any, ...]] = ("", {}, [])
_number = itemgetter(0)


def apply(table: Table, root: Node, context: Context) -> Mapped:
    """Map a message.

    Args:
        table: the table of its format.
        root: the tree that a reader made; its leaves have places of their own.
        context: of the sender.
    """
    top = adopt(root, table.families)
    draft, fates = Draft({"format": table.produces}), Fates(top)
    matches = table.matcher.find(fates.scope)
    if table.sourceless:
        matches += [(number, (_MESSAGE,)) for number in table.sourceless]
        matches.sort(key=_number)
    rows = table.rows
    for number, way in matches:
        row = rows[number]
        if row.targets:
            try:
                outcome = row.transform(way[-1], context)
            except Exception as error:
                error.add_note(f"while the row {row.cells.where} was heard")
                raise
            _take(row, outcome, way, draft, fates)
        else:
            fates.mean(row, way)
    traces = fates.traces()
    told = missing(table, draft)
    return Mapped(table, draft.finish(), traces, fates.remarks(), tuple(told.values()), told)


def _take(row: Row, outcome: Outcome, way: tuple[Node, ...], draft: Draft, fates: Fates) -> None:
    """Put what a transform made where the row says, and note what became of the fields."""
    fates.leave_over(row, way[-1])
    outcomes = (outcome, *outcome.also) if outcome.also else (outcome,)
    for target, one in zip(row.targets, outcomes, strict=False):
        if not one.value and (one.value is None or one.value in _EMPTY):
            fates.explain(row, one)
            continue
        verdict, pointer = draft.put(target, way, one.value)
        if verdict is Verdict.PUT:
            fates.use(row, one, pointer)
        else:
            fates.refuse(row, one, pointer, draft.giver(pointer, one.value), is_same=verdict is Verdict.SAME)
        if row.decides:
            fates.decide(row, way, None if verdict is Verdict.TAKEN else pointer)
