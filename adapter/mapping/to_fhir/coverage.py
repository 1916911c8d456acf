"""Coverage, and the CoverageEligibilityRequest with the least that the insurer's rules need.

https://hl7.org/fhir/R4/coverage.html, https://hl7.org/fhir/R4/coverageeligibilityrequest.html
"""

from collections.abc import Mapping
from typing import Final

from adapter.domain.parties import Insurance
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir import systems
from adapter.fhir.coding import CONFIRMATORY_CONSULTATION, coding, concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import as_instant, present, reference

_STATUS: Final = {True: "active", False: "cancelled", None: "draft"}
"""Coverage.status must be said; "draft" is nearest to "nobody said whether it is in force"."""

_KIND_DE: Final[Mapping[str, str]] = {"gkv": "GKV", "pkv": "PKV"}


def coverage_resource(insurance: Insurance, *, patient: str, insurer: str | None, id_: str) -> Resource:
    """Return the Coverage; an insurer that is not stated is said to be so, because R4 wants a payor."""
    classes = [
        {"type": concept(systems.COVERAGE_CLASS, kind), "value": value}
        for kind, value in (("plan", insurance.plan), ("class", insurance.policy_type))
        if value
    ]
    supplementary = {"url": systems.EXT_SUPPLEMENTARY, "valueBoolean": insurance.supplementary}
    return checked(
        present(
            {
                "resourceType": "Coverage",
                "id": id_,
                "extension": [supplementary] if insurance.supplementary is not None else [],
                "status": _STATUS[insurance.active],
                "type": _type(insurance.scheme),
                "subscriberId": insurance.member_id,
                "beneficiary": reference(patient),
                "payor": [reference(insurer) if insurer else {"display": "insurer not stated"}],
                "class": classes,
            }
        )
    )


def eligibility_request(
    request: SecondOpinionRequest, *, patient: str, coverage: str, insurer: str, provider: str | None, id_: str
) -> Resource:
    """Return the question to the insurer: who, when, which codes; never records, notes or the clinical questions.

    Args:
        request: read for dates and codes alone.
        patient: `Patient/id`.
        coverage: `Coverage/id`.
        insurer: `Organization/id`.
        provider: the consulting side; None = not stated.
        id_: of the resource.
    """
    served = (
        request.consultation.date if request.consultation and request.consultation.date else request.sent.local_date
    )
    return checked(
        present(
            {
                "resourceType": "CoverageEligibilityRequest",
                "id": id_,
                "meta": systems.profile("SecondOpinionEligibilityRequest"),
                "status": "active",
                "purpose": ["auth-requirements", "benefits", "validation"],
                "patient": reference(patient),
                "servicedDate": served.isoformat(),
                "created": as_instant(request.sent),
                "provider": reference(provider) if provider else None,
                "insurer": reference(insurer),
                "insurance": [{"focal": True, "coverage": reference(coverage)}],
                "item": [_item(request)],
            }
        )
    )


def _item(request: SecondOpinionRequest) -> Resource:
    """Return the consultation asked for: the planned operation as modifier, diagnoses without words."""
    planned = request.planned_procedure.code if request.planned_procedure else None
    codes = [
        concept(diagnosis.system, diagnosis.code, version=diagnosis.version)
        for diagnosis in request.diagnoses
        if diagnosis.system and diagnosis.code
    ]
    return present(
        {
            "category": concept(systems.BENEFIT_CATEGORY, "3"),
            "productOrService": concept(systems.SNOMED, CONFIRMATORY_CONSULTATION),
            "modifier": [concept(planned.system, planned.code, version=planned.version)] if planned else [],
            "diagnosis": [{"diagnosisCodeableConcept": code} for code in codes],
        }
    )


def _type(scheme: str | None) -> Resource | None:
    if scheme is None:
        return None
    german = [coding(systems.INSURANCE_KIND_DE, _KIND_DE[scheme])] if scheme in _KIND_DE else []
    return {"coding": [*german, coding(systems.INSURANCE_SCHEME, scheme)]}
