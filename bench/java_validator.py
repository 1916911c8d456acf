"""Times the HL7 Java validator on files, inside its JVM; it is built by `make test-java` and may not be there."""

import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BUILT = Path(__file__).parents[1] / ".peers" / "java"
WARM_SECONDS, SECONDS = 20.0, 10.0


def missing() -> str | None:
    """Return why the Java validator cannot be timed here; None where it can."""
    if shutil.which("java") is None:
        return "no Java is installed"
    return None if (BUILT / "lib" / "judge-1.jar").exists() else "`make test-java` has not built it here"


def times(bodies: Mapping[str, bytes]) -> tuple[str, dict[str, float]]:
    """Return the version, and the median seconds of one validation by the name of the body.

    All bodies take turns in one JVM, first to warm up, then to be timed. Parsing is timed, reading the file is not.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, (name, body) in enumerate(bodies.items()):
            files[name] = Path(folder) / f"{number}.json"
            files[name].write_bytes(body)
        command = ["java", "-Xmx2g", "-cp", f"{BUILT}/lib/*", "judge.Judge"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
        ) as process:
            made_of = _answer(process)
            _rounds(process, files, WARM_SECONDS)
            found = _rounds(process, files, SECONDS)
            assert process.stdin is not None
            process.stdin.close()
    version = f"HAPI {made_of['hapi']}, org.hl7.fhir.validation {made_of['core']}, Java {made_of['java']}"
    return version, {name: statistics.median(samples) for name, samples in found.items()}


def _rounds(process: "subprocess.Popen[str]", files: Mapping[str, Path], seconds: float) -> dict[str, list[float]]:
    """Have the files judged in turn, all equally often, for about `seconds`, at least once."""
    samples: dict[str, list[float]] = {name: [] for name in files}
    until = time.perf_counter() + seconds
    while not all(samples.values()) or time.perf_counter() < until:
        for name, file in files.items():
            assert process.stdin is not None
            process.stdin.write(f"{file}\n")
            process.stdin.flush()
            samples[name].append(_answer(process)["ms"] / 1000)
    return samples


def _answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"the Java validator ended with {process.wait()}")
    answer: dict[str, Any] = json.loads(line)
    return answer
