"""Is the process alive, is it ready, and what time does it think it is."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel
from starlette.concurrency import run_in_threadpool

from adapter import __version__
from adapter.api.bodies import small_body
from adapter.api.scope import Service, refuse_browsers
from adapter.base.errors import Invalid, NotFound
from adapter.store.work import WorkState

router = APIRouter()


class Moment(BaseModel):
    """Where to move the development clock."""

    now: AwareDatetime


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Answer while the process runs."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Answer 200 when the store answers, with what the node is; 503 otherwise."""
    service: Service = request.app.state.service
    try:
        waiting, dead = await run_in_threadpool(_work, service)
    except Exception:  # noqa: BLE001 - whatever is wrong with the store, the node is not ready
        return JSONResponse({"status": "the store does not answer"}, 503)
    body: dict[str, Any] = {
        "status": "ready",
        "version": __version__,
        "organisations": sorted(service.node.organisations),
        "now": service.node.clock.now().isoformat(),
        "developmentClock": service.development_clock is not None,
        "workWaiting": waiting,
        "workFailed": dead,
    }
    return JSONResponse(body)


@router.post("/development/clock", include_in_schema=False)
async def move_clock(request: Request) -> dict[str, str]:
    """Move the clock of a development node forward; a real node has no such address."""
    service: Service = request.app.state.service
    clock = service.development_clock
    if clock is None:
        raise NotFound("there is nothing here under this address")
    refuse_browsers(request)
    moment = await small_body(request, Moment)
    try:
        clock.move_to(moment.now)
    except ValueError as backwards:
        raise Invalid(str(backwards), where="/now") from backwards
    service.node.wake()
    return {"now": clock.now().isoformat()}


def _work(service: Service) -> tuple[int, int]:
    with service.node.store.read() as unit:
        return unit.work.count(WorkState.PENDING), unit.work.count(WorkState.DEAD)
