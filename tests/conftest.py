"""What holds for every test: property tests are not timed, because the machine may be busy with other tests.

And nodes as processes of their own: the real command, a free port, stopped by their own process id.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

PATIENCE_SECONDS = 30.0


@dataclass
class NodeProcess:
    """A node that runs `second-opinion serve`; it may be killed and started again on the same port."""

    name: str
    folder: Path
    settings: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return str(self.told["url"])

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def launch(self) -> None:
        """Start the process without waiting for it."""
        ready = self.folder / f"{self.name}.ready"
        ready.unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SECOND_OPINION_")}
        command = [sys.executable, "-m", "adapter", "serve", "--config", str(self.settings), "--ready", str(ready)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=kept | self.environment, stdout=log, stderr=log)

    def await_ready(self) -> None:
        """Wait until the node listens; afterwards it keeps its port over restarts."""
        ready = self.folder / f"{self.name}.ready"
        assert self.process is not None
        until(lambda: ready.exists() or self.process.poll() is not None, "the node is ready")
        assert ready.exists(), self.log.read_text(encoding="utf-8")[-3000:]
        self.told = json.loads(ready.read_text(encoding="utf-8"))
        self.environment["SECOND_OPINION_SERVER__PORT"] = str(self.told["port"])

    def start(self) -> None:
        self.launch()
        self.await_ready()

    def kill(self) -> None:
        """End the process as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def client(self, path: str = "", token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=f"{self.url}{path}", headers=headers, trust_env=False, timeout=20)


def until(reached: Callable[[], Any], what: str, *, seconds: float = PATIENCE_SECONDS, every: float = 0.02) -> Any:
    """Wait until `reached` answers something true, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := reached()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s in vain until {what}")
        time.sleep(every)
    return found


@pytest.fixture
def serving(tmp_path) -> Iterator[Callable[..., NodeProcess]]:
    """Return a function that makes a node process of a settings text; all are stopped when the test ends."""
    made: list[NodeProcess] = []

    def new(name: str, configuration: str, **environment: str) -> NodeProcess:
        file = tmp_path / f"{name}.toml"
        file.write_text(configuration, encoding="utf-8")
        made.append(NodeProcess(name, tmp_path, file, {"SECOND_OPINION_SERVER__PORT": "0"} | environment))
        return made[-1]

    yield new
    for one in made:
        one.stop()


@pytest.fixture
def wait_until() -> Callable[..., Any]:
    """Return the one way to wait: until something is reached, and never for a fixed time."""
    return until
