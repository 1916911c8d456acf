"""FHIR servers that others wrote, a node of ours and a bad line, each a process of its own on a free port."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapter.fhir.definitions.registry import definitions

HERE = Path(__file__).parent
PEERS = HERE.parents[1] / ".peers"
SAMPLES = HERE.parents[1] / "examples" / "samples"
JSON = {"Accept": "application/fhir+json", "Cache-Control": "no-cache"}
START_SECONDS = 30


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def _running(command: list[Any], folder: Path, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _await(process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    for _ in range(START_SECONDS * 20):
        if ready():
            return
        try:
            status = process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"ended with {status}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
    pytest.fail(f"not ready after {START_SECONDS} s: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code < 500
    except httpx.TransportError:
        return False


@dataclass(frozen=True)
class FhirServer:
    """A running server as a reader sees it."""

    name: str
    base: str
    client: httpx.Client
    furniture: set[str] = field(default_factory=set)
    """What was there from the start (sekmet brings its subscription topics)."""

    @property
    def port(self) -> int:
        return httpx.URL(self.base).port or 0

    def read(self, place: str) -> dict[str, Any]:
        answer = self.client.get(f"{self.base}/{place}", headers=JSON)
        assert answer.status_code == 200, f"{place}: {answer.status_code}"
        return answer.json()

    def place(self, reference: str) -> str:
        """Return `Type/id` of a relative reference, or of an absolute one to this server."""
        return reference.removeprefix(self.base).strip("/").split("/_history")[0]

    def holdings(self) -> dict[str, dict[str, Any]]:
        """Return everything of every type that R4 has and that was not there from the start, by `Type/id`."""
        found = {}
        for kind in sorted(definitions().resource_types):
            url: str | None = f"{self.base}/{kind}?_count=500"
            while url is not None:
                answer = self.client.get(url, headers=JSON)
                if answer.status_code != 200:  # a type that the server does not have
                    break
                page = answer.json()
                for entry in page.get("entry", ()):
                    found[f"{kind}/{entry['resource']['id']}"] = entry["resource"]
                url = next((link["url"] for link in page.get("link", ()) if link["relation"] == "next"), None)
        return {place: one for place, one in found.items() if place not in self.furniture}


@contextmanager
def _furnished(name: str, base: str) -> Iterator[FhirServer]:
    with httpx.Client(trust_env=False, timeout=30) as client:
        server = FhirServer(name, base, client)
        server.furniture.update(server.holdings())
        yield server


@dataclass(frozen=True)
class Sample:
    """A request file, and the transaction that `map` makes of it."""

    file: Path

    @cached_property
    def transaction(self) -> dict[str, Any]:
        command = [sys.executable, "-m", "adapter", "map", str(self.file), "--as", "transaction"]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    @property
    def shared(self) -> list[dict[str, Any]]:
        """The organisations and practitioners that may be on the server already."""
        return [one["resource"] for one in self.transaction["entry"] if "ifNoneExist" in one["request"]]

    def send(self, base: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "adapter", "send", str(self.file), "--fhir-server", base]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def write_to(self, server: FhirServer) -> None:
        done = self.send(server.base)
        assert done.returncode == 0, done.stderr

    def another(self, folder: Path) -> "Sample":
        """Return another request of the same two hospitals about the same patient."""
        request = json.loads(self.file.read_bytes())
        for name in ("id", "messageId", "case"):
            request[name] += "-B"
        shutil.copytree(self.file.parent / "records", folder / "records", dirs_exist_ok=True)
        file = folder / "another.json"
        file.write_text(json.dumps(request), encoding="utf-8")
        return Sample(file)


@dataclass(frozen=True)
class Written:
    """A server with one case on it, and all that it holds."""

    server: FhirServer
    sample: Sample
    held: dict[str, dict[str, Any]]


@contextmanager
def _sekmet(folder: Path) -> Iterator[FhirServer]:
    port = _free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    (folder / "settings.yaml").write_text(
        f"base_url: {base}\nhost: 127.0.0.1\nport: {port}\ndata_dir: data\nlog_inbound: false\nsimulator: {{enabled: false}}\n",
        encoding="utf-8",
    )
    command = [PEERS / "sekmet" / "bin" / "sekmet", "serve", "-c", "settings.yaml", "--host", "127.0.0.1"]
    with _running([*command, "--port", port], folder, folder / "sekmet.log") as process:
        _await(process, folder / "sekmet.log", lambda: _answers(f"{base}/metadata"))
        with _furnished("sekmet", base) as server:
            yield server


@contextmanager
def _medplum(folder: Path) -> Iterator[FhirServer]:
    port = _free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    command = ["node", HERE / "medplum" / "server.mjs", port]
    with _running(command, PEERS / "medplum", folder / "medplum.log") as process:
        _await(process, folder / "medplum.log", lambda: _answers(f"{base}/Patient"))
        with _furnished("medplum", base) as server:
            yield server


def _skip_unless_installed(name: str) -> None:
    reason = PEERS / f"{name}.missing"
    if reason.exists():
        pytest.skip(f"{name} could not be installed: {reason.read_text(encoding='utf-8')}")
    if not (PEERS / name / ".installed").exists():
        pytest.skip(f"{name} is not installed: make test-peers installs it")


@contextmanager
def _peer(name: str, folder: Path) -> Iterator[FhirServer]:
    _skip_unless_installed(name)
    start = {"sekmet": _sekmet, "medplum": _medplum}[name]
    with start(folder) as server:
        yield server


@pytest.fixture
def sekmet(tmp_path) -> Iterator[FhirServer]:
    """A running, empty sekmet-fhir: JSON and XML, atomic transactions."""
    with _peer("sekmet", tmp_path) as server:
        yield server


@pytest.fixture(params=["sekmet", "medplum"])
def server(request, tmp_path) -> Iterator[FhirServer]:
    """Each of the FHIR servers, running and empty; Medplum's knows JSON alone and keeps everything in memory."""
    with _peer(request.param, tmp_path) as one:
        yield one


