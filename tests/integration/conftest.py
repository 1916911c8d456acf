"""Two nodes in one process, put together as a real node is, with HTTP between them that ends at the other application.

Nothing is replaced but the sockets, the worker's thread (`Pair.settle` does what is due, in order) and the clock.
"""

import asyncio
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapter.api.application import new_application
from adapter.api.metrics import Metrics
from adapter.app import Running, assemble
from adapter.base.data import shipped
from adapter.intake.hand_over import hand_over
from adapter.settings import load_settings
from adapter.store.backlog import Backlog
from adapter.workflow.perform import perform

SAMPLES = shipped("samples")
START = "2026-03-12T06:00:00+01:00"
TREATING_TOKEN = "token-dijkzicht-to-catharina-kliniek"
URA = "http://fhir.nl/fhir/NamingSystem/ura"
HOUSES = {
    "dijkzicht": ("treating", "NL", "Europe/Amsterdam", URA, "00009001"),
    "klinik-a": ("treating", "DE", "Europe/Berlin", "http://fhir.de/sid/arge-ik/iknr", "260800008"),
    "catharina-kliniek": ("consulting", "NL", "Europe/Amsterdam", URA, "00009002"),
    "praxis-b": ("consulting", "DE", "Europe/Berlin", "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_BSNR", "724444400"),
}


@dataclass
class Sent:
    """One message that a node sent to another: its bytes, and the answer's (None = it was lost)."""

    to: str
    body: bytes
    answer: bytes | None = None


@dataclass
class Wire(httpx.BaseTransport):
    """Carries HTTP to the application whose host name it is; `down` and `deaf` hosts do not answer."""

    apps: dict[str, Any] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    deaf: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        body = request.read()
        message = Sent(host, body) if request.url.path.endswith("/$process-message") else None
        if host in self.down:
            raise httpx.ConnectError("down", request=request)
        if message is not None:
            self.sent.append(message)
        response = asyncio.run_coroutine_threadsafe(self._call(request, body), self._loop).result(60)
        if host in self.deaf:
            raise httpx.ReadTimeout("the answer was lost", request=request)
        if message is not None:
            message.answer = response.content
        return response

    async def _call(self, request: httpx.Request, body: bytes) -> httpx.Response:
        transport = httpx.ASGITransport(self.apps[request.url.host], raise_app_exceptions=False)
        inner = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        answer = await transport.handle_async_request(inner)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass
class House:
    """One organisation as its own people and systems see it."""

    org: str
    running: Running
    http: httpx.Client

    @property
    def store(self) -> Any:
        return self.running.node.store

    def submit(self, document: dict[str, Any], *, folder: Path = SAMPLES) -> httpx.Response:
        """Upload the records and hand in the document, as the command `send` does."""
        prepared = hand_over(json.dumps(document).encode(), folder)
        for sha256, file in prepared.files.items():
            assert self.http.put(f"/intake/records/{sha256}", content=file.read_bytes()).status_code in (200, 201)
        return self.post(prepared.body)

    def post(self, body: bytes | dict[str, Any], **headers: str) -> httpx.Response:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.http.post("/intake", content=data, headers={"Content-Type": "application/json", **headers})

    def decide(self, case: str, verb: str, **body: str) -> httpx.Response:
        return self.http.post(f"/cases/{case}/{verb}", json=body)

    def case(self, number: str) -> dict[str, Any]:
        response = self.http.get(f"/cases/{number}")
        assert response.status_code == 200, response.text
        return response.json()

    def kinds(self, number: str) -> list[str]:
        """Return what happened, oldest first."""
        return [line["kind"] for line in self.http.get(f"/cases/{number}/timeline").json()]

    def get(self, path: str) -> Any:
        response = self.http.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    def resources(self, number: str, kind: str) -> list[dict[str, Any]]:
        held = [one for one in self.case(number)["resources"] if one.startswith(f"{kind}/")]
        return [self.get(f"/fhir/{one}") for one in held]

    def everything(self) -> bytes:
        """Return every byte that the organisation's node holds, whatever table or file it lies in."""
        held = [file.read_bytes() for file in self.store.blobs._folder.rglob("*") if file.is_file()]
        connection = sqlite3.connect(str(self.store.url.database))
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in connection.execute(f"select * from {table}"):  # noqa: S608 - the database's own names
                held += [one if isinstance(one, bytes) else str(one).encode() for one in row]
        connection.close()
        return b"\n".join(held)

    def counts(self) -> dict[str, int]:
        """Return how many rows the node's tables have, but for the quarantine."""
        with self.store.read() as unit:
            run = unit.resources._connection.exec_driver_sql
            tables = ("resource_version", "case_event", "case_view", "inbox", "work")
            return {name: run(f"select count(*) from {name}").scalar_one() for name in tables}  # noqa: S608

    def quarantine(self) -> list[dict[str, Any]]:
        return self.get("/quarantine")


