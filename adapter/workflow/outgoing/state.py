"""send-status, send-closed, send-cancel: the Task's state alone; nothing clinical, so no consent is needed."""

from adapter.base.errors import PeerRejected
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.messages import cancel_message, closed_message, status_message
from adapter.rules.consent_gate import clear_administrative
from adapter.workflow.outgoing.errand import Errand


def send_status(errand: Errand) -> None:
    """Tell where the case stands."""
    _send(errand, status_message(_task(errand), errand.envelope), "status-sent")


def send_closed(errand: Errand) -> None:
    """Tell that the loop is closed, and how."""
    _send(errand, closed_message(_task(errand), errand.envelope), "closed-sent")


def send_cancel(errand: Errand) -> None:
    """Take the request back, or ask to stop."""
    reason = str(errand.item.detail.get("reason", "not-needed"))
    message = cancel_message(_task(errand), errand.envelope, reason=reason)
    try:
        _send(errand, message, "cancel-sent")
    except PeerRejected as refused:
        if not any(problem.code == "not-found" for problem in refused.problems):
            raise
        _record(errand, "cancel-sent")  # the request never arrived there, so there is nothing to take back


def _task(errand: Errand) -> Resource:
    with errand.node.store.read() as unit:
        return errand.task(unit)


def _send(errand: Errand, message: Resource, event: str) -> None:
    errand.deliver(clear_administrative(message, recipient=errand.partner.recipient, moment=errand.at))
    _record(errand, event)


def _record(errand: Errand, event: str) -> None:
    at = errand.node.clock.now()
    with errand.node.store.transaction() as unit:
        unit.events.append(errand.case.org, errand.case.id, event, "node", at, {"to": errand.partner.id})
        unit.work.finish(errand.item.id, at)
