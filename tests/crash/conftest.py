"""Two hospitals as in the contract, each a real process that can be killed, and a look into their databases."""

import base64
import json
import socket
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from adapter.base.data import shipped

NODE = """
[server]
host = "127.0.0.1"
[store]
url = "sqlite:///{name}/node.db"
blobs = "{name}/blobs"
[worker]
id = "{name}"
poll_seconds = 0.1
[[organisation]]
id = "{org}"
name = "{org} (TEST)"
role = "{role}"
country = "NL"
time_zone = "Europe/Amsterdam"
identifiers = [{{ system = "http://fhir.nl/fhir/NamingSystem/ura", value = "{ura}" }}]
[[partner]]
id = "{other}"
role = "{other_role}"
of = "{org}"
fhir = "http://127.0.0.1:{other_port}/fhir"
token_env = "{send}"
accept_token_env = "{accept}"
identifiers = [{{ system = "http://fhir.nl/fhir/NamingSystem/ura", value = "{other_ura}" }}]
[[client]]
id = "ehr"
of = "{org}"
token_env = "EHR"
"""
TOKENS = {"NODE_A_TOKEN": "token-for-a", "NODE_B_TOKEN": "token-for-b", "EHR": "ehr"}
A = {"name": "a", "org": "dijkzicht", "role": "treating", "ura": "00009001", "accept": "NODE_A_TOKEN"}
B = {"name": "b", "org": "catharina-kliniek", "role": "consulting", "ura": "00009002", "accept": "NODE_B_TOKEN"}
CASES = 12


@dataclass
class Hospital:
    """A node process with what its database says, which can be read while the process is dead."""

    process: Any
    role: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        file = self.process.folder / self.process.name / "node.db"
        if not file.exists():
            return []
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def count(self, table: str, where: str = "1 = 1") -> int:
        rows = self.rows(f"select count(*) from {table} where {where}")  # noqa: S608 - our own words
        return int(rows[0][0]) if rows else 0

    def statuses(self) -> Counter[str]:
        return Counter(status for (status,) in self.rows("select status from case_view"))

    def events(self, kind: str) -> Counter[str]:
        """Return how often something happened to each case, by case number."""
        query = "select number from case_event join case_view on case_view.id = case_event.case_id where kind = ?"
        return Counter(number for (number,) in self.rows(query.replace("?", f"'{kind}'")))

    def messages(self) -> Counter[tuple[str, str]]:
        """Return how many messages of each kind each case got, from the original bytes of what came in."""
        found: Counter[tuple[str, str]] = Counter()
        with self.client() as client:
            for case in client.get("/cases").json():
                for message in client.get(f"/messages?case={case['id']}").json():
                    body = client.get(f"/messages/{message['sha256']}").json()
                    header = body["entry"][0]["resource"] if body.get("resourceType") == "Bundle" else {}
                    found[header.get("eventCoding", {}).get("code", "own"), case["number"]] += 1
        return found

    def quiet(self) -> bool:
        """Say whether nothing waits to be done."""
        return self.count("work", "state = 'pending'") == 0

    def client(self) -> httpx.Client:
        return self.process.client(token="ehr")


@pytest.fixture
def hospitals(serving) -> tuple[Hospital, Hospital]:
    """The treating and the consulting hospital, not started yet."""
    ports = _free_ports()
    made = []
    for ours, theirs, port, other_port in ((A, B, *ports), (B, A, *reversed(ports))):
        other = {
            "other": theirs["org"],
            "other_role": theirs["role"],
            "other_ura": theirs["ura"],
            "send": theirs["accept"],
        }
        text = NODE.format(**ours, **other, other_port=other_port)
        process = serving(ours["name"], text, SECOND_OPINION_SERVER__PORT=str(port), **TOKENS)
        made.append(Hospital(process, ours["role"]))
    return made[0], made[1]


@pytest.fixture
def request_number() -> Callable[[int], dict[str, Any]]:
    """Return a request of its own for each number, with its records in it."""
    sample = json.loads((shipped("samples") / "request-nl.json").read_bytes())

    def make(number: int) -> dict[str, Any]:
        request = json.loads(json.dumps(sample))
        request |= {"id": f"REQ-{number}", "messageId": f"MSG-{number}", "case": f"CASE-{number}"}
        for statement in request["consent"].values():
            statement |= {"on": "2020-01-01", "until": "2999-12-31"}
        for record in request["records"]:
            del record["path"]
            record["data"] = base64.b64encode(f"{record['id']} of {number}".encode() * 50).decode()
        return request

    return make


@pytest.fixture
def report_number() -> Callable[[int], dict[str, Any]]:
    """Return the report on each request."""
    sample = json.loads((shipped("samples") / "report-nl.json").read_bytes())
    del sample["document"]
    return lambda number: sample | {"id": f"REP-{number}", "messageId": f"MSG-REP-{number}", "case": f"CASE-{number}"}


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
