"""Intentions: what is to be done outside, written in the same transaction as the state that makes it necessary.

The items of one lane (usually a case) are done one after the other: only the oldest pending one is ever due.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Update, bindparam, func, insert, select, update

from adapter.base.errors import NotFound, StaleVersion
from adapter.store.tables import work as table
from adapter.store.workers import Fence, Workers


class WorkState(StrEnum):
    """Where an item stands."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"  # given up; waits for a person


_INSERT = insert(table)
_GET = select(table).where(table.c.id == bindparam("id_"))
_IS_PENDING = select(table.c.id).where(
    table.c.id == bindparam("id_"), table.c.attempts == bindparam("attempts_"), table.c.state == WorkState.PENDING.value
)
_older = table.alias()
_DUE = (
    select(table)
    .where(
        table.c.state == WorkState.PENDING.value,
        table.c.next_attempt_at <= bindparam("now"),
        ~select(_older.c.seq)
        .where(
            _older.c.org == table.c.org,
            _older.c.lane == table.c.lane,
            _older.c.state == WorkState.PENDING.value,
            _older.c.seq < table.c.seq,
        )
        .exists(),
    )
    .order_by(table.c.next_attempt_at, table.c.seq)
    .limit(bindparam("limit"))
)
_SETTLE = update(table).where(table.c.id == bindparam("id_"), table.c.state == WorkState.PENDING.value)
_FINISH = _SETTLE.values(state=WorkState.DONE.value, finished_at=bindparam("at"), last_error=None)
_POSTPONE = _SETTLE.values(
    attempts=table.c.attempts + 1, next_attempt_at=bindparam("at"), last_error=bindparam("error")
)
_BURY = _SETTLE.values(state=WorkState.DEAD.value, finished_at=bindparam("at"), last_error=bindparam("error"))


@dataclass(frozen=True, slots=True)
class WorkRef:
    """One attempt at one item, counted from 1; its text is the id under which the durable engine knows it."""

    id: str
    attempt: int

    def __str__(self) -> str:
        return f"{self.id}/{self.attempt}"


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkItem:
    """An intention.

    Attributes:
        seq: the order in which items were written down.
        lane: what keeps its order.
        case_id: the case it is about.
        kind: what is to be done.
        detail: JSON data; ids, no patient data.
        attempts: how many attempts have failed or been given up so far.
        next_attempt_at: not before this moment.
        last_error: why the attempt before failed; None = it has not failed.
        finished_at: when it was done or given up; None = pending.
    """

    seq: int
    id: str
    org: str
    lane: str
    case_id: str
    kind: str
    detail: Mapping[str, Any]
    state: WorkState
    attempts: int
    next_attempt_at: datetime
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None

    @property
    def ref(self) -> WorkRef:
        """The attempt that is due or under way."""
        return WorkRef(self.id, self.attempts + 1)


class Work:
    """The intentions within one transaction.

    `finish`, `postpone` and `bury` raise StaleVersion where the item is not pending any more, or where this worker has
    been taken for dead and replaced: the transaction then ends without effect, so an outcome counts once.
    """

    def __init__(self, connection: Connection, fence: Fence | None) -> None:
        """Work on the connection of the transaction; `fence` None = this process runs no engine."""
        self._connection = connection
        self._fence = fence
        self._workers = Workers(connection)

    def add(
        self,
        org: str,
        case_id: str,
        kind: str,
        detail: Mapping[str, Any],
        due_at: datetime,
        *,
        lane: str | None = None,
    ) -> str:
        """Write an intention down and return its id.

        Args:
            org: whose it is.
            case_id: the case it is about.
            kind: what is to be done.
            detail: what the doing needs to know; ids, no patient data.
            due_at: not before this moment, aware.
            lane: what it must keep its order with; None = with the case's other items.
        """
        id_ = uuid.uuid4().hex
        row: dict[str, Any] = {"id": id_, "org": org, "case_id": case_id, "lane": lane or case_id, "kind": str(kind)}
        row |= {
            "detail": dict(detail),
            "state": WorkState.PENDING.value,
            "attempts": 0,
            "next_attempt_at": due_at,
            "created_at": due_at,
        }
        self._connection.execute(_INSERT, row)
        return id_

    def due(self, now: datetime, limit: int) -> list[WorkItem]:
        """Return what may be done now, at most one item per lane, the longest waiting first, of all organisations."""
        rows = self._connection.execute(_DUE, {"now": now, "limit": limit}).mappings()
        return [_item(row) for row in rows]

    def get(self, id_: str) -> WorkItem | None:
        """Return an item; None where there is none."""
        row = self._connection.execute(_GET, {"id_": id_}).mappings().one_or_none()
        return None if row is None else _item(row)

    def is_current(self, ref: WorkRef) -> bool:
        """Say whether this attempt is still to be made, and by us."""
        key = {"id_": ref.id, "attempts_": ref.attempt - 1}
        if self._connection.execute(_IS_PENDING, key).first() is None:
            return False
        return self._fence is None or self._workers.holds(self._fence)

    def finish(self, id_: str, at: datetime) -> None:
        """Mark an item as done."""
        self._settle(_FINISH, id_, at=at)

    def postpone(self, id_: str, next_at: datetime, error: str) -> None:
        """Try again at `next_at`, under the next attempt number; `error` says why, without patient data."""
        self._settle(_POSTPONE, id_, at=next_at, error=error)

    def bury(self, id_: str, at: datetime, error: str) -> None:
        """Give an item up until a person revives it; the next one of its lane becomes due."""
        self._settle(_BURY, id_, at=at, error=error)

    def of_lane(self, org: str, lane: str) -> list[WorkItem]:
        """Return the items of a lane, the oldest first."""
        query = select(table).where(table.c.org == org, table.c.lane == lane).order_by(table.c.seq)
        return [_item(row) for row in self._connection.execute(query).mappings()]

    def count(self, state: WorkState) -> int:
        """Return how many items of all organisations are in this state."""
        query = select(func.count()).select_from(table).where(table.c.state == state.value)
        return int(self._connection.execute(query).scalar_one())

    def dead(self, org: str) -> list[WorkItem]:
        """Return what the organisation's items were given up, the oldest first."""
        query = select(table).where(table.c.org == org, table.c.state == WorkState.DEAD.value).order_by(table.c.seq)
        return [_item(row) for row in self._connection.execute(query).mappings()]

    def revive(self, org: str, id_: str, at: datetime) -> None:
        """Let a dead item of the organisation be tried again from `at` on.

        Raises:
            NotFound: the organisation has no dead item with this id.
        """
        query = update(table).where(table.c.org == org, table.c.id == id_, table.c.state == WorkState.DEAD.value)
        values = {
            "state": WorkState.PENDING.value,
            "attempts": table.c.attempts + 1,
            "next_attempt_at": at,
            "finished_at": None,
        }
        if self._connection.execute(query.values(values)).rowcount != 1:
            raise NotFound("there is no item with this id that was given up")

    def _settle(self, statement: Update, id_: str, **values: Any) -> None:
        if self._fence is not None and not self._workers.keeps_holding(self._fence):
            raise StaleVersion("this worker was taken for dead and replaced; its outcome does not count")
        if self._connection.execute(statement, {"id_": id_, **values}).rowcount != 1:
            raise StaleVersion("the item is not pending any more; somebody else has settled it")


def _item(row: RowMapping) -> WorkItem:
    return WorkItem(**{**row, "state": WorkState(row["state"])})