@dataclass
class Pair:
    """Both nodes: the treating one has dijkzicht and klinik-a, the consulting one catharina-kliniek and praxis-b."""

    wire: Wire
    houses: dict[str, House]

    def __getitem__(self, org: str) -> House:
        return self.houses[org]

    def nodes(self) -> list[Running]:
        return [self.houses["dijkzicht"].running, self.houses["catharina-kliniek"].running]

    def settle(self) -> None:
        """Do all work that is due, on both nodes, until nothing is."""
        for _ in range(50):
            due = [(node, ref) for node in self.nodes() for ref in Backlog(node.node.store, node.node.clock).due(50)]
            if not due:
                return
            for node, ref in due:
                perform(node.node, ref.id)
        pytest.fail("the work does not come to an end")

    def work_off(self, org: str) -> None:
        """Do what is due at the node of `org` alone."""
        node = self.houses[org].running
        for ref in Backlog(node.node.store, node.node.clock).due(50):
            perform(node.node, ref.id)

    def move(self, moment: str | timedelta) -> None:
        """Move both clocks to a moment, or forward by a time."""
        for one in self.nodes():
            clock = one.service.development_clock
            clock.move_to(clock.now() + moment if isinstance(moment, timedelta) else datetime.fromisoformat(moment))

    def received(self, org: str) -> bytes:
        """Return every byte that a message brought to the node of `org`."""
        host = self.houses[org].http.base_url.host
        return b"\n".join(one.body for one in self.wire.sent if one.to == host)

    def failed_work(self) -> list[dict[str, Any]]:
        return [one for house in self.houses.values() for one in house.get("/work/failed")]


def new_pair(folder: Path, environment: Callable[[str, str], None], **partner: str) -> Iterator[Pair]:
    wire = Wire()
    houses: dict[str, House] = {}
    for host in ("treating", "consulting"):
        file = folder / f"{host}.toml"
        file.write_text(settings(host, environment, **partner), encoding="utf-8")
        running = assemble(load_settings(file), public_url=f"http://{host}")
        running.node.peers._client = httpx.Client(transport=wire)
        wire.apps[host] = new_application(running.service, Metrics(running.node), start=lambda: None, stop=lambda: None)
        for org in (one for one in HOUSES if HOUSES[one][0] == host):
            token = {"Authorization": f"Bearer ehr-of-{org}"}
            houses[org] = House(
                org, running, httpx.Client(transport=wire, base_url=f"http://{host}/orgs/{org}", headers=token)
            )
    pair = Pair(wire, houses)
    yield pair
    for one in pair.nodes():
        one.node.store.close()
    wire.end()


