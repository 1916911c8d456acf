"""A worker that can be killed: it does its items by writing a line to a ledger, which plays the other side.

python worker_process.py URL FOLDER WORKER LEASE_SECONDS
"""

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

from adapter.base.clock import SystemClock
from adapter.base.logs import configure_logs
from adapter.store.backlog import Backlog
from adapter.store.store import Store
from adapter.workflow.engine import Engine


def main(url: str, folder: str, worker: str, lease_seconds: str) -> None:
    configure_logs("warning")
    clock = SystemClock()
    store = Store.open(url, blobs=Path(folder) / "blobs")
    ledger = os.open(Path(folder) / "ledger", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    slowly = threading.Event()

    def perform(work_id: str) -> None:
        with store.read() as unit:
            item = unit.work.get(work_id)
        slowly.wait(0.005)
        os.write(ledger, f"{item.lane} {item.detail['n']} {worker}\n".encode())
        slowly.wait(0.005)
        with store.transaction() as unit:
            unit.work.finish(work_id, clock.now())
            unit.events.append(item.org, item.lane, "done", worker, clock.now(), {"n": item.detail["n"]})

    source = Backlog(store, clock, lease=timedelta(seconds=float(lease_seconds)))
    engine = Engine(
        url=url, worker=worker, source=source, perform=perform, concurrency=4, poll_seconds=0.05, beat_seconds=0.2
    )
    engine.start()
    print("working", flush=True)  # noqa: T201 - the test waits for it
    sys.stdin.readline()
    engine.stop(drain=True)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
