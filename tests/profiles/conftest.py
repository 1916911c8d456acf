"""What the adapter really makes of the shipped samples, by the profile that it is to fit."""

import copy
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from adapter.base.data import shipped
from adapter.base.ids import opaque_id
from adapter.domain.records import RecordContent
from adapter.fhir import systems
from adapter.fhir.codec import parse_json, to_json
from adapter.intake.canonical import read_report
from adapter.mapping.from_fhir.request_view import read_request_view
from adapter.mapping.to_fhir.directory import organization_resource
from adapter.mapping.to_fhir.document_reference import with_address
from adapter.mapping.to_fhir.eligibility_response import eligibility_response
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.mapping.to_fhir.messages import (
    Envelope,
    Event,
    answer,
    cancel_message,
    closed_message,
    event_message,
    records_message,
    report_message,
    status_message,
)
from adapter.mapping.to_fhir.opinion import express_report
from adapter.mapping.to_fhir.package import records_package
from adapter.mapping.to_fhir.patient_copy import patient_copy
from adapter.mapping.to_fhir.task_update import status_only, task_update
from adapter.rules.evaluate import decide
from adapter.rules.facts import facts_from_request
from adapter.rules.pack import load_packs
from adapter.workflow.offline import express_offline

AT = datetime(2026, 4, 29, 12, tzinfo=UTC)
OURS = f"{systems.CANONICAL}/StructureDefinition/"
CONSENTS = ("SecondOpinionConsentShare", "SecondOpinionConsentReturn", "SecondOpinionConsentInsurer")


@dataclass(frozen=True)
class Made:
    """The resources of one sample by profile, its messages by event, and its opinion without codes."""

    by_profile: dict[str, Any]
    messages: dict[str, Any]
    in_words: dict[str, Any]


@cache
def made_of(country: str) -> Made:
    folder = shipped("samples")
    offline = express_offline((folder / f"request-{country}.json").read_bytes(), folder)
    expressed, request = offline.expressed, offline.request
    records = {name: (folder / record.path).read_bytes() for name, record in _records(request).items()}
    by_sha256 = {hashlib.sha256(data).hexdigest(): data for data in records.values()}
    documents = list(expressed.documents.values())
    first, second = (
        organization_resource(party.organization, opaque_id("Organization", party.organization.name))
        for party in (request.treating, request.consulting)
    )
    package = records_package(
        task=expressed.task,
        service_request=expressed.service_request,
        patient=expressed.patient,
        documents=documents,
        cleared=offline.release.cleared,
        contents=expressed.contents,
        read=by_sha256.__getitem__,
        author=first,
        at=AT,
        id=f"PACKAGE-{country.upper()}-0001",
    )
    report = read_report((folder / f"report-{country}.json").read_bytes())
    signed = (folder / report.document.path).read_bytes()
    view = read_request_view(expressed.resources)
    given = {
        "view": view,
        "content": _content(signed),
        "document": signed,
        "author": request.consulting.organization,
        "resources": expressed.resources,
    }
    opinion = express_report(report, **given)
    in_words = express_report(replace(report, necessity=None, concordance=None, answers=(), summary=None), **given)
    copy_bundle, communication = patient_copy(opinion, view=view, at=AT)
    decision = decide(load_packs(shipped("mappings") / "coverage"), facts_from_request(request))
    done = task_update(
        expressed.task,
        status="completed",
        business_status="report-issued",
        reason=None,
        reason_text=None,
        at=AT,
        outputs=opinion.outputs,
        filler_number="FILLER-0001",
    )
    envelope = Envelope(
        id=opaque_id("a message", country),
        at=AT,
        source=Endpoint(url="https://a.example/fhir", name="A"),
        destination=Endpoint(url="https://b.example/fhir"),
        sender=first,
        receiver=second,
    )
    message = offline.message()
    consents = dict(zip(CONSENTS, expressed.consents.values(), strict=True))
    announced = documents[0]
    by_profile = {
        "SecondOpinionServiceRequest": expressed.service_request,
        "SecondOpinionPlannedOperation": expressed.plan,
        "SecondOpinionTask": done,
        "SecondOpinionConsent": expressed.consents[next(iter(expressed.consents))],
        **consents,
        "SecondOpinionRecordAnnounced": announced,
        "SecondOpinionRecordPackaged": with_address(announced, f"Binary/{opaque_id('Binary', announced['id'])}"),
        "SecondOpinionManifest": _entry(package, "List"),
        "SecondOpinionPackageComposition": _entry(package, "Composition"),
        "SecondOpinionPackageBundle": package,
        "SecondOpinionEligibilityRequest": expressed.eligibility_request,
        "SecondOpinionEligibilityResponse": eligibility_response(
            decision, request=expressed.eligibility_request, created=AT, language=country
        ),
        "SecondOpinionComposition": opinion.composition,
        "SecondOpinionDiagnosticReport": opinion.diagnostic_report,
        "SecondOpinionBundle": opinion.document,
        "SecondOpinionPatientCopyComposition": _entry(copy_bundle, "Composition"),
        "SecondOpinionPatientCopy": copy_bundle,
        "SecondOpinionPatientCommunication": communication,
        "SecondOpinionMessageHeader": _entry(message, "MessageHeader"),
        "SecondOpinionMessage": message,
    }
    query = event_message(Event.QUERY, status_only(expressed.task), envelope)
    messages = {
        "so-request": message,
        "so-cancel": cancel_message(expressed.task, envelope, reason="patient-withdrew"),
        "so-query": query,
        "so-status": status_message(done, envelope),
        "so-records": records_message(done, package, envelope),
        "so-report": report_message(done, opinion.document, replace(envelope, sender=second, receiver=first)),
        "so-closed": closed_message(done, envelope),
        "answer": answer(
            _entry(query, "MessageHeader"),
            code="ok",
            outcome={
                "resourceType": "OperationOutcome",
                "issue": [{"severity": "information", "code": "informational"}],
            },
            id=opaque_id("an answer", country),
            timestamp=AT,
            source=Endpoint(url="https://b.example/fhir"),
            destination=Endpoint(url="https://a.example/fhir"),
            task=done,
        ),
    }
    return Made(by_profile, messages, in_words.document)


def _records(request):
    return {record.id: record for record in request.records}


def _content(data: bytes) -> RecordContent:
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return RecordContent(sha256=hashlib.sha256(data).hexdigest(), sha1=sha1, size_bytes=len(data))


def _entry(bundle, kind: str):
    return next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind)


def claiming(resource, profile: str):
    """The resource with the claim that it fits a profile of ours."""
    head = {name: resource[name] for name in ("resourceType", "id") if name in resource}
    rest = {name: value for name, value in copy.deepcopy(resource).items() if name not in head}
    return {**head, "meta": {"profile": [OURS + profile]}, **rest}


@pytest.fixture(scope="session")
def made():
    """Return what was made of a sample, by its country; read back from its bytes, so that nothing is shared."""

    def read(country: str) -> Made:
        one = made_of(country)
        again = {name: parse_json(to_json(resource)) for name, resource in one.by_profile.items()}
        messages = {name: parse_json(to_json(bundle)) for name, bundle in one.messages.items()}
        return Made(again, messages, parse_json(to_json(one.in_words)))

    return read


@pytest.fixture(scope="session")
def examples(made):
    """Return the valid example of each profile, which claims that profile."""
    return {name: claiming(resource, name) for name, resource in made("nl").by_profile.items()}
