"""The durable engine: starts one DBOS workflow per attempt at an item of work, and survives `kill -9`.

The table `work` is the truth; DBOS remembers what was begun, so that it is begun again after a crash, here or on
another worker. docs/adr/0003-durable-work-by-dbos.md has the figures and the reasons.
https://docs.dbos.dev/python/reference/contexts
"""

import logging
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, WorkflowHandle

from adapter.base.clock import SystemClock
from adapter.base.logs import logger
from adapter.store.backlog import describe
from adapter.store.database import beside, database_url, open_for_dbos
from adapter.store.work import WorkRef
from adapter.workflow.work_source import WorkSource

__all__ = ["Engine", "WorkRef", "WorkSource"]

APPLICATION_VERSION = "second-opinion-work/1"
"""Pending workflows are only run again under the version that began them; change it only to strand them on purpose."""

RECOVERY_LIMIT = 1000
"""So often may one attempt be begun again after a crash before it counts as failed."""

RETENTION = timedelta(days=1)
_CLEAN_SECONDS = 600.0
_CLEAN_BATCH = 500
_BEAT_SECONDS = 5.0
_ELSEWHERE_SECONDS = 1.0
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class Engine:
    """One per process, because DBOS is.

    `perform(work_id)` has the outside effect and commits its outcome (finish, postpone or bury) itself; it may run more
    than once for one item and must be idempotent. If it raises, the attempt counts as failed and comes back later.
    """

    def __init__(
        self,
        *,
        url: str,
        worker: str,
        source: WorkSource,
        perform: Callable[[str], None],
        concurrency: int = 4,
        poll_seconds: float = 1.0,
        beat_seconds: float = _BEAT_SECONDS,
        retention: timedelta = RETENTION,
    ) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            url: the node's database; DBOS gets a file beside it (SQLite) or the schema `dbos` in it (PostgreSQL).
            worker: the stable name of this worker; no two live processes may share one.
            source: where the work comes from.
            perform: does one item.
            concurrency: how many items at a time.
            poll_seconds: how often to look for items whose time has come; `wake` does not wait for it.
            beat_seconds: how often to say that this worker lives; well below the lease of the source.
            retention: how long DBOS remembers what has ended.
        """
        self._url = beside(database_url(url), "work")
        self._worker = worker
        self._source = source
        self._perform = perform
        self._concurrency = concurrency
        self._poll_seconds = poll_seconds
        self._beat_seconds = beat_seconds
        self._retention = retention
        self._log = logger()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._draining = False
        self._lock = threading.Lock()
        self._running: dict[WorkRef, WorkflowHandle[None] | None] = {}
        self._elsewhere: dict[WorkRef, float] = {}
        self._living: Sequence[str] = ()
        self._fenced = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Launch DBOS, take up what a crash left, and begin to dispatch; returns when that is under way.

        Raises:
            RuntimeError: another engine runs in this process.
            Exception: what DBOS or the database said, if they could not start.
        """
        if _engines:
            raise RuntimeError("one engine per process: DBOS has one system database")
        _engines.append(self)
        launched = threading.Event()
        failure: list[Exception] = []
        # On a thread of its own from the first call to the last: DBOS refuses synchronous calls inside an event loop.
        self._thread = threading.Thread(target=self._live, args=(launched, failure), name="dispatcher", daemon=True)
        self._thread.start()
        launched.wait()
        if failure:
            self._thread.join()
            raise failure[0]

    def stop(self, *, drain: bool = False) -> None:
        """Stop dispatching; with `drain` wait for what runs (not for what is merely due).

        What was begun and not waited for is begun again at the next start, or adopted by another worker.
        """
        if self._thread is not None:
            self._draining = drain
            self._stopping.set()
            self._woken.set()
            self._thread.join()
            self._thread = None

    def wake(self) -> None:
        """Say that new work was committed; it is looked for at once."""
        self._woken.set()

    def idle(self) -> bool:
        """Say whether nothing runs here and nothing is due."""
        return not self._running and self._source.idle()

    def _live(self, launched: threading.Event, failure: list[Exception]) -> None:
        tables = open_for_dbos(self._url)
        try:
            self._source.enlist(self._worker)
            _launch(self._url, tables, self._worker, self._concurrency)
            launched.set()
            self._dispatch_until_stopped()
            if self._draining:
                self._drain()
        except Exception as error:  # noqa: BLE001 - handed to whoever called start()
            failure.append(error)
        finally:
            DBOS.destroy()
            if tables is not None:
                tables.dispose()
            _engines.clear()
            launched.set()

    def _dispatch_until_stopped(self) -> None:
        next_beat = next_cleaning = 0.0
        while not self._stopping.is_set():
            self._woken.clear()
            now = time.monotonic()
            try:
                if now >= next_beat:
                    next_beat = now + self._beat_seconds
                    self._beat()
                self._dispatch()
                if now >= next_cleaning:
                    next_cleaning = now + _CLEAN_SECONDS
                    self._clean()
            except Exception as error:  # noqa: BLE001 - a full disk or a lost connection passes; the loop must not end
                self._log.error("dispatch-failed", worker=self._worker, error=describe(error))
            self._woken.wait(self._poll_seconds)

    def _drain(self) -> None:
        for handle in list(self._running.values()):
            if handle is not None:
                with suppress(Exception):  # it has been logged where it arose
                    handle.get_result()
        if not self._running and not self._fenced:
            self._source.leave()

    def _beat(self) -> None:
        if self._fenced:
            if not self._running:
                self._source.enlist(self._worker)
                self._fenced = False
            return
        living = self._source.beat()
        if living is None:
            # This process stood still for longer than the lease, or another one uses its name: begin nothing, and
            # come back under a new generation once what is under way has ended.
            self._fenced = True
            self._log.error("worker-replaced", worker=self._worker)
            return
        self._living = living
        for dead in self._source.fence_off():
            # Private, pinned by tests/integration/test_engine_crash.py; the public way is the paid Conductor.
            DBOS._recover_pending_workflows([dead.worker])  # noqa: SLF001
            self._source.bury(dead)
            self._log.warning("worker-adopted", worker=dead.worker)

    def _dispatch(self) -> None:
        if self._fenced:
            return
        now = time.monotonic()
        self._elsewhere = {ref: until for ref, until in self._elsewhere.items() if until > now}
        while not self._stopping.is_set():
            busy = len(self._running)
            free = self._concurrency - busy
            if free <= 0:
                return
            due = self._source.due(busy + len(self._elsewhere) + 4 * self._concurrency)
            ready = [ref for ref in due if ref not in self._running and ref not in self._elsewhere]
            if not ready:
                return
            ready.sort(key=self._is_anothers)  # stable: the longest waiting first within each half
            for ref in ready[:free]:
                self._begin(ref)

    def _is_anothers(self, ref: WorkRef) -> bool:
        """With several workers each begins with its own share, so that they seldom reach for the same item."""
        if len(self._living) < 2:  # noqa: PLR2004
            return False
        return self._living[zlib.crc32(ref.id.encode()) % len(self._living)] != self._worker

    def _begin(self, ref: WorkRef) -> None:
        self._running[ref] = None  # before the start, so that its end finds it
        try:
            with SetWorkflowID(str(ref)):
                handle = DBOS.start_workflow(_work, ref.id, ref.attempt)
        except Exception:
            self._running.pop(ref, None)
            raise
        if hasattr(handle, "future"):
            with self._lock:
                if ref in self._running:
                    self._running[ref] = handle
        else:  # not begun by this call: another worker or the recovery has it, or it has ended
            self._running.pop(ref, None)
            self._look_after(ref, handle)

    def _look_after(self, ref: WorkRef, handle: WorkflowHandle[None]) -> None:
        if handle.get_status().status in _ENDED and self._source.current(ref):
            self._source.fail(ref, "ended without an outcome")
        else:
            self._elsewhere[ref] = time.monotonic() + _ELSEWHERE_SECONDS

    def _carry_out(self, ref: WorkRef) -> None:
        with self._lock:
            self._running.setdefault(ref, None)
        try:
            if self._source.current(ref):
                self._perform(ref.id)
        except Exception as error:  # noqa: BLE001 - one bad item never blocks the others
            self._log.error("work-broken", work=ref.id, attempt=ref.attempt, error=describe(error))
            self._source.fail(ref, describe(error))
        finally:
            with self._lock:
                self._running.pop(ref, None)
            self._woken.set()

    def _clean(self) -> None:
        """Delete what ended longer ago than the retention from the tables of DBOS."""
        before = (SystemClock().now() - self._retention).isoformat()
        while not self._stopping.is_set():
            ended = DBOS.list_workflows(
                status=_ENDED, completed_before=before, limit=_CLEAN_BATCH, load_input=False, load_output=False
            )
            if not ended:
                return
            DBOS.delete_workflows([workflow.workflow_id for workflow in ended])


_engines: list[Engine] = []  # at most one; DBOS finds workflow functions by name, so they stand at module level


@DBOS.workflow(name="work", max_recovery_attempts=RECOVERY_LIMIT)
def _work(work_id: str, attempt: int) -> None:
    _engines[0]._carry_out(WorkRef(work_id, attempt))  # noqa: SLF001 - the other half of this module


class _ToOurLog(logging.Handler):
    """What DBOS has to say becomes lines of our log; its own handler would write text to standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; the message of DBOS names workflow ids, which are ids of ours."""
        level = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(logger(), level)("dbos", error=record.getMessage()[:300])


def _launch(url: Any, tables: Any, worker: str, concurrency: int) -> None:
    log = logging.getLogger("dbos")
    if not log.handlers:
        log.addHandler(_ToOurLog())
        log.propagate = False
    config: DBOSConfig = {
        "name": "second-opinion",
        "system_database_url": url.render_as_string(hide_password=False),
        "system_database_engine": tables,
        "sys_db_pool_size": concurrency + 6,
        "application_version": APPLICATION_VERSION,
        "executor_id": worker,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
        "enable_otlp": False,
    }
    DBOS(config=config)
    DBOS.launch()
