"""Step 9 on the consulting side: the opinion comes in, becomes FHIR, and goes to whom the patient agreed to.

The patient's own copy is made in any case. https://hl7.org/fhir/R4/composition.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from adapter.base.errors import IllegalTransition, Invalid, NotFound, Problem
from adapter.domain.case import Case, Role, TaskStatus
from adapter.domain.clearance import Cleared, Refusal
from adapter.domain.consent import Purpose, Recipient
from adapter.domain.lifecycle import CaseEvent
from adapter.domain.report import SecondOpinionReport
from adapter.fhir.outcomes import outcome_of
from adapter.fhir.own_output import ensure_valid
from adapter.fhir.resource import Resource
from adapter.intake.record_content import ResolvedRecord, resolve_document
from adapter.mapping.from_fhir.request_view import read_request_view
from adapter.mapping.to_fhir.opinion import ExpressedOpinion, express_report
from adapter.mapping.to_fhir.patient_copy import patient_copy
from adapter.rules.consent_gate import clear
from adapter.store.unit import Unit
from adapter.workflow.advance import advance
from adapter.workflow.arrival import Arrival
from adapter.workflow.caller import Caller
from adapter.workflow.grants import grants_of_case
from adapter.workflow.node import Node, OwnOrganisation
from adapter.workflow.once import Answer, once
from adapter.workflow.outgoing.tell import tell_status
from adapter.workflow.report_review import ensure_it_fits, unstated
from adapter.workflow.work import WorkKind


@dataclass(frozen=True, kw_only=True, slots=True)
class _Intake:
    """One report on its way in, with its document's bytes (None = no document)."""

    node: Node
    organisation: OwnOrganisation
    caller: Caller
    arrival: Arrival
    report: SecondOpinionReport
    resolved: ResolvedRecord | None
    document: bytes | None
    at: datetime


def accept_report(
    node: Node, organisation: OwnOrganisation, caller: Caller, arrival: Arrival, report: SecondOpinionReport
) -> Answer:
    """Accept the report of our own doctor about a case here and return 202.

    Raises:
        Invalid: with every problem, in the sender's own terms.
        IllegalTransition: no report is due for this case.
        DuplicateDiffers: the message id was used before for another report.
        Misbuilt: the opinion or the patient's copy that was made of it is not valid.
    """
    resolved = _document(node, organisation, report)
    intake = _Intake(
        node=node,
        organisation=organisation,
        caller=caller,
        arrival=arrival,
        report=report,
        resolved=resolved,
        document=_bytes(resolved),
        at=node.clock.now(),
    )
    return once(
        node,
        organisation.id,
        arrival.sender,
        report.message_id,
        arrival.body,
        lambda unit: _store(unit, intake),
        arrival.media_type,
    )


def _document(node: Node, organisation: OwnOrganisation, report: SecondOpinionReport) -> ResolvedRecord | None:
    if report.document is None:
        return None
    resolved = resolve_document(
        report, base=None, uploaded=lambda sha256: node.store.blobs.path(organisation.id, sha256)
    )
    if resolved is not None and isinstance(resolved.source, bytes):
        node.store.blobs.write(organisation.id, resolved.source)
    return resolved


def _bytes(resolved: ResolvedRecord | None) -> bytes | None:
    if resolved is None:
        return None
    return resolved.source if isinstance(resolved.source, bytes) else resolved.source.read_bytes()


def _store(unit: Unit, intake: _Intake) -> Answer:
    org, report, at = intake.organisation.id, intake.report, intake.at
    case = unit.cases.by_number(org, report.case, role=Role.CONSULTING)
    if case is None:
        raise NotFound("there is no case with this number here", where="/case")
    _due(case, report)
    stored = [one.resource for one in unit.resources.of_case(org, case.id)]
    view = read_request_view(stored)
    doubts = [*ensure_it_fits(case, view, report), *unstated(report, intake.arrival.taken)]
    opinion = express_report(
        report,
        view=view,
        content=intake.resolved.content if intake.resolved else None,
        document=intake.document,
        author=intake.organisation.party,
        resources=stored,
        id_key=intake.organisation.id_key,
    )
    copy = patient_copy(opinion, view=view, at=at)
    made = [ensure_valid(one) for one in (opinion.document, *copy)]
    unit.resources.put_all(org, case.id, [*opinion.resources, *made], at)
    case = _complete(unit, case, intake, opinion)
    verdict = clear(
        opinion.document,
        grants=grants_of_case(unit, case),
        purpose=Purpose.RETURN_REPORT,
        recipient=_treating(intake, case),
        moment=at,
        time_zone=intake.organisation.zone,
    )
    _forward(unit, case, intake, verdict, copy)
    findings = [*_findings(verdict), *intake.arrival.taken.told(doubts), *intake.arrival.losses()]
    return Answer(status=202, body=outcome_of(findings), task_id=case.id)


def _due(case: Case, report: SecondOpinionReport) -> None:
    if report.status != "final":
        text = "only a final report completes a case; preliminary and amended reports are not taken yet"
        raise Invalid(text, where="/status")
    if case.status not in (TaskStatus.ACCEPTED, TaskStatus.IN_PROGRESS):
        text = f"the case is {case.status.value}; a report is due once it has been accepted and until it is complete"
        raise IllegalTransition(text, where="/case")


def _complete(unit: Unit, case: Case, intake: _Intake, opinion: ExpressedOpinion) -> Case:
    if case.status is TaskStatus.ACCEPTED:
        case = advance(unit, case, CaseEvent.STARTED, by=Role.CONSULTING, actor="node", at=intake.at)
        tell_status(unit, case, intake.at)
    return advance(
        unit,
        case,
        CaseEvent.REPORTED,
        by=Role.CONSULTING,
        actor=intake.caller.actor,
        at=intake.at,
        outputs=opinion.outputs,
        detail={
            "message": intake.report.message_id,
            "report": intake.report.id,
            "necessity": intake.report.necessity,
            "concordance": intake.report.concordance,
        },
        keep={
            "opinion": opinion.document["id"],
            "afterwards": intake.report.afterwards or case.detail.get("afterwards"),
            **intake.arrival.keep_account(unit, case.org, intake.at),
        },
    )


def _forward(
    unit: Unit, case: Case, intake: _Intake, verdict: Cleared[Resource] | Refusal, copy: Sequence[Resource]
) -> None:
    made = next(one["id"] for one in copy if one["resourceType"] == "Bundle")
    unit.events.append(case.org, case.id, "patient-copy-made", "node", intake.at, {"bundle": made})
    if isinstance(verdict, Cleared):
        tell_status(unit, case, intake.at, WorkKind.SEND_REPORT)
    else:
        unit.events.append(case.org, case.id, "report-withheld", "gate", intake.at, {"code": verdict.code})
        tell_status(unit, case, intake.at)


def _treating(intake: _Intake, case: Case) -> Recipient:
    partner = intake.node.partner(case.org, case.partner)
    if partner is None:
        raise NotFound("the treating partner of this case is no longer configured", where="/case")
    return partner.recipient


def _findings(verdict: Cleared[Resource] | Refusal) -> list[Problem]:
    findings = [Problem("accepted and stored; the patient's copy is ready", None, "informational", "information")]
    if isinstance(verdict, Refusal):
        text = f"the report does not go to the treating side: {verdict.text}"
        findings.append(Problem(text, verdict.where, "suppressed", "warning"))
    return findings
