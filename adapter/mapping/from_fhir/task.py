"""What a Task says of the state of a case.

https://hl7.org/fhir/R4/task.html
"""

from dataclasses import dataclass

from adapter.base.errors import Invalid, Problem
from adapter.domain.case import TaskStatus
from adapter.fhir.coding import codes_of
from adapter.fhir.resource import Resource
from adapter.fhir.systems import BUSINESS_STATUS, STATUS_REASON, V2_IDENTIFIER_TYPE


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskState:
    """The state as the Task has it; None = not stated.

    Attributes:
        status: a code that a case can have (`adapter.domain.case.TaskStatus`).
        business_status: a code of so-business-status.
        reason: a code of so-status-reason.
        reason_text: the reason in words.
        filler_number: the consulting side's own number.
        changed: Task.lastModified, as written.
    """

    status: str
    business_status: str | None
    reason: str | None
    reason_text: str | None
    filler_number: str | None
    changed: str | None


def read_task_state(task: Resource) -> TaskState:
    """Return the state that a Task states.

    Raises:
        Invalid: the status is missing, or not one that a case can have.
    """
    status = task.get("status")
    if status not in [known.value for known in TaskStatus]:
        possible = ", ".join(known.value for known in TaskStatus)
        problem = Problem(f"the status of a request is one of {possible}", "Task.status", "code-invalid")
        raise Invalid("the Task has no status that a request can have", problems=[problem])
    return TaskState(
        status=str(status),
        business_status=_first(task.get("businessStatus"), BUSINESS_STATUS),
        reason=_first(task.get("statusReason"), STATUS_REASON),
        reason_text=(task.get("statusReason") or {}).get("text"),
        filler_number=_filler(task),
        changed=task.get("lastModified"),
    )


def _first(concept: Resource | None, system: str) -> str | None:
    return next(iter(codes_of(concept, system)), None)


def _filler(task: Resource) -> str | None:
    for identifier in task.get("identifier", ()):
        if "FILL" in codes_of(identifier.get("type"), V2_IDENTIFIER_TYPE):
            return str(identifier["value"]) if "value" in identifier else None
    return None
