"""Performs one piece of work: what fails for a while is put off, what fails for good is kept and shown."""

from collections.abc import Callable, Mapping

from adapter.base.errors import AdapterError, SetupError, StaleVersion
from adapter.base.logs import logger, place_of
from adapter.exchange.backoff import next_attempt
from adapter.store.work import WorkItem, WorkState
from adapter.workflow.hl7v2.replying import send_acknowledgement
from adapter.workflow.node import Node
from adapter.workflow.outgoing.case_copy import write_case
from adapter.workflow.outgoing.errand import Errand
from adapter.workflow.outgoing.opinion import send_report
from adapter.workflow.outgoing.records import send_records
from adapter.workflow.outgoing.request import send_request
from adapter.workflow.outgoing.state import send_cancel, send_closed, send_status
from adapter.workflow.outgoing.v2_report import tell_report_by_v2
from adapter.workflow.outgoing.v2_status import tell_status_by_v2
from adapter.workflow.work import WorkKind

DO: Mapping[str, Callable[[Errand], None]] = {
    WorkKind.SEND_REQUEST: send_request,
    WorkKind.SEND_STATUS: send_status,
    WorkKind.SEND_RECORDS: send_records,
    WorkKind.SEND_REPORT: send_report,
    WorkKind.SEND_CLOSED: send_closed,
    WorkKind.SEND_CANCEL: send_cancel,
    WorkKind.WRITE_CASE: write_case,
}

DO_AT_HOME: Mapping[str, Callable[[Node, WorkItem], None]] = {
    WorkKind.SEND_ACKNOWLEDGEMENT: send_acknowledgement,
    WorkKind.TELL_STATUS_BY_V2: tell_status_by_v2,
    WorkKind.TELL_REPORT_BY_V2: tell_report_by_v2,
}
"""What goes to the organisation's own systems: no partner has a part in it, and there may be no case."""


def perform(node: Node, work_id: str) -> None:
    """Do the work with this id, once more if need be; done work is left alone.

    Every kind is idempotent at the receiver (the same message id, the same resource ids), so that a crash between the
    effect and its record leads to a repetition without effect.
    """
    with node.store.read() as unit:
        item = unit.work.get(work_id)
    if item is None or item.state is not WorkState.PENDING:
        return
    log = logger().bind(org=item.org, work=item.id, kind=item.kind, attempt=item.attempts + 1)
    try:
        if (at_home := DO_AT_HOME.get(item.kind)) is not None:
            at_home(node, item)
        else:
            DO[item.kind](_errand(node, item))
    except StaleVersion:
        raise  # somebody else changed the case, or replaced this worker: the engine counts the attempt and comes back
    except AdapterError as failure:
        _put_off_or_bury(node, item, failure)
        log.warning("work-failed", error=type(failure).__name__)
    except Exception as bug:  # noqa: BLE001 - see the next line
        # a bug must not block the other cases, nor may the work be lost: it comes back later and an operator sees it
        _put_off_or_bury(node, item, SetupError(f"unexpected {type(bug).__name__}"), retry=True)
        log.error("work-broken", error=type(bug).__name__, where=place_of(bug))  # noqa: TRY400 - a message may quote data
    else:
        log.info("work-done")
    node.wake()


def _errand(node: Node, item: WorkItem) -> Errand:
    with node.store.read() as unit:
        case = unit.cases.get(item.org, item.case_id)
    partner = node.partner(item.org, case.partner) if case is not None else None
    if case is None or partner is None:
        raise SetupError("the case's partner is no longer configured; add its [[partner]] again and replay")
    organisation = node.organisation(item.org)
    return Errand(node=node, organisation=organisation, partner=partner, case=case, item=item, at=node.clock.now())


def _put_off_or_bury(node: Node, item: WorkItem, failure: AdapterError, *, retry: bool = False) -> None:
    if not (failure.retryable or retry):
        _bury(node, item, failure)
        return
    now = node.clock.now()
    again = next_attempt(
        attempt=item.attempts + 1,
        created_at=item.created_at,
        now=now,
        retry_after_seconds=getattr(failure, "retry_after_seconds", None),
        seed=item.id,
    )
    if again is None:
        _bury(node, item, failure)
        return
    with node.store.transaction() as unit:
        unit.work.postpone(item.id, again, _told(failure))


def _bury(node: Node, item: WorkItem, failure: AdapterError) -> None:
    at = node.clock.now()
    with node.store.transaction() as unit:
        unit.work.bury(item.id, at, _told(failure))
        if item.case_id:
            told = {"kind": item.kind, "error": _told(failure)}
            unit.events.append(item.org, item.case_id, "work-failed", "node", at, told)


def _told(failure: AdapterError) -> str:
    problems = "; ".join(f"{one.where}: {one.text}" if one.where else one.text for one in failure.problems[:5])
    return failure.text if problems == failure.text else f"{failure.text} ({problems})"
