"""The canonical request → the flat facts on which rules rest; what the request does not say stays unknown.

Whoever knows more (an insurer, a hospital's folder, the completeness gate) may add facts to the result.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from adapter.domain.consent import ConsentStatement
from adapter.domain.parties import ConsultingProvider, Insurance, Organization, Provider
from adapter.domain.records import Record
from adapter.domain.request import PlannedProcedure, SecondOpinionRequest
from adapter.fhir import systems
from adapter.rules.same_organisation import organisation_tokens

_T = TypeVar("_T")
_V = TypeVar("_V")

_PAYER_SCHEMES = {
    systems.IK: "iknr",
    systems.IK_OID: "iknr",
    systems.UZOVI: "uzovi",
    systems.UZOVI_OID: "uzovi",
}
_CODE_SCHEMES = {
    systems.ICD10: "icd",
    systems.ICD10_OID: "icd",
    systems.ICD10_NL: "icd",
    systems.ICD10_NL_OID: "icd",
    systems.ICD10_GM: "icd",
    systems.ICD10_GM_DIMDI: "icd",
    systems.ICD10_GM_SID: "icd",
    systems.ICD10_GM_OID: "icd",
    systems.OPS: "ops",
    systems.OPS_DIMDI: "ops",
}
_TAKEOVER = {"transfer": True, "return": False, "report-only": False}
_RETURNS = {"transfer": False, "return": True}


def facts_from_request(
    request: SecondOpinionRequest,
    *,
    token: Callable[[Organization], str | None] = lambda _organisation: None,
) -> dict[str, object]:
    """Return the facts of `request`, typed as `adapter.rules.evaluate.decide` takes them; unknown ones are absent.

    Args:
        request: as its sender states it.
        token: gives an organisation's own token where a hospital's folder knows it (for example "catharina").
    """
    first, second = organisation_tokens(request.treating.organization, request.consulting.organization, token)
    consultation = request.consultation
    proxy = request.proxy
    facts: dict[str, object | None] = {
        **_insurance(request.insurance),
        **_consulting(request.consulting),
        **_planned(request.planned_procedure),
        **_records(request.records),
        "postal_code": _of(request.patient.address, lambda address: address.postal_code),
        "birth_date": _of(request.patient.birth_date, lambda birth: birth.day),
        "item": "second-opinion",
        "service_date": _of(consultation, lambda talk: talk.date) or request.sent.local_date,
        "care_type": _of(request.care, lambda care: care.type),
        "care_in_basic": _of(request.care, lambda care: care.in_basic_cover),
        "subject_in_basic": _of(request.care, lambda care: care.subject_in_basic_cover),
        "codes": tuple(dict.fromkeys(_codes(request))) or None,
        "first_role": request.treating.role,
        "first_field": request.treating.specialty,
        "first_org": first,
        "first_country": _country(request.treating),
        "second_org": second,
        "takeover": _TAKEOVER.get(request.afterwards or ""),
        "returns_to_first": _RETURNS.get(request.afterwards or ""),
        "visits": request.visits,
        "prior_opinions": request.prior_opinions,
        "referral": request.referral,
        "requester": request.requested_by,
        "patient_agrees": _of(proxy, lambda who: who.patient_agrees),
        "discussed_first": request.discussed_with_treating,
        "initiated_by": request.initiated_by,
        "consent_share": _given(request.consent.share_records),
        "consent_result": _given(request.consent.return_report),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _of(whole: _T | None, member: Callable[[_T], _V | None]) -> _V | None:
    return None if whole is None else member(whole)


def _given(statement: ConsentStatement | None) -> bool | None:
    return _of(statement, lambda said: said.given)


def _country(provider: Provider) -> str | None:
    return _of(provider.organization, lambda organisation: organisation.country)


def _insurance(insurance: Insurance | None) -> Mapping[str, object | None]:
    if insurance is None:
        return {}
    insurer = insurance.insurer
    scheme = _PAYER_SCHEMES.get(insurer.system) if insurer else None
    used = insurance.deductible_used
    return {
        "payer": f"{scheme}:{insurer.value}" if insurer and scheme else None,
        # Labels are brand names, and their spelling varies; packs write them in small letters.
        "brand": _of(insurance.plan, lambda plan: plan.strip().casefold() or None),
        "insured_scheme": insurance.scheme,
        "coverage_active": insurance.active,
        "supplementary": insurance.supplementary,
        "policy_type": insurance.policy_type,
        "deductible_used": used.value if used and used.currency == "EUR" else None,
    }


def _consulting(consulting: ConsultingProvider) -> Mapping[str, object | None]:
    return {
        "contracted": consulting.contracted,
        "noncontracted_pct": _of(consulting.reimbursed_percent, lambda percent: Decimal(str(percent))),
        "second_role": consulting.role,
        "second_field": consulting.specialty,
        "second_linked": consulting.linked_to_treating,
        "second_operates": consulting.operates,
        "second_financial_interest": consulting.financial_interest,
        "second_approved_for": consulting.approved_for,
    }


def _planned(planned: PlannedProcedure | None) -> Mapping[str, object | None]:
    if planned is None:
        return {}
    return {
        "planned": True,
        "surgery_date": planned.date,
        "informed_date": planned.informed_on,
        "indication_date": planned.indicated_on,
        "urgency": planned.urgency,
    }


def _codes(request: SecondOpinionRequest) -> Iterator[str]:
    stated = [(diagnosis.system, diagnosis.code) for diagnosis in request.diagnoses]
    code = request.planned_procedure.code if request.planned_procedure else None
    if code is not None:
        stated.append((code.system, code.code))
    for system, value in stated:
        scheme = _CODE_SCHEMES.get(system or "")
        if scheme and value:
            yield f"{scheme}:{value}"


def _records(records: Iterable[Record]) -> Mapping[str, object | None]:
    """Say who sends records and in which languages; one record without a language leaves the languages unknown."""
    languages = [record.language for record in records]
    if not languages:
        return {}
    tags = dict.fromkeys(language.split("-")[0].lower() for language in languages if language)
    return {"records_route": "provider", "records_language": None if None in languages else tuple(tags)}
