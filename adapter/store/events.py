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
_LAST = select(func.coalesce(func.max(table.c.seq), 0)).where(_OF_CASE)
_ALL = select(table).where(_OF_CASE).order_by(table.c.seq)
_INSERT = insert(table)


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
        seq: int = self._connection.execute(_LAST, {"org": org, "case_id": case_id}).scalar_one() + 1
        row = {"org": org, "case_id": case_id, "seq": seq, "at": at, "kind": kind, "actor": actor}
        try:
            self._connection.execute(_INSERT, {**row, "detail": dict(detail or {})})
        except IntegrityError as error:
            raise StaleVersion("something else happened to the case at the same moment; try again") from error
        return seq

    def of_case(self, org: str, case_id: str) -> list[StoredEvent]:
        """Return what happened, the oldest first."""
        rows = self._connection.execute(_ALL, {"org": org, "case_id": case_id}).mappings()
        return [StoredEvent(**row) for row in rows]
