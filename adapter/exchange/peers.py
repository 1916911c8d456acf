"""Sends what the gate cleared to a partner's `$process-message`, and hands back the partner's answer.

https://hl7.org/fhir/R4/messaging.html
"""

from typing import Protocol

import httpx

from adapter.base.errors import PeerRejected, PeerUnavailable
from adapter.domain.clearance import Cleared
from adapter.exchange.fhir_server import write_case
from adapter.exchange.http import exchange, new_client, resource_in
from adapter.fhir.codec import to_json
from adapter.fhir.outcomes import problems_from
from adapter.fhir.resource import Resource


class Address(Protocol):
    """What is needed of a partner: where it is and what it expects."""

    @property
    def fhir(self) -> str:
        """Its FHIR base URL."""

    @property
    def token(self) -> str | None:
        """The bearer token that it expects; None = none."""

    @property
    def timeout_seconds(self) -> float:
        """How long one exchange may take."""


class HttpPeers:
    """The outside world over HTTP."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        """Use `client`, or one of its own."""
        self._client = client or new_client()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(self, message: Cleared[Resource], partner: Address) -> Resource:
        """Send a message Bundle and return the answering message Bundle, whose response code is "ok".

        Raises:
            PeerError: retryable when the peer could not be reached or says transient-error; PeerRejected when it
                refused, with its own reasons.
            TypeError: the message did not come from the gate.
        """
        if not isinstance(message, Cleared):
            raise TypeError("only what the consent gate cleared is sent")
        response = exchange(
            self._client,
            "POST",
            f"{partner.fhir.rstrip('/')}/$process-message",
            token=partner.token,
            body=to_json(message.item),
            timeout_seconds=partner.timeout_seconds,
        )
        return _checked(resource_in(response), message.item)

    def write(self, transaction: Resource, *, base_url: str, token: str | None) -> None:
        """Write a case to a plain FHIR server; see `fhir_server.write_case`."""
        write_case(self._client, transaction, base_url=base_url, token=token)


def _checked(answer: Resource, sent: Resource) -> Resource:
    """Return the answer if it answers what was sent and says ok."""
    entries = answer.get("entry")
    found = [one.get("resource") for one in entries if type(one) is dict] if type(entries) is list else []
    resources: list[Resource] = [one for one in found if type(one) is dict]
    header = resources[0] if resources else {}
    response = header.get("response") if header.get("resourceType") == "MessageHeader" else None
    if answer.get("type") != "message" or type(response) is not dict:
        raise PeerUnavailable("the peer answered with a resource that is no message response")
    if response.get("identifier") != sent["entry"][0]["resource"]["id"]:
        raise PeerUnavailable("the peer answered another message")
    code = response.get("code")
    if code == "ok":
        return answer
    outcomes = [one for one in resources if one.get("resourceType") == "OperationOutcome"]
    problems = problems_from(outcomes[0]) if outcomes else ()
    if code == "transient-error":
        raise PeerUnavailable("the peer says: try again later", problems=problems)
    raise PeerRejected("the peer refused the message", problems=problems)
