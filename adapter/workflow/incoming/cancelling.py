"""I14: the treating side takes the request back, or asks to stop once the work has begun."""

from adapter.domain.case import TaskStatus
from adapter.domain.lifecycle import CaseEvent
from adapter.mapping.from_fhir.task import read_task_state
from adapter.store.unit import Unit
from adapter.workflow.advance import advance
from adapter.workflow.incoming.scene import Scene


def take_cancel(unit: Unit, scene: Scene) -> str:
    """Cancel the case, or note the wish to stop where it is in progress; the owner decides then.

    Raises:
        IllegalTransition: the case has ended.
    """
    case = scene.case(unit)
    state = read_task_state(scene.message.task)
    event = CaseEvent.ABORT_REQUESTED if case.status is TaskStatus.IN_PROGRESS else CaseEvent.CANCELLED
    changed = advance(
        unit,
        case,
        event,
        by=scene.side,
        actor=scene.actor,
        at=scene.at,
        reason=state.reason,
        detail={"message": scene.message.id},
    )
    return changed.id
