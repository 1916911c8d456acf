"""The verb `serve`: what it tells whom, and that a start that fails is told and not half done."""

import asyncio
import json
import logging
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import structlog

from adapter.api import server
from adapter.app import listening_socket
from adapter.cli.main import run
from adapter.settings import load_settings
from adapter.workflow import engine

SETTINGS = """
[server]
port = 0
metrics_port = 0
[[organisation]]
id = "a"
name = "Haus A (TEST)"
role = "treating"
country = "DE"
time_zone = "Europe/Berlin"
identifiers = [{ system = "urn:x", value = "1" }]
"""


@pytest.fixture(autouse=True)
def own_logs():
    """Take back where `serve` sends its log lines: this process goes on."""
    before = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()


@pytest.fixture
def config(tmp_path, monkeypatch):
    for name in ("PORT", "HOST"):
        monkeypatch.delenv(f"SECOND_OPINION_SERVER__{name}", raising=False)
    file = tmp_path / "node.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    return file


def test_a_ready_file_where_there_is_no_folder_stops_the_start(config, tmp_path, capsys):
    missing = tmp_path / "none" / "ready.json"
    assert run(["serve", "--config", str(config), "--ready", str(missing)]) == 78
    assert capsys.readouterr().err == f"second-opinion: --ready {missing}: there is no such folder\n"
    assert not (tmp_path / "var").exists()


def test_a_port_that_is_taken_stops_the_start(config, capsys):
    with closing(listening_socket(load_settings(config))) as taken:
        port = taken.getsockname()[1]
        config.write_text(SETTINGS.replace("port = 0", f"port = {port}", 1), encoding="utf-8")
        assert run(["serve", "--config", str(config)]) == 78
    assert "second-opinion: server.port: cannot listen there" in capsys.readouterr().err


def test_a_metrics_port_that_is_taken_stops_the_start(config, capsys):
    with closing(listening_socket(load_settings(config))) as taken:
        port = taken.getsockname()[1]
        config.write_text(SETTINGS.replace("metrics_port = 0", f"metrics_port = {port}"), encoding="utf-8")
        assert run(["serve", "--config", str(config)]) == 78
    assert "second-opinion: server.metrics_port: cannot listen there" in capsys.readouterr().err


@pytest.fixture
def without_workers(monkeypatch):
    """Keep the workers from being started: one process can have only one engine."""
    monkeypatch.setattr(engine.Engine, "start", lambda _: None)
    monkeypatch.setattr(engine.Engine, "stop", lambda _: None)


def test_the_ready_file_tells_the_addresses_that_were_picked(config, tmp_path, monkeypatch, capsys, without_workers):
    ready = tmp_path / "ready.json"
    ready.write_text('{"url": "http://an-earlier-node"}', encoding="utf-8")
    seen = {}

    def instead_of_serving(app, listening):
        seen["before"] = ready.exists()
        lifespan = app.router.lifespan_context(app)
        asyncio.run(lifespan.__aenter__())
        seen["told"] = json.loads(ready.read_text(encoding="utf-8"))
        seen["port"] = listening.getsockname()[1]
        seen["metrics"] = httpx.get(f"http://127.0.0.1:{seen['told']['metrics_port']}/metrics", trust_env=False).text
        asyncio.run(lifespan.__aexit__(None, None, None))

    monkeypatch.setattr(server, "run_server", instead_of_serving)
    assert run(["serve", "--config", str(config), "--ready", str(ready)]) == 0
    assert seen["before"] is False
    told = seen["told"]
    assert told["port"] == seen["port"] > 0
    assert told["url"] == f"http://127.0.0.1:{told['port']}"
    assert "second_opinion_work_waiting 0.0" in seen["metrics"]
    assert "not every caller needs a token, so this node listens on loopback only" in capsys.readouterr().err
    assert list(Path(tmp_path).glob("*.part")) == []


def test_why_the_workers_did_not_start_is_told(config, monkeypatch, capsys):
    from adapter.base.errors import SetupError

    def cannot(_):
        raise SetupError("the engine's tables are of a newer version", where="store.url")

    monkeypatch.setattr(engine.Engine, "start", cannot)
    monkeypatch.setattr(engine.Engine, "stop", lambda _: None)
    assert run(["serve", "--config", str(config)]) == 78
    assert "second-opinion: store.url: the engine's tables are of a newer version" in capsys.readouterr().err
