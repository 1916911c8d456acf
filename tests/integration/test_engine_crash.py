"""Real processes, really killed: nothing is lost, no outcome counts twice, nothing stays stuck.

https://docs.dbos.dev/python/tutorials/workflow-tutorial#workflow-guarantees
"""

import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from adapter.base.clock import SystemClock
from adapter.store.store import Store
from adapter.store.work import WorkState

pytestmark = pytest.mark.crash
WORKER = Path(__file__).with_name("worker_process.py")
ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


class Ward:
    """A store with work in it and the processes that do it."""

    def __init__(self, folder, lanes, items):
        self.folder = folder
        self.url = f"sqlite:///{folder / 'node.db'}"
        self.store = Store.open(self.url, blobs=folder / "blobs")
        now = SystemClock().now()
        with self.store.transaction() as unit:
            self.ids = [unit.work.add("a", f"c{n % lanes}", "send", {"n": n}, now) for n in range(items)]
        self.processes = []

    def worker(self, name, lease_seconds=30):
        command = [sys.executable, str(WORKER), self.url, str(self.folder), name, str(lease_seconds)]
        log = (self.folder / f"{name}.log").open("a")
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT
        )
        log.close()
        self.processes.append(process)
        assert process.stdout.readline() == "working\n"
        return process

    def ledger(self):
        file = self.folder / "ledger"
        return [line.split() for line in file.read_text().splitlines()] if file.exists() else []

    def wait_until(self, true, seconds=PATIENCE_SECONDS):
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, "it takes too long"
            signal.sigtimedwait([], 0.02)  # the other side is a process; there is nothing to wait on but time

    def settled(self):
        with self.store.read() as unit:
            return unit.work.count(WorkState.DONE)

    def freeze(self, process):
        """Stop the process where it holds no lock: who is frozen in the middle of a write keeps SQLite's from all."""
        while True:
            process.send_signal(signal.SIGSTOP)
            if all(can_write(self.folder / name) for name in ("node.db", "node.work.db")):
                return
            process.send_signal(signal.SIGCONT)

    def outcomes(self, lanes):
        with self.store.read() as unit:
            return Counter(event.detail["n"] for n in range(lanes) for event in unit.events.of_case("a", f"c{n}"))

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        self.store.close()


def can_write(file):
    with closing(sqlite3.connect(file, timeout=3, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


@pytest.fixture
def ward(tmp_path):
    made = Ward(tmp_path, lanes=30, items=300)
    yield made
    made.close()


def test_nothing_is_lost_doubled_or_stuck_when_a_worker_is_killed_again_and_again(ward):
    for kill in range(1, 5):
        worker = ward.worker("w1")
        ward.wait_until(lambda: len(ward.ledger()) >= 40 * kill)  # noqa: B023 - called before the next turn
        worker.kill()
        worker.wait()
    last = ward.worker("w1")
    ward.wait_until(lambda: ward.settled() == 300)
    last.communicate("\n", timeout=PATIENCE_SECONDS)

    performed = Counter(int(n) for _, n, _ in ward.ledger())
    assert set(performed) == set(range(300)), "every item at least once"
    assert sum(performed.values()) - 300 <= 4 * 4, "only what was in flight at a kill was done again"
    assert ward.outcomes(30) == Counter(range(300)), "every outcome exactly once"
    for lane in range(30):
        first_times = list(dict.fromkeys(int(n) for name, n, _ in ward.ledger() if name == f"c{lane}"))
        assert first_times == sorted(first_times), "the order of a case is kept"


def test_a_dead_workers_work_is_adopted_by_another(ward):
    dead = ward.worker("w1", lease_seconds=4)
    ward.wait_until(lambda: len(ward.ledger()) >= 40)
    dead.kill()
    dead.wait()
    heir = ward.worker("w2", lease_seconds=4)
    ward.wait_until(lambda: ward.settled() == 300)
    heir.communicate("\n", timeout=PATIENCE_SECONDS)
    assert ward.outcomes(30) == Counter(range(300))
    assert "worker-adopted" in log_of(ward, "w2")


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_a_frozen_worker_that_thaws_after_its_work_was_adopted_changes_nothing(ward):
    frozen = ward.worker("w1", lease_seconds=4)
    heir = ward.worker("w2", lease_seconds=4)
    ward.wait_until(lambda: len(ward.ledger()) >= 40)
    ward.freeze(frozen)
    ward.wait_until(lambda: ward.settled() == 300, seconds=300)
    frozen.send_signal(signal.SIGCONT)
    ward.wait_until(lambda: "worker-replaced" in log_of(ward, "w1"))
    with ward.store.transaction() as unit:
        ward.ids += [unit.work.add("a", f"late{n}", "send", {"n": 300 + n}, SystemClock().now()) for n in range(20)]
    ward.wait_until(lambda: ward.settled() == 320)
    for process in (frozen, heir):
        process.communicate("\n", timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
    assert ward.outcomes(30) == Counter(range(300)), "every outcome exactly once"
    assert len({who for *_, who in ward.ledger()}) == 2


def log_of(ward, worker):
    return (ward.folder / f"{worker}.log").read_text()
