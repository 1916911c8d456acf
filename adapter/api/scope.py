"""What every route needs: the node, the organisation in the address, and the caller for it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from adapter.api.gatekeeper import Gatekeeper
from adapter.base.clock import DevelopmentClock
from adapter.base.errors import NotFound
from adapter.workflow.caller import Caller
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
    if org not in service.node.organisations:
        raise NotFound("there is nothing here under this address")
    return Scope(service=service, org=org, caller=caller)


Scoped = Annotated[Scope, Depends(scope_of)]
"""A route parameter that makes the route authenticated."""
