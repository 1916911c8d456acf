"""Writes down that the other side is to be told where the case stands."""

from datetime import datetime

from adapter.domain.case import Case
from adapter.store.unit import Unit
from adapter.workflow.work import WorkKind


def tell_status(
    unit: Unit, case: Case, at: datetime, kind: WorkKind = WorkKind.SEND_STATUS, *, reason: str | None = None
) -> None:
    """Add the work of telling the partner something about the Task.

    The Task travels as it is now, whatever happens until it goes out: a second attempt must have the same bytes.
    `reason` is a code of so-status-reason, for a cancellation.
    """
    stored = unit.resources.get(case.org, "Task", case.id)
    version = stored.version if stored is not None else None
    stated = {} if reason is None else {"reason": reason}
    unit.work.add(case.org, case.id, kind, {"task_version": version, **stated}, at)
