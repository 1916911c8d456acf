"""The front door for our own systems: a request on the treating side, a report on the consulting side."""

from adapter.base.errors import InputError, StateError, UnknownFormat
from adapter.domain.case import Role
from adapter.intake.canonical import read_report, read_request, sniff
from adapter.workflow.caller import Caller
from adapter.workflow.node import Node
from adapter.workflow.once import OWN_SYSTEMS, Answer, quarantine
from adapter.workflow.reports import accept_report
from adapter.workflow.requests import accept_request


def take_in(node: Node, org: str, caller: Caller, body: bytes, media_type: str) -> Answer:
    """Accept a request (treating side) or a report (consulting side) in any format that is read.

    Raises:
        AdapterError: with every problem; nothing was stored but a quarantined copy.
    """
    organisation = node.organisation(org)
    try:
        kind = sniff(body)
        if kind == "request" and organisation.role is Role.TREATING:
            return accept_request(node, organisation, caller, body, media_type)
        if kind == "report" and organisation.role is Role.CONSULTING:
            return accept_report(node, organisation, caller, body, media_type)
        if kind is None:  # let the reader of what this side takes say what is wrong with it
            read = read_request if organisation.role is Role.TREATING else read_report
            read(body)
        raise UnknownFormat(f"a {kind} is not for a {organisation.role.value} organisation", where="/format")
    except (InputError, StateError) as refused:
        quarantine(node, org, OWN_SYSTEMS, body, media_type, refused)
        raise
