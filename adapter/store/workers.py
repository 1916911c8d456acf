"""Which workers live: a row each, with a generation that fences off whoever was taken for dead and comes back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from adapter.store.tables import worker as table

_NAMED = table.c.name == bindparam("name_")
_HELD = _NAMED & (table.c.generation == bindparam("generation_"))
_GENERATION = select(table.c.generation).where(_NAMED).with_for_update()
_HOLDS = select(table.c.generation).where(_HELD)
_KEEPS_HOLDING = _HOLDS.with_for_update(read=True)
_SEEN = update(table).where(_HELD).values(seen_at=bindparam("at"))
_ENLIST = update(table).where(_NAMED).values(generation=table.c.generation + 1, seen_at=bindparam("at"))
_FENCE = update(table).where(_HELD).values(generation=table.c.generation + 1)


@dataclass(frozen=True, slots=True)
class Fence:
    """The right of a worker to act, as long as its row has this generation."""

    worker: str
    generation: int


class Workers:
    """The worker rows within one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the transaction."""
        self._connection = connection

    def enlist(self, name: str, at: datetime) -> Fence:
        """Begin a new life under this name; every earlier one is fenced off."""
        generation = self._connection.execute(_GENERATION, {"name_": name}).scalar()
        if generation is None:
            self._connection.execute(insert(table), {"name": name, "generation": 1, "seen_at": at})
            return Fence(name, 1)
        self._connection.execute(_ENLIST, {"name_": name, "at": at})
        return Fence(name, generation + 1)

    def holds(self, fence: Fence) -> bool:
        """Say whether the worker has not been replaced so far."""
        key = {"name_": fence.worker, "generation_": fence.generation}
        return self._connection.execute(_HOLDS, key).first() is not None

    def keeps_holding(self, fence: Fence) -> bool:
        """Say whether the worker has not been replaced, and let nobody replace it before this transaction ends."""
        key = {"name_": fence.worker, "generation_": fence.generation}
        return self._connection.execute(_KEEPS_HOLDING, key).first() is not None

    def seen(self, fence: Fence, at: datetime | None) -> bool:
        """Note that the worker lives (`at` None: that it left with nothing open); False = it has been replaced."""
        key = {"name_": fence.worker, "generation_": fence.generation, "at": at}
        return self._connection.execute(_SEEN, key).rowcount == 1

    def living(self, since: datetime) -> list[str]:
        """Return the names of the workers seen since then, in order."""
        query = select(table.c.name).where(table.c.seen_at >= since).order_by(table.c.name)
        return list(self._connection.execute(query).scalars())

    def overdue(self, since: datetime) -> list[Fence]:
        """Return the workers that were last seen before then and did not leave properly."""
        query = select(table.c.name, table.c.generation).where(table.c.seen_at < since).order_by(table.c.name)
        return [Fence(name, generation) for name, generation in self._connection.execute(query)]

    def fence_off(self, fence: Fence) -> Fence | None:
        """Take a worker's right to act away; the row as it is then, or None where somebody else was first."""
        key = {"name_": fence.worker, "generation_": fence.generation}
        if self._connection.execute(_FENCE, key).rowcount != 1:
            return None
        return Fence(fence.worker, fence.generation + 1)
