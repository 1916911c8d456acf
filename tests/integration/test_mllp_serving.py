"""HL7 v2 through the real command: where it listens, what stops the start, and that it ends without losing an answer."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from adapter.mapping.to_v2.acknowledged import read_acknowledgement

SAMPLE = (Path(__file__).parent / "referral.hl7").read_bytes()
NODE = """
[server]
host = "127.0.0.1"
metrics_port = 0
[store]
url = "sqlite:///var/node.db"
blobs = "var/blobs"
[[organisation]]
id = "klinik-a"
name = "Klinik A (TEST)"
role = "treating"
country = "DE"
time_zone = "Europe/Berlin"
identifiers = [{{ system = "http://fhir.de/sid/arge-ik/iknr", value = "260800008" }}]
[[partner]]
id = "praxis-b"
role = "consulting"
of = "klinik-a"
fhir = "http://127.0.0.1:9/fhir"
identifiers = [{{ system = "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_BSNR", value = "724444400" }}]
[[mllp]]
id = "kis"
of = "klinik-a"
port = {port}
{more}
"""


def ask(port, body):
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as line:
        line.sendall(b"\x0b" + body + b"\x1c\r")
        got = b""
        while not got.endswith(b"\x1c\r"):
            got += line.recv(65536)
    return read_acknowledgement(got[1:-2])


def test_a_node_listens_for_hl7_v2_and_for_http_and_tells_where(serving, wait_until):
    second = '[[mllp]]\nid = "ris"\nof = "klinik-a"\nport = 0\nprocessing_ids = ["T"]\n'
    node = serving("treating", NODE.format(port=0, more=second))
    node.start()
    kis, ris = node.told["mllp"]
    assert (kis["id"], ris["id"], kis["host"]) == ("kis", "ris", "127.0.0.1")
    assert ask(kis["port"], SAMPLE).accepted
    assert not ask(ris["port"], SAMPLE).accepted
    with node.client() as client:
        assert [one["number"] for one in client.get("/cases").json()] == ["REF-1"]
        assert [one["sender"] for one in client.get("/quarantine").json()] == ["intake"]
    with closing(socket.create_connection(("127.0.0.1", kis["port"]))):
        metrics = f"http://127.0.0.1:{node.told['metrics_port']}/metrics"

        def told():
            return httpx.get(metrics, trust_env=False).text.splitlines()

        wait_until(lambda: 'second_opinion_mllp_connections{door="kis"} 1.0' in told(), "the connection is counted")
    assert 'second_opinion_hl7v2_messages_total{door="kis",verdict="AA"} 1.0' in told()
    assert 'second_opinion_hl7v2_messages_total{door="ris",verdict="AR"} 1.0' in told()
    node.stop()
    assert node.process.returncode in (0, -15)
    log = node.log.read_text(encoding="utf-8")
    assert '"mllp-message"' in log
    assert "rgen" not in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("port", "more", "named"),
    [
        ("TAKEN", "", "mllp.port"),
        ("0", 'certificate = "none.pem"\nkey = "none.key"', "mllp.certificate"),
        ("0", '[mllp.reply]\nhost = "h"\nport = 1\ntls = true\nca = "none.pem"', "mllp.reply.ca"),
    ],
)
def test_a_listener_that_cannot_be_stops_the_start_and_is_named(tmp_path, port, more, named):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file = tmp_path / "node.toml"
        number = taken.getsockname()[1] if port == "TAKEN" else port
        file.write_text(NODE.format(port=number, more=more), encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SECOND_OPINION_")}
        done = subprocess.run(
            [sys.executable, "-m", "adapter", "serve", "--config", str(file)],
            env=kept | {"SECOND_OPINION_SERVER__PORT": "0"}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 78, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
