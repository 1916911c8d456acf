"""What a table requires and a message does not say, told in the sender's terms."""

from collections.abc import Iterator
from typing import Any

from adapter.base.errors import Problem
from adapter.mapping.source import Node
from adapter.mapping.tables.draft import Draft
from adapter.mapping.tables.row import Row
from adapter.mapping.tables.selector import UP
from adapter.mapping.tables.table import Required, Table
from adapter.mapping.tables.target import Kind, TargetStep


def missing(table: Table, draft: Draft) -> dict[str, Problem]:
    """Return a problem for every place that must be filled and is not, by its JSON pointer."""
    problems: dict[str, Problem] = {}
    for required in table.required:
        for pointer, node in _gaps(required.target.steps, draft.document, draft, ""):
            problems.setdefault(pointer, _told(table, required, node))
    return problems


def place(table: Table, row: Row, node: Node | None = None) -> str | None:
    """Return the place in the sender's terms that a row speaks of; None = the row has no source.

    Args:
        table: the row's table.
        row: the row.
        node: of the entry that the row's target is bound to; None = none in particular.
    """
    if row.selector is None:
        return None
    names: list[str] = []
    for number, step in enumerate(row.selector.steps, start=1):
        if step.name == UP:
            names.pop()
        else:
            names.append(step.name)
        if node is not None and number == _bound(row):
            names = [node.path]
    return _joined(table.reader, names)


def _told(table: Table, required: Required, node: Node | None) -> Problem:
    first, *others = (row for row in required.rows if row.selector is not None)
    wanted = ", ".join(f"`{row.cells.source}`" for row in (first, *others))
    said = f"this is required: {required.target.description or 'the row says so'} It is read from {wanted}."
    return Problem(said, place(table, first, node), "required")


def _gaps(steps: tuple[TargetStep, ...], there: Any, draft: Draft, pointer: str) -> Iterator[tuple[str, Node | None]]:
    """Yield the pointers that lead nowhere; in a list, one for each entry, with the entry's node."""
    step, rest = steps[0], steps[1:]
    if step.kind in (Kind.MEMBER, Kind.LINE):
        inner = there.get(step.name) if isinstance(there, dict) else None
        here = f"{pointer}/{step.name}"
        if inner is None or (rest and inner == []):
            is_list_inside = rest and rest[0].kind in (Kind.APPEND, Kind.BOUND) and len(rest) > 1
            if not is_list_inside:
                yield here, None
        elif rest:
            yield from _gaps(rest, inner, draft, here)
    elif rest:
        for index, entry in enumerate(there):
            here = f"{pointer}/{index}"
            for gap, node in _gaps(rest, entry, draft, here):
                yield gap, node or draft.node_of(pointer, index)


def _bound(row: Row) -> int | None:
    positions = [step.position for target in row.targets for step in target.steps if step.kind is Kind.BOUND]
    return positions[-1] if positions else None


def _joined(reader: str, names: list[str]) -> str:
    """Join names as the sender's people do: PID-3.1, recordTarget/patientRole/id, Patient.name.family."""
    if reader == "cda":
        return "/".join(names)
    if reader == "er7":
        while len(names) > 1 and not names[1][:1].isdigit():
            names = names[1:]  # OBX beneath OBR is OBX
        return f"{names[0]}-{'.'.join(names[1:])}" if len(names) > 1 else names[0]
    return ".".join(names)
