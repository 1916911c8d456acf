"""Writes down everything that the demonstration made: Bundles, decisions, traces, messages, timelines, audit lines."""

import json
from pathlib import Path
from typing import Any

from adapter.demo.loop import LoopResult
from adapter.demo.stage import Stage
from adapter.exchange.node_api import NodeApi
from adapter.fhir.codec import to_json
from adapter.fhir.own_output import ensure_valid
from adapter.mapping.to_fhir.audit_event import audit_event

KEPT = ("Bundle", "Communication", "CoverageEligibilityRequest", "CoverageEligibilityResponse", "Consent", "Task")


def write_artefacts(stage: Stage, result: LoopResult, folder: Path) -> list[Path]:
    """Write the artefacts of one case into `folder` and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for org, api, case in (
        (result.material.treating, stage.treating.api(result.material.treating), result.treating),
        (result.material.consulting, stage.consulting.api(result.material.consulting), result.consulting),
    ):
        side = folder / org
        side.mkdir(exist_ok=True)
        for reference in case["resources"]:
            kind, _, id_ = reference.partition("/")
            if kind in KEPT:
                written.append(_write(side / f"{kind}-{id_[:8]}.json", api.get(f"/fhir/{reference}")))
        written += _messages(api, case, side)
        written.append(_write(side / "case.json", case))
    written.append(_write(folder / "timeline.json", result.timeline))
    audit = folder / "audit.ndjson"
    events = [ensure_valid(audit_event(line, result.treating["id"])) for line in result.timeline]
    audit.write_bytes(b"".join(to_json(event) + b"\n" for event in events))
    return [*written, audit]


def _messages(api: NodeApi, case: dict[str, Any], side: Path) -> list[Path]:
    written = []
    for index, message in enumerate(api.get(f"/messages?case={case['id']}"), 1):
        suffix = "xml" if "xml" in message["mediaType"] else "json"
        file = side / f"received-{index}-from-{message['sender'].replace('/', '-')}.{suffix}"
        file.write_bytes(api.raw(f"/messages/{message['sha256']}"))
        written.append(file)
    return written


def _write(file: Path, data: Any) -> Path:
    file.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
