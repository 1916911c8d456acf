"""What the consulting side works with, read from the resources of a request.

https://hl7.org/fhir/R4/task.html, https://hl7.org/fhir/R4/servicerequest.html
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from adapter.base.errors import Invalid, Problem
from adapter.domain.values import Coding, Identifier
from adapter.fhir.bundles import local_reference
from adapter.fhir.coding import codes_of
from adapter.fhir.resource import Resource
from adapter.fhir.systems import BCP47, CASE_ID, EXT_SHA256, RECORD_ID, REQUEST_ID, TASK_INPUT, V2_DISPOSITION

_AFTERWARDS: Final = {"RP": "return", "AM": "transfer", "WR": "report-only"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """An organisation as the request names it; `reference` is `Organization/id`, None where there is none."""

    name: str | None
    identifiers: tuple[Identifier, ...]
    reference: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncedRecord:
    """A record as its DocumentReference announces it; None = not stated.

    Attributes:
        reference: `DocumentReference/id`.
        record_id: the sender's own id of it.
        date: when the record itself was made, as written.
        sha1: Attachment.hash in lower-case hex.
        sha256: in lower-case hex.
        resource: the DocumentReference.
    """

    reference: str
    record_id: str
    title: str | None
    type: Coding | None
    content_type: str | None
    language: str | None
    date: str | None
    size_bytes: int | None
    sha1: str | None
    sha256: str | None
    resource: Resource


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestView:
    """One request, seen from where it is answered.

    Attributes:
        case_number: shared by all artefacts of the case.
        request_id: the request's business key.
        task: the Task.
        service_request: the ServiceRequest that the Task is about.
        patient: the Patient.
        questions: in their order; the first is number 1.
        records: those announced, in their order.
        treating: who asks.
        consulting: who is asked.
        language: of the patient, BCP 47; None = not stated.
        planned_on: the day of the planned operation; None = not stated.
        afterwards: "return", "transfer" or "report-only"; None = not stated.
        answer_by: the day by which the answer is wanted; None = not stated.
    """

    case_number: str
    request_id: str
    task: Resource
    service_request: Resource
    patient: Resource
    questions: tuple[str, ...] = ()
    records: tuple[AnnouncedRecord, ...] = ()
    treating: Party
    consulting: Party
    language: str | None = None
    planned_on: date | None = None
    afterwards: str | None = None
    answer_by: date | None = None


def read_request_view(resources: Iterable[Resource]) -> RequestView:
    """Return the view of the one request among `resources`, whose references are `Type/id`.

    Raises:
        Invalid: with every part that is missing.
    """
    by_reference = {local_reference(resource): resource for resource in resources if "id" in resource}
    problems: list[Problem] = []
    task = _task(by_reference, problems)
    service_request = _target(task, "focus", "ServiceRequest", by_reference, problems)
    patient = _target(service_request, "subject", "Patient", by_reference, problems)
    request_id = _identifier(task, REQUEST_ID) or _identifier(service_request, REQUEST_ID)
    if request_id is None and task:
        problems.append(_missing(f"the request's number (system {REQUEST_ID})", "Task.identifier"))
    if problems or request_id is None:
        raise Invalid("the request is incomplete", problems=problems)
    return RequestView(
        case_number=_case_number(task, service_request) or request_id,
        request_id=request_id,
        task=task,
        service_request=service_request,
        patient=patient,
        questions=tuple(_questions(task)),
        records=tuple(_announced(by_reference.values())),
        treating=_treating(task, by_reference),
        consulting=_party(task.get("owner"), by_reference),
        language=_language(patient),
        planned_on=_planned_on(service_request, by_reference),
        afterwards=_afterwards(service_request),
        answer_by=_day(task.get("restriction", {}).get("period", {}).get("end")),
    )


def _task(by_reference: Mapping[str, Resource], problems: list[Problem]) -> Resource:
    tasks = [
        resource
        for resource in by_reference.values()
        if resource["resourceType"] == "Task" and "partOf" not in resource
    ]
    if len(tasks) != 1:
        problems.append(_missing("exactly one Task of the request", "Bundle.entry.resource.ofType(Task)"))
        return {}
    return tasks[0]


def _target(
    source: Resource, element: str, type_: str, by_reference: Mapping[str, Resource], problems: list[Problem]
) -> Resource:
    """Return what `element` of `source` refers to; a problem is noted where it is not there."""
    if not source:
        return {}
    found = by_reference.get(source.get(element, {}).get("reference", ""))
    if found is None or found["resourceType"] != type_:
        where = f"{source['resourceType']}.{element}"
        problems.append(_missing(f"the {type_} that {where} refers to", where))
        return {}
    return found


def _missing(what: str, where: str) -> Problem:
    return Problem(f"{what} is missing", where, "required")


def _identifier(resource: Resource, system: str) -> str | None:
    values = (one.get("value") for one in resource.get("identifier", ()) if one.get("system") == system)
    return next((value for value in values if value), None)


def _case_number(task: Resource, service_request: Resource) -> str | None:
    for shared in (task.get("groupIdentifier"), service_request.get("requisition")):
        if shared and shared.get("value") and shared.get("system", CASE_ID) == CASE_ID:
            return str(shared["value"])
    return None


def _questions(task: Resource) -> Iterable[str]:
    for stated in task.get("input", ()):
        if "question" in codes_of(stated.get("type"), TASK_INPUT) and "valueString" in stated:
            yield stated["valueString"]


def _announced(resources: Iterable[Resource]) -> Iterable[AnnouncedRecord]:
    for resource in resources:
        if resource["resourceType"] == "DocumentReference":
            record_id = record_id_of(resource)
            if record_id is not None:
                yield _record(resource, record_id)


def record_id_of(document: Resource) -> str | None:
    """Return the sender's own id of the record that a DocumentReference describes; None = it has none."""
    named = [*document.get("identifier", ()), document.get("masterIdentifier", {})]
    values = (one.get("value") for one in named if one.get("system") == RECORD_ID)
    return next((value for value in values if value), None)


