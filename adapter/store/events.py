"""What happened to a case, in order, append-only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from adapter.base.errors import StaleVersion
from adapter.store.tables import case_event as table

_OF_CASE = (table.c.org == bindparam("org")) & (table.c.case_id == bindparam("case_id"))
_ALL = select(table).where(_OF_CASE).order_by(table.c.seq)
_earlier = table.alias()
_NEXT = select(func.coalesce(func.max(_earlier.c.seq), 0) + 1).where(
    _earlier.c.org == bindparam("org_"), _earlier.c.case_id == bindparam("case_id_")
)
_APPEND = (
    insert(table)
    .values({column.name: bindparam(column.name) for column in table.c if column.name != "seq"})
    .values(seq=_NEXT.scalar_subquery())
    .returning(table.c.seq)
)
"""One round trip, because nearly every step of a case writes an event."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEvent:
    """One event of a case.

    Attributes:
        seq: the place in the case's own order, from 1.
        at: when it happened, aware, UTC.
        kind: what happened, past tense.
        actor: who did it, such as "client:ehr" or "partner:b".
        detail: JSON data; ids and codes, no patient data.
    """

    org: str
    case_id: str
    seq: int
    at: datetime
    kind: str
    actor: str
    detail: Mapping[str, Any]


class Events:
    """The case events within one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the transaction."""
        self._connection = connection

    def append(
        self, org: str, case_id: str, kind: str, actor: str, at: datetime, detail: Mapping[str, Any] | None = None
    ) -> int:
        """Add an event to the end and return its number.

        Raises:
            StaleVersion: somebody else added one at the same moment.
        """
        row = {"org": org, "case_id": case_id, "at": at, "kind": kind, "actor": actor, "detail": dict(detail or {})}
        try:
            return int(self._connection.execute(_APPEND, {**row, "org_": org, "case_id_": case_id}).scalar_one())
        except IntegrityError as error:
            raise StaleVersion("something else happened to the case at the same moment; try again") from error

    def of_case(self, org: str, case_id: str) -> list[StoredEvent]:
        """Return what happened, the oldest first."""
        rows = self._connection.execute(_ALL, {"org": org, "case_id": case_id}).mappings()
        return [StoredEvent(**row) for row in rows]
