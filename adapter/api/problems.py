"""Every error leaves as an OperationOutcome, whoever raised it.

https://hl7.org/fhir/R4/operationoutcome.html
"""

import uuid

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from adapter.api.representation import respond
from adapter.base.errors import AdapterError, InputError, NotAuthenticated, NotFound, PeerError, Problem
from adapter.base.logs import logger, place_of
from adapter.fhir.outcomes import outcome, outcome_of

_HTTP = {404: "not-found", 405: "not-supported", 413: "too-long", 415: "not-supported"}


def add_error_handlers(app: FastAPI) -> None:
    """Let the application answer every exception in FHIR's terms."""
    app.add_exception_handler(AdapterError, _expected)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(Exception, _unexpected)


async def _expected(request: Request, error: Exception) -> Response:
    assert isinstance(error, AdapterError)  # noqa: S101 - registered for this class only
    headers = {}
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, PeerError) and error.retry_after_seconds is not None:
        headers["Retry-After"] = str(int(error.retry_after_seconds))
    logger().info("refused", status=error.status, error=type(error).__name__, method=request.method)
    return respond(outcome(error), request, status=error.status, headers=headers)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    if error.status_code == NotFound.status:
        missing = NotFound("there is nothing here under this address")
        return respond(outcome(missing), request, status=404)
    problem = Problem(str(error.detail), None, _HTTP.get(error.status_code, "processing"))
    return respond(outcome_of([problem]), request, status=error.status_code, headers=error.headers)


async def _parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    problems = [Problem(one["msg"], "/".join(str(part) for part in one["loc"]), "invalid") for one in error.errors()]
    return respond(outcome_of(problems), request, status=InputError.status)


async def _unexpected(request: Request, error: Exception) -> Response:
    correlation = str(uuid.uuid4())
    logger().error("bug", correlation=correlation, error=type(error).__name__, where=place_of(error))
    text = f"an error in the adapter itself; its operator finds it in the log under {correlation}"
    return respond(outcome_of([Problem(text, None, "exception", "fatal")]), request, status=500)
