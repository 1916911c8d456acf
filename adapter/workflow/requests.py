"""Steps 1 to 7 on the treating side: a request comes in, is checked, judged and stored in one transaction.

Everything that needs no outside answer happens before the transaction; what has an outside effect is written down as
work and done afterwards (https://hl7.org/fhir/R4/task.html for the state).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from adapter.base.errors import DuplicateDiffers, Invalid, Problem, TooLarge
from adapter.domain.case import Case, Role, TaskStatus
from adapter.domain.clearance import Cleared
from adapter.domain.records import RecordContent
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir.outcomes import outcome_of
from adapter.fhir.own_output import ensure_valid
from adapter.fhir.resource import Resource
from adapter.intake.record_content import resolve_contents
from adapter.store.unit import Unit
from adapter.workflow.advance import mark
from adapter.workflow.arrival import Arrival
from adapter.workflow.assessment import Assessment, assess
from adapter.workflow.caller import Caller
from adapter.workflow.node import Node, OwnOrganisation, Partner
from adapter.workflow.once import Answer, digest, once
from adapter.workflow.work import WorkKind

_PACKAGE_OVERHEAD_BYTES = 256 * 1024
"""What a package has beside the records themselves, generously."""

AWAITING_CONSENT = "awaiting-consent"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Intake:
    """One request on its way in; `answering` says how its system is told what becomes of it."""

    organisation: OwnOrganisation
    partner: Partner
    caller: Caller
    request: SecondOpinionRequest
    contents: Mapping[str, RecordContent]
    arrival: Arrival
    assessment: Assessment
    answering: Mapping[str, str]
    at: datetime


def accept_request(
    node: Node, organisation: OwnOrganisation, caller: Caller, arrival: Arrival, request: SecondOpinionRequest
) -> Answer:
    """Accept a request of our own hospital and return 202 with what was found.

    Raises:
        Invalid: with every problem, in the sender's own terms.
        DuplicateDiffers: an id was used before for something else.
    """
    partner = _partner(node, organisation, request)
    contents = _contents(node, organisation, request)
    at = node.clock.now()
    intake = _Intake(
        organisation=organisation,
        partner=partner,
        caller=caller,
        request=request,
        contents=contents,
        arrival=arrival,
        assessment=assess(node, organisation, request, contents, at),
        answering=_answering(node, organisation, caller, arrival),
        at=at,
    )
    return once(
        node,
        organisation.id,
        arrival.sender,
        request.message_id,
        arrival.body,
        lambda unit: _store(unit, intake),
        arrival.media_type,
    )


def _answering(node: Node, organisation: OwnOrganisation, caller: Caller, arrival: Arrival) -> dict[str, str]:
    """Return how the system that asked by HL7 v2 is told what becomes of it; empty where there is no way to it."""
    door = node.doors.get((organisation.id, caller.id))
    mapped = arrival.taken.mapped
    if door is None or door.reply is None or mapped is None or mapped.table.reader != "er7":
        return {}
    hospital = arrival.taken.hospital
    found = {"door": door.id, "referral": digest(arrival.body)}
    return found if hospital is None else {**found, "hospital": hospital}


def _answered_before(earlier: Case | None) -> dict[str, str]:
    """Return the way to the system that asked first, where a correction came otherwise."""
    before = earlier.detail if earlier is not None else {}
    return {name: before[name] for name in ("door", "referral", "hospital") if name in before}


def stored_contents(case: Case) -> dict[str, RecordContent]:
    """Return what a treating case remembers of its records' bytes, by record id."""
    return {name: RecordContent(**content) for name, content in case.detail.get("contents", {}).items()}


