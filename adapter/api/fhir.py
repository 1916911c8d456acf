"""The FHIR interface of one organisation: metadata, messages, and reads of what the node holds.

https://hl7.org/fhir/R4/http.html
"""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from adapter.api.bodies import limited_body
from adapter.api.capability import capability_statement
from adapter.api.representation import JSON_TYPE, moment, respond, respond_history, respond_stored, versioned, wanted
from adapter.api.scope import Scope, Scoped
from adapter.api.stored import known, readable
from adapter.fhir.resource import Resource
from adapter.store.resources import StoredResource
from adapter.workflow.messages import process_message

router = APIRouter(prefix="/fhir")


@router.get("/metadata")
async def metadata(request: Request) -> Response:
    """Tell what this server can do; it needs no token and tells nothing of any organisation."""
    service = request.app.state.service
    roles = {one.role for one in service.node.organisations.values()}
    return respond(capability_statement(service.node.clock.now(), roles), request)


@router.post("/$process-message")
async def take_message(request: Request, scope: Scoped) -> Response:
    """Take a message Bundle of a partner and answer with one."""
    scope.caller.require("exchange")
    wanted(request)
    body = await limited_body(request, scope.service.max_body_bytes)
    media_type = request.headers.get("content-type", JSON_TYPE)
    answer = await run_in_threadpool(process_message, scope.node, scope.org, scope.caller, body, media_type)
    return respond(answer.body, request, status=answer.status)


@router.get("/{kind}/{id}")
async def read(kind: str, id: str, request: Request, scope: Scoped) -> Response:  # noqa: A002 - the path's own word
    """Return the newest version of a resource."""
    stored = await run_in_threadpool(readable, scope, kind, id)
    return respond_stored(stored, request)


@router.get("/{kind}/{id}/_history/{version}")
async def vread(kind: str, id: str, version: str, request: Request, scope: Scoped) -> Response:  # noqa: A002
    """Return one version of a resource."""
    number = int(version) if version.isdecimal() and len(version) < 10 else 0  # noqa: PLR2004 - fits any integer column
    stored = await run_in_threadpool(readable, scope, kind, id, number)
    return respond_stored(stored, request)


@router.get("/{kind}/{id}/_history")
async def history(kind: str, id: str, request: Request, scope: Scoped) -> Response:  # noqa: A002
    """Return all versions of a resource, newest first, as a history Bundle."""
    await run_in_threadpool(known, scope, kind, id)
    versions = await run_in_threadpool(_versions, scope, kind, id)
    base = scope.node.organisation(scope.org).base_url
    entries = [_entry(one, base) for one in sorted(versions, key=lambda one: one.version, reverse=True)]
    bundle: Resource = {"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries}
    return respond_history(bundle, request)


def _entry(one: StoredResource, base: str) -> Resource:
    """Return one version as an entry of a history; a deletion has no resource."""
    place = f"{one.type}/{one.id}"
    if one.deleted:
        told = {"status": "204", "etag": f'W/"{one.version}"', "lastModified": moment(one)}
        return {"fullUrl": f"{base}/{place}", "request": {"method": "DELETE", "url": place}, "response": told}
    return {
        "fullUrl": f"{base}/{place}",
        "resource": versioned(one),
        "request": {"method": "PUT", "url": place},
        "response": {"status": "201" if one.version == 1 else "200", "etag": f'W/"{one.version}"'},
    }


def _versions(scope: Scope, kind: str, id_: str) -> list[StoredResource]:
    with scope.node.store.read() as unit:
        return list(unit.resources.history(scope.org, kind, id_))
