"""The client for operating a running node from the command line: intake, cases, records.

The node's own HTTP interface is described in docs/reference/http.md.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from adapter.base.errors import AdapterError, NotAuthenticated, NotPermitted, PeerUnavailable
from adapter.exchange.http import failure


class NodeApi:
    """A node at `url`, addressed as one organisation of it (None where the node has only one)."""

    def __init__(self, url: str, *, token: str | None, org: str | None = None, timeout_seconds: float = 60.0) -> None:
        """Address the node; `token` is the caller's bearer token, None on a development node."""
        self._base = url.rstrip("/") + (f"/orgs/{quote(org, safe='')}" if org else "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            headers=headers,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(timeout_seconds, connect=5.0),
        )

    def get(self, path: str) -> Any:
        """Return the JSON at `path` under the organisation's base."""
        return self._json(self._call("GET", path))

    def raw(self, path: str) -> bytes:
        """Return the bytes at `path`."""
        return self._call("GET", path).content

    def post(self, path: str, data: Any) -> Any:
        """Post JSON and return the JSON answer."""
        return self._json(self._call("POST", path, json=data))

    def submit(self, body: bytes, media_type: str) -> tuple[Any, str]:
        """Hand a request or report to the intake; return the answer and the Task's location."""
        response = self._call("POST", "/intake", content=body, headers={"Content-Type": media_type})
        return self._json(response), response.headers.get("location", "")

    def upload(self, sha256: str, file: Path) -> None:
        """Upload a record, streamed; does nothing where the node has it already."""
        if self._raw("HEAD", f"/intake/records/{sha256}").status_code == httpx.codes.OK:
            return
        with file.open("rb") as source:
            self._call("PUT", f"/intake/records/{sha256}", content=source)

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        response = self._raw(method, path, **more)
        if not response.is_success:
            raise _refusal(response)
        return response

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError as other:
            raise PeerUnavailable(f"what answers at {self._base} is no node") from other

    def _raw(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self._client.request(method, self._base + path, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            said = f"no node answers at {self._base} ({type(broken).__name__}): is it running, and is --node right?"
            raise PeerUnavailable(said) from broken


def _refusal(response: httpx.Response) -> AdapterError:
    if response.status_code == NotAuthenticated.status:
        return NotAuthenticated("the node wants a token that it knows; set SECOND_OPINION_TOKEN")
    if response.status_code == NotPermitted.status:
        return NotPermitted("this token is not for that; the client's scopes stand in the node's settings")
    return failure(response)
