"""The cases of one organisation for its own people and systems, as plain JSON. See docs/reference/http.md."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from adapter.api.bodies import body_schema, small_body
from adapter.api.representation import respond, wanted
from adapter.api.scope import Scope, Scoped
from adapter.base.errors import NotFound
from adapter.domain.case import Case
from adapter.fhir.outcomes import ok_outcome, outcome_of
from adapter.fhir.resource import Resource
from adapter.intake.account import Account
from adapter.workflow.arrival import stored_account
from adapter.workflow.decisions import Decision, Verb, decide_case, find_case
from adapter.workflow.timeline import timeline

router = APIRouter(prefix="/cases")


class DecisionBody(BaseModel):
    """The body of a decision: a reason code where one is needed, the consulting side's own number on acceptance."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = None
    number: str | None = Field(default=None, pattern=r"^[^\s\p{C}](?:[^\p{C}]{0,62}[^\s\p{C}])?$")


@router.get("")
async def list_cases(scope: Scoped) -> list[dict[str, Any]]:
    """List the cases, newest first."""
    return await run_in_threadpool(_list, scope)


@router.get("/{name:path}/timeline")  # a case number may have slashes, such as 2026/17
async def show_timeline(name: str, scope: Scoped, lang: str | None = None) -> list[dict[str, Any]]:
    """Tell the story of a case."""
    return await run_in_threadpool(_timeline, scope, name, lang)


@router.get("/{name:path}/account")
async def show_account(name: str, scope: Scoped) -> dict[str, Any]:
    """Tell where every field of the message went that a case was made from."""
    return await run_in_threadpool(_account, scope, name)


@router.get("/{name:path}/losses")
async def show_losses(name: str, request: Request, scope: Scoped) -> Response:
    """Tell what of the message was lost, defaulted, not mapped or cut off, as an OperationOutcome."""
    wanted(request)
    return respond(await run_in_threadpool(_losses, scope, name), request)


@router.get("/{name:path}")
async def show_case(name: str, scope: Scoped) -> dict[str, Any]:
    """Show one case by its Task id or case number."""
    return await run_in_threadpool(_show, scope, name)


@router.post("/{name:path}/{verb}", openapi_extra=body_schema(DecisionBody))
async def decide(name: str, verb: Verb, request: Request, scope: Scoped) -> dict[str, Any]:
    """Decide something about a case: accept, reject, appointment, cancel, discussed, taken-over."""
    scope.caller.require("cases")
    stated = await small_body(request, DecisionBody)
    decision = Decision(verb=verb, reason=stated.reason, number=stated.number)
    return _json(await run_in_threadpool(decide_case, scope.node, scope.org, scope.caller, name, decision))


def _list(scope: Scope) -> list[dict[str, Any]]:
    scope.caller.require("read")
    with scope.node.store.read() as unit:
        return [_json(case) for case in unit.cases.list(scope.org)]


def _show(scope: Scope, name: str) -> dict[str, Any]:
    scope.caller.require("read")
    with scope.node.store.read() as unit:
        case = find_case(unit, scope.org, name)
        resources = [
            f"{one.resource['resourceType']}/{one.resource['id']}" for one in unit.resources.of_case(*_key(case))
        ]
    return {**_json(case), "resources": resources}


def _timeline(scope: Scope, name: str, language: str | None) -> list[dict[str, Any]]:
    scope.caller.require("read")
    wanted = language if language in ("en", "de", "nl") else scope.node.organisation(scope.org).language
    with scope.node.store.read() as unit:
        lines = timeline(unit, find_case(unit, scope.org, name), wanted)
    zone = scope.node.organisation(scope.org).zone
    return [{**asdict(line), "at": line.at.astimezone(zone).isoformat(timespec="milliseconds")} for line in lines]


def _account(scope: Scope, name: str) -> dict[str, Any]:
    return _stored(scope, name).as_json()


def _losses(scope: Scope, name: str) -> Resource:
    losses = _stored(scope, name).losses()
    return outcome_of(losses) if losses else ok_outcome("every field of the message was taken over")


def _stored(scope: Scope, name: str) -> Account:
    scope.caller.require("read")
    with scope.node.store.read() as unit:
        account = stored_account(unit, find_case(unit, scope.org, name))
    if account is None:
        raise NotFound("this case came in canonical form, or from a partner: it has no account of a mapping")
    return account


def _key(case: Case) -> tuple[str, str]:
    return case.org, case.id


def _json(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "request": case.request_id,
        "role": case.role.value,
        "partner": case.partner,
        "status": case.status.value,
        "businessStatus": case.business_status,
        "reason": case.reason,
        "openedAt": case.opened_at.isoformat(),
        "changedAt": case.changed_at.isoformat(),
        "closedAt": case.closed_at.isoformat() if case.closed_at else None,
        "withheld": case.detail.get("withheld", []),
        "records": case.detail.get("records", []),
    }
