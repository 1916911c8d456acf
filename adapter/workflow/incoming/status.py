"""status and I15: the consulting side says where the case stands, or either side asks."""

from adapter.base.errors import Invalid
from adapter.domain.case import TaskStatus
from adapter.domain.lifecycle import CaseEvent
from adapter.mapping.from_fhir.task import read_task_state
from adapter.store.unit import Unit
from adapter.workflow.advance import advance
from adapter.workflow.incoming.scene import Scene
from adapter.workflow.outgoing.tell import tell_status
from adapter.workflow.work import WorkKind

BY_BUSINESS_STATUS = {
    "awaiting-information": CaseEvent.INFORMATION_REQUESTED,
    "appointment-booked": CaseEvent.APPOINTMENT,
    "appointment-no-show": CaseEvent.MISSED,
}
BY_STATUS = {
    TaskStatus.RECEIVED: CaseEvent.RECEIVED,
    TaskStatus.ACCEPTED: CaseEvent.ACCEPTED,
    TaskStatus.REJECTED: CaseEvent.REJECTED,
    TaskStatus.IN_PROGRESS: CaseEvent.STARTED,
    TaskStatus.FAILED: CaseEvent.FAILED,
    TaskStatus.COMPLETED: CaseEvent.REPORTED,
}


def take_status(unit: Unit, scene: Scene) -> str:
    """Apply what the owner says; the same state again changes nothing.

    Raises:
        IllegalTransition: it comes too early or too late, or is not the sender's to say.
    """
    case = scene.case(unit)
    state = read_task_state(scene.message.task)
    event = BY_BUSINESS_STATUS.get(state.business_status or "") or BY_STATUS.get(TaskStatus(state.status))
    if event is None:
        raise Invalid(f"a partner cannot report the status {state.status}", where="Task.status")
    if (case.status.value, case.business_status) == (state.status, state.business_status):
        return case.id
    changed = advance(
        unit,
        case,
        event,
        by=scene.side,
        actor=scene.actor,
        at=scene.at,
        reason=state.reason,
        filler_number=state.filler_number,
        detail={"message": scene.message.id},
    )
    if event is CaseEvent.ACCEPTED and not scene.partner.records_with_request and case.detail.get("contents"):
        tell_status(unit, changed, scene.at, WorkKind.SEND_RECORDS)
    return changed.id


def take_query(unit: Unit, scene: Scene) -> str:
    """Change nothing; the answer tells that the case is known."""
    return scene.case(unit).id
