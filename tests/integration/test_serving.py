"""https://www.rfc-editor.org/rfc/rfc9110 and the public contract's settings, through the real command."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

SHARED = Path(__file__).parents[2].parent / "shared"
NODE = """
[server]
host = "127.0.0.1"
{server}
[store]
url = "sqlite:///var/node.db"
blobs = "var/blobs"
{store}
[[organisation]]
id = "dijkzicht"
name = "Dijkzicht Ziekenhuis (TEST)"
role = "treating"
country = "NL"
time_zone = "Europe/Amsterdam"
identifiers = [{{ system = "http://fhir.nl/fhir/NamingSystem/ura", value = "00009001" }}]
{more}
"""
CLIENT = '[[client]]\nid = "ehr"\nof = "dijkzicht"\ntoken_env = "EHR"\n'


def node(server="", store="", more=""):
    return NODE.format(server=server, store=store, more=more)


def serve(folder, settings, **environment):
    """Run the command on settings that must not work and return what it said."""
    file = folder / "node.toml"
    file.write_text(settings, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECOND_OPINION_")}
    command = [sys.executable, "-m", "adapter", "serve", "--config", str(file)]
    environment = kept | {"SECOND_OPINION_SERVER__PORT": "0"} | environment
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("settings", "environment", "named"),
    [
        (node(server="prot = 1"), {}, "server.prot"),
        (node(more=CLIENT), {}, "client.token_env"),
        (node().replace("role =", 'id_key_env = "NOT_SET"\nrole ='), {}, "organisation.id_key_env"),
        (node().replace('url = "sqlite:///var/node.db"', 'url = "mysql://x/y"'), {}, "database"),
        ("not toml at all", {}, "node.toml"),
        (node().replace("127.0.0.1", "0.0.0.0"), {}, "server.host"),  # noqa: S104 - must be refused
        (node(), {"SECOND_OPINION_SERVER__PROT": "1"}, "server.prot"),
        (node(), {"SECOND_OPINION_SERVER__PORT": "many"}, "server.port"),
    ],
)
def test_a_wrong_or_unknown_setting_stops_the_start_and_is_named(tmp_path, settings, environment, named):
    done = serve(tmp_path, settings, **environment)
    assert done.returncode == 78, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_port_that_is_taken_stops_the_start(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = serve(tmp_path, node(), SECOND_OPINION_SERVER__PORT=str(taken.getsockname()[1]))
    assert (done.returncode, "server.port" in done.stderr) == (78, True)


@pytest.mark.parametrize("name", ["treating", "consulting"])
def test_the_settings_of_the_contract_start_as_they_are(serving, name):
    if not SHARED.is_dir():
        pytest.skip("the contract's settings are not beside the project (../shared/contract)")
    settings = (SHARED / "contract" / f"node-{name}.toml").read_text(encoding="utf-8")
    process = serving(name, settings, SECOND_OPINION_SERVER__METRICS_PORT="0")
    process.start()
    with process.client() as client:
        ready = client.get("/readyz").json()
        assert ready["status"] == "ready"
        assert client.get("/fhir/metadata").json()["resourceType"] == "CapabilityStatement"
    assert "loopback only" in process.log.read_text(encoding="utf-8"), "no tokens are set, and the node says so"


def test_a_malformed_body_of_a_stranger_is_not_even_read(serving):
    process = serving("node", node(more=CLIENT), EHR="secret")
    process.start()
    host, port = process.told["host"], process.told["port"]
    for path in ("/intake", "/fhir/$process-message", "/cases/x/cancel"):
        with socket.create_connection((host, port), timeout=10) as connection:
            head = (
                f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\nContent-Length: 900000000\r\n\r\n"
            )
            connection.sendall(head.encode() + b"[" * 65536)
            assert connection.recv(12) == b"HTTP/1.1 401"


def test_the_command_line_operates_a_node_and_finds_it_in_the_environment(serving):
    process = serving("node", node(more=CLIENT), EHR="secret", SECOND_OPINION_NODE="http://127.0.0.1:9")
    process.start()
    environment = {**os.environ, "SECOND_OPINION_NODE": process.url, "SECOND_OPINION_TOKEN": "secret"}
    command = [sys.executable, "-m", "adapter", "cases", "list", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_hostile_input_never_leads_to_a_server_error(serving, tmp_path):
    tool = SHARED / "tools" / "abuse.py"
    if not tool.is_file():
        pytest.skip("the abuse tool is not beside the project (../shared/tools)")
    process = serving("node", node(server="max_body_bytes = 67108864"))
    process.start()
    with socket.create_server(("127.0.0.1", 0)) as free:
        canary = str(free.getsockname()[1])
    script = tmp_path / "abuse.py"
    text = tool.read_text(encoding="utf-8").replace("8899", canary).replace("time.sleep(", "time.sleep(0.2 * ")
    script.write_text(text, encoding="utf-8")
    for base in ("/fhir", "/fhir/$process-message?at=", "/intake?at="):
        command = [sys.executable, str(script), process.url + base, str(process.told["pid"])]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        lines = [line for line in done.stdout.splitlines() if "canary+" in line]
        assert len(lines) == 31, done.stdout
        assert not [line for line in lines if re.search(r" 5\d\d |LEAK|Timeout|Error", line)], done.stdout
        assert {line.rpartition("canary+")[2] for line in lines} == {"0"}
        assert "late canary hits []" in done.stdout
        assert max(float(re.search(r"([\d.]+)s  rss", line)[1]) for line in lines) < 5, done.stdout
    assert httpx.get(f"{process.url}/readyz", trust_env=False).status_code == 200
