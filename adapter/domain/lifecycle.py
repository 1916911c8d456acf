"""The life of a case as one table: where it stands, what happens, who may do it, where it stands then.

The states are those of Task.status without draft, ready and on-hold (HL7 Clinical Order Workflows; also valid for the
Dutch Twiin workflow); the finer state is Task.businessStatus. What the table does not list is not possible.

https://hl7.org/fhir/R4/task.html#statemachine
"""

from dataclasses import dataclass
from enum import StrEnum

from adapter.base.errors import IllegalTransition
from adapter.domain.case import Role, TaskStatus


class CaseEvent(StrEnum):
    """What can happen to a case after it was opened."""

    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INFORMATION_REQUESTED = "information-requested"
    RECORDS_RECEIVED = "records-received"
    STARTED = "started"
    APPOINTMENT = "appointment"
    MISSED = "missed"
    REPORTED = "reported"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABORT_REQUESTED = "abort-requested"
    DISCUSSED = "discussed"
    HANDED_OVER = "handed-over"
    TAKEN_OVER = "taken-over"


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event leads.

    Attributes:
        actor: the side whose act it is.
        to: the Task.status afterwards.
        business_status: the code of so-business-status afterwards, None = unchanged.
        ends: whether nothing more is to come; the case is then closed.
    """

    actor: Role
    to: TaskStatus
    business_status: str | None = None
    ends: bool = False


_T, _C = Role.TREATING, Role.CONSULTING
_REQUESTED, _RECEIVED, _ACCEPTED = TaskStatus.REQUESTED, TaskStatus.RECEIVED, TaskStatus.ACCEPTED
_IN_PROGRESS, _COMPLETED = TaskStatus.IN_PROGRESS, TaskStatus.COMPLETED
_REJECTED, _CANCELLED, _FAILED = TaskStatus.REJECTED, TaskStatus.CANCELLED, TaskStatus.FAILED

TRANSITIONS: dict[tuple[TaskStatus, CaseEvent], Step] = {
    (_REQUESTED, CaseEvent.SENT): Step(_T, _REQUESTED, "sent"),
    (_REQUESTED, CaseEvent.RECEIVED): Step(_C, _RECEIVED, "awaiting-decision"),
    (_REQUESTED, CaseEvent.ACCEPTED): Step(_C, _ACCEPTED, "awaiting-records"),
    (_REQUESTED, CaseEvent.REJECTED): Step(_C, _REJECTED, "rejected", ends=True),
    (_REQUESTED, CaseEvent.CANCELLED): Step(_T, _CANCELLED, "cancelled", ends=True),
    (_RECEIVED, CaseEvent.RECEIVED): Step(_C, _RECEIVED),
    (_RECEIVED, CaseEvent.INFORMATION_REQUESTED): Step(_C, _RECEIVED, "awaiting-information"),
    (_RECEIVED, CaseEvent.RECORDS_RECEIVED): Step(_T, _RECEIVED, "records-complete"),
    (_RECEIVED, CaseEvent.ACCEPTED): Step(_C, _ACCEPTED, "awaiting-records"),
    (_RECEIVED, CaseEvent.REJECTED): Step(_C, _REJECTED, "rejected", ends=True),
    (_RECEIVED, CaseEvent.CANCELLED): Step(_T, _CANCELLED, "cancelled", ends=True),
    (_ACCEPTED, CaseEvent.INFORMATION_REQUESTED): Step(_C, _ACCEPTED, "awaiting-information"),
    (_ACCEPTED, CaseEvent.RECORDS_RECEIVED): Step(_T, _ACCEPTED, "records-complete"),
    (_ACCEPTED, CaseEvent.APPOINTMENT): Step(_C, _ACCEPTED, "appointment-booked"),
    (_ACCEPTED, CaseEvent.MISSED): Step(_C, _ACCEPTED, "appointment-no-show"),
    (_ACCEPTED, CaseEvent.STARTED): Step(_C, _IN_PROGRESS, "under-review"),
    (_ACCEPTED, CaseEvent.CANCELLED): Step(_T, _CANCELLED, "cancelled", ends=True),
    (_IN_PROGRESS, CaseEvent.STARTED): Step(_C, _IN_PROGRESS),
    (_IN_PROGRESS, CaseEvent.INFORMATION_REQUESTED): Step(_C, _IN_PROGRESS, "awaiting-information"),
    (_IN_PROGRESS, CaseEvent.RECORDS_RECEIVED): Step(_T, _IN_PROGRESS, "records-complete"),
    (_IN_PROGRESS, CaseEvent.APPOINTMENT): Step(_C, _IN_PROGRESS, "appointment-booked"),
    (_IN_PROGRESS, CaseEvent.MISSED): Step(_C, _IN_PROGRESS, "appointment-no-show"),
    (_IN_PROGRESS, CaseEvent.ABORT_REQUESTED): Step(_T, _IN_PROGRESS, "cancellation-requested"),
    (_IN_PROGRESS, CaseEvent.REPORTED): Step(_C, _COMPLETED, "report-issued"),
    (_IN_PROGRESS, CaseEvent.FAILED): Step(_C, _FAILED, "failed", ends=True),
    (_COMPLETED, CaseEvent.DISCUSSED): Step(_T, _COMPLETED, "discussed-with-patient", ends=True),
    (_COMPLETED, CaseEvent.HANDED_OVER): Step(_C, _COMPLETED, "report-delivered-patient", ends=True),
    (_COMPLETED, CaseEvent.TAKEN_OVER): Step(_C, _COMPLETED, "care-taken-over", ends=True),
}
"""(Task.status, event) -> step. The tests hold the picture in docs/architecture.md against it."""


def step(status: TaskStatus, event: CaseEvent, actor: Role) -> Step:
    """Return where `event`, done by `actor`, leads from `status`.

    Raises:
        IllegalTransition: the table has no such step, or it is the other side's to make.
    """
    found = TRANSITIONS.get((status, event))
    if found is None:
        possible = sorted({e.value for s, e in TRANSITIONS if s is status})
        hint = f"possible now: {', '.join(possible)}" if possible else "the case has ended"
        text = f"a case that is {status.value} cannot become {event.value}; {hint}"
        raise IllegalTransition(text, where="Task.status")
    if found.actor is not actor:
        raise IllegalTransition(f"{event.value} is for the {found.actor.value} side to say", where="Task.status")
    return found
