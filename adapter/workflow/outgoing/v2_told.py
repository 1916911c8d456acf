"""Writes down that the hospital's own system, which asked by HL7 v2, is to be told what became of its referral."""

from datetime import datetime
from typing import Final

from adapter.domain.case import Case
from adapter.domain.lifecycle import CaseEvent
from adapter.fhir.resource import Resource
from adapter.fhir.systems import ORDER_ID
from adapter.store.unit import Unit
from adapter.workflow.work import WorkKind

_NOT_TOLD: Final = frozenset({CaseEvent.SENT, CaseEvent.RECORDS_RECEIVED})
"""What the system did itself, or nobody there waits for."""


def tell_own_system(unit: Unit, case: Case, event: CaseEvent, task: Resource, at: datetime) -> None:
    """Add the work of telling it, in the order of the events; nothing for a case that came in another way.

    The state travels as it is now, whatever happens until it goes out: a second attempt must have the same bytes.
    """
    door = case.detail.get("door")
    if door is None or event in _NOT_TOLD:
        return
    numbers = (one["value"] for one in task.get("identifier", ()) if one.get("system") == ORDER_ID)
    told = {
        "door": door,
        "status": case.status.value,
        "business_status": case.business_status,
        "reason": case.reason,
        "number": next(numbers, None),
    }
    lane = f"hl7v2/{door}/{case.id}"  # one case does not wait for another
    unit.work.add(case.org, case.id, WorkKind.TELL_STATUS_BY_V2, told, at, lane=lane)
    if event is CaseEvent.REPORTED and "opinion" in case.detail:
        report = {"door": door, "opinion": case.detail["opinion"]}
        unit.work.add(case.org, case.id, WorkKind.TELL_REPORT_BY_V2, report, at, lane=lane)
