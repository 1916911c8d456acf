"""The sample reports as FHIR, byte for byte; `GOLDEN=rewrite` writes the expected files anew.

https://hl7.org/fhir/R4/documents.html
"""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapter.domain.clearance import GATE_SEAL, Cleared
from adapter.domain.consent import Purpose
from adapter.domain.records import RecordContent
from adapter.fhir.codec import to_json
from adapter.fhir.validate import validate
from adapter.intake.canonical import read_report, read_request
from adapter.mapping.from_fhir.opinion import read_opinion
from adapter.mapping.from_fhir.request_view import read_request_view
from adapter.mapping.to_fhir.opinion import express_report
from adapter.mapping.to_fhir.patient_copy import patient_copy
from adapter.mapping.to_fhir.request import express_request

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "reports"
AT = datetime(2026, 4, 29, 12, tzinfo=UTC)


def samples() -> Path:
    for folder in (ROOT / "examples" / "samples", ROOT.parent / "shared" / "contract"):
        if (folder / "report-nl.json").is_file():
            return folder
    pytest.skip("neither examples/samples nor the shared contract has the sample reports")


def content_of(data: bytes) -> RecordContent:
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return RecordContent(sha256=hashlib.sha256(data).hexdigest(), sha1=sha1, size_bytes=len(data))


@pytest.fixture(params=["nl", "de"])
def expressed(request):
    folder = samples()
    asked = read_request((folder / f"request-{request.param}.json").read_bytes())
    report = read_report((folder / f"report-{request.param}.json").read_bytes())
    contents = {record.id: content_of((folder / record.path).read_bytes()) for record in asked.records}
    about = {"seal": GATE_SEAL, "recipient": "B", "purpose": Purpose.SHARE_RECORDS, "at": AT, "grant": None}
    cleared = [Cleared(record, **about) for record in asked.records]
    resources = express_request(asked, contents=contents, cleared=cleared).resources
    view = read_request_view(resources)
    document = (folder / report.document.path).read_bytes()
    opinion = express_report(
        report,
        view=view,
        content=content_of(document),
        document=document,
        author=asked.consulting.organization,
        resources=resources,
    )
    return request.param, report, document, opinion, patient_copy(opinion, view=view, at=AT)


def golden(name: str, resource) -> None:
    made, file = to_json(resource, pretty=True), EXPECTED / f"{name}.json"
    if os.environ.get("GOLDEN") == "rewrite":
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(made)
    assert made == file.read_bytes()


def test_the_opinion_is_what_it_was(expressed):
    country, *_, opinion, _ = expressed
    golden(f"opinion-{country}", opinion.document)


def test_the_patients_copy_is_what_it_was(expressed):
    country, *_, (document, communication) = expressed
    golden(f"patient-copy-{country}", document)
    golden(f"patient-communication-{country}", communication)


def test_all_of_it_is_valid_and_reads_back(expressed):
    _, report, signed, opinion, copy = expressed
    for resource in (opinion.document, *copy):
        assert [one for one in validate(resource) if one.severity in ("error", "fatal")] == []
    received = read_opinion(opinion.document)
    assert received.document == signed
    assert received.answers == {answer.question: answer.text for answer in report.answers}
    assert (received.necessity, received.concordance) == (report.necessity, report.concordance)
    assert received.patient_summary == report.patient_summary
