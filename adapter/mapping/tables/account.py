"""The account of a mapping: the document, where every field of the source went, what was lost, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from adapter.base.errors import Problem
from adapter.mapping.remarks import Remark
from adapter.mapping.tables.table import Table


class FieldTrace(NamedTuple):
    """Where one field of the source went.

    Attributes:
        source: its place in the sender's terms.
        target: JSON pointers in the canonical document, separated by "; "; None = nowhere.
        transform: what was done with it, as the table names it; "" = nothing.
        note: why nowhere, or what is to be said beside; "" = nothing.
    """

    source: str
    target: str | None
    transform: str
    note: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a table made of a message.

    Attributes:
        table: the table.
        document: the canonical document; not checked against its schema yet.
        rows: one for every leaf of the source that says something, in its order.
        remarks: the loss report.
        problems: what is required and missing, in the sender's terms.
        missing: the JSON pointers of those problems.
    """

    table: Table = field(repr=False)
    document: dict[str, Any] = field(repr=False)
    rows: tuple[FieldTrace, ...]
    remarks: tuple[Remark, ...]
    problems: tuple[Problem, ...] = ()
    missing: Mapping[str, Problem] = field(default_factory=dict)
