"""AuditEvent: one line of a case's story as an audit record; who did what to which case, nothing of what was in it.

https://hl7.org/fhir/R4/auditevent.html; roles as IHE BALP has them: https://profiles.ihe.net/ITI/BALP/
"""

from collections.abc import Mapping
from typing import Any, Final

from adapter.base.ids import opaque_id
from adapter.fhir.coding import coding
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import CASE_EVENT, DICOM
from adapter.mapping.to_fhir.resource_text import narrated

_REFUSALS: Final = {"report-withheld", "report-kept-from-system", "waiting-for-consent", "no-records-sent"}
_EXPORTS: Final = {"records-received", "report-sent", "status-sent", "closed-sent", "cancel-sent", "received"}


def audit_event(line: Mapping[str, Any], task_id: str) -> Resource:
    """Return the audit record of one line of the story.

    Args:
        line: "at" (instant), "organisation", "who" and "kind", as the timeline has them.
        task_id: of the case.
    """
    kind, organisation = str(line["kind"]), str(line["organisation"])
    type_ = ("110106", "Export") if kind in _EXPORTS else ("110113", "Security Alert")
    if kind not in _EXPORTS and kind not in _REFUSALS:
        type_ = ("110100", "Application Activity")
    event: Resource = {
        "resourceType": "AuditEvent",
        "id": opaque_id("audit", organisation, task_id, kind, str(line["at"])),
        "type": coding(DICOM, *type_),
        "subtype": [coding(CASE_EVENT, kind)],
        "action": "E",
        "recorded": line["at"],
        "outcome": "4" if kind in _REFUSALS or kind == "work-failed" else "0",
        "agent": [{"who": {"display": str(line["who"])}, "requestor": ":" in str(line["who"])}],
        "source": {"observer": {"display": organisation}},
        "entity": [{"what": {"reference": f"Task/{task_id}"}}],
    }
    return narrated(checked(event), None)
