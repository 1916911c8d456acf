"""CoverageEligibilityResponse: a coverage decision as the insurer's question gets it answered.

In R4 an item without `excluded` means "included": an open answer therefore has no item, only findings.
https://hl7.org/fhir/R4/coverageeligibilityresponse.html
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

from adapter.base.ids import DEFAULT_KEY, opaque_id
from adapter.domain.coverage import CoverageDecision, CoverageOutcome, Reason, Texts
from adapter.fhir.bundles import local_reference
from adapter.fhir.coding import concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import (
    BENEFIT_CATEGORY,
    BENEFIT_TYPE,
    BENEFIT_UNIT,
    EXT_COVERAGE_FINDING,
    EXT_ESTIMATE,
    EXT_TRANSLATION,
    profile,
)
from adapter.mapping.to_fhir.coverage_texts import ESTIMATE, MISSING, OUTCOMES, THE_INSURER
from adapter.mapping.to_fhir.document_texts import LANGUAGES, tongue
from adapter.mapping.to_fhir.moments import instant
from adapter.mapping.to_fhir.resource_text import narrated

_ANSWERED: Final = {CoverageOutcome.OK: False, CoverageOutcome.PARTIAL: False, CoverageOutcome.DENIED: True}
"""The decisions that answer the question, with what `item.excluded` says then."""

_FINDINGS: Final = {
    CoverageOutcome.OK: "covered",
    CoverageOutcome.PARTIAL: "covered",
    CoverageOutcome.ACTION: "conditional",
    CoverageOutcome.UNDETERMINED: "indeterminate",
    CoverageOutcome.DENIED: "not-covered",
}
_WHOLE: Final = Decimal(100)


def eligibility_response(
    decision: CoverageDecision,
    *,
    request: Resource,
    created: datetime,
    insurer: Resource | None = None,
    language: str = "en",
    id_key: bytes = DEFAULT_KEY,
) -> Resource:
    """Return the answer to a CoverageEligibilityRequest; its id is the same for the same request.

    Args:
        decision: what the rules, or the insurer, say.
        request: the CoverageEligibilityRequest that is answered.
        created: when it was answered, aware.
        insurer: a Reference to the insurer; None = the one that the request names.
        language: of the texts, BCP 47; other languages stand beside them as translations.
        id_key: the key of the organisation's opaque ids.
    """
    spoken = tongue(language)
    insurer = insurer or request["insurer"]
    response: Resource = {
        "resourceType": "CoverageEligibilityResponse",
        "id": opaque_id("CoverageEligibilityResponse", request["id"], key=id_key),
        "meta": profile("SecondOpinionEligibilityResponse"),
        "language": spoken,
        "extension": _findings(decision, spoken),
        "status": "active",
        "purpose": request["purpose"],
        "patient": request["patient"],
    }
    estimate = decision.basis == "estimate"
    if estimate:
        response["extension"].insert(0, {"url": EXT_ESTIMATE, "valueBoolean": True})
    if decision.on is not None:
        response["servicedDate"] = decision.on.isoformat()
    if "provider" in request:
        response["requestor"] = request["provider"]
    response |= {
        "created": instant(created),
        "request": {"reference": local_reference(request)},
        "outcome": "complete",
        **_text("disposition", _disposition(decision, insurer, estimate=estimate), spoken),
        "insurer": insurer,
    }
    if request.get("insurance"):
        response["insurance"] = [_insurance(decision, request, estimate=estimate)]
    return narrated(checked(response), spoken)


def _insurance(decision: CoverageDecision, request: Resource, *, estimate: bool) -> Resource:
    stated: Resource = {"coverage": request["insurance"][0]["coverage"]}
    excluded = _ANSWERED.get(decision.outcome)
    if not estimate and excluded is not None:
        # only the insurer itself knows this; a denied item can stand in a policy that is in force
        reasons = {reason.code for reason in decision.reasons}
        stated["inforce"] = "COV-INACTIVE" not in reasons
    if excluded is not None:
        stated["item"] = [_item(decision, request, excluded=excluded)]
    return stated


def _item(decision: CoverageDecision, request: Resource, *, excluded: bool) -> Resource:
    asked = request.get("item", [{}])[0]
    item: Resource
    if "category" in asked or "productOrService" not in asked:
        item = {
            "category": asked.get("category") or concept(BENEFIT_CATEGORY, "3")
        }  # one of the two, never both: ces-1
    else:
        item = {"productOrService": asked["productOrService"]}
    item["excluded"] = excluded
    benefits = [] if excluded else [*_share(decision), *_deductible(decision)]
    if benefits:
        item["unit"] = concept(BENEFIT_UNIT, "individual")
        item["benefit"] = benefits
    return item


def _share(decision: CoverageDecision) -> list[Resource]:
    if decision.pct is None or (decision.outcome is CoverageOutcome.OK and decision.pct == _WHOLE):
        return []
    return [{"type": concept(BENEFIT_TYPE, "benefit"), "allowedString": f"{_plain(decision.pct)} %"}]


def _deductible(decision: CoverageDecision) -> list[Resource]:
    if decision.deductible != "applies":
        return []
    benefit: Resource = {"type": concept(BENEFIT_TYPE, "deductible")}
    if decision.deductible_amount is not None:
        benefit["allowedMoney"] = _euro(decision.deductible_amount)
        if decision.deductible_remaining is not None:
            benefit["usedMoney"] = _euro(decision.deductible_amount - decision.deductible_remaining)
    elif decision.deductible_remaining is not None:
        benefit["allowedString"] = f"{_plain(decision.deductible_remaining)} EUR remaining"
    return [benefit]


def _findings(decision: CoverageDecision, spoken: str) -> list[Resource]:
    result = _FINDINGS[decision.outcome]
    missing = decision.missing
    findings = []
    for reason in decision.reasons:
        names_missing = reason.rule is None and result == "indeterminate"
        findings.append(_finding(reason, spoken, decision, result, missing if names_missing else ()))
        missing = () if names_missing else missing
    if missing:
        text = {tongue_: MISSING[tongue_].format(facts=", ".join(missing)) for tongue_ in LANGUAGES}
        unknown = Reason(code="FACT-MISSING", rule=None, text=text)
        findings.append(_finding(unknown, spoken, decision, "indeterminate", missing))
    return findings + [_finding(notice, spoken, decision, None, ()) for notice in decision.notices]


def _finding(
    reason: Reason, spoken: str, decision: CoverageDecision, result: str | None, missing: tuple[str, ...]
) -> Resource:
    """Return a finding; `result` None = a notice, which decides nothing."""
    parts: list[Resource] = [{"url": "code", "valueCode": reason.code}]
    if reason.rule is not None:
        parts.append({"url": "rule", "valueString": reason.rule})
    if decision.pack is not None:
        parts.append({"url": "pack", "valueString": decision.pack})
    if result is not None:
        parts.append({"url": "result", "valueCode": result})
    parts += [{"url": "source", "valueString": source} for source in reason.source]
    if reason.law is not None:
        parts.append({"url": "law", "valueString": reason.law})
    if decision.on is not None:
        parts.append({"url": "date", "valueDate": decision.on.isoformat()})
    parts += [{"url": "missing", "valueString": fact} for fact in missing]
    languages = sorted(reason.text, key=lambda language: (language != spoken, language))
    parts += [{"url": "text", "extension": _in(language, reason.text)} for language in languages]
    return {"url": EXT_COVERAGE_FINDING, "extension": parts}


def _disposition(decision: CoverageDecision, insurer: Resource, *, estimate: bool) -> Texts:
    texts = {}
    for language in LANGUAGES:
        sentences = []
        if estimate:
            name = insurer.get("display") or THE_INSURER[language]
            sentences.append(ESTIMATE[language].format(insurer=name))
        sentences.append(OUTCOMES[decision.outcome][language])
        sentences += [reason.text[language] for reason in decision.reasons]
        if decision.missing:
            sentences.append(MISSING[language].format(facts=", ".join(decision.missing)))
        texts[language] = " ".join(sentences)
    return texts


def _text(name: str, texts: Texts, spoken: str) -> Resource:
    """Return the member `name` in one language, with the others as translations beside it."""
    others = sorted(language for language in texts if language != spoken)
    translations = [{"url": EXT_TRANSLATION, "extension": _in(language, texts)} for language in others]
    member: Resource = {name: texts[spoken]}
    return {**member, f"_{name}": {"extension": translations}} if translations else member


def _in(language: str, texts: Texts) -> list[Resource]:
    """Return the text in one language, in the shape of the core extension for translations."""
    return [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": texts[language]}]


def _euro(amount: Decimal) -> Resource:
    return {"value": amount, "currency": "EUR"}


def _plain(number: Decimal) -> str:
    """Return the number without an exponent and without needless zeros (75.50 is 75.5)."""
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