def _partner(node: Node, organisation: OwnOrganisation, request: SecondOpinionRequest) -> Partner:
    problems = []
    treating, consulting = request.treating.organization, request.consulting.organization
    if treating is None or not _same(treating.identifiers, organisation):
        text = f"this request is not of {organisation.name}: send it to the treating organisation's own address"
        problems.append(Problem(text, "/treating/organization/identifiers", "business-rule"))
    tokens = frozenset(f"{one.system}|{one.value}" for one in consulting.identifiers) if consulting else frozenset()
    partner = node.partner_with(organisation.id, tokens, Role.CONSULTING)
    if partner is None:
        text = "no partner with one of these identifiers is configured; add a [[partner]] to the node's settings"
        problems.append(Problem(text, "/consulting/organization/identifiers", "not-found"))
    if problems or partner is None:
        raise Invalid("the request cannot be delivered from here", problems=problems)
    return partner


def _same(identifiers: tuple[Any, ...], organisation: OwnOrganisation) -> bool:
    return any(f"{one.system}|{one.value}" in organisation.tokens for one in identifiers)


def _contents(node: Node, organisation: OwnOrganisation, request: SecondOpinionRequest) -> dict[str, RecordContent]:
    """Check every record's bytes and make sure that they are in the blob store."""

    def uploaded(sha256: str) -> Path | None:
        return node.store.blobs.path(organisation.id, sha256)

    contents = resolve_contents(request, base=None, uploaded=uploaded)
    _refuse_too_much(node, sum(one.content.size_bytes for one in contents.values()))
    found = {}
    for name, resolved in contents.items():
        if isinstance(resolved.source, bytes):
            node.store.blobs.write(organisation.id, resolved.source)
        found[name] = resolved.content
    return found


