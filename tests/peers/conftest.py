"""FHIR servers that others wrote, each a process of its own on a free port of this machine."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

SEKMET = Path(__file__).parents[2] / ".peers" / "sekmet" / "bin" / "sekmet"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if _answers(url):
            return
        try:
            status = process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the peer ended with {status}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
    pytest.fail("the peer did not answer in 30 s")


@pytest.fixture
def sekmet(tmp_path) -> Iterator[str]:
    """The FHIR base of a running, empty sekmet-fhir (https://hl7.org/fhir/R4/http.html)."""
    if not SEKMET.exists():
        pytest.skip("sekmet-fhir is not installed: make test-peers installs it")
    port = _free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    settings = tmp_path / "settings.yaml"
    settings.write_text(
        f"base_url: {base}\nhost: 127.0.0.1\nport: {port}\ndata_dir: data\nlog_inbound: false\nsimulator: {{enabled: false}}\n",
        encoding="utf-8",
    )
    log = tmp_path / "log"
    arguments = [SEKMET, "serve", "-c", settings, "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(arguments, cwd=tmp_path, env={**os.environ}, stdout=output, stderr=output)
    try:
        _wait_for(f"{base}/metadata", process, log)
        yield base
    finally:
        process.kill()
        process.wait(10)
