"""The HTTP application: every route under `/orgs/{org}`, and at the root where the node has one organisation."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from adapter import __version__
from adapter.api import cases, fhir, health, intake, messages, validation
from adapter.api.metrics import Metrics, MetricsMiddleware
from adapter.api.problems import add_error_handlers
from adapter.api.scope import Service


def new_application(
    service: Service, metrics: Metrics, *, start: Callable[[], None], stop: Callable[[], None]
) -> FastAPI:
    """Return the application; `start` and `stop` run with it (the workers)."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        start()
        yield
        stop()

    app = FastAPI(
        title="Second-opinion adapter",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.service = service
    app.add_middleware(MetricsMiddleware, metrics=metrics)
    add_error_handlers(app)
    app.include_router(health.router)
    of_organisation = APIRouter()
    for part in (intake, cases, messages, validation, fhir):
        of_organisation.include_router(part.router)
    app.include_router(of_organisation, prefix="/orgs/{org}")
    if len(service.node.organisations) == 1:
        app.include_router(of_organisation, include_in_schema=False)
    return app
