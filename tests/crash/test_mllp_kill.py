"""A node is killed in the midst of HL7 v2: every message that was acknowledged is there, once, whatever came again.

https://www.sqlite.org/atomiccommit.html
"""

import socket
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from adapter.mapping.to_v2.acknowledged import read_acknowledgement

pytestmark = [pytest.mark.crash, pytest.mark.slow]
SAMPLE = (Path(__file__).parents[1] / "integration" / "referral.hl7").read_bytes()
SENDERS, EACH, KILLS = 4, 15, 3
NODE = """
[server]
host = "127.0.0.1"
[store]
url = "sqlite:///var/node.db"
blobs = "var/blobs"
[[organisation]]
id = "klinik-a"
name = "Klinik A (TEST)"
role = "treating"
country = "DE"
time_zone = "Europe/Berlin"
identifiers = [{ system = "http://fhir.de/sid/arge-ik/iknr", value = "260800008" }]
[[partner]]
id = "praxis-b"
role = "consulting"
of = "klinik-a"
fhir = "http://127.0.0.1:9/fhir"
identifiers = [{ system = "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_BSNR", value = "724444400" }]
[[mllp]]
id = "kis"
of = "klinik-a"
port = PORT
"""


def referral(name):
    return SAMPLE.replace(b"KA-1", name.encode()).replace(b"REF-1", f"REF-{name}".encode())


def answer_to(line, body):
    """Send a message and return its whole answer; OSError where the line breaks off before."""
    line.sendall(b"\x0b" + body + b"\x1c\r")
    got = b""
    while not got.endswith(b"\x1c\r"):
        piece = line.recv(65536)
        if not piece:
            raise ConnectionResetError
        got += piece
    return got[1:-2]


def send_all(port, sender, answers):
    """Send until each message is acknowledged, as a careful engine does; remember every answer that came."""
    waiting = [f"{sender}-{number}" for number in range(EACH)]
    tries = 0
    while waiting:
        tries += 1
        assert tries < 3000
        try:
            with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:
                while waiting:
                    answers.append((waiting[0], answer_to(line, referral(waiting[0]))))
                    waiting.pop(0)
        except OSError:
            threading.Event().wait(0.02)


def test_what_was_acknowledged_over_mllp_survives_kills_and_takes_effect_once(serving, wait_until):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    node = serving("treating", NODE.replace("PORT", str(port)))
    node.start()
    assert node.told["mllp"] == [{"id": "kis", "host": "127.0.0.1", "port": port}]
    answers: list[tuple[str, bytes]] = []
    senders = [threading.Thread(target=send_all, args=(port, name, answers)) for name in "ABCD"[:SENDERS]]
    for one in senders:
        one.start()
    for number in range(1, KILLS + 1):
        wait_until(lambda number=number: len(answers) >= number * 12, "the moment to kill has come")
        known = dict(answers)
        node.kill()
        node.start()
    for one in senders:
        one.join()

    read = {name: read_acknowledgement(answer) for name, answer in answers}
    assert len(read) == SENDERS * EACH
    assert all(one.accepted for one in read.values())
    with node.client() as client:
        found = Counter(one["number"] for one in client.get("/cases").json())
        refused = client.get("/quarantine").json()
    assert found == Counter({f"REF-{name}": 1 for name in read})
    assert refused == []
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:
        for name, answer in known.items():  # also by a process that did not take it
            assert answer_to(line, referral(name)) == answer
