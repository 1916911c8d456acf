"""What the durable engine needs to know of the work: what is due, what is still to be done, and who may do it."""

from collections.abc import Sequence
from typing import Protocol

from adapter.store.work import WorkRef
from adapter.store.workers import Fence


class WorkSource(Protocol):
    """Where the work comes from; `adapter.store.backlog.Backlog` is one."""

    def due(self, limit: int) -> Sequence[WorkRef]:
        """Return what may be done now, the longest waiting first."""

    def current(self, ref: WorkRef) -> bool:
        """Say whether this attempt is still to be made, and by this worker."""

    def fail(self, ref: WorkRef, error: str) -> None:
        """Count an attempt that ended without an outcome as failed; nothing where it has one after all."""

    def idle(self) -> bool:
        """Say whether nothing is due."""

    def enlist(self, worker: str) -> None:
        """Begin a life under this name; earlier ones are fenced off."""

    def beat(self) -> Sequence[str] | None:
        """Say that this worker lives; return the living workers in order, or None: it was replaced."""

    def fence_off(self) -> Sequence[Fence]:
        """Take the right to act from workers that are overdue, and return them."""

    def bury(self, dead: Fence) -> None:
        """Forget a worker whose work has been adopted."""

    def leave(self) -> None:
        """End this life with nothing open."""
