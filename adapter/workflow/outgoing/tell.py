"""Writes down that the other side is to be told where the case stands."""

from datetime import datetime

from adapter.domain.case import Case
from adapter.store.unit import Unit
from adapter.workflow.work import WorkKind


def tell_status(unit: Unit, case: Case, at: datetime, kind: WorkKind = WorkKind.SEND_STATUS) -> None:
    """Add the work of telling the partner; the Task travels as it is now, whatever happens until it goes out."""
    stored = unit.resources.get(case.org, "Task", case.id)
    version = stored.version if stored is not None else None
    unit.work.add(case.org, case.id, kind, {"task_version": version}, at)
