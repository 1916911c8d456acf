"""One case through the whole loop, each step done through the public interface by the side whose step it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapter.base.errors import PeerUnavailable
from adapter.demo.materials import Material
from adapter.demo.stage import Stage
from adapter.exchange.node_api import NodeApi
from adapter.intake.hand_over import hand_over

STEP_SECONDS = 20.0
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class LoopResult:
    """How one case ended.

    Attributes:
        treating: the case as the treating side sees it.
        consulting: the case as the consulting side sees it.
        timeline: both sides' story in order of time, each line with its organisation.
        faults: what should have been otherwise; empty = the loop is really closed.
    """

    material: Material
    treating: dict[str, Any]
    consulting: dict[str, Any]
    timeline: list[dict[str, Any]]
    faults: list[str]


def run_loop(stage: Stage, material: Material, say: Say) -> LoopResult:
    """Send the request, accept, deliver records, return the opinion as consent allows, close; tell each step."""
    treating = stage.treating.api(material.treating)
    consulting = stage.consulting.api(material.consulting)
    number = material.number

    stage.move_clocks(material.sent)
    say(f"{material.treating} sends the request {number}")
    _submit(treating, material.request_file.read_bytes(), material)
    _until(consulting, number, "the request arrives", lambda case: case["status"] == "received")

    say(f"{material.consulting} accepts; the records that the patient agreed to follow")
    stage.move_clocks(material.sent + timedelta(hours=3))
    consulting.post(f"/cases/{number}/accept", {"number": f"B-{number}"})
    _until(consulting, number, "the records arrive", lambda case: case["status"] == "in-progress")
    _until(treating, number, "the review is reported", lambda case: case["status"] == "in-progress")

    say(f"{material.consulting} gives the opinion")
    stage.move_clocks(material.issued)
    _submit(consulting, material.report_file.read_bytes(), material)
    _until(treating, number, "the completion is reported", lambda case: case["status"] == "completed")

    stage.move_clocks(material.issued + timedelta(days=1))
    closing, other = (treating, consulting) if material.returns_report else (consulting, treating)
    who = material.treating if material.returns_report else material.consulting
    say(f"{who} discusses the opinion with the patient and closes the loop")
    closing.post(f"/cases/{number}/discussed", {})
    _until(other, number, "the closing is reported", lambda case: case["closedAt"] is not None)

    ours, theirs = treating.get(f"/cases/{number}"), consulting.get(f"/cases/{number}")
    return LoopResult(
        material=material,
        treating=ours,
        consulting=theirs,
        timeline=_merged(material, treating, consulting),
        faults=_faults(material, ours, theirs),
    )


def _submit(api: NodeApi, body: bytes, material: Material) -> None:
    prepared = hand_over(body, material.request_file.parent)
    for sha256, file in prepared.files.items():
        api.upload(sha256, file)
    api.submit(prepared.body, "application/json")


def _until(api: NodeApi, number: str, what: str, reached: Callable[[dict[str, Any]], bool]) -> None:
    deadline = time.monotonic() + STEP_SECONDS
    while True:
        found = [case for case in api.get("/cases") if case["number"] == number]
        if found and reached(found[0]):
            return
        if time.monotonic() > deadline:
            raise PeerUnavailable(f"{number}: waited {STEP_SECONDS:.0f} s in vain until {what}")
        time.sleep(0.02)


def _merged(material: Material, treating: NodeApi, consulting: NodeApi) -> list[dict[str, Any]]:
    lines = []
    for org, api in ((material.treating, treating), (material.consulting, consulting)):
        told = api.get(f"/cases/{material.number}/timeline?lang=en")
        lines += [{"organisation": org, **line} for line in told]
    return sorted(lines, key=lambda line: datetime.fromisoformat(line["at"]))


def _faults(material: Material, treating: dict[str, Any], consulting: dict[str, Any]) -> list[str]:
    """Return what speaks against a closed loop, from what the two sides hold."""
    faults = []
    for side, case in (("treating", treating), ("consulting", consulting)):
        if case["status"] != "completed" or case["closedAt"] is None:
            faults.append(f"the {side} side is not closed")
    arrived = {record["id"] for record in consulting["records"]}
    everything = [record["id"] for record in material.request.get("records", [])]
    agreed = set(material.request["consent"]["shareRecords"].get("records", everything))
    if arrived != agreed:
        faults.append("the records that arrived are not those that the patient agreed to")
    kinds = {reference.partition("/")[0] for reference in treating["resources"]}
    if material.returns_report and "DiagnosticReport" not in kinds:
        faults.append("the report did not come back although the patient agreed")
    if not material.returns_report and kinds & {"DiagnosticReport", "Composition", "Bundle"}:
        faults.append("the treating side holds something of a report that it should not have")
    if "Communication" not in {reference.partition("/")[0] for reference in consulting["resources"]}:
        faults.append("the patient's copy is missing")
    return faults
