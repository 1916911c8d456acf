"""send-records: the records package, with those records that may leave at this moment and no others."""

from functools import partial

from adapter.domain.case import Role, TaskStatus
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


def send_records(errand: Errand) -> None:
    """Judge every record again, send the package, and record what went and what stayed."""
    node, case = errand.node, errand.case
    request = read_request(node.store.blobs.read(case.org, case.detail["request"]))
    contents = stored_contents(case)
    assessment = assess(node, errand.organisation, request, contents, errand.at)
    if not assessment.release.cleared:
        with node.store.transaction() as unit:
            reasons = [{"record": one.record, "code": one.code} for one in assessment.release.withheld]
            unit.events.append(case.org, case.id, "no-records-sent", "gate", node.clock.now(), {"withheld": reasons})
            unit.work.finish(errand.item.id, node.clock.now())
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
