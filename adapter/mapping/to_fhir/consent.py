"""Consent: one resource per statement of the patient, in the intermediate shape of IHE Privacy Consent on FHIR.

https://hl7.org/fhir/R4/consent.html, https://profiles.ihe.net/ITI/PCF/
Nothing said makes no Consent; a refusal makes one that denies. `policy.uri` says the direction; there is no
policyRule and no action.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapter.domain.consent import ConsentStatement, Purpose
from adapter.fhir import systems
from adapter.fhir.coding import CONSENT_DOCUMENT, coding, concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import present, reference
from adapter.mapping.to_fhir.identity import message_identifier, record_identifier

PURPOSE_OF_USE: Final[Mapping[Purpose, str]] = {
    Purpose.SHARE_RECORDS: "TREAT",
    Purpose.RETURN_REPORT: "TREAT",
    Purpose.ASK_INSURER: "HPAYMT",
}
"""v3 ActReason codes."""

_PROFILES: Final[Mapping[Purpose, str]] = {
    Purpose.SHARE_RECORDS: "SecondOpinionConsentShare",
    Purpose.RETURN_REPORT: "SecondOpinionConsentReturn",
    Purpose.ASK_INSURER: "SecondOpinionConsentInsurer",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentScene:
    """What is around the statements of one request.

    Attributes:
        patient: `Patient/id`.
        representative: `RelatedPerson/id`; None = no proxy is named.
        sent: when the request was sent, as FHIR dateTime.
        message_id: of the request; the source where no signed form is named.
        documents: `DocumentReference/id` by record id, of the records that are expressed.
    """

    patient: str
    representative: str | None
    sent: str
    message_id: str
    documents: Mapping[str, str]


def consent_resource(
    statement: ConsentStatement,
    purpose: Purpose,
    scene: ConsentScene,
    *,
    id_: str,
    keeper: str | None,
    country: str | None,
    recipient: str | None,
) -> Resource:
    """Return the Consent of one statement.

    Args:
        statement: as the request has it.
        purpose: what it is for.
        scene: the request around it.
        id_: of the resource.
        keeper: `Organization/id` of who keeps what is released; None = not stated.
        country: of the keeper; None = not stated.
        recipient: `Organization/id` or `Practitioner/id` of who may receive it; None = not identified, so that nobody
            matches.
    """
    return checked(
        present(
            {
                "resourceType": "Consent",
                "id": id_,
                "meta": systems.profile(_PROFILES[purpose]),
                "status": "active",
                "scope": concept(systems.CONSENT_SCOPE, "patient-privacy"),
                "category": [concept(systems.LOINC, CONSENT_DOCUMENT), concept(systems.V3_ACT_CODE, "IDSCL")],
                "patient": reference(scene.patient),
                "dateTime": statement.on.isoformat() if statement.on else scene.sent,
                "performer": [_speaker(statement, scene)],
                "organization": [reference(keeper)] if keeper else [],
                "sourceReference": _source(statement, scene),
                "policy": [{"uri": systems.policy(country, purpose.value)}],
                "provision": _provision(statement, purpose, scene.documents, recipient),
            }
        )
    )


def named_record(record_id: str, documents: Mapping[str, str]) -> Resource:
    """Return the Reference to a named record: its id within the request, and the resource where it is expressed."""
    return present({"reference": documents.get(record_id), "identifier": record_identifier(record_id)})


def original_request(message_id: str) -> Resource:
    """Return the Reference to the request as it came in, by its number."""
    return {
        "type": "DocumentReference",
        "identifier": message_identifier(message_id),
        "display": "the request as received",
    }


def _provision(
    statement: ConsentStatement, purpose: Purpose, documents: Mapping[str, str], recipient: str | None
) -> Resource:
    role = concept(systems.V3_PARTICIPATION, "IRCP")
    period = {
        "start": statement.on and statement.on.isoformat(),
        "end": statement.until and statement.until.isoformat(),
    }
    named = None if statement.records is None else [named_record(one, documents) for one in statement.records]
    return present(
        {
            "type": "permit" if statement.given else "deny",
            "period": present(period),
            "actor": [{"role": role, "reference": reference(recipient)}] if recipient else [],
            "purpose": [coding(systems.V3_ACT_REASON, PURPOSE_OF_USE[purpose])],
            "data": _data(named),
        }
    )


def _data(named: list[Resource] | None) -> list[Resource]:
    """Return the data of the provision: none for all records; an empty list of records must not read as all."""
    if named is None:
        return []
    return [{"meaning": "instance", "reference": one} for one in named or [{"display": "no record"}]]


def _speaker(statement: ConsentStatement, scene: ConsentScene) -> Resource:
    if statement.by == "patient":
        return reference(scene.patient)
    if statement.by == "representative":
        if scene.representative is not None:
            return reference(scene.representative)
        return {"type": "RelatedPerson", "display": "representative, not named"}
    return {"display": "not stated who spoke"}


def _source(statement: ConsentStatement, scene: ConsentScene) -> Resource:
    if statement.document is None:
        return original_request(scene.message_id)
    return {"type": "DocumentReference", **named_record(statement.document, scene.documents)}
