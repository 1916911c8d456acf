"""A listener for HL7 v2 in the settings: MLLP knows no tokens, so an address that others reach needs certificates."""

import json
import os

import pytest

from adapter.base.errors import SetupError
from adapter.settings import PREFIX, Mllp, is_loopback, load_settings

ORGANISATION = """
[[organisation]]
id = "a"
name = "Haus A (TEST)"
role = "treating"
country = "DE"
time_zone = "Europe/Berlin"
identifiers = [{ system = "urn:x", value = "1" }]
"""
MLLP = '[[mllp]]\nid = "kis"\nof = "a"\n'
TLS = 'certificate = "own.pem"\nkey = "own.key"\n'
OPEN = 'host = "0.0.0.0"\n'


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def load(tmp_path):
    def read(text):
        file = tmp_path / "node.toml"
        file.write_text(ORGANISATION + text, encoding="utf-8")
        return load_settings(file)

    return read


def test_a_listener_is_on_loopback_and_hears_what_the_message_asks_for(load):
    (door,) = load(MLLP).mllp
    assert (door.host, door.port, door.mode, door.reply) == ("127.0.0.1", 2575, "auto", None)
    assert load("").mllp == ()


def test_files_are_relative_to_the_settings(load, tmp_path):
    reply = '[mllp.reply]\nhost = "h"\nport = 1\ntls = true\nca = "ca.pem"\ncertificate = "/etc/c.pem"\n'
    (door,) = load(MLLP + TLS + 'client_ca = "sub/ca.pem"\n' + reply).mllp
    assert (door.certificate, door.key) == (str(tmp_path / "own.pem"), str(tmp_path / "own.key"))
    assert door.client_ca == str(tmp_path / "sub" / "ca.pem")
    assert (door.reply.ca, door.reply.certificate, door.reply.key) == (str(tmp_path / "ca.pem"), "/etc/c.pem", None)


def test_listeners_may_come_from_the_environment(load, monkeypatch):
    monkeypatch.setenv(f"{PREFIX}MLLP", json.dumps([{"id": "kis", "of": "a", "port": 7000}]))
    assert [one.port for one in load("").mllp] == [7000]


@pytest.mark.parametrize(
    "more",
    [
        OPEN + "trusted_network = true\n",
        OPEN + TLS + 'client_ca = "ca.pem"\n',
        OPEN + TLS + "trusted_network = true\n",
        'host = "localhost"\n',
        'host = "::1"\n' + TLS,
        'senders = ["KIS|", "|KLINIK-A", "KIS|KLINIK-A"]\nprocessing_ids = ["P"]\n',
    ],
)
def test_what_keeps_strangers_out_is_taken(load, more):
    assert len(load(MLLP + more).mllp) == 1


@pytest.mark.parametrize(
    ("more", "where", "said"),
    [
        (OPEN, "mllp.0", "needs client_ca"),
        (OPEN + TLS, "mllp.0", "needs client_ca"),
        ('certificate = "own.pem"\n', "mllp.0", "go together"),
        ('key = "own.key"\n', "mllp.0", "go together"),
        ('client_ca = "ca.pem"\n', "mllp.0", "needs certificate and key"),
        ('senders = ["KIS"]\n', "mllp.0.senders.0", "with a bar between them"),
        ('receivers = ["|"]\n', "mllp.0.receivers.0", "with a bar between them"),
        ('processing_ids = ["X"]\n', "mllp.0.processing_ids.0", "'P', 'T' or 'D'"),
        ("processing_ids = []\n", "mllp.0.processing_ids", "at least 1"),
        ('mode = "loud"\n', "mllp.0.mode", "'enhanced'"),
        ("port = 70000\n", "mllp.0.port", "65535"),
        ("max_message_bytes = 1\n", "mllp.0.max_message_bytes", "1024"),
        ("idle_seconds = 0\n", "mllp.0.idle_seconds", "greater than 0"),
        ("loud = true\n", "mllp.0.loud", "unknown setting"),
        ('[mllp.reply]\nhost = "h"\n', "mllp.0.reply.port", "required"),
        ('[mllp.reply]\nhost = ""\nport = 1\n', "mllp.0.reply.host", "give a value"),
        ('[mllp.reply]\nhost = "h"\nport = 1\nca = "ca.pem"\n', "mllp.0.reply", "tls = true"),
        ('[mllp.reply]\nhost = "h"\nport = 1\ntls = true\nkey = "k"\n', "mllp.0.reply", "goes with its certificate"),
        ("[[mllp]]\nid = 'kis'\nof = 'a'\n", None, "same id"),
        ("[[mllp]]\nid = 'his'\nof = 'b'\n", None, "names no organisation"),
    ],
)
def test_what_cannot_work_stops_the_start_and_is_named(load, more, where, said):
    with pytest.raises(SetupError) as refused:
        load(MLLP + more)
    problem, *_ = refused.value.problems
    assert problem.where == where
    assert said.lower() in problem.text.lower()


def test_a_name_is_no_loopback_unless_it_is_localhost():
    assert [is_loopback(host) for host in ("127.0.0.9", "::1", "localhost")] == [True] * 3
    assert [is_loopback(host) for host in ("10.0.0.1", "::", "node.example", "")] == [False] * 4
    assert Mllp(id="kis", of="a").max_message_bytes == 64 * 1024 * 1024
