"""send-request: I12 to the consulting provider, if the patient's consent still allows it."""

from adapter.domain.case import Role, TaskStatus
from adapter.domain.clearance import Refusal
from adapter.domain.consent import Purpose
from adapter.domain.lifecycle import CaseEvent
from adapter.intake.canonical import read_request
from adapter.mapping.to_fhir.bundles import message_bundle
from adapter.rules.consent_gate import clear, grants_from_request
from adapter.workflow.advance import advance, mark
from adapter.workflow.assessment import assess
from adapter.workflow.outgoing.errand import Errand
from adapter.workflow.outgoing.tell import tell_status
from adapter.workflow.requests import AWAITING_CONSENT, stored_contents
from adapter.workflow.work import WorkKind


def send_request(errand: Errand) -> None:
    """Judge again, send, and record that the partner has it; without consent the case waits at home."""
    node, case = errand.node, errand.case
    if case.status is TaskStatus.CANCELLED:
        _leave_unsent(errand)
        return
    request = read_request(node.store.original(case.org, case.detail["request"]))
    assessment = assess(node, errand.organisation, request, stored_contents(case), errand.at)
    if isinstance(assessment.release.request, Refusal):
        _wait_at_home(errand, assessment.release.request)
        return
    bundle = message_bundle(
        assessment.expressed,
        release=assessment.release.request,
        source=errand.source,
        destination=errand.destination,
        recipient_country=_country(errand, request.consulting.organization),
    )
    cleared = clear(
        bundle,
        grants=grants_from_request(request),
        purpose=Purpose.SHARE_RECORDS,
        recipient=errand.partner.recipient,
        moment=errand.at,
        time_zone=errand.organisation.zone,
    )
    errand.deliver(cleared)
    with node.store.transaction() as unit:
        now = errand.reload(unit)
        if now.status is TaskStatus.CANCELLED:  # taken back while the message was under way
            tell_status(unit, now, node.clock.now(), WorkKind.SEND_CANCEL, reason=now.reason)
        if now.status is TaskStatus.REQUESTED:
            now = advance(
                unit,
                now,
                CaseEvent.RECEIVED,
                by=Role.CONSULTING,
                actor=f"partner:{errand.partner.id}",
                at=node.clock.now(),
                detail={"records": [one.item.id for one in assessment.release.cleared]},
            )
        if errand.partner.records_with_request and assessment.release.cleared:
            tell_status(unit, now, node.clock.now(), WorkKind.SEND_RECORDS)
        unit.work.finish(errand.item.id, node.clock.now())


def _leave_unsent(errand: Errand) -> None:
    """The request was taken back, so nothing of it leaves any more.

    An earlier attempt may have arrived although nobody heard of it; then the partner learns that it was taken back.
    """
    at = errand.node.clock.now()
    with errand.node.store.transaction() as unit:
        if errand.item.attempts > 0:
            tell_status(unit, errand.case, at, WorkKind.SEND_CANCEL, reason=errand.case.reason)
        unit.events.append(errand.case.org, errand.case.id, "not-sent", "node", at, {})
        unit.work.finish(errand.item.id, at)


def _country(errand: Errand, organization: object) -> str | None:
    return errand.partner.country or getattr(organization, "country", None)


def _wait_at_home(errand: Errand, refusal: Refusal) -> None:
    at = errand.node.clock.now()
    with errand.node.store.transaction() as unit:
        now = errand.reload(unit)
        if now.status is TaskStatus.REQUESTED:
            now = mark(unit, now, AWAITING_CONSENT, at=at)
        unit.events.append(now.org, now.id, "waiting-for-consent", "gate", at, {"code": refusal.code})
        unit.work.finish(errand.item.id, at)
