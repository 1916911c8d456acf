"""Accepting a request of about 5 KB over HTTP, durable before the 202, against a handler that only inserts.

Every request has its own id, messageId and case; its two records were uploaded before. Each client sends its next
request when it has the answer. The store is SQLite (WAL, synchronous=FULL) on a disk; every commit is fsynced. Idle:
the partner takes the connection and never answers, so that all four workers wait and nothing else runs. Draining: the
partner answers at once, and the workers deliver all the while. The load, the partner, the node and the peer share the
two cores; the rounds of the node (idle) and of the peer take turns.
"""

import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from bench.bare_handler import __doc__ as peer_words
from bench.figures import RESULTS, Findings, Target, ms, publish, words
from bench.load import Load, post
from bench.measure import percentile
from bench.processes import child, cpu_seconds, treating_node
from bench.samples import requests

CLIENTS = 16
ROUNDS = 5
PER_ROUND = 250
CLOCK = "2026-04-10T09:30:00+02:00"


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RESULTS) as name, ExitStack() as stack:
        _measure(Path(name), stack)


def _measure(folder: Path, stack: ExitStack) -> None:
    log = folder / "log"
    ports = {}
    for kind in ("mute", "ok"):
        ready = folder / f"{kind}.json"
        ports[kind] = stack.enter_context(child(["bench.partner", kind, str(ready)], ready, log))[1]["port"]
    nodes: dict[str, tuple[int, Iterator[bytes]]] = {}
    pids: dict[str, int] = {}
    for state, kind in (("idle", "mute"), ("draining", "ok")):
        command, ready = treating_node(folder, state, partner_url=f"http://127.0.0.1:{ports[kind]}/fhir", clock=CLOCK)
        process, told = stack.enter_context(child(command, ready, log))
        port, pids[state] = told["port"], process.pid
        nodes[state] = port, _prepared(port, state)
        post(port, "/intake", nodes[state][1], count=50, clients=CLIENTS)  # warm
    sizes = _row_sizes(folder / "idle" / "node.db")
    ready = folder / "bare.json"
    bare = stack.enter_context(
        child(["bench.bare_handler", str(folder / "bare"), str(ready), json.dumps(sizes)], ready, log)
    )
    bare_port, bare_bodies = bare[1]["port"], requests("BARE")[0]
    subjects: dict[str, tuple[int, str, Iterator[bytes]]] = {
        "the node, workers idle": (nodes["idle"][0], "/intake", nodes["idle"][1]),
        "bare handler, one row": (bare_port, "/one-row", bare_bodies),
        "bare handler, the same rows": (bare_port, "/same-rows", bare_bodies),
    }
    for port, path, bodies in list(subjects.values())[1:]:
        post(port, path, bodies, count=100, clients=CLIENTS)
    loads: dict[str, list[Load]] = {name: [] for name in subjects}
    used = cpu_seconds(pids["idle"])
    for number in range(ROUNDS):
        order = list(subjects) if number % 2 == 0 else list(reversed(subjects))
        for name in order:
            port, path, bodies = subjects[name]
            loads[name].append(post(port, path, bodies, count=PER_ROUND, clients=CLIENTS))
    used = (cpu_seconds(pids["idle"]) - used) / (ROUNDS * PER_ROUND)
    port, bodies = nodes["draining"]
    _drained(port)
    began = time.perf_counter()
    loads["the node, workers draining"] = [
        post(port, "/intake", bodies, count=PER_ROUND, clients=CLIENTS) for _ in range(2)
    ]
    left = _waiting(port)
    _drained(port)
    delivered = 2 * PER_ROUND / (time.perf_counter() - began)
    alone = {name: post(*subjects[name], count=150, clients=1) for name in subjects}
    body_size = len(next(nodes["idle"][1]))
    _publish(loads, alone, {"left": left, "delivered": delivered, "body": body_size, "rows": sizes, "cpu": used})


def _prepared(port: int, name: str) -> Iterator[bytes]:
    bodies, files = requests(name)
    for sha256, file in files.items():
        httpx.put(f"http://127.0.0.1:{port}/intake/records/{sha256}", content=file.read_bytes()).raise_for_status()
    return bodies


def _row_sizes(database: Path) -> list[int]:
    """Return the sizes of the rows that the node commits for one request, beside the one with the body."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    case = connection.execute("SELECT id FROM case_view LIMIT 1").fetchone()[0]
    sizes = [
        size for (size,) in connection.execute("SELECT length(body) FROM resource_version WHERE case_id=?", [case])
    ]
    for table in ("case_event", "work", "case_view", "inbox"):
        key = "id" if table == "case_view" else "case_id"
        rows = connection.execute(f"SELECT * FROM {table} WHERE {key}=?", [case])  # noqa: S608 - our own names
        sizes += [sum(len(one) if isinstance(one, bytes) else len(str(one)) for one in row) for row in rows]
    connection.close()
    return sizes


def _waiting(port: int) -> int:
    return int(httpx.get(f"http://127.0.0.1:{port}/readyz").json()["workWaiting"])


def _drained(port: int) -> None:
    while _waiting(port):
        time.sleep(0.05)


def _publish(loads: dict[str, list[Load]], alone: dict[str, Load], more: dict[str, Any]) -> None:
    rates = {
        name: sum(len(one.latencies) for one in each) / sum(one.seconds for one in each) for name, each in loads.items()
    }
    times = {name: [latency for one in each for latency in one.latencies] for name, each in loads.items()}
    p99 = {name: percentile(each, 99) for name, each in times.items()}
    rows = []
    for name in loads:
        single = alone.get(name)
        rows.append(
            [
                name,
                f"{rates[name]:.0f}/s",
                ms(percentile(times[name], 50)),
                ms(p99[name]),
                ms(max(times[name])),
                f"{ms(percentile(single.latencies, 50))} / {ms(percentile(single.latencies, 99))}" if single else "",
            ]
        )
    idle, draining = "the node, workers idle", "the node, workers draining"
    ratio = {name: rates[idle] / rates[name] for name in rates if name.startswith("bare")}
    one, same = ratio.values()
    targets = [
        Target(
            text="idle: at least 0.6 times the bare handler with one row",
            measured=f"{one:.2f}x; {same:.2f}x of the one that inserts as many rows as the node",
            reached=one >= 0.6,
        ),
        Target(text="idle: p99 at most 50 ms, 16 clients", measured=ms(p99[idle]), reached=p99[idle] <= 0.050),
        Target(text="draining: p99 at most 250 ms", measured=ms(p99[draining]), reached=p99[draining] <= 0.250),
    ]
    committed = f"{len(more['rows'])} rows with {sum(more['rows']):,} bytes"
    after = f"when the last was accepted {more['left']} waited"
    how = [
        words(__doc__),
        f"The request has {more['body']:,} bytes; in one transaction the node commits it and {committed}.",
        f"While idle it uses {more['cpu'] * 1000:.1f} ms of processor time for each request.",
        f"Idle and peer: {ROUNDS} rounds of {PER_ROUND} each. Draining: {2 * PER_ROUND} requests; {after},",
        f"and over all {more['delivered']:.0f} a second were accepted and delivered.",
        "",
        f"The peer: {words(peer_words)}",
    ]
    publish(
        Findings(
            key="intake",
            title="Accepting a request",
            how=how,
            columns=["what", "16 clients", "p50", "p99", "slowest", "1 client p50 / p99"],
            rows=rows,
            targets=targets,
            raw={"per second": rates, "p99 seconds": p99, "of one row": one, "of the same rows": same, **more},
        )
    )


if __name__ == "__main__":
    main()
