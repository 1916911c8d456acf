"""send-report: the opinion goes back to the treating side, if the patient's return consent still allows it."""

from dataclasses import replace

from adapter.base.errors import PeerRejected
from adapter.domain.clearance import Refusal
from adapter.domain.consent import Purpose
from adapter.mapping.to_fhir.messages import report_message, status_message
from adapter.rules.consent_gate import clear, clear_administrative
from adapter.workflow.grants import grants_of_case
from adapter.workflow.outgoing.errand import Errand


def send_report(errand: Errand) -> None:
    """Ask the gate again, then send the opinion, or the bare status where consent has ended meanwhile."""
    node, case = errand.node, errand.case
    with node.store.read() as unit:
        task = errand.task(unit)
        stored = unit.resources.get(case.org, "Bundle", case.detail["opinion"])
        grants = grants_of_case(unit, case)
    if stored is None:
        raise LookupError(f"case {case.id} has no opinion")
    verdict = clear(
        report_message(task, stored.resource, errand.envelope),
        grants=grants,
        purpose=Purpose.RETURN_REPORT,
        recipient=errand.partner.recipient,
        moment=errand.at,
        time_zone=errand.organisation.zone,
    )
    if isinstance(verdict, Refusal):
        status = status_message(task, errand.envelope)
        kind, detail = "report-withheld", {"code": verdict.code}
        try:
            errand.deliver(clear_administrative(status, recipient=errand.partner.recipient, moment=errand.at))
        except PeerRejected as refused:
            if not any(problem.code == "duplicate" for problem in refused.problems):
                raise
            # an earlier attempt arrived while consent still held, and only its answer was lost
            kind, detail = "report-sent", {"to": errand.partner.id}
    else:
        errand.deliver(verdict)
        kind, detail = "report-sent", {"to": errand.partner.id}
    at = node.clock.now()
    with node.store.transaction() as unit:
        if kind == "report-sent":
            now = errand.reload(unit)
            unit.cases.save(replace(now, detail={**now.detail, "returned": True}), expected_version=now.version)
        unit.events.append(case.org, case.id, kind, "gate" if kind == "report-withheld" else "node", at, detail)
        unit.work.finish(errand.item.id, at)
