"""What came in and what could not go out, for the organisation's own operator. See docs/reference/http.md."""

from typing import Any

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from adapter.api.scope import Scope, Scoped
from adapter.base.errors import NotFound

router = APIRouter()


@router.get("/messages")
async def list_messages(scope: Scoped, case: str | None = None) -> list[dict[str, Any]]:
    """List what came in, the oldest first; of one case (its Task id), or the newest hundred of all."""
    return await run_in_threadpool(_list, scope, case)


@router.get("/messages/{sha256}")
async def original(sha256: str, scope: Scoped) -> Response:
    """Return the original bytes of a message as they came, whether it was accepted or refused."""
    return await run_in_threadpool(_original, scope, sha256)


@router.get("/work/failed")
async def failed(scope: Scoped) -> list[dict[str, Any]]:
    """List the work that failed for good and waits for a person."""
    return await run_in_threadpool(_failed, scope)


@router.post("/work/{id}/replay")
async def replay(id: str, scope: Scoped) -> dict[str, str]:  # noqa: A002 - the path's own word
    """Let a failed piece of work be tried again."""
    scope.caller.require("cases")
    await run_in_threadpool(_revive, scope, id)
    scope.node.wake()
    return {"id": id, "state": "pending"}


@router.get("/quarantine")
async def refused(scope: Scoped) -> list[dict[str, Any]]:
    """List what was refused, newest first, with the reason."""
    return await run_in_threadpool(_refused, scope)


def _list(scope: Scope, case: str | None) -> list[dict[str, Any]]:
    scope.caller.require("read")
    with scope.node.store.read() as unit:
        entries = unit.inbox.list(scope.org, case_id=case)
    return [
        {
            "sender": one.sender,
            "id": one.message_id,
            "sha256": one.blob_sha256,
            "mediaType": one.media_type,
            "status": one.status,
            "at": one.at.isoformat(),
            "case": one.case_id,
        }
        for one in entries
    ]


def _original(scope: Scope, sha256: str) -> Response:
    scope.caller.require("read")
    with scope.node.store.read() as unit:
        entry = unit.inbox.with_bytes(scope.org, sha256) or unit.quarantine.with_bytes(scope.org, sha256)
    if entry is None:
        raise NotFound("there is nothing here under this address")
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Disposition": "attachment"}
    body = scope.node.store.original(scope.org, sha256)
    return Response(body, media_type=entry.media_type.split(";")[0], headers=headers)


def _failed(scope: Scope) -> list[dict[str, Any]]:
    scope.caller.require("read")
    with scope.node.store.read() as unit:
        items = unit.work.dead(scope.org)
    return [
        {"id": one.id, "case": one.case_id, "kind": one.kind, "error": one.last_error, "attempts": one.attempts}
        for one in items
    ]


def _revive(scope: Scope, id_: str) -> None:
    with scope.node.store.transaction() as unit:
        unit.work.revive(scope.org, id_, scope.node.clock.now())


def _refused(scope: Scope) -> list[dict[str, Any]]:
    scope.caller.require("read")
    with scope.node.store.read() as unit:
        entries = unit.quarantine.list(scope.org)
    return [
        {"sender": one.sender, "at": one.at.isoformat(), "sha256": one.blob_sha256, "reason": one.reason}
        for one in entries
    ]
