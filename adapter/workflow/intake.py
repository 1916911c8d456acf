"""The front door for our own systems: a request on the treating side, a report on the consulting side."""

from typing import Final, Literal

from adapter.base.errors import InputError, StateError, UnknownFormat
from adapter.domain.case import Role
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir.models import Misbuilt
from adapter.intake.taking import Taken, take
from adapter.workflow.arrival import Arrival
from adapter.workflow.caller import Caller
from adapter.workflow.node import Node
from adapter.workflow.once import OWN_SYSTEMS, Answer, quarantine
from adapter.workflow.reports import accept_report
from adapter.workflow.requests import accept_request

_EXPECTED: Final[dict[Role, Literal["request", "report"]]] = {Role.CONSULTING: "report"}


def take_in(node: Node, org: str, caller: Caller, body: bytes, media_type: str) -> Answer:
    """Accept a request (treating side) or a report (consulting side) in any format that is read.

    Raises:
        AdapterError: with every problem; nothing was stored but a quarantined copy.
    """
    organisation = node.organisation(org)
    taken: Taken | None = None
    try:
        taken = take(
            body,
            media_type,
            formats=lambda: node.formats,
            expected=_EXPECTED.get(organisation.role, "request"),
            zone=organisation.zone,
        )
        arrival = Arrival(body=body, media_type=media_type, taken=taken)
        match taken.stated:
            case SecondOpinionRequest() as request if organisation.role is Role.TREATING:
                return accept_request(node, organisation, caller, arrival, request)
            case SecondOpinionReport() as report if organisation.role is Role.CONSULTING:
                return accept_report(node, organisation, caller, arrival, report)
            case stated:
                kind = "request" if isinstance(stated, SecondOpinionRequest) else "report"
                raise UnknownFormat(f"a {kind} is not for a {organisation.role.value} organisation", where="/format")
    except (InputError, StateError, Misbuilt) as refused:  # what we cannot build well is kept too, for the operator
        if taken is not None:
            refused.problems = tuple(taken.told(refused.problems))
        quarantine(node, org, OWN_SYSTEMS, body, media_type, refused)
        raise
