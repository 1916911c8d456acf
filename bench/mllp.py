"""HL7 v2 over MLLP: referrals with a PDF, durable before their AA, against a server that only acknowledges.

Every message has its own MSH-10, referral and case. Each connection sends its next message when it has the answer. The
store is SQLite (WAL, synchronous=FULL) on a disk; every commit is fsynced. The referrals state no consent, so their
cases wait at home and the workers are idle. The load, the node and the peer share the two cores; rounds take turns.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import uvloop

from bench.figures import RESULTS, Findings, Target, ms, publish, words
from bench.load import Load
from bench.measure import percentile
from bench.mllp_peer import __doc__ as peer_words
from bench.processes import child, cpu_seconds
from bench.referrals import referrals

CONNECTIONS = (1, 4, 16)
ROUNDS = 3
PER_ROUND = 150
CLOCK = "2026-04-10T09:30:00+02:00"
NODE = f"""
[server]
port = 0
clock = {CLOCK}
log_level = "warning"
[store]
url = "sqlite:///node/node.db"
blobs = "node/blobs"
[[organisation]]
id = "klinik-a"
name = "Klinik A (TEST)"
role = "treating"
country = "DE"
time_zone = "Europe/Berlin"
identifiers = [{{ system = "http://fhir.de/sid/arge-ik/iknr", value = "260800008" }}]
[[partner]]
id = "praxis-b"
role = "consulting"
of = "klinik-a"
fhir = "http://127.0.0.1:9/fhir"
country = "DE"
identifiers = [{{ system = "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_BSNR", value = "724444400" }}]
[[mllp]]
id = "kis"
of = "klinik-a"
port = 0
"""


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RESULTS) as name, ExitStack() as stack:
        _measure(Path(name), stack)


def _measure(folder: Path, stack: ExitStack) -> None:
    log, ready, peer_ready = folder / "log", folder / "node.json", folder / "peer.json"
    settings = folder / "node.toml"
    settings.write_text(NODE)
    command = ["adapter", "serve", "--config", str(settings), "--ready", str(ready)]
    process, told = stack.enter_context(child(command, ready, log))
    port = told["mllp"][0]["port"]
    peer_port = stack.enter_context(child(["bench.mllp_peer", str(peer_ready)], peer_ready, log))[1]["port"]
    ours, theirs = referrals("N"), referrals("P")
    send(port, ours, count=100, connections=16)  # warm
    send(peer_port, theirs, count=100, connections=16, keep=False)
    loads: dict[tuple[str, int], list[Load]] = {}
    used, taken = cpu_seconds(process.pid), 0
    for number in range(ROUNDS):
        for connections in CONNECTIONS if number % 2 == 0 else reversed(CONNECTIONS):
            mine = send(port, ours, count=PER_ROUND, connections=connections)
            other = send(peer_port, theirs, count=PER_ROUND, connections=connections, keep=False)
            loads.setdefault(("the node", connections), []).append(mine)
            loads.setdefault(("hl7apy, only acknowledging", connections), []).append(other)
            taken += PER_ROUND
    used = (cpu_seconds(process.pid) - used) / taken
    with sqlite3.connect(f"file:{folder / 'node' / 'node.db'}?mode=ro", uri=True) as connection:
        stored = connection.execute("SELECT count(*) FROM case_view").fetchone()[0]
    connection.close()
    if stored != taken + 100:
        raise RuntimeError(f"{taken + 100} messages were acknowledged, and {stored} cases are stored")
    _publish(loads, used, len(next(ours)))


def send(port: int, bodies: Iterator[bytes], *, count: int, connections: int, keep: bool = True) -> Load:
    """Send `count` messages over MLLP; each connection sends its next one when it has the answer to the one before.

    Raises:
        RuntimeError: a message is not acknowledged with AA.
    """
    return uvloop.run(_send(port, [next(bodies) for _ in range(count)], connections, keep=keep))


async def _send(port: int, bodies: list[bytes], connections: int, *, keep: bool) -> Load:
    waiting = iter(bodies)
    latencies: list[float] = []

    async def talk() -> None:
        line = await asyncio.open_connection("127.0.0.1", port) if keep else None
        for body in waiting:
            began = time.perf_counter()
            reader, writer = line or await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"\x0b" + body + b"\x1c\r")
            answer = await reader.readuntil(b"\x1c\r")
            latencies.append(time.perf_counter() - began)
            if b"\rMSA|AA|" not in answer:
                raise RuntimeError(f"answered {answer[:700]!r}")
            if line is None:
                writer.close()
        if line is not None:
            line[1].close()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(talk())
    return Load(seconds=time.perf_counter() - began, latencies=latencies)


def _publish(loads: dict[tuple[str, int], list[Load]], used: float, size: int) -> None:
    rows, raw = [], {}
    for (name, connections), each in sorted(loads.items(), key=lambda one: (one[0][1], one[0][0])):
        rate = sum(len(one.latencies) for one in each) / sum(one.seconds for one in each)
        times = [latency for one in each for latency in one.latencies]
        p50, p99 = percentile(times, 50), percentile(times, 99)
        rows.append([str(connections), name, f"{rate:.0f}/s", ms(p50), ms(p99), ms(max(times))])
        raw[f"{name}, {connections}"] = {"per second": rate, "p50": p50, "p99": p99}
    ours = raw["the node, 16"]
    alone = raw["the node, 1"]
    p99 = "16 connections: p99 at most 250 ms, as over HTTP while the workers drain"
    targets = [
        Target(text=p99, measured=ms(ours["p99"]), reached=ours["p99"] <= 0.250),
        Target(text="1 connection: median at most 25 ms", measured=ms(alone["p50"]), reached=alone["p50"] <= 0.025),
    ]
    how = [
        words(__doc__),
        f"A message has {size:,} bytes and 18 segments. {ROUNDS} rounds of {PER_ROUND} for each number of connections.",
        f"The node uses {used * 1000:.1f} ms of processor time for each message.",
        "",
        f"The peer: {words(peer_words)}",
    ]
    publish(
        Findings(
            key="mllp",
            title="HL7 v2 over MLLP",
            how=how,
            columns=["connections", "what", "messages", "p50", "p99", "slowest"],
            rows=rows,
            targets=targets,
            raw=raw | {"cpu seconds": used, "bytes": size},
        )
    )


if __name__ == "__main__":
    main()
