"""The whole loop through two nodes: from the first request handed in to the last loop closed, fsync on everywhere.

Two node processes as in the demonstration (SQLite, WAL, synchronous=FULL; four workers each), real HTTP between them.
N Dutch cases at once, all with return consent: request, acceptance, records package with two records, opinion,
closing. The two hospitals' people are a script, which looks at both nodes' stores every 20 ms (from outside: it reads
the files, so that looking costs the nodes nothing) and acts through HTTP as soon as a case is where it should be, up
to eight acts at a time. After each round the peer runs: what DBOS alone drains for as many empty workflows as both
nodes performed pieces of work. Load and nodes share the two cores; DBOS has them alone.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapter.demo.materials import Material, prepare
from adapter.demo.stage import Stage
from adapter.intake.hand_over import hand_over
from bench.figures import RESULTS, Findings, Target, publish, words
from bench.processes import cpu_seconds
from bench.samples import requests

CASES = 40
ROUNDS = 2
CONCURRENCY = 4
PATIENCE_SECONDS = 120.0


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RESULTS) as name:
        folder = Path(name)
        os.chdir(folder)
        material = next(one for one in prepare(folder / "inputs")[0] if one.country == "nl")
        peers, rates, pieces, cpu = [], [], 0, 0.0
        with Stage(folder / "nodes", clock=material.issued + timedelta(minutes=1)) as stage:
            _round(stage, material, "WARM", 5)
            before = _pieces(stage)
            for number in range(ROUNDS):
                used = _cpu_seconds(stage)
                seconds = _round(stage, material, f"R{number}", CASES)
                rates.append(CASES / seconds)
                cpu += _cpu_seconds(stage) - used
                pieces = (_pieces(stage) - before) // (number + 1)
                peers.append(_empty(folder / f"peer-{number}.db", pieces))
    _publish(rates, peers, pieces, cpu / (ROUNDS * CASES))


def _round(stage: Stage, material: Material, prefix: str, count: int) -> float:
    """Take `count` cases through the whole loop and return how long it took."""
    people = People(stage, material)
    bodies, files = requests(prefix, material.request_file.parent)
    people.upload(files)
    submitted = [next(bodies) for _ in range(count)]
    began = time.perf_counter()
    with people.pool:
        people.submit(submitted)
        while (closed := people.look()) < count:
            if time.perf_counter() - began > PATIENCE_SECONDS:
                raise RuntimeError(f"only {closed} of {count} loops closed")
            time.sleep(0.02)
        return time.perf_counter() - began


class People:
    """The script for the people of both hospitals; each act is done once."""

    def __init__(self, stage: Stage, material: Material) -> None:
        self.pool = ThreadPoolExecutor(8)
        self._folder = stage.folder
        self._treating = stage.treating.api(material.treating)
        self._consulting = stage.consulting.api(material.consulting)
        report = hand_over(material.report_file.read_bytes(), material.report_file.parent)
        self._report, self._document = json.loads(report.body), report.files
        self._numbers: set[str] = set()
        self._done: set[tuple[str, str]] = set()
        self._acts: list[Future[Any]] = []

    def upload(self, records: dict[str, Path]) -> None:
        for api, files in ((self._treating, records), (self._consulting, self._document)):
            for sha256, file in files.items():
                api.upload(sha256, file)

    def submit(self, bodies: list[bytes]) -> None:
        self._numbers = {json.loads(one)["case"] for one in bodies}
        self._acts = [self.pool.submit(self._treating.submit, one, "application/json") for one in bodies]

    def look(self) -> int:
        """Look at both sides' cases, begin what is to be done, and return how many loops are closed."""
        closed = 0
        for number, status, closed_at in self._cases("consulting-node"):
            closed += closed_at is not None
            if status == "received":
                self._act("accept", number, self._consulting.post, f"/cases/{number}/accept", {"number": f"B-{number}"})
            elif status == "in-progress":
                self._act("report", number, self._consulting.submit, self._opinion(number), "application/json")
        for number, status, _ in self._cases("treating-node"):
            if status == "completed":
                self._act("close", number, self._treating.post, f"/cases/{number}/discussed", {})
        for one in [one for one in self._acts if one.done()]:
            one.result()
            self._acts.remove(one)
        return closed

    def _cases(self, node: str) -> list[tuple[str, str, str | None]]:
        rows = _select(self._folder / node, "SELECT number, status, closed_at FROM case_view")
        return [row for row in rows if row[0] in self._numbers]

    def _act(self, step: str, number: str, *call: Any) -> None:
        if (step, number) not in self._done:
            self._done.add((step, number))
            self._acts.append(self.pool.submit(*call))

    def _opinion(self, number: str) -> bytes:
        own = {"id": f"REP-{number}", "messageId": f"MREP-{number}", "case": number}
        return json.dumps({**self._report, **own}).encode()


def _pieces(stage: Stage) -> int:
    """Return how many pieces of work both nodes have done."""
    nodes = (stage.treating, stage.consulting)
    return sum(_select(stage.folder / node.name, "SELECT count(*) FROM work")[0][0] for node in nodes)


def _select(folder: Path, query: str) -> list[Any]:
    """Look into a node's store from outside, so that looking costs the node nothing."""
    connection = sqlite3.connect(f"file:{folder / 'node.db'}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _cpu_seconds(stage: Stage) -> float:
    """Return the processor time that both nodes have used."""
    return sum(cpu_seconds(node.process.pid) for node in (stage.treating, stage.consulting) if node.process)


def _empty(file: Path, count: int) -> dict[str, float]:
    arguments = [sys.executable, "-m", "bench.empty_workflows", str(file), str(count), str(CONCURRENCY)]
    root = Path(__file__).parents[1]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=root)
    seconds = json.loads(done.stdout.splitlines()[-1])
    return {name: count / one for name, one in seconds.items()}


def _publish(rates: list[float], peers: list[dict[str, float]], pieces: int, cpu: float) -> None:
    each = pieces / CASES
    rate = sum(rates) / len(rates)
    by_queue, by_id = (sum(one[name] for one in peers) / len(peers) for name in ("by queue", "by id"))
    ratio, ratio_by_id = rate * each / by_queue, rate * each / by_id
    rows = [
        ["the whole loop", f"{rate:.1f} cases/s", f"{rate * each:.0f}/s", ""],
        ["DBOS alone, enqueued and drained", "", f"{by_queue:.0f}/s", f"{ratio:.2f}x"],
        ["DBOS alone, started by id", "", f"{by_id:.0f}/s", f"{ratio_by_id:.2f}x"],
    ]
    how = [
        words(__doc__),
        f"N = {CASES}, {len(rates)} rounds ({', '.join(f'{one:.1f}' for one in rates)} cases/s).",
        f"On both nodes together a case takes {each:.0f} pieces of work and {cpu * 1000:.0f} ms of processor time.",
    ]
    publish(
        Findings(
            key="loop",
            title="The whole loop",
            how=how,
            columns=["what", "cases", "pieces of work or empty workflows", "ours against it"],
            rows=rows,
            targets=[
                Target(
                    text="at least 0.5 times what DBOS alone drains (its queue) for as many empty workflows",
                    measured=f"{ratio:.2f}x; {ratio_by_id:.2f}x of starting them by id",
                    reached=ratio >= 0.5,
                ),
                Target(text="at least 5 cases a second", measured=f"{rate:.1f}", reached=rate >= 5),
            ],
            raw={"cases per second": rates, "pieces": pieces, "DBOS per second": peers, "node cpu seconds a case": cpu},
        )
    )


if __name__ == "__main__":
    main()