@pytest.fixture(scope="module", params=["sekmet-nl", "sekmet-de", "medplum-nl", "medplum-de"])
def written(request, tmp_path_factory) -> Iterator[Written]:
    """Each of the servers with each of the samples written to it once; only for tests that read."""
    name, _, language = request.param.partition("-")
    sample = _sample(language)
    with _peer(name, tmp_path_factory.mktemp(name)) as one:
        sample.write_to(one)
        yield Written(one, sample, one.holdings())


@cache
def _sample(name: str) -> Sample:
    return Sample(SAMPLES / f"request-{name}.json")


@pytest.fixture(params=["nl", "de"])
def sample(request) -> Sample:
    """Each of the two sample requests."""
    return _sample(request.param)


@pytest.fixture
def dutch() -> Sample:
    """The Dutch sample request."""
    return _sample("nl")


@pytest.fixture
def german() -> Sample:
    """The German sample request."""
    return _sample("de")


@pytest.fixture
def losing(tmp_path) -> Iterator[Callable[[FhirServer, int], str]]:
    """Put a line that loses the first acknowledgements before a server; gives the base to use instead."""
    with ExitStack() as stack:

        def start(server: FhirServer, how_many: int) -> str:
            log = tmp_path / "proxy.log"
            command = [sys.executable, HERE / "losing_proxy.py", server.port, how_many]
            process = stack.enter_context(_running(command, tmp_path, log))
            _await(process, log, lambda: b"\n" in log.read_bytes())
            return f"http://127.0.0.1:{int(log.read_text().splitlines()[0])}/fhir"

        yield start


@pytest.fixture
def node(tmp_path) -> Iterator[Callable[[str], str]]:
    """Start a node of the two sample hospitals whose cases are copied to a FHIR server; gives the node's address."""
    with ExitStack() as stack:

        def start(fhir_server: str) -> str:
            folder = tmp_path / "node"
            folder.mkdir()
            settings = (HERE / "node.toml").read_text(encoding="utf-8").replace("FHIR-SERVER", fhir_server)
            (folder / "node.toml").write_text(settings, encoding="utf-8")
            log, ready = folder / "log", folder / "ready.json"
            command = [sys.executable, "-m", "adapter", "serve", "--config", folder / "node.toml", "--ready", ready]
            process = stack.enter_context(_running(command, folder, log))
            _await(process, log, ready.exists)
            return json.loads(ready.read_bytes())["url"]

        yield start
