"""One step of a case: the lifecycle is asked, and case, Task and event change together or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapter.domain.case import Case, Role
from adapter.domain.lifecycle import CaseEvent, step
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.task_update import task_update
from adapter.store.unit import Unit
from adapter.workflow.outgoing.v2_told import tell_own_system


def advance(
    unit: Unit,
    case: Case,
    event: CaseEvent,
    *,
    by: Role,
    actor: str,
    at: datetime,
    reason: str | None = None,
    outputs: Sequence[Resource] = (),
    filler_number: str | None = None,
    detail: Mapping[str, Any] | None = None,
    keep: Mapping[str, Any] | None = None,
) -> Case:
    """Let `event` happen to the case, within the unit's transaction, and return the case as it then stands.

    Args:
        unit: the open transaction.
        case: the case as loaded in it.
        event: what happens.
        by: whose act it is.
        actor: who did it, as events name callers.
        at: when, aware.
        reason: a code of so-status-reason.
        outputs: further Task.output elements.
        filler_number: the consulting side's own number.
        detail: what the event should remember; no patient data beyond ids.
        keep: members to merge into the case's own detail.

    Raises:
        IllegalTransition: the lifecycle has no such step for this side.
        StaleVersion: somebody else changed the case meanwhile.
    """
    to = step(case.status, event, by)
    business_status = to.business_status or case.business_status
    task = task_update(
        current_task(unit, case),
        status=to.to.value,
        business_status=business_status,
        reason=reason,
        reason_text=None,
        at=at,
        outputs=outputs,
        filler_number=filler_number,
    )
    unit.resources.put(case.org, case.id, task, at)
    changed = replace(
        case,
        status=to.to,
        business_status=business_status,
        reason=reason if reason is not None else case.reason,
        changed_at=at,
        closed_at=at if to.ends else case.closed_at,
        detail={**case.detail, **(keep or {})},
    )
    changed = replace(changed, version=unit.cases.save(changed, expected_version=case.version))
    remembered = {"status": to.to.value, "businessStatus": business_status, **(detail or {})}
    if reason is not None:
        remembered["reason"] = reason
    unit.events.append(case.org, case.id, event.value, actor, at, remembered)
    tell_own_system(unit, changed, event, task, at)
    return changed


def mark(unit: Unit, case: Case, business_status: str, *, at: datetime) -> Case:
    """Give the case another finer state without a step of its life, on the Task as well; return the case.

    Raises:
        StaleVersion: somebody else changed the case meanwhile.
    """
    task = task_update(
        current_task(unit, case),
        status=case.status.value,
        business_status=business_status,
        reason=None,
        reason_text=None,
        at=at,
    )
    unit.resources.put(case.org, case.id, task, at)
    marked = replace(case, business_status=business_status, changed_at=at)
    return replace(marked, version=unit.cases.save(marked, expected_version=case.version))


def current_task(unit: Unit, case: Case) -> Resource:
    """Return the newest version of the case's Task."""
    stored = unit.resources.get(case.org, "Task", case.id)
    if stored is None:
        raise LookupError(f"case {case.id} has no Task")
    return stored.resource
