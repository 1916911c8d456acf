"""https://hl7.org/fhir/R4/defining-extensions.html: each extension of the package has a right and a wrong example.

Each stands in the smallest resource that may carry it. `make profiles` writes them anew (`GOLDEN=rewrite`).
"""

import json
import os
from dataclasses import dataclass
from typing import Any

import pytest

from adapter.base.data import shipped
from adapter.fhir.codec import parse_json, to_json
from adapter.fhir.profiles import claimed_problems
from adapter.fhir.systems import CANONICAL
from adapter.fhir.validate import validate
from adapter.mapping.to_fhir.resource_text import narrated

VALID = shipped("profiles") / "package" / "example"
INVALID = shipped("profiles") / "invalid" / "extensions"
REWRITE = os.environ.get("GOLDEN") == "rewrite"
OURS = f"{CANONICAL}/StructureDefinition/"
PATIENT = {"reference": "Patient/1"}
REPORT = {
    "resourceType": "DiagnosticReport",
    "id": "report",
    "status": "final",
    "code": {"text": "Second opinion"},
    "subject": PATIENT,
}
REQUEST = {
    "resourceType": "ServiceRequest",
    "id": "request",
    "status": "active",
    "intent": "order",
    "code": {"text": "Second opinion"},
    "subject": PATIENT,
}
PERSON = {"resourceType": "RelatedPerson", "id": "person", "patient": PATIENT}
COVERAGE = {
    "resourceType": "Coverage",
    "id": "coverage",
    "status": "active",
    "beneficiary": PATIENT,
    "payor": [{"reference": "Organization/1"}],
}
TASK = {"resourceType": "Task", "id": "task", "status": "completed", "intent": "order"}
HEADER = {
    "resourceType": "MessageHeader",
    "id": "header",
    "eventCoding": {"system": "http://terminology.hl7.org/CodeSystem/v2-0003", "code": "I12"},
    "source": {"endpoint": "https://a.example/fhir"},
}
ANSWER = {
    "resourceType": "CoverageEligibilityResponse",
    "id": "answer",
    "status": "active",
    "purpose": ["benefits"],
    "patient": PATIENT,
    "created": "2026-04-10",
    "request": {"reference": "CoverageEligibilityRequest/1"},
    "outcome": "complete",
    "disposition": "Covered.",
    "insurer": {"reference": "Organization/1"},
}
LIST = {"resourceType": "List", "id": "list", "status": "current", "mode": "snapshot"}
RECORD = {"resourceType": "DocumentReference", "id": "record", "status": "current"}
DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@dataclass(frozen=True)
class Use:
    """An extension in its place: right and wrong, where that is wrong, what we say and what Java names."""

    right: dict[str, Any]
    wrong: dict[str, Any]
    where: str
    words: str
    java: str


def of(name: str, **value: Any) -> dict[str, Any]:
    """The extension with a value, or with parts."""
    return {"url": OURS + name, **value}


def on(host: dict[str, Any], *extensions: dict[str, Any]) -> dict[str, Any]:
    """The resource with extensions at its top, and a narrative."""
    head = {name: host[name] for name in ("resourceType", "id")}
    return narrated({**head, "extension": list(extensions), **{k: v for k, v in host.items() if k not in head}}, "en")


def code(system: str, value: str) -> dict[str, Any]:
    """A concept of one of our code systems."""
    return {"coding": [{"system": f"{CANONICAL}/CodeSystem/{system}", "code": value}]}


def parts(**named: tuple[str, Any]) -> list[dict[str, Any]]:
    """The parts of a complex extension: each a value element and its value."""
    return [{"url": name, element: value} for name, (element, value) in named.items()]


def record(digest: str) -> dict[str, Any]:
    """A record with its digest."""
    attachment = {"extension": [of("attachment-sha256", valueString=digest)], "title": "Letter"}
    return narrated({**RECORD, "content": [{"attachment": attachment}]}, "en")