def settings(host: str, environment: Callable[[str, str], None], **partner: str) -> str:
    """Return a node's settings, with every organisation of the other node as partner of each of its own."""
    lines = [
        "[server]",
        f'clock = "{START}"',
        "[store]",
        f'url = "sqlite:///{host}/node.db"',
        f'blobs = "{host}/blobs"',
    ]
    ours = [one for one in HOUSES if HOUSES[one][0] == host]
    for one in ours:
        role, country, zone, system, value = HOUSES[one]
        variable = f"EHR_{one.upper().replace('-', '_')}"
        environment(variable, f"ehr-of-{one}")
        lines += ["[[organisation]]", f'id = "{one}"', f'name = "{one} (TEST)"', f'role = "{role}"']
        lines += [f'country = "{country}"', f'time_zone = "{zone}"']
        lines += [f'identifiers = [{{ system = "{system}", value = "{value}" }}]']
        lines += ["[[client]]", 'id = "ehr"', f'of = "{one}"', f'token_env = "{variable}"']
    for one in ours:
        for other in (each for each in HOUSES if each not in ours):
            role, country, _, system, value = HOUSES[other]
            lines += ["[[partner]]", f'id = "{other}"', f'role = "{role}"', f'of = "{one}"', f'country = "{country}"']
            lines += [f'fhir = "http://{role}/orgs/{other}/fhir"']
            lines += [f'identifiers = [{{ system = "{system}", value = "{value}" }}]']
            for key, sender, receiver in (("token_env", one, other), ("accept_token_env", other, one)):
                variable = f"{sender}_TO_{receiver}".upper().replace("-", "_")
                environment(variable, token_of(sender, receiver))
                lines.append(f'{key} = "{variable}"')
            lines += [f'{key} = "{stated}"' for key, stated in partner.items()]
    return "\n".join(lines) + "\n"


def token_of(sender: str, receiver: str) -> str:
    return f"token-{sender}-to-{receiver}"


@pytest.fixture
def pair(tmp_path, monkeypatch) -> Iterator[Pair]:
    """Two nodes, both in the early morning of 2026-03-12."""
    yield from new_pair(tmp_path, monkeypatch.setenv)


@pytest.fixture(scope="module")
def lasting_pair(tmp_path_factory) -> Iterator[Pair]:
    """Two nodes for all tests of a module that change nothing in them."""
    with pytest.MonkeyPatch.context() as environment:
        yield from new_pair(tmp_path_factory.mktemp("pair"), environment.setenv)


@pytest.fixture
def pair_with_request(tmp_path, monkeypatch) -> Iterator[Pair]:
    """Two nodes that let the records go together with the request."""
    yield from new_pair(tmp_path, monkeypatch.setenv, records="with-request")


@pytest.fixture(scope="session")
def sample() -> Callable[[str], dict[str, Any]]:
    """Return a shipped request or report by name, to be changed at will."""
    return lambda name: json.loads((SAMPLES / f"{name}.json").read_bytes())


@pytest.fixture
def issues() -> Callable[[httpx.Response], list[tuple[str, str]]]:
    """Return the issues of an OperationOutcome as (code, text)."""

    def read(response: httpx.Response) -> list[tuple[str, str]]:
        outcome = response.json()
        assert outcome["resourceType"] == "OperationOutcome"
        return [(one["code"], one["details"]["text"]) for one in outcome["issue"]]

    return read


@pytest.fixture
def request_message(pair, sample):
    """The real I12 of the Dutch sample, which never arrived: a message to change and to post."""
    request = sample("request-nl")
    pair.move(request["sent"])
    pair.wire.deaf.add("consulting")
    kept = dict(pair.wire.apps)
    pair.wire.apps["consulting"] = kept["treating"]  # an application that has no such organisation
    pair["dijkzicht"].submit(request)
    pair.settle()
    pair.wire.deaf.clear()
    pair.wire.apps.update(kept)
    body = pair.wire.sent.pop().body
    assert pair["catharina-kliniek"].counts()["inbox"] == 0
    return json.loads(body)


@pytest.fixture
def post(pair):
    """Post a message to the consulting organisation as its treating partner does."""

    def send(message, *, token=TREATING_TOKEN, org="catharina-kliniek", **headers):
        data = message if isinstance(message, bytes) else json.dumps(message).encode()
        stated = {"Content-Type": "application/fhir+json", "Authorization": f"Bearer {token}", **headers}
        host = "treating" if org in ("dijkzicht", "klinik-a") else "consulting"
        with httpx.Client(transport=pair.wire) as client:
            return client.post(f"http://{host}/orgs/{org}/fhir/$process-message", content=data, headers=stated)

    return send
