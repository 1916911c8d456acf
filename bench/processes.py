"""Processes of a bench: started from their own settings, awaited, measured from outside, stopped by their own ids."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WAIT_SECONDS = 30.0
_KB = 1024


@contextmanager
def child(arguments: Sequence[str], ready: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], Any]]:
    """Run a Python module; give the process and what its ready file says, and stop it at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, "-m", *arguments], stdout=output, stderr=output)
    try:
        yield process, await_ready(process, ready, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_ready(process: subprocess.Popen[bytes], ready: Path, log: Path) -> Any:
    """Return what the ready file says once it is there."""
    until = time.monotonic() + WAIT_SECONDS
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"a process of the bench did not start: {log.read_text()[-1500:]}")
        time.sleep(0.002)
    return json.loads(ready.read_text())


def tell_ready(ready: Path, told: dict[str, Any]) -> None:
    """Write the ready file, complete or not at all."""
    part = ready.with_suffix(".part")
    part.write_text(json.dumps(told))
    part.replace(ready)


def rss_bytes(pid: int) -> int:
    """Return the resident memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * _KB for line in lines if line.startswith("VmRSS:"))


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, in its own code and in the kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def treating_node(folder: Path, name: str, *, partner_url: str, clock: str) -> tuple[list[str], Path]:
    """Write the settings of a treating node and return how to start it and where it tells its address."""
    ready = folder / f"{name}.ready.json"
    file = folder / f"{name}.toml"
    file.write_text(f"""
[server]
port = 0
clock = {clock}
log_level = "warning"
[store]
url = "sqlite:///{name}/node.db"
blobs = "{name}/blobs"
[[organisation]]
id = "dijkzicht"
name = "Dijkzicht Ziekenhuis (TEST)"
role = "treating"
country = "NL"
time_zone = "Europe/Amsterdam"
identifiers = [{{ system = "http://fhir.nl/fhir/NamingSystem/ura", value = "00009001" }}]
[[partner]]
id = "catharina-kliniek"
role = "consulting"
of = "dijkzicht"
fhir = "{partner_url}"
country = "NL"
timeout_seconds = 600
identifiers = [{{ system = "http://fhir.nl/fhir/NamingSystem/ura", value = "00009002" }}]
""")
    return ["adapter", "serve", "--config", str(file), "--ready", str(ready)], ready