def listed(*told: dict[str, Any]) -> dict[str, Any]:
    """A manifest of one entry."""
    entry = {"extension": [of("manifest", extension=list(told))], "item": {"reference": "DocumentReference/1"}}
    text = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">One record</div>'}
    return {**LIST, "text": text, "entry": [entry]}


def answered(*, within: bool) -> dict[str, Any]:
    """A Task with an answer; its number stands within the output, or at the top where it may not."""
    number = of("question-number", valuePositiveInt=1)
    output = {"type": {"text": "answer"}, "valueString": "Not now."}
    if within:
        return narrated({**TASK, "output": [{"extension": [number], **output}]}, "en")
    return on({**TASK, "output": [output]}, number)


def found(result: str) -> list[dict[str, Any]]:
    """The parts of a finding."""
    words = {"url": "text", "extension": parts(lang=("valueCode", "en"), content=("valueString", "Covered."))}
    stated = {"code": ("valueCode", "COV-OK"), "result": ("valueCode", result), "date": ("valueDate", "2026-04-10")}
    return [*parts(**stated), words]


def coded(host: dict[str, Any], extension: str, right: str, wrong: str, value_set: str) -> Use:
    """An extension with a code of a required value set."""
    kind = host["resourceType"]
    good, bad = (on(host, of(extension, valueCode=one)) for one in (right, wrong))
    return Use(good, bad, f"{kind}.extension[0].valueCode", value_set, f"{kind}.extension[0]")


def typed(host: dict[str, Any], extension: str, right: dict[str, Any], wrong: dict[str, Any]) -> Use:
    """An extension whose value has another type in the wrong example."""
    (element,) = wrong
    where = f"{host['resourceType']}.extension[0].{element}"
    good, bad = (on(host, of(extension, **one)) for one in (right, wrong))
    return Use(good, bad, where, "must be of type", f"{host['resourceType']}.extension[0]")


