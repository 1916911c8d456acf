"""ServiceRequest twice: the second opinion that is asked for, and the planned operation that it is about.

https://hl7.org/fhir/R4/servicerequest.html
The operation stands as `intent=plan` and is never changed or cancelled from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapter.domain.request import PlannedProcedure, SecondOpinionRequest
from adapter.fhir import systems
from adapter.fhir.coding import CONFIRMATORY_CONSULTATION, PATIENT_REFERRAL, concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.body_site import body_sites, sided_concept
from adapter.mapping.to_fhir.datatypes import as_instant, present, reference
from adapter.mapping.to_fhir.directory import specialty_concept
from adapter.mapping.to_fhir.identity import case_identifier, request_identifier

PHYSICIANS: Final = frozenset({"specialist", "gp", "dentist"})
"""Roles whose referral makes the request an order."""

REFERRER_NOT_NAMED: Final = "The referrer is not named; the treating practitioner stands as requester."

DISPOSITIONS: Final[Mapping[str, str]] = {"return": "RP", "transfer": "AM", "report-only": "WR"}
"""v2-0282 by `afterwards`; SO is always said."""

INITIATIVES: Final[Mapping[str, str]] = {"patient": "P", "gp": "O", "specialist": "O"}
"""v2-0336 by `initiatedBy`; S is always said."""

PRIORITIES: Final[Mapping[str, str]] = {"elective": "routine", "urgent": "urgent", "emergency": "stat"}
"""Priority of the planned operation by its urgency."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parties:
    """References to who takes part in one request; None = not stated."""

    patient: str
    treating: str | None
    consulting: str | None
    referrer: str | None
    surgeon: str | None
    copies: tuple[tuple[str, str | None], ...] = ()


def has_physician_referral(request: SecondOpinionRequest) -> bool:
    """Tell whether a physician refers the patient; an unknown role of the first provider is none."""
    if request.referral == "first-provider":
        return request.treating.role in PHYSICIANS
    return request.referral in ("gp", "other-physician")


def is_referrer_missing(request: SecondOpinionRequest) -> bool:
    """Tell whether a physician refers who is neither named nor the treating one."""
    return has_physician_referral(request) and request.referral != "first-provider"


def is_referrer_requester(request: SecondOpinionRequest, parties: Parties) -> bool:
    """Tell whether the referrer stands as requester, so that nothing else need point to him or her."""
    return has_physician_referral(request) and parties.referrer is not None


def service_request(
    request: SecondOpinionRequest,
    parties: Parties,
    *,
    id_: str,
    conditions: Sequence[str],
    supporting: Sequence[str],
    coverage: str | None,
) -> Resource:
    """Return the request for a second opinion: an order where a physician refers, else the patient's proposal."""
    ordered = has_physician_referral(request)
    notes = [{"text": request.notes}] if request.notes else []
    if ordered and parties.referrer is None and is_referrer_missing(request):
        notes.append({"text": REFERRER_NOT_NAMED})
    requester = (parties.referrer or parties.treating) if ordered else parties.patient
    consultation = request.consultation
    return checked(
        present(
            {
                "resourceType": "ServiceRequest",
                "id": id_,
                "meta": systems.profile("SecondOpinionServiceRequest"),
                "extension": _extensions(request, parties),
                "identifier": [request_identifier(request)],
                "requisition": case_identifier(request.case),
                "status": "active",
                "intent": "order" if ordered else "proposal",
                "category": [concept(systems.SNOMED, PATIENT_REFERRAL)],
                "priority": request.priority,
                "code": concept(systems.SNOMED, CONFIRMATORY_CONSULTATION, text="Second opinion"),
                "orderDetail": _order_details(request.afterwards),
                "quantityQuantity": _visits(request.visits),
                "subject": reference(parties.patient),
                "occurrenceDateTime": consultation.date.isoformat() if consultation and consultation.date else None,
                "authoredOn": as_instant(request.sent),
                "requester": reference(requester) if requester else None,
                "performerType": specialty_concept(request.consulting.specialty)
                if request.consulting.specialty
                else None,
                "performer": [reference(parties.consulting)] if parties.consulting else [],
                "reasonCode": _reasons(request.initiated_by),
                "reasonReference": [reference(condition) for condition in conditions],
                "insurance": [reference(coverage)] if coverage else [],
                "supportingInfo": [reference(local) for local in supporting],
                "note": notes,
            }
        )
    )


def planned_operation(
    procedure: PlannedProcedure, parties: Parties, *, id_: str, conditions: Sequence[str]
) -> Resource:
    """Return the operation that is planned; `authoredOn` is the day on which it was recommended."""
    code = procedure.code
    informed = procedure.informed_on
    return checked(
        present(
            {
                "resourceType": "ServiceRequest",
                "id": id_,
                "meta": systems.profile("SecondOpinionPlannedOperation"),
                "extension": [{"url": systems.EXT_INFORMED_ON, "valueDate": informed.isoformat()}] if informed else [],
                "status": "active",
                "intent": "plan",
                "priority": PRIORITIES.get(procedure.urgency or ""),
                "code": sided_concept(
                    code.system if code else None,
                    code.code if code else None,
                    version=code.version if code else None,
                    display=code.display if code else None,
                    text=procedure.text,
                    laterality=procedure.laterality,
                ),
                "subject": reference(parties.patient),
                "occurrenceDateTime": procedure.date and procedure.date.isoformat(),
                "authoredOn": procedure.indicated_on and procedure.indicated_on.isoformat(),
                "requester": reference(parties.treating) if parties.treating else None,
                "performer": [reference(parties.surgeon)] if parties.surgeon else [],
                "reasonReference": [reference(condition) for condition in conditions],
                "bodySite": body_sites(procedure.body_site, procedure.laterality),
            }
        )
    )


def _order_details(afterwards: str | None) -> list[Resource]:
    codes = ["SO"] + ([DISPOSITIONS[afterwards]] if afterwards else [])
    return [concept(systems.V2_DISPOSITION, code) for code in codes]


def _reasons(initiated_by: str | None) -> list[Resource]:
    codes = ["S"] + ([INITIATIVES[initiated_by]] if initiated_by else [])
    return [concept(systems.V2_REFERRAL_REASON, code) for code in codes]


def _visits(visits: int | None) -> Resource | None:
    if visits is None:
        return None
    return {"value": visits, "unit": "visit", "system": systems.UCUM, "code": "{visit}"}


def _extensions(request: SecondOpinionRequest, parties: Parties) -> list[Resource]:
    """Return what R4 has no element for: the exact words on who asked and who referred, and who gets a copy."""
    codes = (
        (systems.EXT_REQUESTED_BY, request.requested_by),
        (systems.EXT_INITIATED_BY, request.initiated_by),
        (systems.EXT_REFERRAL, request.referral),
    )
    stated: list[Resource] = [{"url": url, "valueCode": value} for url, value in codes if value]
    if request.referrer is not None and request.referrer.date is not None:
        stated.append({"url": systems.EXT_REFERRAL_DATE, "valueDateTime": str(request.referrer.date)})
    for recipient, what in parties.copies:
        parts: list[Resource] = [{"url": "what", "valueCode": what}] if what else []
        parts.append({"url": "recipient", "valueReference": reference(recipient)})
        stated.append({"url": systems.EXT_COPY_TO, "extension": parts})
    return stated