def sha256_of(attachment: Resource) -> str | None:
    """Return the sha256 that an Attachment states, in lower-case hex; None = it states none."""
    stated = (one.get("valueString") for one in attachment.get("extension", ()) if one.get("url") == EXT_SHA256)
    return next((value.lower() for value in stated if isinstance(value, str)), None)


def sha1_of(attachment: Resource) -> str | None:
    """Return Attachment.hash, which is SHA-1 in base64, in lower-case hex; None = not stated or no base64."""
    try:
        return base64.b64decode(attachment["hash"], validate=True).hex()
    except (KeyError, ValueError, TypeError, binascii.Error):
        return None


def _record(document: Resource, record_id: str) -> AnnouncedRecord:
    attachment: Resource = next((one.get("attachment", {}) for one in document.get("content", ())), {})
    codings = document.get("type", {}).get("coding", ())
    first = next((one for one in codings if one.get("system") and one.get("code")), None)
    type_ = first and Coding(
        system=first["system"], code=first["code"], version=first.get("version"), display=first.get("display")
    )
    return AnnouncedRecord(
        reference=local_reference(document),
        record_id=record_id,
        title=attachment.get("title") or document.get("description"),
        type=type_,
        content_type=attachment.get("contentType"),
        language=attachment.get("language"),
        date=attachment.get("creation"),
        size_bytes=attachment.get("size"),
        sha1=sha1_of(attachment),
        sha256=sha256_of(attachment),
        resource=document,
    )


def _treating(task: Resource, by_reference: Mapping[str, Resource]) -> Party:
    """Return who asks: the Task's requester, else who keeps the patient's consent to share."""
    party = _party(task.get("requester"), by_reference)
    if party.reference is not None or party.identifiers:
        return party
    for resource in by_reference.values():
        if resource["resourceType"] == "Consent":
            for organization in resource.get("organization", ()):
                found = _party(organization, by_reference)
                if found.reference is not None and found != _party(task.get("owner"), by_reference):
                    return found
    return party


def _party(reference: Resource | None, by_reference: Mapping[str, Resource]) -> Party:
    """Return the organisation that a reference leads to, also by way of a PractitionerRole."""
    stated = reference or {}
    local = stated.get("reference", "")
    found = by_reference.get(local)
    if found is not None and found["resourceType"] == "PractitionerRole":
        stated = found.get("organization", {})
        local = stated.get("reference", "")
        found = by_reference.get(local)
    if found is not None and found["resourceType"] == "Organization":
        return Party(name=found.get("name"), identifiers=identifiers_of(found), reference=local)
    return Party(
        name=stated.get("display"),
        identifiers=identifiers_of({"identifier": [stated.get("identifier", {})]}),
        reference=None,
    )


def identifiers_of(resource: Resource) -> tuple[Identifier, ...]:
    """Return the identifiers of a resource that have both system and value."""
    stated = resource.get("identifier", ())
    return tuple(
        Identifier(system=one["system"], value=one["value"]) for one in stated if one.get("system") and one.get("value")
    )


def _language(patient: Resource) -> str | None:
    spoken = patient.get("communication", [])
    preferred = [one for one in spoken if one.get("preferred")] or spoken
    tags = [tag for one in preferred for tag in codes_of(one.get("language"), BCP47)]
    return tags[0] if tags else None


def _planned_on(service_request: Resource, by_reference: Mapping[str, Resource]) -> date | None:
    for pointer in service_request.get("supportingInfo", ()):
        found = by_reference.get(pointer.get("reference", ""))
        if found is not None and found["resourceType"] == "ServiceRequest" and found.get("intent") == "plan":
            return _day(found.get("occurrenceDateTime"))
    return None


def _afterwards(service_request: Resource) -> str | None:
    codes = [code for detail in service_request.get("orderDetail", ()) for code in codes_of(detail, V2_DISPOSITION)]
    return next((_AFTERWARDS[code] for code in codes if code in _AFTERWARDS), None)


def _day(moment: Any) -> date | None:
    """Return the calendar day of a FHIR dateTime; None where its precision is lower or it is absent."""
    if not isinstance(moment, str) or len(moment) < len("2026-01-31"):
        return None
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None
