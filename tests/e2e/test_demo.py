"""The demonstration as a newcomer runs it: real processes, both loops, every artefact.

It is one test, because it is one run: two nodes, two cases, some seconds.
"""

import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.fhir.codec import parse_json, parse_xml
from adapter.fhir.validate import validate

WATCHDOG_SECONDS = 90  # on a busy machine; alone it takes a few seconds
CASES = {"CASE-DE-0001": ("klinik-a", "praxis-b", "de"), "CASE-NL-0001": ("dijkzicht", "catharina-kliniek", "nl")}


def read(file: Path):
    return json.loads(file.read_text(encoding="utf-8"))


def errors_in(resource):
    return [(one.where, one.text) for one in validate(resource) if one.severity in ("error", "fatal")]


def run_demo(out: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    # a setting of the caller's own must not reach the nodes of the demonstration
    environment = {**os.environ, "SECOND_OPINION_SERVER__PORT": "1", "COLUMNS": "200"}
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "adapter", "demo", "--out", str(out)],
        capture_output=True, text=True, check=False, timeout=WATCHDOG_SECONDS, env=environment, cwd=out.parent,
    )  # fmt: skip
    return done, time.monotonic() - started


def check_screen(screen: str) -> None:
    assert "2 of 2 loops closed" in screen
    assert screen.count("Loop closed") == 2
    assert "not as it should be" not in screen
    for told in (
        "Second opinion requested by the patient",
        "The report does not go to the treating side",
        "an estimate by",
    ):
        assert told in screen


def check_case(folder: Path, treating: str, consulting: str) -> None:
    for house in (treating, consulting):
        case = read(folder / house / "case.json")
        assert (case["status"], case["closedAt"] is None) == ("completed", False)
        assert list((folder / house).glob("received-*-from-*.json"))
    assert {one.name for one in (folder / "offline").iterdir()} == {
        *("transaction.json", "transaction.xml", "message.json", "message.xml", "trace.json"),
        *("coverage-en.json", "coverage-de.json", "coverage-nl.json"),
    }
    assert read(folder / "offline" / "coverage-en.json")["decision"] == "ok"
    assert all(row["source"].startswith("/") for row in read(folder / "offline" / "trace.json"))
    lines = read(folder / "timeline.json")
    assert {line["organisation"] for line in lines} == {treating, consulting}
    moments = [datetime.fromisoformat(line["at"]) for line in lines]
    assert moments == sorted(moments)


def check_fhir(folder: Path) -> None:
    """Every resource that was written is valid, in JSON and in XML."""
    seen = 0
    for file in folder.rglob("*"):
        if file.suffix == ".xml":
            resource = parse_xml(file.read_bytes())
            assert resource == parse_json(file.with_suffix(".json").read_bytes())
        elif file.suffix == ".json" and '"resourceType"' in file.read_text(encoding="utf-8")[:200]:
            resource = parse_json(file.read_bytes())
        else:
            continue
        assert errors_in(resource) == [], file.name
        seen += 1
    assert seen >= 15
    audit = (folder / "audit.ndjson").read_bytes().splitlines()
    assert len(audit) == len(read(folder / "timeline.json"))
    for line in audit:
        event = parse_json(line)
        assert event["resourceType"] == "AuditEvent"
        assert errors_in(event) == []


def texts_of_the_report(country: str) -> list[bytes]:
    report = read(shipped("samples") / f"report-{country}.json")
    texts = [*(one["text"] for one in report["answers"]), report["summary"], report["patientSummary"]["text"]]
    return [text.encode()[:40] for text in texts]


def held(folder: Path, *patterns: str) -> bytes:
    return b"".join(one.read_bytes() for pattern in patterns for one in sorted(folder.glob(pattern)) if one.is_file())


def check_nothing_of_the_german_report_at_the_treating_node(out: Path) -> None:
    at_treating = held(out / "nodes", "treating-node/node*", "treating-node/blobs/**/*")
    at_consulting = held(out / "nodes", "consulting-node/node*", "consulting-node/blobs/**/*")
    for text in texts_of_the_report("de"):
        assert text in at_consulting, "the search would not find it anywhere"
        assert text not in at_treating
    for text in texts_of_the_report("nl"):
        assert text in at_treating, "the Dutch patient agreed, so the report came back"
    document = (out / "inputs" / "records" / "second-opinion.pdf").read_bytes()
    german = [
        one.read_bytes() for one in (out / "nodes" / "treating-node" / "blobs" / "klinik-a").rglob("*") if one.is_file()
    ]
    assert document not in german
    folder = out / "CASE-DE-0001" / "klinik-a"
    (task,) = (read(one) for one in folder.glob("Task-*.json"))
    assert "output" not in task
    assert list(folder.glob("Bundle-*.json")) == []


def check_logs(out: Path) -> None:
    logs = held(out / "nodes", "*.log")
    assert logs
    for country in ("de", "nl"):
        request = read(out / "inputs" / f"request-{country}.json")
        patient = request["patient"]
        private = [
            patient["name"]["family"],
            *(one["value"] for one in patient["identifiers"]),
            request["insurance"]["memberId"],
        ]
        for value in private:
            assert value.encode() not in logs
    for line in logs.splitlines():
        event = json.loads(line)
        assert event["level"] in ("info", "warning"), event


def check_everything_has_stopped(out: Path) -> None:
    for file in (out / "nodes").glob("*.ready.json"):
        with pytest.raises(ProcessLookupError):
            os.kill(read(file)["pid"], 0)


@pytest.mark.slow
def test_the_demonstration_closes_both_loops_and_leaves_every_artefact(tmp_path):
    out = tmp_path / "out"
    done, seconds = run_demo(out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert seconds < WATCHDOG_SECONDS
    assert "Traceback" not in done.stderr
    check_screen(done.stdout)
    check_everything_has_stopped(out)
    for number, (treating, consulting, _) in CASES.items():
        check_case(out / number, treating, consulting)
        check_fhir(out / number)
    check_nothing_of_the_german_report_at_the_treating_node(out)
    check_logs(out)
