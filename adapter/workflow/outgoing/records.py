"""send-records: the records package, with those records that may leave at this moment and no others."""

from collections.abc import Sequence
from functools import partial

from adapter.domain.case import Role, TaskStatus
from adapter.domain.clearance import Refusal
from adapter.domain.consent import Purpose
from adapter.domain.lifecycle import CaseEvent
from adapter.intake.canonical import read_request
from adapter.mapping.to_fhir.crossing import Crossing
from adapter.mapping.to_fhir.messages import records_message
from adapter.mapping.to_fhir.package import records_package
from adapter.rules.consent_gate import clear, grants_from_request
from adapter.workflow.advance import advance
from adapter.workflow.assessment import assess
from adapter.workflow.outgoing.errand import Errand
from adapter.workflow.requests import stored_contents

EXPECTED = (TaskStatus.RECEIVED, TaskStatus.ACCEPTED, TaskStatus.IN_PROGRESS)
"""Only for such a case the partner needs records; one that was taken back meanwhile gets none."""


def send_records(errand: Errand) -> None:
    """Judge every record again, send the package, and record what went and what stayed."""
    node, case = errand.node, errand.case
    if case.status not in EXPECTED or case.business_status == "cancellation-requested":
        _keep_at_home(errand, [], case.reason)
        return
    request = read_request(node.store.original(case.org, case.detail["request"]))
    contents = stored_contents(case)
    assessment = assess(node, errand.organisation, request, contents, errand.at)
    if not assessment.release.cleared:
        _keep_at_home(errand, assessment.release.withheld)
        return
    expressed = assessment.expressed
    country = errand.partner.country or getattr(request.consulting.organization, "country", None)
    crossing = Crossing(country=country, ids=expressed.ids)
    with node.store.read() as unit:
        task = errand.task(unit)

    package = records_package(
        task=expressed.task,
        service_request=expressed.service_request,
        patient=crossing.visible([expressed.patient])[0],
        documents=list(expressed.documents.values()),
        cleared=assessment.release.cleared,
        contents=contents,
        read=partial(node.store.blobs.read, case.org),
        author=errand.envelope.sender,
        at=errand.item.created_at,
        id=errand.message_id,
    )
    message = records_message(task, package, errand.envelope)
    cleared = clear(
        message,
        grants=grants_from_request(request),
        purpose=Purpose.SHARE_RECORDS,
        recipient=errand.partner.recipient,
        moment=errand.at,
        time_zone=errand.organisation.zone,
    )
    errand.deliver(cleared)
    with node.store.transaction() as unit:
        now = errand.reload(unit)
        sent = {
            "records": [one.item.id for one in assessment.release.cleared],
            "withheld": [{"record": one.record, "code": one.code} for one in assessment.release.withheld],
        }
        at = node.clock.now()
        if now.status in (TaskStatus.RECEIVED, TaskStatus.ACCEPTED):
            event = CaseEvent.RECORDS_RECEIVED
            advance(unit, now, event, by=Role.TREATING, actor=f"partner:{errand.partner.id}", at=at, detail=sent)
        else:  # the partner has told of the next state before its answer was recorded here
            unit.events.append(case.org, case.id, "records-received", f"partner:{errand.partner.id}", at, sent)
        unit.work.finish(errand.item.id, at)


def _keep_at_home(errand: Errand, withheld: Sequence[Refusal], reason: str | None = None) -> None:
    """Send nothing, and say why on this side; `reason` is that of a case that was taken back, None = consent."""
    at = errand.node.clock.now()
    detail = {"withheld": [{"record": one.record, "code": one.code} for one in withheld], "reason": reason}
    with errand.node.store.transaction() as unit:
        unit.events.append(errand.case.org, errand.case.id, "no-records-sent", "gate", at, detail)
        unit.work.finish(errand.item.id, at)
