"""closed: the other side says that the loop is closed, and how."""

from adapter.base.errors import Invalid
from adapter.domain.lifecycle import CaseEvent
from adapter.mapping.from_fhir.task import read_task_state
from adapter.store.unit import Unit
from adapter.workflow.advance import advance
from adapter.workflow.incoming.scene import Scene

ENDINGS = {
    "discussed-with-patient": CaseEvent.DISCUSSED,
    "report-delivered-patient": CaseEvent.HANDED_OVER,
    "care-taken-over": CaseEvent.TAKEN_OVER,
}


def take_closed(unit: Unit, scene: Scene) -> str:
    """Close the case.

    Raises:
        Invalid: the message does not say how the case ended.
        IllegalTransition: the case is not complete, or this ending is not the sender's to say.
    """
    case = scene.case(unit)
    state = read_task_state(scene.message.task)
    event = ENDINGS.get(state.business_status or "")
    if event is None:
        raise Invalid(f"a closed case is one of {', '.join(ENDINGS)}", where="Task.businessStatus")
    if case.closed_at is not None and case.business_status == state.business_status:
        return case.id
    detail = {"message": scene.message.id}
    return advance(unit, case, event, by=scene.side, actor=scene.actor, at=scene.at, detail=detail).id
