"""The demonstration says that a loop is closed only if it really is."""

from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from adapter.base.errors import PeerUnavailable
from adapter.cli import story
from adapter.cli.main import run
from adapter.demo import artefacts, loop, materials, offline, stage
from adapter.demo.loop import LoopResult, _faults, _merged, _until
from adapter.demo.materials import prepare
from adapter.domain.lifecycle import CaseEvent
from adapter.workflow.timeline import SENTENCES

CLOSED = {"status": "completed", "closedAt": "2026-03-21T11:30:00+01:00"}


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return {one.country: one for one in prepare(tmp_path_factory.mktemp("inputs"))[0]}


def ending(material, **changes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides of a case that ended well, with `changes` such as treating_status."""
    agreed = material.request["consent"]["shareRecords"].get(
        "records", [one["id"] for one in material.request["records"]]
    )
    reports = ["DiagnosticReport/d", "Composition/c", "Bundle/b"] if material.returns_report else []
    treating = {**CLOSED, "resources": ["Task/t", *reports]}
    consulting = {**CLOSED, "resources": ["Task/t", "Communication/c"], "records": [{"id": one} for one in agreed]}
    for name, value in changes.items():
        side, _, member = name.partition("_")
        (treating if side == "treating" else consulting)[member] = value
    return treating, consulting


@pytest.mark.parametrize("country", ["de", "nl"])
def test_a_case_that_ended_as_it_should_has_no_fault(cases, country):
    assert _faults(cases[country], *ending(cases[country])) == []


@pytest.mark.parametrize(
    ("country", "changes", "fault"),
    [
        ("nl", {"treating_closedAt": None}, "the treating side is not closed"),
        ("de", {"consulting_closedAt": None}, "the consulting side is not closed"),
        ("de", {"treating_status": "in-progress"}, "the treating side is not closed"),
        ("nl", {"consulting_records": []}, "the records that arrived are not those"),
        ("nl", {"consulting_records": [{"id": "DOC-1"}, {"id": "DOC-2"}, {"id": "DOC-3"}]}, "the records that arrived"),
        ("nl", {"treating_resources": ["Task/t"]}, "the report did not come back"),
        ("de", {"treating_resources": ["DiagnosticReport/d"]}, "holds something of a report"),
        ("de", {"treating_resources": ["Bundle/d"]}, "holds something of a report"),
        ("de", {"treating_resources": ["Composition/d"]}, "holds something of a report"),
        ("de", {"consulting_resources": ["Task/t"]}, "the patient's copy is missing"),
    ],
)
def test_everything_that_is_not_as_it_should_be_is_a_fault(cases, country, changes, fault):
    (found,) = _faults(cases[country], *ending(cases[country], **changes))
    assert fault in found


def test_a_consent_that_names_no_records_is_for_all_of_them(cases):
    request = {**cases["nl"].request, "consent": {"shareRecords": {"given": True}}}
    everything = SimpleNamespace(request=request, returns_report=True)
    assert _faults(everything, *ending(everything)) == []
    assert _faults(everything, *ending(everything, consulting_records=[])) != []


def test_waiting_in_vain_is_an_error_that_says_for_what(monkeypatch):
    class Node:
        def get(self, _):
            return [{"number": "1", "status": "requested"}]

    monkeypatch.setattr(loop, "STEP_SECONDS", 0.0)
    with pytest.raises(PeerUnavailable, match="1: waited 0 s in vain until the request arrives"):
        _until(Node(), "1", "the request arrives", lambda case: case["status"] == "received")


def test_both_sides_stories_are_told_in_the_order_of_time_whatever_their_zones(cases):
    class Node:
        def __init__(self, *moments):
            self.moments = moments

        def get(self, _):
            return [{"at": at} for at in self.moments]

    told = _merged(cases["nl"], Node("2026-10-25T02:30:00+02:00"), Node("2026-10-25T02:10:00+01:00"))
    assert [line["organisation"] for line in told] == ["dijkzicht", "catharina-kliniek"]


def test_every_side_tells_only_what_it_knows_first_hand_and_only_what_can_happen():
    told = story.TOLD_BY["treating"] | story.TOLD_BY["consulting"]
    assert told <= set(SENTENCES)
    closing = {CaseEvent.DISCUSSED.value, CaseEvent.HANDED_OVER.value, CaseEvent.TAKEN_OVER.value}
    assert closing <= told


def result(material, faults):
    line = {"at": "2026-03-12T08:05:00.000+01:00", "organisation": material.treating, "who": "gate", "kind": "requested",
            "what": "Asked [by] somebody", "why": "because [x]"}  # fmt: skip
    treating, consulting = ending(material)
    return LoopResult(material=material, treating=treating, consulting=consulting, timeline=[line], faults=faults)


def test_the_story_shows_faults_and_takes_no_text_for_markup(cases):
    console = Console(record=True, width=160, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    story.tell_case(console, result(cases["de"], ["the treating side is not closed"]))
    shown = console.export_text()
    console.file.close()
    assert "not as it should be: the treating side is not closed" in shown
    assert "Loop closed" not in shown
    assert "Asked [by] somebody" in shown
    assert "because: because [x]" in shown


@pytest.mark.parametrize(("faults", "status"), [(["the consulting side is not closed"], 1), ([], 0)])
def test_the_exit_status_is_0_only_if_every_loop_is_closed(monkeypatch, tmp_path, cases, faults, status, capsys):
    class Stage:
        def __init__(self, *_):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(stage, "Stage", Stage)
    monkeypatch.setattr(offline, "write_offline", lambda *_: None)
    monkeypatch.setattr(artefacts, "write_artefacts", lambda *_: None)
    # the first case ends well in either run: one that does not is enough
    monkeypatch.setattr(
        loop, "run_loop", lambda _, material, __: result(material, faults if material.country == "nl" else [])
    )
    assert run(["demo", "--out", str(tmp_path)]) == status
    assert f"{2 - len(faults)} of 2 loops closed" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path, capsys):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert run(["demo", "--out", str(tmp_path / "file" / "out")]) == 2
    assert "--out" in capsys.readouterr().err


@pytest.mark.parametrize("real", [True, False])
def test_the_inputs_are_the_shipped_samples_with_real_records_where_some_are_at_hand(tmp_path, monkeypatch, real):
    if not real:
        monkeypatch.setattr(materials, "REAL_RECORDS", materials.Path("no-such-folder"))
    found, at_hand = prepare(tmp_path)
    assert [one.country for one in found] == ["de", "nl"]
    assert [one.sent for one in found] == sorted(one.sent for one in found)
    if not real:
        assert at_hand is False
    for material in found:
        assert material.sent < material.issued
        for record in material.request["records"]:
            assert (tmp_path / record["path"]).stat().st_size > 0
