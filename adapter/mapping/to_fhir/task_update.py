"""Task: its next version, and what of it may travel without anything clinical.

https://hl7.org/fhir/R4/task.html
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from adapter.fhir.coding import codes_of, coding, concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import BUSINESS_STATUS, ORDER_ID, STATUS_REASON, TASK_OUTPUT, V2_IDENTIFIER_TYPE, profile
from adapter.mapping.to_fhir.moments import instant
from adapter.mapping.to_fhir.resource_text import narrated, tongue_of

_PLAIN: Final = ("identifier", "groupIdentifier", "status", "intent", "authoredOn", "lastModified")
_CLAIM: Final = profile("SecondOpinionTask")["profile"][0]
_BARE: Final = ("reference", "type")
_POINTERS: Final = ("focus", "for", "requester", "owner")


def task_update(
    task: Resource,
    *,
    status: str,
    business_status: str | None,
    reason: str | None,
    reason_text: str | None,
    at: datetime,
    outputs: Sequence[Resource] = (),
    filler_number: str | None = None,
) -> Resource:
    """Return the next version of a Task; the given one is not changed.

    Args:
        task: the version so far.
        status: Task.status afterwards.
        business_status: a code of so-business-status; None = none.
        reason: a code of so-status-reason; None = no reason, and an earlier one stays only while the status does.
        reason_text: the reason in the sender's words; None = none.
        at: the moment of the change, aware; never written as earlier than `authoredOn` (inv-1).
        outputs: Task.output elements; they take the place of earlier ones of the same type.
        filler_number: the consulting side's own number; None = unchanged.
    """
    changed = {**task, "status": status}
    if "meta" in changed:
        changed["meta"] = {k: v for k, v in changed["meta"].items() if k not in ("versionId", "lastUpdated")}
        if not changed["meta"]:
            del changed["meta"]
    _set(changed, "businessStatus", None if business_status is None else concept(BUSINESS_STATUS, business_status))
    if reason is not None or reason_text is not None or status != task.get("status"):
        _set(changed, "statusReason", _reason(reason, reason_text))
    changed["lastModified"] = _not_before(instant(at), task.get("authoredOn"))
    if filler_number is not None:
        changed["identifier"] = _with_filler(task.get("identifier", []), filler_number)
    if outputs:
        replaced = {_output_code(output) for output in outputs}
        kept = [output for output in task.get("output", ()) if _output_code(output) not in replaced]
        changed["output"] = [*kept, *outputs]
    return narrated(checked(changed), tongue_of(task))


def status_only(task: Resource) -> Resource:
    """Return the Task as it may travel without clinical content.

    Identifiers, codes, status and moments stay; who and what it is about stay as bare references, an organisation
    with its identifier (that of a person may name the patient); the reason stays as a code. Input, output, notes
    and texts go; the narrative is made anew from what stays.
    """
    bare: Resource = {"resourceType": "Task", "id": task["id"]}
    if _CLAIM in task.get("meta", {}).get("profile", ()):
        bare["meta"] = profile("SecondOpinionTask")
    bare |= {name: task[name] for name in _PLAIN if name in task}
    if "coding" in task.get("code", ()):
        bare["code"] = {"coding": task["code"]["coding"]}
    bare |= {name: pointer for name in _POINTERS if (pointer := _pointer(task.get(name))) is not None}
    if business := codes_of(task.get("businessStatus"), BUSINESS_STATUS):
        bare["businessStatus"] = concept(BUSINESS_STATUS, business[0])
    if reasons := codes_of(task.get("statusReason"), STATUS_REASON):
        bare["statusReason"] = concept(STATUS_REASON, reasons[0])
    return narrated(checked(bare), tongue_of(task))


def _reason(code: str | None, text: str | None) -> Resource | None:
    if code is None and text is None:
        return None
    stated: Resource = {} if code is None else {"coding": [coding(STATUS_REASON, code)]}
    return stated if text is None else {**stated, "text": text}


def _not_before(moment: str, authored: str | None) -> str:
    """Return `moment`, or `authored` where the sender's clock was ahead of ours."""
    if authored is None or len(authored) <= len("2026-01-31"):
        return moment
    return moment if datetime.fromisoformat(moment) >= datetime.fromisoformat(authored) else authored


def _with_filler(identifiers: Sequence[Resource], number: str) -> list[Resource]:
    filler = {"type": concept(V2_IDENTIFIER_TYPE, "FILL"), "system": ORDER_ID, "value": number}
    others = [one for one in identifiers if "FILL" not in codes_of(one.get("type"), V2_IDENTIFIER_TYPE)]
    return [*others, filler]


def _output_code(output: Resource) -> str | None:
    return next(iter(codes_of(output.get("type"), TASK_OUTPUT)), None)


def _pointer(reference: Resource | None) -> Resource | None:
    if reference is None or reference.get("reference", "#").startswith("#"):
        return None
    members = ("reference", "type", "identifier") if reference["reference"].startswith("Organization/") else _BARE
    return {name: reference[name] for name in members if name in reference}


def _set(target: dict[str, Any], name: str, value: Resource | None) -> None:
    if value is None:
        target.pop(name, None)
    else:
        target[name] = value
