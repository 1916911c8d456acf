"""https://hl7.org/fhir/R4/validation.html: whatever we emit, the HL7 Java validator calls it valid, and so do we."""

import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapter.api.capability import capability_statement
from adapter.base.errors import Invalid, Problem
from adapter.fhir.codec import to_json
from adapter.fhir.outcomes import ok_outcome, outcome
from adapter.workflow.offline import express_offline

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden"
SAMPLES = ROOT / "examples" / "samples"

ELSE = {
    "no-consents": {"consent": None},
    "refused": {"consent": {"shareRecords": {"given": False}, "returnReport": {"given": False}}},
    "nothing-planned": {"plannedProcedure": None, "diagnoses": []},
    "a-proxy-asks": {
        "requestedBy": "representative",
        "proxy": {"relationship": "parent", "basis": "parent", "patientAgrees": "yes", "name": {"family": "Test"}},
    },
    "uninsured": {"insurance": None},
    "no-records": {"records": [], "consent": {"shareRecords": {"given": True, "by": "patient", "on": "2026-03-01"}}},
    "taken-over": {"afterwards": "transfer", "referral": "none", "referrer": None},
    "with-an-interpreter": {"consultation": {"mode": "video", "date": "2026-05-04", "interpreter": "tr"}},
    "urgent": {"priority": "stat", "answerBy": "2026-03-20", "copyTo": []},
}
"""What else a request may say: members that are put in place of the samples'; None = left out."""

KEPT = {"no-consents", "refused"}
"""Without consent there is no message."""


def _is_fhir(file: Path) -> bool:
    """Tell whether a file is FHIR; what is not are decisions, traces, views of a case and canonical requests."""
    if file.suffix == ".json":
        held = json.loads(file.read_bytes())
        return isinstance(held, dict) and "resourceType" in held
    return file.suffix == ".xml"


def _disagreements(found: list[Any]) -> list[str]:
    return [str(one) for one in found if not (one.ours and one.theirs)]


def test_every_expected_file_of_the_golden_tests_is_valid_to_both(compare):
    files = [file for file in sorted(GOLDEN.rglob("*")) if _is_fhir(file)]
    assert {file.parent.name for file in files} == {"commands", "reports", "requests"}
    assert _disagreements(compare(files, GOLDEN)) == []


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory) -> Path:
    """What the two nodes of a demonstration wrote and sent to each other, every audit line a file of its own."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "adapter", "demo", "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for lines in folder.glob("*/audit.ndjson"):
        for number, line in enumerate(lines.read_bytes().splitlines(), 1):
            lines.with_name(f"AuditEvent-{number}.json").write_bytes(line)
    return folder


def test_everything_that_two_nodes_say_in_a_demonstration_is_valid_to_both(compare, demonstration):
    files = [file for file in sorted(demonstration.glob("CASE-*/**/*")) if _is_fhir(file)]
    kinds = Counter(file.name.split("-")[0] for file in files)
    assert {"received", "Bundle", "Consent", "Task", "AuditEvent", "CoverageEligibilityResponse"} <= set(kinds)
    assert _disagreements(compare(files, demonstration)) == []


@pytest.mark.parametrize("country", ["de", "nl"])
def test_whatever_else_a_request_says_both_bundles_are_valid_to_both(compare, tmp_path, country):
    files = []
    for name, members in ELSE.items():
        request = json.loads((SAMPLES / f"request-{country}.json").read_bytes()) | members
        stated = {member: value for member, value in request.items() if value is not None}
        offline = express_offline(json.dumps(stated).encode(), SAMPLES)
        made = {"transaction": offline.transaction()} | ({} if name in KEPT else {"message": offline.message()})
        for form, bundle in made.items():
            files.append(tmp_path / f"{name}.{form}.json")
            files[-1].write_bytes(to_json(bundle))
    assert _disagreements(compare(files, tmp_path)) == []


def test_what_a_node_says_of_itself_and_of_faults_is_valid_to_both(compare, tmp_path):
    problem = Problem("must be there", where="Patient.birthDate", code="required")
    said = {
        "metadata": capability_statement(datetime(2026, 4, 29, tzinfo=UTC)),
        "refusal": outcome(Invalid("the message is refused", problems=[problem])),
        "fault-at-a-pointer": outcome(Invalid("no date", where="/patient/birthDate")),
        "all-well": ok_outcome("valid"),
    }
    files = [tmp_path / f"{name}.json" for name in said]
    for file, resource in zip(files, said.values(), strict=True):
        file.write_bytes(to_json(resource))
    assert _disagreements(compare(files, tmp_path)) == []
