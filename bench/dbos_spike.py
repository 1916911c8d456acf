"""DBOS 3.4 on this machine: what it costs and what it survives, as docs/adr/0003-durable-work-by-dbos.md reports.

    python bench/dbos_spike.py                     SQLite, WAL, synchronous=FULL, in a temporary folder
    python bench/dbos_spike.py --synchronous NORMAL
    python bench/dbos_spike.py --journal default   the engine that DBOS itself would open
    python bench/dbos_spike.py --url postgresql+psycopg://...

Prints one JSON object. Every scene runs in processes of its own, because DBOS is one per process.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

VERSION = "spike/1"


def rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def engine_for(args: argparse.Namespace) -> Any:
    """Return our own engine for the system database, or None where DBOS is to open its own."""
    import sqlalchemy as sa

    if not args.url.startswith("sqlite") or args.journal == "default":
        return None
    engine = sa.create_engine(args.url, pool_size=16, max_overflow=0)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={args.synchronous}")

    return engine


class Effects:
    """What the workflows of a scene do: nothing, or a line in a file with a pause around it."""

    def __init__(self) -> None:
        self.ledger: Any = None
        self.pause = 0.0
        self.ran = 0
        self.lock = threading.Lock()
        self.first_at = 0.0

    def __call__(self, work: str) -> None:
        with self.lock:
            self.ran += 1
            self.first_at = self.first_at or time.perf_counter()
        if self.ledger is not None:
            time.sleep(self.pause)
            os.write(self.ledger, f"{work}\n".encode())
            time.sleep(self.pause)


def launch(args: argparse.Namespace, effects: Effects, executor: str = "w1") -> tuple[Any, Any, float]:
    began = time.perf_counter()
    from dbos import DBOS, DBOSPortableJSONSerializer

    @DBOS.workflow(name="work", max_recovery_attempts=1000)
    def work(work_id: str, attempt: int) -> None:
        assert attempt
        effects(work_id)

    config: Any = {
        "name": "second-opinion",
        "system_database_url": args.url,
        "system_database_engine": engine_for(args),
        "application_version": args.version,
        "executor_id": executor,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "CRITICAL",
        "max_executor_threads": 32,
    }
    DBOS(config=config)
    DBOS.launch()
    return DBOS, work, time.perf_counter() - began


def start(dbos: Any, work: Any, work_id: str, attempt: int = 1) -> Any:
    from dbos import SetWorkflowID

    with SetWorkflowID(f"{work_id}/{attempt}"):
        return dbos.start_workflow(work, work_id, attempt)


def scene_launch(args: argparse.Namespace) -> dict[str, Any]:
    dbos, work, seconds = launch(args, Effects())
    first_mb = rss_mb()
    start(dbos, work, "one").get_result()
    row = dbos.get_workflow_status("one/1")
    listening = Path("/proc/net/tcp").read_text().count(" 0A ")
    result = {
        "import_and_launch_s": round(seconds, 3),
        "rss_mb": first_mb,
        "threads": sorted({thread.name.split("-")[0] for thread in threading.enumerate()}),
        "input_as_stored": row.input,
        "status": row.status,
        "otel_sdk_imported": "opentelemetry.sdk" in sys.modules,
        "listening_sockets_on_machine": listening,
    }
    dbos.destroy()
    return result


def scene_idempotent(args: argparse.Namespace) -> dict[str, Any]:
    effects = Effects()
    dbos, work, _ = launch(args, effects)
    ids = [f"same-{n % 20}" for n in range(400)]

    def worker(part: list[str]) -> None:
        for work_id in part:
            start(dbos, work, work_id).get_result()

    threads = [threading.Thread(target=worker, args=(ids[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dbos.destroy()
    return {"started": len(ids), "distinct": 20, "ran": effects.ran}


def scene_drain(args: argparse.Namespace) -> dict[str, Any]:
    """Empty workflows per second when one thread starts them and at most `concurrency` run."""
    effects = Effects()
    dbos, work, _ = launch(args, effects)
    for n in range(20):
        start(dbos, work, f"warm-{n}").get_result()
    figures = {}
    for concurrency in (1, 4, 8):
        free = threading.Semaphore(concurrency)
        waiting: list[Any] = []

        def wait_for(handle: Any, free: threading.Semaphore = free) -> None:
            handle.get_result()
            free.release()

        began = time.perf_counter()
        for n in range(args.count):
            free.acquire()
            handle = start(dbos, work, f"drain-{concurrency}-{n}")
            handle.future.add_done_callback(lambda _, free=free: free.release())
            waiting.append(handle)
        for handle in waiting:
            handle.future.result()
        figures[f"start_by_id_concurrency_{concurrency}"] = round(args.count / (time.perf_counter() - began))
    latencies = []
    for n in range(100):
        effects.first_at = 0.0
        began = time.perf_counter()
        start(dbos, work, f"latency-{n}").get_result()
        latencies.append((effects.first_at - began) * 1000)
    figures["start_to_body_p50_ms"] = round(statistics.median(latencies), 2)
    figures["start_to_body_p99_ms"] = round(sorted(latencies)[98], 2)

    dbos.register_queue("spike", worker_concurrency=8, polling_interval_sec=0.01)
    time.sleep(1.5)
    from dbos import SetWorkflowID

    began = time.perf_counter()
    handles = []
    for n in range(args.count):
        with SetWorkflowID(f"queue-{n}"):
            handles.append(dbos.enqueue_workflow("spike", work, f"queue-{n}", 1))
    for handle in handles:
        handle.get_result(polling_interval_sec=0.005)
    figures["enqueue_and_drain"] = round(args.count / (time.perf_counter() - began))

    from datetime import UTC, datetime

    began = time.perf_counter()
    done = dbos.list_workflows(
        status=["SUCCESS"],
        completed_before=datetime.now(UTC).isoformat(),
        load_input=False,
        load_output=False,
        limit=1000,
    )
    dbos.delete_workflows([row.workflow_id for row in done])
    figures["retention_rows_per_s"] = round(len(done) / (time.perf_counter() - began))
    figures["rss_mb_at_end"] = rss_mb()
    dbos.destroy()
    return figures


def scene_victim(args: argparse.Namespace) -> dict[str, Any]:
    """Start 40 pieces of work and be killed or frozen in the middle; with `--resume` only recover or adopt."""
    effects = Effects()
    effects.ledger = os.open(args.ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    effects.pause = 0.05
    dbos, work, _ = launch(args, effects, args.executor)
    began = time.perf_counter()
    if not args.resume:
        for n in range(40):
            start(dbos, work, f"{Path(args.ledger).name}-{n}")
        print("started", flush=True)
    if args.adopt:
        dbos._recover_pending_workflows([args.adopt])  # noqa: SLF001 - the only way without the paid Conductor
    left, recovered = -1, 0.0
    while left and recovered < args.patience:
        time.sleep(0.02)
        left = len(dbos.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False))
        recovered = time.perf_counter() - began
    dbos.destroy()
    return {"recovered_in_s": round(recovered, 2), "left": left}


def child(args: argparse.Namespace, scene: str, *more: str) -> list[str]:
    return [
        sys.executable, "-W", "error", __file__, "--scene", scene, "--url", args.url, "--journal", args.journal,
        "--synchronous", args.synchronous, "--count", str(args.count), *more,
    ]  # fmt: skip


def run(args: argparse.Namespace, scene: str, *more: str) -> dict[str, Any]:
    done = subprocess.run(child(args, scene, *more), capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": done.stderr[-2000:]}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if done.stderr.strip():
        result["stderr"] = done.stderr[-500:]
    return result


def interrupt(args: argparse.Namespace, folder: Path, number: signal.Signals, *resume: str) -> dict[str, Any]:
    """Kill or freeze a worker in the middle of its work; start another; thaw the first; count what ran."""
    ledger = folder / f"ledger-{time.time_ns()}"
    command = child(args, "victim", "--ledger", str(ledger))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        victim.stdout.readline()
        time.sleep(0.06)
        victim.send_signal(number)
        if number == signal.SIGKILL:
            victim.wait()
        before = len(ledger.read_text().splitlines()) if ledger.exists() else 0
        result = run(args, "victim", "--ledger", str(ledger), "--resume", *resume)
        if number == signal.SIGSTOP:
            victim.send_signal(signal.SIGCONT)
            _, errors = victim.communicate(timeout=60)
            result["thawed_exit"], result["thawed_stderr"] = victim.returncode, errors[-300:]
    lines = ledger.read_text().splitlines() if ledger.exists() else []
    return {**result, "ran_before": before, "distinct": len(set(lines)), "ran_in_all": len(lines)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="")
    parser.add_argument("--journal", choices=["wal", "default"], default="wal")
    parser.add_argument("--synchronous", choices=["FULL", "NORMAL"], default="FULL")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--scene")
    parser.add_argument("--ledger")
    parser.add_argument("--executor", default="w1")
    parser.add_argument("--adopt")
    parser.add_argument("--version", default=VERSION)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--patience", type=float, default=4.0)
    args = parser.parse_args()
    if args.scene:
        print(json.dumps(globals()[f"scene_{args.scene}"](args)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        args.url = args.url or f"sqlite:///{folder / 'work.db'}"
        figures: dict[str, Any] = {"url": args.url.split(":")[0], "journal": args.journal, "sync": args.synchronous}
        figures["launch_on_empty"] = run(args, "launch")
        figures["launch_again"] = run(args, "launch")
        figures["idempotent"] = run(args, "idempotent")
        figures["drain_per_s"] = run(args, "drain")
        figures["killed_same_executor_restarts"] = interrupt(args, folder, signal.SIGKILL)
        figures["killed_new_version_restarts"] = interrupt(args, folder, signal.SIGKILL, "--version", "spike/2")
        clean = ("--ledger", str(folder / "cleaning"), "--resume")
        run(args, "victim", *clean)
        figures["killed_other_executor_waits"] = interrupt(args, folder, signal.SIGKILL, "--executor", "w2")
        run(args, "victim", *clean)
        adopt = ("--executor", "w2", "--adopt", "w1")
        figures["killed_other_executor_adopts"] = interrupt(args, folder, signal.SIGKILL, *adopt)
        figures["frozen_other_executor_adopts"] = interrupt(args, folder, signal.SIGSTOP, *adopt)
        print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
