"""Runs all benches, each in a process of its own, one after the other, and writes docs/benchmarks.md.

python -m bench                     all of them, under four minutes
python -m bench coverage mapping    some of them; the document takes the others from their last run
python -m bench.coverage            one of them, to look at
"""

import importlib.metadata
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import RESULTS, Findings, load, markdown, verdict

BENCHES = ("validation", "worst_cases", "coverage", "mapping", "referral", "start", "intake", "mllp", "loop")
ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "benchmarks.md"
LIBRARIES = (
    *("fhir.resources", "pydantic", "fastapi", "uvicorn", "uvloop", "sqlalchemy", "dbos", "orjson", "hl7", "hl7apy"),
)


def main() -> int:
    wanted = sys.argv[1:] or list(BENCHES)
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        print(f"no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    busy = os.getloadavg()[0]
    began = time.perf_counter()
    failed = []
    for name in wanted:
        print(f"--- {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False, cwd=ROOT).returncode:
            failed.append(name)
    if failed:
        print(f"not measured: {', '.join(failed)}; {DOCUMENT.name} stays as it is", file=sys.stderr)
        return 1
    known = [load(name) for name in BENCHES if (RESULTS / f"{name}.json").exists()]
    DOCUMENT.write_text(_document(known, wanted, time.perf_counter() - began, busy), encoding="utf-8")
    return 0


def _document(known: list[Findings], measured: list[str], seconds: float, busy: float) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. Figures are of one run on one machine: ratios hold better than the",
        "figures themselves. Every comparison was made in the same run, warm, taking turns; times are medians and 99th",
        "percentiles. No test depends on them. The targets are those that the project set itself before it was built.",
        "",
        *_conditions(seconds, busy),
        "",
    ]
    older = [one.key for one in known if one.key not in measured]
    if older:
        lines += [f"Not measured in this run but in an earlier one: {', '.join(older)}.", ""]
    lines += ["## In short", "", "| what | target | measured | |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {one.title} | {target.text} | {target.measured} | {verdict(target)} |"
        for one in known
        for target in one.targets
    ]
    lines += ["", *[markdown(one) for one in known]]
    return "\n".join(lines).rstrip("\n") + "\n"


def _conditions(seconds: float, busy: float) -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    others = ""
    if busy > 0.5:
        others = ": other work was running on the machine, so only the ratios mean something"
    return [
        f"Run of {datetime.now(UTC):%d %B %Y, %H:%M} UTC, {seconds:.0f} s in all.",
        f"The load average at its beginning was {busy:.1f}{others}.",
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB memory, {_file_system()} under the stores,",
        f"{platform.system()} {platform.release()}, {platform.python_implementation()} {platform.python_version()}.",
        f"{libraries}.",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _file_system() -> str:
    """Return the type of the file system under the results, where the stores of the benches lie."""
    best, kind = "", "unknown file system"
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, found, *_ = line.split()
        if str(RESULTS).startswith(place) and len(place) > len(best):
            best, kind = place, found
    return kind


if __name__ == "__main__":
    sys.exit(main())
