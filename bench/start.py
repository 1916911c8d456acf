"""From the start of the process to a ready node, its memory then, and how long `--help` takes.

A node is `second-opinion serve --ready FILE` on SQLite; ready is the moment when the file is there and `/readyz`
answers 200. Empty: the store is made and migrated on the way. Again: the store is there. Memory is VmRSS, right
after. `--help` takes turns with an interpreter that does nothing, and is timed until the process has ended.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from bench.figures import RESULTS, Findings, Target, ms, publish, words
from bench.measure import summary
from bench.processes import child, rss_bytes, treating_node

STARTS = 4
HELPS = 10
MB = 1_000_000
CLOCK = "2026-04-10T09:30:00+02:00"


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    times: dict[str, list[float]] = {"empty": [], "again": []}
    memory: dict[str, list[float]] = {"empty": [], "again": []}
    with tempfile.TemporaryDirectory(dir=RESULTS) as name:
        for number in range(STARTS):
            command, ready = treating_node(
                Path(name), f"node-{number}", partner_url="http://127.0.0.1:9/fhir", clock=CLOCK
            )
            for state in ("empty", "again"):
                ready.unlink(missing_ok=True)
                began = time.perf_counter()
                with child(command, ready, Path(name) / "log") as (process, told):
                    httpx.get(f"{told['url']}/readyz").raise_for_status()
                    times[state].append(time.perf_counter() - began)
                    memory[state].append(rss_bytes(process.pid))
    helps: dict[str, list[float]] = {"--help": [], "nothing": []}
    for _ in range(HELPS):
        helps["--help"].append(_seconds("-m", "adapter", "--help"))
        helps["nothing"].append(_seconds("-c", "pass"))
    rows = []
    for state, samples in times.items():
        found = summary(samples)
        largest = max(memory[state]) / MB
        shown = f"{found['p50']:.2f} s", f"{found['max']:.2f} s"
        rows.append([f"start to ready, {state}", str(found["count"]), *shown, f"{largest:.0f} MB"])
    for what, samples in helps.items():
        found = summary(samples)
        named = "`second-opinion --help`" if what == "--help" else "the interpreter alone"
        rows.append([named, str(found["count"]), ms(found["p50"]), ms(found["max"]), ""])
    slowest = max(max(one) for one in times.values())
    largest = max(max(one) for one in memory.values()) / MB
    help_p50 = summary(helps["--help"])["p50"]
    publish(
        Findings(
            key="start",
            title="Start, memory, help",
            how=[words(__doc__)],
            columns=["what", "times", "median", "slowest", "VmRSS"],
            rows=rows,
            targets=[
                Target(text="ready within 3 s", measured=f"{slowest:.2f} s at most", reached=slowest <= 3),
                Target(text="at most 220 MB then", measured=f"{largest:.0f} MB", reached=largest <= 220),
                Target(text="`--help` within 0.5 s", measured=ms(help_p50), reached=help_p50 <= 0.5),
            ],
            raw={"seconds": times, "bytes": memory, "help seconds": helps},
        )
    )


def _seconds(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
