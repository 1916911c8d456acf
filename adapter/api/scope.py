"""What every route needs: the node, the organisation in the address, and the caller for it."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Request

from adapter.api.gatekeeper import Gatekeeper
from adapter.base.clock import DevelopmentClock
from adapter.base.errors import NotFound, NotPermitted
from adapter.workflow.caller import Caller, CallerKind
from adapter.workflow.node import Node


@dataclass(frozen=True, kw_only=True)
class Service:
    """The node as the HTTP face sees it.

    Attributes:
        max_body_bytes: the longest body of a request, report or message.
        max_record_bytes: the longest uploaded record.
        development_clock: the clock that may be moved; None on a real node.
    """

    node: Node
    gatekeeper: Gatekeeper
    max_body_bytes: int
    max_record_bytes: int
    development_clock: DevelopmentClock | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """One call: about which organisation, by whom."""

    service: Service
    org: str
    caller: Caller

    @property
    def node(self) -> Node:
        """The node."""
        return self.service.node


def scope_of(request: Request) -> Scope:
    """Resolve organisation and caller; this runs before any body is read.

    Raises:
        NotAuthenticated: no token, or an unknown one.
        NotFound: no such organisation here, or not the caller's.
    """
    service: Service = request.app.state.service
    org = request.path_params.get("org")
    if org is None:
        org = next(iter(service.node.organisations))
    caller = service.gatekeeper.caller(request.headers.get("authorization"), org)
    if caller.kind is CallerKind.LOCAL:
        refuse_browsers(request)
    if org not in service.node.organisations:
        raise NotFound("there is nothing here under this address")
    return Scope(service=service, org=org, caller=caller)


def refuse_browsers(request: Request) -> None:
    """Refuse what a web page in somebody's browser sends to a node that asks no token of local callers.

    A page of another site may post to loopback, and its name may be made to point there; a program sends no Origin and
    names the machine. https://fetch.spec.whatwg.org/#origin-header

    Raises:
        NotPermitted: it came from a page, or under a name that is not this machine's.
    """
    if "origin" in request.headers or not _is_loopback(request.url.hostname or ""):
        raise NotPermitted("without a token only programs on this machine may call, under its loopback address")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


Scoped = Annotated[Scope, Depends(scope_of)]
"""A route parameter that makes the route authenticated."""
