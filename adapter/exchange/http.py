"""One way to make an HTTP call to a peer, and one table from what came back to our errors.

No redirects are followed and no proxy or credential of the environment is used: a token goes to the configured
address and nowhere else. An answer may take only so long and be only so long, however it comes.
https://hl7.org/fhir/R4/http.html
"""

import time
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx
from httpx import codes

from adapter.base.errors import (
    AdapterError,
    PeerError,
    PeerRejected,
    PeerThrottled,
    PeerTimeout,
    PeerUnavailable,
    Problem,
)
from adapter.fhir.codec import parse_json
from adapter.fhir.outcomes import problems_from
from adapter.fhir.resource import Resource

FHIR_JSON = "application/fhir+json"
MAX_ANSWER_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 10 * 24 * 3600.0
"""Nobody is waited for longer, whatever its Retry-After says."""

_OF_THE_TRANSFER = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def new_client() -> httpx.Client:
    """Return a client for peers; it is safe to share between threads."""
    return httpx.Client(
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(30.0, connect=5.0),
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=16),
    )


def exchange(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    token: str | None,
    body: bytes | None = None,
    media_type: str = FHIR_JSON,
    timeout_seconds: float = 30.0,
) -> httpx.Response:
    """Make one call and return an answer of the 2xx kind, read to its end within `timeout_seconds`.

    Raises:
        PeerUnavailable: no connection, or 5xx.
        PeerTimeout: no answer in time; the peer may have acted.
        PeerThrottled: 429, or 503 with Retry-After.
        PeerRejected: any other answer; with the peer's own problems, sanitised. Also an answer without end, and an
            address that cannot be called.
    """
    headers = {"Accept": FHIR_JSON, "Accept-Encoding": "identity"}
    if body is not None:
        headers["Content-Type"] = media_type
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    timeout = httpx.Timeout(timeout_seconds, connect=min(5.0, timeout_seconds))
    deadline = time.monotonic() + timeout_seconds
    try:
        with client.stream(method, url, content=body, headers=headers, timeout=timeout) as arriving:
            response = _whole(arriving, deadline)
    except httpx.TimeoutException as late:
        raise PeerTimeout("the peer did not answer in time") from late
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as wrong:
        raise PeerRejected("the peer's configured address is no URL") from wrong
    except httpx.HTTPError as broken:
        raise PeerUnavailable(f"the peer cannot be reached ({type(broken).__name__})") from broken
    if response.is_success:
        return response
    raise failure(response)


def _whole(arriving: httpx.Response, deadline: float) -> httpx.Response:
    """Return the answer with its body; the library's own time limit is for each piece of it, this one for all."""
    body = bytearray()
    for part in arriving.iter_bytes():
        body += part
        if len(body) > MAX_ANSWER_BYTES:
            raise PeerRejected(f"the peer's answer is longer than {MAX_ANSWER_BYTES} bytes")
        if time.monotonic() > deadline:
            raise PeerTimeout("the peer did not end its answer in time")
    headers = [(name, value) for name, value in arriving.headers.multi_items() if name not in _OF_THE_TRANSFER]
    return httpx.Response(arriving.status_code, headers=headers, content=bytes(body), request=arriving.request)


def failure(response: httpx.Response) -> PeerError:
    """Return the error for an answer that is not 2xx, with the peer's problems where it sent an OperationOutcome."""
    status = response.status_code
    problems = _problems(response)
    text = f"the peer answered {status}"
    if status in (codes.REQUEST_TIMEOUT, codes.TOO_EARLY):
        return PeerTimeout(text, problems=problems)
    busy = status == codes.SERVICE_UNAVAILABLE and "retry-after" in response.headers
    if status == codes.TOO_MANY_REQUESTS or busy:
        return PeerThrottled(text, problems=problems, retry_after_seconds=_retry_after(response))
    if response.is_server_error:
        return PeerUnavailable(text, problems=problems)
    return PeerRejected(text, problems=problems)


def resource_in(response: httpx.Response) -> Resource:
    """Return the FHIR resource in an answer.

    Raises:
        PeerUnavailable: a 2xx answer that is not FHIR at all (a login page, a cut-off body).
    """
    try:
        return parse_json(response.content, max_bytes=MAX_ANSWER_BYTES)
    except AdapterError as broken:
        raise PeerUnavailable("the peer answered with something that is not FHIR") from broken


def _problems(response: httpx.Response) -> tuple[Problem, ...]:
    try:
        body = parse_json(response.content, max_bytes=MAX_ANSWER_BYTES)
    except AdapterError:
        return ()
    return problems_from(body) if body.get("resourceType") == "OperationOutcome" else ()


def _retry_after(response: httpx.Response) -> float | None:
    """Return the seconds that the peer asks for; a date counts from the peer's own clock, None = not understood."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return min(float(value), MOST_SECONDS)
    then, now = _moment(value), _moment(response.headers.get("date", ""))
    if then is None or now is None:
        return None
    return min(max((then - now).total_seconds(), 0.0), MOST_SECONDS)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo is not None else None
