"""The peer of the loop bench: how fast DBOS alone drains empty workflows, in a process of its own.

The workflow takes two scalars and does nothing. The system database is SQLite with WAL and synchronous=FULL, through
an engine as our own; portable serialisation. By queue: all are enqueued, `concurrency` run at a time, polled every 10
ms. By id: as our dispatcher does it, started from one thread under ids of ours, at most `concurrency` at a time.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSPortableJSONSerializer, SetWorkflowID

from adapter.store.database import database_url, open_for_dbos


@DBOS.workflow(name="empty")
def empty(work_id: str, attempt: int) -> None:
    assert work_id
    assert attempt


def main() -> None:
    file, count, concurrency = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    url = f"sqlite:///{file}"
    config: Any = {
        "name": "second-opinion",
        "system_database_url": url,
        "system_database_engine": open_for_dbos(database_url(url)),
        "application_version": "bench/1",
        "executor_id": "bench",
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "CRITICAL",
        "enable_otlp": False,
    }
    DBOS(config=config)
    DBOS.launch()
    for number in range(20):
        _start(f"warm-{number}").get_result()
    free = threading.Semaphore(concurrency)
    began = time.perf_counter()
    waiting = []
    for number in range(count):
        free.acquire()
        handle: Any = _start(f"by-id-{number}")
        handle.future.add_done_callback(lambda _: free.release())
        waiting.append(handle)
    for handle in waiting:
        handle.future.result()
    by_id = time.perf_counter() - began
    DBOS.register_queue("empty", worker_concurrency=concurrency, polling_interval_sec=0.01)
    time.sleep(1.2)  # the queue's own thread begins
    began = time.perf_counter()
    handles = []
    for number in range(count):
        with SetWorkflowID(f"queued-{number}"):
            handles.append(DBOS.enqueue_workflow("empty", empty, f"queued-{number}", 1))
    for one in handles:
        one.get_result(polling_interval_sec=0.005)
    by_queue = time.perf_counter() - began
    DBOS.destroy()
    print(json.dumps({"by id": by_id, "by queue": by_queue}))


def _start(work_id: str) -> Any:
    with SetWorkflowID(work_id):
        return DBOS.start_workflow(empty, work_id, 1)


if __name__ == "__main__":
    main()
