"""What the rules say of a request at one moment: what may leave, what is withheld and why, and whether it is covered.

Pure given the node's packs; it runs when the request comes in and again before everything that is sent, because
consent ends, is withdrawn, or covers less than before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adapter.domain.clearance import Cleared, Refusal
from adapter.domain.consent import Purpose
from adapter.domain.consent_reading import recipient_for
from adapter.domain.coverage import CoverageDecision
from adapter.domain.records import RecordContent
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.eligibility_response import eligibility_response
from adapter.mapping.to_fhir.expressed import ExpressedRequest
from adapter.mapping.to_fhir.request import express_request
from adapter.rules.evaluate import decide
from adapter.rules.facts import facts_from_request
from adapter.rules.release import Release, clear_request, judge_release
from adapter.workflow.node import Node, OwnOrganisation


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """The result.

    Attributes:
        expressed: the request as FHIR resources, with the cleared records only.
        release: what may go to the consulting provider.
        insurer: the question to the insurer, cleared, or why it is not asked.
        decision: the coverage decision; None where the insurer may not be asked.
        answer: the decision as CoverageEligibilityResponse; None likewise, or where the insurer is not known.
    """

    expressed: ExpressedRequest
    release: Release
    insurer: Cleared[SecondOpinionRequest] | Refusal
    decision: CoverageDecision | None
    answer: Resource | None


def assess(
    node: Node,
    organisation: OwnOrganisation,
    request: SecondOpinionRequest,
    contents: Mapping[str, RecordContent],
    moment: datetime,
) -> Assessment:
    """Ask the gate and the packs about `request` at `moment` (aware)."""
    release = judge_release(request, moment, organisation.zone)
    expressed = express_request(
        request,
        contents=contents,
        cleared=release.cleared,
        id_key=organisation.id_key,
        language=organisation.language,
    )
    insurer = recipient_for(request, Purpose.ASK_INSURER)
    asked = clear_request(request, Purpose.ASK_INSURER, insurer, moment, organisation.zone)
    decision = answer = None
    if isinstance(asked, Cleared):
        decision = decide(node.packs, facts_from_request(request, token=node.formats.hospitals.token))
        if expressed.eligibility_request is not None:
            answer = eligibility_response(
                decision,
                request=expressed.eligibility_request,
                created=moment,
                insurer=_insurer(expressed, request),
                language=request.patient.language or organisation.language,
                id_key=organisation.id_key,
            )
    return Assessment(expressed=expressed, release=release, insurer=asked, decision=decision, answer=answer)


def _insurer(expressed: ExpressedRequest, request: SecondOpinionRequest) -> Resource | None:
    """Return the reference to the insurer with its name, so that the answer says whom to ask."""
    stated = request.insurance.insurer if request.insurance else None
    eligibility = expressed.eligibility_request
    if stated is None or stated.name is None or eligibility is None:
        return None
    return {**eligibility["insurer"], "display": stated.name}
