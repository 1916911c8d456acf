"""The work of this node as the durable engine asks for it, and the worker's right to do it."""

import traceback
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from adapter.base.clock import Clock, SystemClock
from adapter.base.errors import StaleVersion
from adapter.store.store import Store
from adapter.store.work import WorkRef
from adapter.store.workers import Fence

LEASE = timedelta(seconds=30)
"""A worker that was not seen for so long is taken for dead; a worker that lives says so several times within it."""

_BROKEN_LIMIT = 20
_LONGEST_PAUSE = timedelta(minutes=10)


class Backlog:
    """Asks and answers in transactions of its own; safe for threads.

    Due times are the node's (a development node may live on another date); liveness is always the machine's.
    """

    def __init__(self, store: Store, clock: Clock, *, machine: Clock | None = None, lease: timedelta = LEASE) -> None:
        """Read and write through `store`; `machine` None = the machine's clock."""
        self._store = store
        self._clock = clock
        self._machine = machine or SystemClock()
        self._lease = lease

    def due(self, limit: int) -> Sequence[WorkRef]:
        """Return what may be done now, the longest waiting first."""
        with self._store.read() as unit:
            return [item.ref for item in unit.work.due(self._clock.now(), limit)]

    def current(self, ref: WorkRef) -> bool:
        """Say whether this attempt is still to be made, and by this worker."""
        with self._store.read() as unit:
            return unit.work.is_current(ref)

    def fail(self, ref: WorkRef, error: str) -> None:
        """Count an attempt that ended without an outcome as failed; after too many, give the item up.

        Nothing happens where the attempt has an outcome after all.
        """
        now = self._clock.now()
        try:
            with self._store.transaction() as unit:
                if not unit.work.is_current(ref):
                    return
                if ref.attempt >= _BROKEN_LIMIT:
                    unit.work.bury(ref.id, now, error)
                else:
                    unit.work.postpone(ref.id, now + min(_LONGEST_PAUSE, timedelta(seconds=2**ref.attempt)), error)
        except StaleVersion:
            return

    def idle(self) -> bool:
        """Say whether nothing is due."""
        return not self.due(1)

    def enlist(self, worker: str) -> None:
        """Begin a life under this name; from now on this store settles work as this worker."""
        with self._store.transaction() as unit:
            self._store.fence = unit.workers.enlist(worker, self._machine.now())

    def beat(self) -> Sequence[str] | None:
        """Say that this worker lives; return the living workers in order, or None: it was replaced."""
        now = self._machine.now()
        with self._store.transaction() as unit:
            if not unit.workers.seen(self._held(), now):
                return None
            return unit.workers.living(now - self._lease)

    def fence_off(self) -> Sequence[Fence]:
        """Take away the right to act of every worker that is overdue; return them, to be adopted and then `buried`."""
        overdue_since = self._machine.now() - self._lease
        with self._store.read() as unit:
            overdue = unit.workers.overdue(overdue_since)
        if not overdue:
            return []
        with self._store.transaction() as unit:
            fenced = (unit.workers.fence_off(fence) for fence in overdue if fence.worker != self._held().worker)
            return [fence for fence in fenced if fence is not None]

    def bury(self, dead: Fence) -> None:
        """Forget a worker whose work has been adopted, unless it began a new life meanwhile."""
        with self._store.transaction() as unit:
            unit.workers.seen(dead, None)

    def leave(self) -> None:
        """End this life with nothing open, so that nobody needs to adopt anything."""
        self.bury(self._held())

    def _held(self) -> Fence:
        if self._store.fence is None:
            raise RuntimeError("the worker has not enlisted")
        return self._store.fence


def describe(error: BaseException) -> str:
    """Return what kind of error it was and where it arose; never its text, which might hold patient data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
