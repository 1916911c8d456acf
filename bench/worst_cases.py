"""The worst inputs of one megabyte that we could think of: how long, and how much memory.

Each input is parsed and held against R4 and the profiles that it claims (`judge_bytes`), converted to the other format
where it can be read, and read as a canonical request; each in a process of its own that was warm before, so that the
peak of its memory is that of this one call. Times are those of the processor. The table shows the slowest and the
largest of all.
"""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adapter.base.errors import AdapterError
from bench.figures import Findings, Target, publish, words
from bench.samples import bundles
from bench.worst_inputs import INPUTS

SECONDS, MEBIBYTES = 1.0, 64.0
LIMIT_SECONDS = 60
SHOWN = 12
_MIB = 2**20


def main() -> None:
    jobs = _jobs()
    _warm(jobs)
    found = {(name, job): measure(work, make()) for name, make in INPUTS.items() for job, work in jobs.items()}
    slowest = sorted(found, key=lambda one: found[one][0], reverse=True)[:SHOWN]
    largest = sorted(found, key=lambda one: found[one][1], reverse=True)[:SHOWN]
    shown = [one for one in found if one in {*slowest, *largest}]
    shown.sort(key=lambda one: found[one][0], reverse=True)
    worst_time, worst_size = found[slowest[0]][0], found[largest[0]][1]
    over = sum(took > SECONDS for took, _, _ in found.values())
    above = sum(size > MEBIBYTES for _, size, _ in found.values())
    publish(
        Findings(
            key="worst_cases",
            title="Worst inputs of one megabyte",
            how=[
                words(__doc__),
                f"{len(INPUTS)} inputs, {len(found)} measurements; the others are faster and smaller.",
            ],
            columns=["input", "what", "time", "memory", "ends with"],
            rows=[[*one, f"{found[one][0]:.2f} s", f"+{found[one][1]:.0f} MiB", found[one][2]] for one in shown],
            targets=[
                Target(
                    text="any input of 1 MB: an answer within 1 s",
                    measured=f"{worst_time:.2f} s ({slowest[0][0]}, {slowest[0][1]}); {over} of {len(found)} above",
                    reached=over == 0,
                ),
                Target(
                    text="any input of 1 MB: at most 64 MiB of memory more",
                    measured=f"+{worst_size:.0f} MiB ({largest[0][0]}, {largest[0][1]}); {above} of {len(found)} above",
                    reached=above == 0,
                ),
            ],
            raw={f"{name}: {job}": {"seconds": took, "MiB": size} for (name, job), (took, size, _) in found.items()},
        )
    )


def _jobs() -> dict[str, Callable[[bytes], Any]]:
    from adapter.fhir.codec import media_type_of, parse, to_json, to_xml
    from adapter.fhir.judgement import judge_bytes
    from adapter.intake.canonical import read_request

    def convert(data: bytes) -> bytes:
        read = parse(data)
        return to_json(read) if media_type_of(data) == "application/fhir+xml" else to_xml(read)

    return {"validate": judge_bytes, "convert": convert, "request": read_request}


def _warm(jobs: dict[str, Callable[[bytes], Any]]) -> None:
    """Load definitions and compile types, which belong to the process and not to an input."""
    from adapter.fhir.codec import to_json, to_xml

    for _, bundle in bundles().values():
        for data in (to_json(bundle), to_xml(bundle)):
            for work in jobs.values():
                _end_of(work, data)
    for make in INPUTS.values():  # types that only these have; a small part is enough
        for work in jobs.values():
            _end_of(work, make()[:2000])


def measure(work: Callable[[bytes], Any], data: bytes) -> tuple[float, float, str]:
    """Return seconds of processor, MiB above what was there, and the end; in a child that is killed if need be."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))
        before = _now_in_use()
        began = time.process_time()
        end = _end_of(work, data)
        took = time.process_time() - began
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before) / _MIB
        os.write(writing, f"{took}|{max(more, 0.0)}|{end}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    os.waitpid(child, 0)
    took, more, end = said.split("|") if said else (str(LIMIT_SECONDS), "0", f"ended after {LIMIT_SECONDS} s")
    return float(took), float(more), end


def _now_in_use() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _end_of(work: Callable[[bytes], Any], data: bytes) -> str:
    try:
        result = work(data)
    except AdapterError as error:
        return f"refused: {type(error).__name__}"
    except BaseException as error:  # noqa: BLE001 - to be told, whatever it is
        return f"FAILED: {type(error).__name__}"
    return f"{len(result):,} problems" if isinstance(result, list) else "done"


if __name__ == "__main__":
    main()