WHAT = ("valueCode", "report")
TO = ("valueReference", {"reference": "PractitionerRole/1"})
PACKED = {
    "record": ("valueString", "DOC-1"),
    "sha256": ("valueString", DIGEST),
    "size": ("valueUnsignedInt", 0),
    "contentType": ("valueCode", "application/pdf"),
}
USES = {
    "attachment-sha256": Use(
        record(DIGEST),
        record("ABC"),
        "DocumentReference.content[0].attachment.extension[0].valueString",
        "so-sha-1",
        "so-sha-1",
    ),
    "concordance": Use(
        on(REPORT, of("concordance", valueCodeableConcept=code("so-concordance", "agree"))),
        on(REPORT, of("concordance", valueCodeableConcept=code("so-concordance", "maybe"))),
        "DiagnosticReport.extension[0].valueCodeableConcept",
        "so-concordance",
        "so-concordance",
    ),
    "necessity": Use(
        on(REPORT, of("necessity", valueCodeableConcept=code("so-necessity", "yes"))),
        on(REPORT, of("necessity", valueCodeableConcept=code("so-necessity", "perhaps"))),
        "DiagnosticReport.extension[0].valueCodeableConcept",
        "so-necessity",
        "so-necessity",
    ),
    "copy-to": Use(
        on(REQUEST, of("copy-to", extension=parts(what=WHAT, recipient=TO))),
        on(REQUEST, of("copy-to", extension=parts(what=WHAT))),
        "ServiceRequest.extension[0]",
        "extension:recipient must be there",
        "recipient",
    ),
    "coverage-finding": Use(
        on(ANSWER, of("coverage-finding", extension=found("covered"))),
        on(ANSWER, of("coverage-finding", extension=found("perhaps"))),
        "CoverageEligibilityResponse.extension[0].extension[1].valueCode",
        "so-coverage-finding",
        "so-coverage-finding",
    ),
    "manifest": Use(
        listed(*parts(**PACKED)),
        listed(*parts(**{name: one for name, one in PACKED.items() if name != "sha256"})),
        "List.entry[0].extension[0]",
        "extension:sha256 must be there",
        "List.entry[0].extension[0]",
    ),
    "question-number": Use(
        answered(within=True),
        answered(within=False),
        "Task.extension[0]",
        "may stand in Task.output",
        "question-number",
    ),
    "replaces-message": Use(
        on(HEADER, of("replaces-message", valueIdentifier={"system": f"{CANONICAL}/sid/message-id", "value": "M-1"})),
        on(PERSON, of("replaces-message", valueIdentifier={"system": f"{CANONICAL}/sid/message-id", "value": "M-1"})),
        "RelatedPerson.extension[0]",
        "may stand in MessageHeader, Task",
        "replaces-message",
    ),
    "requested-by": coded(REQUEST, "requested-by", "patient", "nobody", "so-requested-by"),
    "initiated-by": coded(REQUEST, "initiated-by", "gp", "family", "so-initiated-by"),
    "referral": coded(REQUEST, "referral", "gp", "friend", "so-referral-kind"),
    "proxy-basis": coded(PERSON, "proxy-basis", "parent", "neighbour", "so-proxy-basis"),
    "patient-agrees": coded(PERSON, "patient-agrees", "yes", "perhaps", "so-patient-agrees"),
    "referral-date": typed(REQUEST, "referral-date", {"valueDateTime": "2026-04-02"}, {"valueString": "in April"}),
    "informed-on": typed(REQUEST, "informed-on", {"valueDate": "2026-04-02"}, {"valueString": "in April"}),
    "supplementary-cover": typed(COVERAGE, "supplementary-cover", {"valueBoolean": True}, {"valueString": "yes"}),
    "estimate": typed(ANSWER, "estimate", {"valueBoolean": True}, {"valueString": "yes"}),
    "urgent-finding": typed(REPORT, "urgent-finding", {"valueString": "See a doctor today."}, {"valueBoolean": True}),
    "development-clock": typed(
        HEADER, "development-clock", {"valueInstant": "2026-04-10T09:00:00Z"}, {"valueString": "9"}
    ),
}
"""By id of the extension."""


def compare(file, made: bytes) -> None:
    if REWRITE:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(made)
    assert made == file.read_bytes()


def errors(resource):
    return [one for one in claimed_problems(resource) if one.severity == "error"]


def test_every_extension_of_the_package_has_its_examples():
    index = json.loads((shipped("profiles") / "package" / ".index.json").read_bytes())["files"]
    assert set(USES) == {one["id"] for one in index if one.get("type") == "Extension"}
    assert {file.stem for file in INVALID.iterdir()} == {f"Extension-{name}" for name in USES} | {"reasons"}


@pytest.mark.parametrize("name", USES)
def test_the_right_use_is_right(name):
    compare(VALID / f"Extension-{name}.json", to_json(USES[name].right, pretty=True))
    resource = parse_json((VALID / f"Extension-{name}.json").read_bytes())
    assert [one for one in [*validate(resource), *claimed_problems(resource)] if one.severity != "information"] == []


@pytest.mark.parametrize("name", USES)
def test_the_wrong_use_is_wrong_for_its_reason_and_no_other(name):
    use = USES[name]
    compare(INVALID / f"Extension-{name}.json", to_json(use.wrong, pretty=True))
    assert [one for one in validate(use.wrong) if one.severity in ("error", "fatal")] == [], "as R4 it is right"
    found = errors(use.wrong)
    assert {one.where for one in found} == {use.where}, found
    assert any(use.words in one.text for one in found), found


def test_the_reasons_are_told():
    told = [
        {
            "extension": OURS + name,
            "file": f"Extension-{name}.json",
            "expression": use.where,
            "text": errors(use.wrong)[0].text,
            "java": use.java,
        }
        for name, use in sorted(USES.items())
    ]
    compare(INVALID / "reasons.json", (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())
