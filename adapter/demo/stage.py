"""The two nodes of the demonstration as processes of their own, with settings, tokens and clocks made for it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from adapter.base.errors import PeerUnavailable, SetupError
from adapter.exchange.node_api import NodeApi
from adapter.settings import PREFIX

START_SECONDS = 30.0

URA = "http://fhir.nl/fhir/NamingSystem/ura"
IK = "http://fhir.de/sid/arge-ik/iknr"
BSNR = "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_BSNR"

HOUSES = {
    "dijkzicht": ("treating", "Dijkzicht Ziekenhuis (TEST)", "NL", "Europe/Amsterdam", URA, "00009001"),
    "klinik-a": ("treating", "Klinik A (TEST)", "DE", "Europe/Berlin", IK, "260800008"),
    "catharina-kliniek": ("consulting", "Catharina-kliniek (TEST)", "NL", "Europe/Amsterdam", URA, "00009002"),
    "praxis-b": ("consulting", "Praxis B (TEST)", "DE", "Europe/Berlin", BSNR, "724444400"),
}
PAIRS = (("dijkzicht", "catharina-kliniek"), ("klinik-a", "praxis-b"))


@dataclass
class NodeProcess:
    """One node of the stage."""

    name: str
    folder: Path
    token: str
    process: subprocess.Popen[bytes] | None = None
    url: str = ""

    @property
    def settings_file(self) -> Path:
        """Its settings."""
        return self.folder / f"{self.name}.toml"

    @property
    def ready_file(self) -> Path:
        """Where it tells its address."""
        return self.folder / f"{self.name}.ready.json"

    def api(self, org: str) -> NodeApi:
        """Return the client of one of its organisations' own systems."""
        return NodeApi(self.url, token=self.token, org=org)


@dataclass
class Stage:
    """Both nodes; use it as a context: they are stopped, by their own process ids, when it ends."""

    folder: Path
    clock: datetime
    treating: NodeProcess = field(init=False)
    consulting: NodeProcess = field(init=False)

    def __post_init__(self) -> None:
        """Make the tokens."""
        self.treating = NodeProcess("treating-node", self.folder, secrets.token_urlsafe(24))
        self.consulting = NodeProcess("consulting-node", self.folder, secrets.token_urlsafe(24))
        self._partner_tokens = {"TO_TREATING": secrets.token_urlsafe(24), "TO_CONSULTING": secrets.token_urlsafe(24)}

    def __enter__(self) -> Self:
        """Start both nodes; each is told the other's address once that is known.

        Raises:
            SetupError: the folder holds something else than an earlier demonstration.
            PeerUnavailable: a node did not start; the other one is stopped again.
        """
        self._clear()
        ports = _free_ports(2)
        try:
            for node, port, other, other_port in (
                (self.treating, ports[0], "consulting", ports[1]),
                (self.consulting, ports[1], "treating", ports[0]),
            ):
                node.settings_file.write_text(self._settings(node, port, other, other_port), encoding="utf-8")
                self._start(node)
            for node in (self.treating, self.consulting):
                _await_ready(node)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop both nodes."""
        running = [node.process for node in (self.treating, self.consulting) if node.process is not None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def move_clocks(self, moment: datetime) -> None:
        """Move both development clocks forward to `moment` (aware)."""
        for node in (self.treating, self.consulting):
            NodeApi(node.url, token=None).post("/development/clock", {"now": moment.isoformat()})

    def _clear(self) -> None:
        """Make the folder anew, unless it holds something that no demonstration put there."""
        if self.folder.is_dir() and any(self.folder.iterdir()):
            if not self.treating.settings_file.is_file():
                text = "this folder is not of an earlier demonstration; choose another"
                raise SetupError(text, where=str(self.folder))
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def _start(self, node: NodeProcess) -> None:
        node.ready_file.unlink(missing_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        environment = {**inherited, **self._partner_tokens, "CLIENT_TOKEN": node.token}
        command = [sys.executable, "-m", "adapter", "serve", "--config", str(node.settings_file)]
        with (self.folder / f"{node.name}.log").open("ab") as log:
            node.process = subprocess.Popen(  # noqa: S603 - our own command
                [*command, "--ready", str(node.ready_file)], env=environment, stdout=log, stderr=log
            )

    def _settings(self, node: NodeProcess, port: int, other: str, other_port: int) -> str:
        role = "treating" if node is self.treating else "consulting"
        accept, send = f"TO_{role.upper()}", f"TO_{other.upper()}"
        document = [
            "[server]",
            'host = "127.0.0.1"',
            f"port = {port}",
            f'clock = "{self.clock.isoformat()}"',
            "[store]",
            f'url = "sqlite:///{node.name}/node.db"',
            f'blobs = "{node.name}/blobs"',
            "[worker]",
            f'id = "{node.name}"',
            "poll_seconds = 0.2",
        ]
        for pair in PAIRS:
            ours, theirs = pair if role == "treating" else pair[::-1]
            document += [*_organisation(ours), *_partner(ours, theirs, other, other_port, send, accept), *_client(ours)]
        return "\n".join(document) + "\n"


def _organisation(name: str) -> list[str]:
    role, title, country, zone, system, value = HOUSES[name]
    return [
        "[[organisation]]",
        f'id = "{name}"',
        f'name = "{title}"',
        f'role = "{role}"',
        f'country = "{country}"',
        f'time_zone = "{zone}"',
        f'identifiers = [{{ system = "{system}", value = "{value}" }}]',
    ]


def _partner(ours: str, theirs: str, role: str, port: int, send: str, accept: str) -> list[str]:
    _, _, country, _, system, value = HOUSES[theirs]
    return [
        "[[partner]]",
        f'id = "{theirs}"',
        f'role = "{role}"',
        f'of = "{ours}"',
        f'fhir = "http://127.0.0.1:{port}/orgs/{theirs}/fhir"',
        f'token_env = "{send}"',
        f'accept_token_env = "{accept}"',
        f'country = "{country}"',
        f'identifiers = [{{ system = "{system}", value = "{value}" }}]',
    ]


def _client(ours: str) -> list[str]:
    return ["[[client]]", 'id = "ehr"', f'of = "{ours}"', 'token_env = "CLIENT_TOKEN"']


def _free_ports(count: int) -> list[int]:
    import socket  # noqa: PLC0415 - only the stage needs it

    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _await_ready(node: NodeProcess) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not node.ready_file.exists():
        if node.process is None or node.process.poll() is not None or time.monotonic() > deadline:
            raise PeerUnavailable(
                f"{node.name} did not start; see its log", where=str(node.folder / f"{node.name}.log")
            )
        time.sleep(0.02)
    told: dict[str, Any] = json.loads(node.ready_file.read_text(encoding="utf-8"))
    node.url = told["url"]
