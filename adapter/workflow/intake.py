"""The front door for our own systems.

A request on the treating side, a report on the consulting side; on both, records alone and words about a case.
"""

from typing import Final, Literal

from adapter.base.errors import InputError, StateError, UnknownFormat
from adapter.domain.case import Role
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.standing_alone import RecordsAlone, WordAboutCase
from adapter.fhir.models import Misbuilt
from adapter.intake.taking import Taken, take
from adapter.workflow.arrival import Arrival
from adapter.workflow.caller import Caller
from adapter.workflow.node import Node
from adapter.workflow.once import OWN_SYSTEMS, Answer, quarantine
from adapter.workflow.reports import accept_report
from adapter.workflow.requests import accept_request
from adapter.workflow.standing_alone import hear_word, keep_records

_EXPECTED: Final[dict[Role, Literal["request", "report"]]] = {Role.CONSULTING: "report"}


def take_in(node: Node, org: str, caller: Caller, body: bytes, media_type: str) -> Answer:
    """Accept a request (treating side), a report (consulting side), records or a word about a case, in any format.

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
            hospital=organisation.hospital,
        )
        arrival = Arrival(body=body, media_type=media_type, taken=taken)
        match taken.stated:
            case SecondOpinionRequest() as request if organisation.role is Role.TREATING:
                return accept_request(node, organisation, caller, arrival, request)
            case SecondOpinionReport() as report if organisation.role is Role.CONSULTING:
                return accept_report(node, organisation, caller, arrival, report)
            case RecordsAlone() as alone:
                return keep_records(node, organisation, arrival, alone)
            case WordAboutCase() as word:
                return hear_word(node, organisation, caller, arrival, word)
            case stated:
                kind = "request" if isinstance(stated, SecondOpinionRequest) else "report"
                raise UnknownFormat(f"a {kind} is not for a {organisation.role.value} organisation", where="/format")
    except (InputError, StateError, Misbuilt) as refused:  # what we cannot build well is kept too, for the operator
        if taken is not None:
            refused.problems = tuple(taken.told(refused.problems))
        quarantine(node, org, OWN_SYSTEMS, body, media_type, refused)
        raise