def _refuse_too_much(node: Node, size_bytes: int) -> None:
    """Refuse at the door what could never be delivered: the package carries its records in base64, in one message."""
    overhead = min(_PACKAGE_OVERHEAD_BYTES, node.max_message_bytes // 4)
    limit = (node.max_message_bytes - overhead) * 3 // 4  # base64
    if size_bytes > limit:
        text = f"the records of a request may have {limit} bytes together; these have {size_bytes}"
        raise TooLarge(text, where="/records")


def _store(unit: Unit, intake: _Intake) -> Answer:
    org, request, at = intake.organisation.id, intake.request, intake.at
    earlier = unit.cases.by_request(org, Role.TREATING, request.id)
    if earlier is None and unit.cases.by_number(org, request.case, role=Role.TREATING) is not None:
        raise DuplicateDiffers("this case number belongs to another request", where="/case")
    if earlier is not None:
        _may_correct(earlier, request, is_change=intake.arrival.taken.is_change)
    released = isinstance(intake.assessment.release.request, Cleared)
    case = Case(
        org=org,
        id=intake.assessment.expressed.task["id"],
        number=request.case,
        request_id=request.id,
        role=Role.TREATING,
        partner=intake.partner.id,
        status=TaskStatus.REQUESTED,
        business_status="new",
        opened_at=earlier.opened_at if earlier else at,
        changed_at=at,
        version=earlier.version if earlier else 0,
        detail={
            **intake.arrival.keep(unit, org, at, intake.contents),
            **(intake.answering or _answered_before(earlier)),
            "message": request.message_id,
            "contents": {
                name: {"sha256": one.sha256, "sha1": one.sha1, "size_bytes": one.size_bytes}
                for name, one in intake.contents.items()
            },
            "withheld": [
                {"record": one.record, "code": one.code, "where": one.where}
                for one in intake.assessment.release.withheld
            ],
            "afterwards": request.afterwards,
        },
    )
    if earlier is None:
        case = replace(case, version=unit.cases.add(case))
    else:
        case = replace(case, version=unit.cases.save(case, expected_version=earlier.version))
    resources = [*intake.assessment.expressed.resources]
    if intake.assessment.answer is not None:
        resources.append(ensure_valid(intake.assessment.answer))
    if earlier is not None:
        _forget_what_is_no_longer_said(unit, case, resources, at)
    unit.resources.put_all(org, case.id, resources, at)
    if not released:
        case = mark(unit, case, AWAITING_CONSENT, at=at)
    _remember(unit, case, intake, corrected=earlier is not None)
    if intake.organisation.fhir_server is not None:
        unit.work.add(org, case.id, WorkKind.WRITE_CASE, {}, at, lane=f"fhir-server/{org}")
    if released:
        unit.work.add(org, case.id, WorkKind.SEND_REQUEST, {}, at)
    return Answer(status=202, body=outcome_of(_findings(intake)), task_id=case.id)


def _may_correct(earlier: Case, request: SecondOpinionRequest, *, is_change: bool) -> None:
    """Refuse what is no correction of the newest message about the case; a change that names none is one of that."""
    if request.replaces is None and not is_change:
        raise DuplicateDiffers(
            "this request id was used before; a correction has a new messageId and `replaces`", where="/id"
        )
    if request.replaces is not None and request.replaces != earlier.detail.get("message"):
        raise DuplicateDiffers("`replaces` does not name the newest message about this request", where="/replaces")
    if earlier.business_status != AWAITING_CONSENT:
        text = "the request has been sent already; cancel the case and send a new request"
        raise DuplicateDiffers(text, where="/replaces")


def _forget_what_is_no_longer_said(unit: Unit, case: Case, resources: list[Resource], at: datetime) -> None:
    """Delete what an earlier message about the request said and the correction does not, such as a permission."""
    said = {(one["resourceType"], one["id"]) for one in resources}
    for stored in unit.resources.of_case(case.org, case.id):
        if (stored.type, stored.id) not in said:
            unit.resources.delete(case.org, stored.type, stored.id, at)


def _remember(unit: Unit, case: Case, intake: _Intake, *, corrected: bool) -> None:
    def remember(kind: str, actor: str, detail: dict[str, Any]) -> None:
        unit.events.append(case.org, case.id, kind, actor, intake.at, detail)

    remember(
        "corrected" if corrected else "requested",
        intake.caller.actor,
        {"message": intake.request.message_id, "by": intake.request.requested_by, "to": intake.partner.id},
    )
    decision = intake.assessment.decision
    if decision is None:
        refusal = intake.assessment.insurer
        remember("coverage-not-asked", "node", {"code": getattr(refusal, "code", None)})
    else:
        remember(
            "coverage-decided",
            "node",
            {
                "outcome": decision.outcome.value,
                "pack": decision.pack,
                "basis": decision.basis,
                "reasons": [{"code": one.code, "rule": one.rule, "text": dict(one.text)} for one in decision.reasons],
                "notices": [{"code": one.code, "rule": one.rule, "text": dict(one.text)} for one in decision.notices],
                "missing": list(decision.missing),
                "pct": None if decision.pct is None else str(decision.pct),
            },
        )
    remember(
        "records-judged",
        "gate",
        {
            "cleared": [one.item.id for one in intake.assessment.release.cleared],
            "withheld": [{"record": one.record, "code": one.code} for one in intake.assessment.release.withheld],
        },
    )
    if not isinstance(intake.assessment.release.request, Cleared):
        remember("waiting-for-consent", "gate", {"code": intake.assessment.release.request.code})


def _findings(intake: _Intake) -> list[Problem]:
    """What the sender should know at once: that it is kept, what is withheld, what waits, what was lost in mapping."""
    findings = [Problem("accepted and stored; follow the Task", None, "informational", "information")]
    if not isinstance(intake.assessment.release.request, Cleared):
        refusal = intake.assessment.release.request
        text = f"nothing leaves yet, the case waits here: {refusal.text}"
        findings.append(Problem(text, refusal.where, "suppressed", "warning"))
    findings += [
        Problem(f"the record {one.record} stays here: {one.text}", one.where, "suppressed", "warning")
        for one in intake.assessment.release.withheld
    ]
    return [*findings, *intake.arrival.losses()]
