"""The stage starts its own two nodes, takes away what an earlier one left and nothing else, and always cleans up."""

import os
from datetime import UTC, datetime

import pytest

from adapter.base.errors import PeerUnavailable, SetupError
from adapter.demo import stage as module
from adapter.demo.stage import HOUSES, PAIRS, Stage
from adapter.settings import load_settings

CLOCK = datetime(2026, 3, 12, 7, 4, tzinfo=UTC)


class FakeProcess:
    """A process that has ended, or one that runs until it is told to stop."""

    def __init__(self, environment, *, ended):
        self.environment, self.ended, self.stopped = environment, ended, False

    def poll(self):
        return 1 if self.ended or self.stopped else None

    def terminate(self):
        self.stopped = True

    def wait(self, _=None):
        assert self.stopped or self.ended
        return 0


@pytest.fixture
def started(monkeypatch):
    """Collect what would be started: treating runs, consulting ends at once."""
    made = []

    def start(command, env, stdout, stderr):
        made.append(FakeProcess(env, ended="consulting" in command[command.index("--config") + 1]))
        ready = module.Path(command[command.index("--ready") + 1])
        if not made[-1].ended:
            ready.write_text('{"url": "http://127.0.0.1:1"}', encoding="utf-8")
        return made[-1]

    monkeypatch.setattr(module.subprocess, "Popen", start)
    return made


def test_if_one_node_does_not_start_the_other_is_stopped(tmp_path, started):
    with (
        pytest.raises(PeerUnavailable, match="consulting-node did not start; see its log") as failed,
        Stage(tmp_path / "n", CLOCK),
    ):
        pytest.fail("the stage must not open")
    assert failed.value.problems[0].where.endswith("consulting-node.log")
    assert [one.poll() for one in started] == [1, 1]


def test_the_callers_own_settings_do_not_reach_the_nodes(tmp_path, started, monkeypatch):
    monkeypatch.setenv("SECOND_OPINION_SERVER__PORT", "1")
    monkeypatch.setenv("UNRELATED", "kept")
    with pytest.raises(PeerUnavailable), Stage(tmp_path / "n", CLOCK):
        pytest.fail("the stage must not open")
    for process in started:
        assert not [name for name in process.environment if name.startswith("SECOND_OPINION_")]
        assert process.environment["UNRELATED"] == "kept"
        assert {"CLIENT_TOKEN", "TO_TREATING", "TO_CONSULTING"} <= set(process.environment)
    assert started[0].environment["CLIENT_TOKEN"] != started[1].environment["CLIENT_TOKEN"]


def test_a_folder_that_no_demonstration_made_is_left_alone(tmp_path, started):
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / "thesis.docx").write_bytes(b"precious")
    with pytest.raises(SetupError, match="not of an earlier demonstration"), Stage(tmp_path / "n", CLOCK):
        pytest.fail("the stage must not open")
    assert (tmp_path / "n" / "thesis.docx").read_bytes() == b"precious"
    assert started == []


def test_what_an_earlier_demonstration_left_is_taken_away(tmp_path, started):
    folder = tmp_path / "n"
    (folder / "treating-node").mkdir(parents=True)
    (folder / "treating-node.toml").write_text("", encoding="utf-8")
    (folder / "treating-node" / "node.db").write_bytes(b"old")
    with pytest.raises(PeerUnavailable), Stage(folder, CLOCK):
        pytest.fail("the stage must not open")
    assert not (folder / "treating-node" / "node.db").exists()


def test_the_nodes_settings_are_ones_that_a_node_takes(tmp_path, started, monkeypatch):
    with pytest.raises(PeerUnavailable), Stage(tmp_path / "n", CLOCK):
        pytest.fail("the stage must not open")
    for name in [name for name in os.environ if name.startswith("SECOND_OPINION_")]:
        monkeypatch.delenv(name)
    for role in ("treating", "consulting"):
        settings = load_settings(tmp_path / "n" / f"{role}-node.toml")
        assert settings.server.clock == CLOCK
        assert settings.server.loopback
        assert {one.id for one in settings.organisation} == {name for name, house in HOUSES.items() if house[0] == role}
        assert {frozenset((one.of, one.id)) for one in settings.partner} == {frozenset(pair) for pair in PAIRS}
        assert [one.of for one in settings.client] == [one.id for one in settings.organisation]
