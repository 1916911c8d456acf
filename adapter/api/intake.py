"""`POST intake` in any format, and the upload of records beforehand. See docs/reference/http.md."""

import re
from collections.abc import Iterator

from anyio import from_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from adapter.api.bodies import check_length, limited_body
from adapter.api.representation import respond, wanted
from adapter.api.scope import Scoped
from adapter.base.errors import Invalid, NotFound, TooLarge, Unreadable
from adapter.fhir.outcomes import ok_outcome
from adapter.store.uploads import Uploads
from adapter.workflow.intake import take_in

router = APIRouter()
_SHA256 = re.compile(r"[0-9a-f]{64}")


@router.post("/intake")
async def submit(request: Request, scope: Scoped) -> Response:
    """Take a message of any format; 202 and the address of the case's Task, or every problem."""
    scope.caller.require("intake")
    wanted(request)
    body = await limited_body(request, scope.service.max_body_bytes)
    media_type = request.headers.get("content-type", "application/json")
    answer = await run_in_threadpool(take_in, scope.node, scope.org, scope.caller, body, media_type)
    task = f"{scope.node.organisation(scope.org).base_url}/Task/{answer.task_id}"
    headers = {"Location": task} if answer.task_id is not None else {}  # records alone are no case
    return respond(answer.body, request, status=answer.status, headers=headers)


@router.put("/intake/records/{sha256}")
@router.put("/records/{sha256}", include_in_schema=False)
async def upload(sha256: str, request: Request, scope: Scoped) -> Response:
    """Take a record's bytes, streamed to disk and held against their sha256; 201, or 200 where they are here already.

    An upload that broke off goes on with `Content-Range: bytes FROM-TO/TOTAL`, FROM being the Upload-Offset that HEAD
    tells.
    """
    scope.caller.require("intake")
    wanted(request)
    blobs, limit = scope.node.store.blobs, scope.service.max_record_bytes
    check_length(request, limit)
    _check_name(sha256)
    if await run_in_threadpool(blobs.exists, scope.org, sha256):
        return respond(ok_outcome("these bytes are here already"), request)
    await run_in_threadpool(_receive, Uploads(blobs), scope.org, sha256, request, limit)
    return respond(ok_outcome("stored"), request, status=201)


@router.head("/intake/records/{sha256}")
@router.head("/records/{sha256}", include_in_schema=False)
async def progress(sha256: str, scope: Scoped) -> Response:
    """Say whether a record is here (200), or how much of it (404 with Upload-Offset)."""
    scope.caller.require("intake")
    _check_name(sha256)
    blobs = scope.node.store.blobs
    if await run_in_threadpool(blobs.exists, scope.org, sha256):
        return Response(status_code=200)
    offset = await run_in_threadpool(Uploads(blobs).received, scope.org, sha256)
    return Response(status_code=404, headers={"Upload-Offset": str(offset)})


@router.get("/intake/records/{sha256}")
@router.get("/records/{sha256}", include_in_schema=False)
async def download(sha256: str, scope: Scoped) -> Response:
    """Return a record's bytes to its own organisation."""
    scope.caller.require("read")
    _check_name(sha256)
    path = await run_in_threadpool(scope.node.store.blobs.path, scope.org, sha256)
    if path is None:
        raise NotFound("there is nothing here under this address")
    safe = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Disposition": "attachment"}
    return FileResponse(path, media_type="application/octet-stream", headers=safe)


def _receive(uploads: Uploads, org: str, sha256: str, request: Request, limit: int) -> None:
    """Write the body to disk as it arrives; runs in a worker thread, which asks the event loop for every piece."""
    stream = aiter(request.stream())
    offset = _offset(request)

    async def following() -> bytes | None:
        return await anext(stream, None)

    def pieces() -> Iterator[bytes]:
        length = offset
        while (piece := from_thread.run(following)) is not None:
            length += len(piece)
            if length > limit:
                raise TooLarge(f"a record may have at most {limit} bytes")
            yield piece

    try:
        uploads.append(org, sha256, offset, pieces())
    except ClientDisconnect as gone:
        raise Unreadable("the upload broke off; go on from the Upload-Offset that HEAD tells") from gone
    uploads.complete(org, sha256)


def _check_name(sha256: str) -> None:
    if _SHA256.fullmatch(sha256) is None:
        raise Invalid("a record's address ends in its sha256, 64 lower-case hex digits", where="records/{sha256}")


def _offset(request: Request) -> int:
    match = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(?:\d{1,15}|\*)", request.headers.get("content-range", ""))
    return int(match[1]) if match else 0
