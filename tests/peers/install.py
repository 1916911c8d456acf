"""Installs the FHIR servers that others wrote into `.peers`; where one cannot be had, writes down why and goes on.

Run by `make test-peers`; the tests of a server that is not there skip with the reason. Done before and nothing changed:
nothing is done.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".peers"
SEKMET_PINS = ROOT / "requirements" / "peers.txt"
MEDPLUM_PINS = [Path(__file__).parent / "medplum" / name for name in ("package.json", "package-lock.json")]
MINUTES_AT_MOST = 10


class NotInstalled(Exception):
    """Why a server is not here."""


def _run(tool: str, *command: str | Path, cwd: Path = ROOT) -> None:
    try:
        subprocess.run(
            command, cwd=cwd, check=True, capture_output=True, text=True, errors="replace", timeout=MINUTES_AT_MOST * 60
        )
    except subprocess.CalledProcessError as failed:
        lines = [line for line in (failed.stderr or failed.stdout).splitlines() if line.strip()]
        said = [line for line in lines if line.startswith(("ERROR", "npm error"))] or lines[-1:]
        raise NotInstalled(f"{tool} failed: {said[0] if said else failed.returncode}") from failed
    except subprocess.TimeoutExpired as late:
        raise NotInstalled(f"{tool} took more than {MINUTES_AT_MOST} minutes") from late


def _sekmet(folder: Path) -> None:
    _run("venv", sys.executable, "-m", "venv", "--clear", folder)
    pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "1"]
    _run("pip", *pip, "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", SEKMET_PINS)


def _medplum(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotInstalled("node and npm are not on this machine: apt-get install nodejs npm")
    folder.mkdir(parents=True)
    for file in MEDPLUM_PINS:
        shutil.copy(file, folder)
    quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
    _run("npm", npm, "ci", *quietly, cwd=folder)


def _install(name: str, pins: list[Path], how: Callable[[Path], None]) -> None:
    folder, reason = PEERS / name, PEERS / f"{name}.missing"
    stamp = folder / ".installed"
    state = hashlib.sha256(b"\0".join([sys.version.encode(), *(file.read_bytes() for file in pins)])).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == state:
        return
    shutil.rmtree(folder, ignore_errors=True)
    PEERS.mkdir(exist_ok=True)
    reason.unlink(missing_ok=True)
    try:
        how(folder)
    except NotInstalled as why:
        shutil.rmtree(folder, ignore_errors=True)
        reason.write_text(str(why), encoding="utf-8")
        print(f"{name} is not installed, its tests skip: {why}", file=sys.stderr)  # noqa: T201 - a script
        return
    stamp.write_text(state, encoding="utf-8")


if __name__ == "__main__":
    _install("sekmet", [SEKMET_PINS], _sekmet)
    _install("medplum", MEDPLUM_PINS, _medplum)
