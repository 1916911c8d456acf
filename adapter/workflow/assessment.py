"""What the rules say of a request at one moment: what may leave, what is withheld and why, and whether it is covered.

Pure given the node's packs; it runs when the request comes in and again before everything that is sent, because
consent ends, is withdrawn, or covers less than before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adapter.domain.clearance import Cleared, Refusal
from adapter.domain.consent import ConsentGrant, Purpose, Recipient
from adapter.domain.coverage import CoverageDecision
from adapter.domain.records import Record, RecordContent
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.eligibility_response import eligibility_response
from adapter.mapping.to_fhir.request import ExpressedRequest, express_request
from adapter.rules.consent_gate import clear, grants_from_request, insurer_recipient, organization_recipient
from adapter.rules.evaluate import decide
from adapter.rules.facts import facts_from_request
from adapter.workflow.node import Node, OwnOrganisation


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """The result.

    Attributes:
        expressed: the request as FHIR resources, with the cleared records only.
        release: the whole request, cleared for the consulting provider, or why not.
        cleared: the records that may go.
        withheld: the records that stay, each with its reason; for the sender's side only.
        insurer: the question to the insurer, cleared, or why it is not asked.
        decision: the coverage decision; None where the insurer may not be asked.
        answer: the decision as CoverageEligibilityResponse; None likewise.
    """

    expressed: ExpressedRequest
    release: Cleared[SecondOpinionRequest] | Refusal
    cleared: tuple[Cleared[Record], ...]
    withheld: tuple[Refusal, ...]
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
    grants = grants_from_request(request)
    recipient = organization_recipient(request.consulting.organization)
    release = _ask(request, grants, Purpose.SHARE_RECORDS, recipient, moment, organisation)
    cleared, withheld = _records(request, grants, recipient, moment, organisation)
    expressed = express_request(request, contents=contents, cleared=cleared, id_key=organisation.id_key)
    asked = _ask(request, grants, Purpose.ASK_INSURER, insurer_recipient(request.insurance), moment, organisation)
    decision = answer = None
    if isinstance(asked, Cleared):
        decision = decide(node.packs, facts_from_request(request))
        if expressed.eligibility_request is not None:
            answer = eligibility_response(
                decision,
                request=expressed.eligibility_request,
                created=moment,
                language=request.patient.language or organisation.language,
                id_key=organisation.id_key,
            )
    return Assessment(
        expressed=expressed,
        release=release,
        cleared=cleared,
        withheld=withheld,
        insurer=asked,
        decision=decision,
        answer=answer,
    )


def _ask(
    request: SecondOpinionRequest,
    grants: tuple[ConsentGrant, ...],
    purpose: Purpose,
    recipient: Recipient,
    moment: datetime,
    organisation: OwnOrganisation,
) -> Cleared[SecondOpinionRequest] | Refusal:
    return clear(
        request, grants=grants, purpose=purpose, recipient=recipient, moment=moment, time_zone=organisation.zone
    )


def _records(
    request: SecondOpinionRequest,
    grants: tuple[ConsentGrant, ...],
    recipient: Recipient,
    moment: datetime,
    organisation: OwnOrganisation,
) -> tuple[tuple[Cleared[Record], ...], tuple[Refusal, ...]]:
    cleared: list[Cleared[Record]] = []
    withheld: list[Refusal] = []
    for record in request.records:
        verdict = clear(
            record,
            grants=grants,
            purpose=Purpose.SHARE_RECORDS,
            recipient=recipient,
            moment=moment,
            time_zone=organisation.zone,
            record=record,
        )
        if isinstance(verdict, Cleared):
            cleared.append(verdict)
        else:
            withheld.append(verdict)
    return tuple(cleared), tuple(withheld)
