"""What people decide about a case: accept, reject, cancel, and how it ended.

Each is a command of the organisation's own staff, checked against the lifecycle, stored in one transaction, and told
to the other side.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapter.base.errors import IllegalTransition, Invalid, NotFound
from adapter.domain.case import Case, Role, TaskStatus
from adapter.domain.lifecycle import CaseEvent, step
from adapter.mapping.to_fhir.patient_copy import handed_over
from adapter.store.unit import Unit
from adapter.store.work import WorkState
from adapter.workflow.advance import advance
from adapter.workflow.caller import Caller
from adapter.workflow.node import Node
from adapter.workflow.outgoing.tell import tell_status
from adapter.workflow.work import WorkKind

REJECTION_REASONS = (
    "conflict-of-interest",
    "wrong-specialty",
    "no-capacity",
    "out-of-scope",
    "already-first-opinion-provider",
    "other",
)
FAILURE_REASONS = ("records-insufficient", "patient-deceased", "patient-did-not-come", "stopped-on-request")
CANCELLATION_REASONS = ("patient-withdrew", "consent-revoked", "not-needed", "other")


class Verb(StrEnum):
    """What can be decided."""

    ACCEPT = "accept"
    REJECT = "reject"
    APPOINTMENT = "appointment"
    MISSED = "missed"
    FAIL = "fail"
    CANCEL = "cancel"
    DISCUSSED = "discussed"
    TAKEN_OVER = "taken-over"


EFFECTS = {
    Verb.ACCEPT: (CaseEvent.ACCEPTED, WorkKind.SEND_STATUS),
    Verb.REJECT: (CaseEvent.REJECTED, WorkKind.SEND_STATUS),
    Verb.APPOINTMENT: (CaseEvent.APPOINTMENT, WorkKind.SEND_STATUS),
    Verb.MISSED: (CaseEvent.MISSED, WorkKind.SEND_STATUS),
    Verb.FAIL: (CaseEvent.FAILED, WorkKind.SEND_STATUS),
    Verb.CANCEL: (CaseEvent.CANCELLED, WorkKind.SEND_CANCEL),
}
"""What a decision does and how the other side learns of it; the two endings depend on the case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A decision about a case.

    Attributes:
        reason: a code; needed for reject, fail and cancel.
        number: the consulting side's own number for the case; with accept, None = none.
    """

    verb: Verb
    reason: str | None = None
    number: str | None = None


def decide_case(node: Node, org: str, caller: Caller, name: str, decision: Decision) -> Case:
    """Apply a decision to the case called `name` (Task id or case number) and return the case as it then stands.

    The same ending once more changes nothing and is told to nobody.

    Raises:
        NotFound: there is no such case of this organisation.
        Invalid: a reason is missing or unknown.
        IllegalTransition: it is not possible now, or not this side's to decide.
    """
    role = node.organisation(org).role
    with node.store.transaction() as unit:
        changed = decide_within(
            unit, find_case(unit, org, name), decision, by=role, actor=caller.actor, at=node.clock.now()
        )
    node.wake()
    return changed


def decide_within(unit: Unit, case: Case, decision: Decision, *, by: Role, actor: str, at: datetime) -> Case:
    """Apply a decision inside a transaction; see `decide_case`.

    Args:
        unit: the transaction.
        case: as it stands.
        decision: what was decided.
        by: on which side.
        actor: who did, as events name it.
        at: now.
    """
    _check(decision)
    event, kind = _event(unit, case, decision)
    if case.closed_at is not None and _ended_so(case, event, by):
        return case
    if event is CaseEvent.CANCELLED and case.status is TaskStatus.IN_PROGRESS:
        event = CaseEvent.ABORT_REQUESTED
    changed = advance(
        unit, case, event, by=by, actor=actor, at=at, reason=decision.reason, filler_number=decision.number
    )
    if kind is not WorkKind.SEND_CANCEL:
        tell_status(unit, changed, at, kind)
    elif _reached_partner(case):  # else nobody knows of it yet, and `send_request` sees that it is cancelled
        tell_status(unit, changed, at, kind, reason=decision.reason)
    if event in (CaseEvent.HANDED_OVER, CaseEvent.TAKEN_OVER):
        _confirm_patient_copy(unit, changed, at)
    if event is CaseEvent.TAKEN_OVER:
        unit.events.append(case.org, case.id, "coverage-check-offered", "node", at, {})
    return changed


def find_case(unit: Unit, org: str, name: str) -> Case:
    """Return the case with this Task id or case number.

    Raises:
        NotFound: there is none of this organisation.
    """
    found = unit.cases.get(org, name) or unit.cases.by_number(org, name)
    if found is None:
        raise NotFound("there is no such case")
    return found


def _ended_so(case: Case, event: CaseEvent, side: Role) -> bool:
    return step(case.status, event, side).business_status == case.business_status


def _reached_partner(case: Case) -> bool:
    return case.status is not TaskStatus.REQUESTED


def _confirm_patient_copy(unit: Unit, case: Case, at: datetime) -> None:
    """Let the Communication to the patient say that the copy was received."""
    for stored in unit.resources.of_case(case.org, case.id):
        if stored.type == "Communication" and stored.resource["status"] != "completed":
            unit.resources.put(case.org, case.id, handed_over(stored.resource, at=at), at)


def _check(decision: Decision) -> None:
    reasons = {
        Verb.REJECT: REJECTION_REASONS,
        Verb.FAIL: FAILURE_REASONS,
        Verb.CANCEL: CANCELLATION_REASONS,
    }
    allowed = reasons.get(decision.verb)
    if allowed is None and decision.reason is not None:
        raise Invalid(f"{decision.verb.value} takes no reason", where="/reason")
    if allowed is not None and decision.reason not in allowed:
        raise Invalid(f"{decision.verb.value} needs a reason: one of {', '.join(allowed)}", where="/reason")
    if decision.number is not None and decision.verb is not Verb.ACCEPT:
        raise Invalid("a number of your own goes with accept", where="/number")


def _event(unit: Unit, case: Case, decision: Decision) -> tuple[CaseEvent, WorkKind]:
    if decision.verb is Verb.DISCUSSED:
        return _discussed(unit, case), WorkKind.SEND_CLOSED
    if decision.verb is Verb.TAKEN_OVER:
        return _taken_over(case), WorkKind.SEND_CLOSED
    return EFFECTS[decision.verb]


def _discussed(unit: Unit, case: Case) -> CaseEvent:
    """Who may say so: the treating side where it has the report, else the consulting side."""
    if case.role is Role.TREATING:
        if "opinion" not in case.detail:
            text = "the report did not come here; the consulting side confirms that the patient has it"
            raise IllegalTransition(text, where="Task.status")
        return CaseEvent.DISCUSSED
    if case.detail.get("returned"):
        raise IllegalTransition(
            "the report went back; the treating side records that it was discussed", where="Task.status"
        )
    lane = unit.work.of_lane(case.org, case.id)
    if any(one.kind == WorkKind.SEND_REPORT and one.state is WorkState.PENDING for one in lane):
        text = "the report is on its way back; once it is there, the treating side records that it was discussed"
        raise IllegalTransition(text, where="Task.status")
    return CaseEvent.HANDED_OVER


def _taken_over(case: Case) -> CaseEvent:
    if case.detail.get("afterwards") != "transfer":
        text = "neither the request nor the report says that care is taken over (afterwards = transfer)"
        raise IllegalTransition(text, where="Task.status")
    return CaseEvent.TAKEN_OVER
