"""A partner's message: who sent it, whether it is for us, what it does to the case, and the answer.

What is no message gets an HTTP error; a message of a known partner that cannot be done gets an answer with the
response code fatal-error, and is kept for the operator; nothing of it is applied.
https://hl7.org/fhir/R4/messageheader-operation-process-message.html
"""

from collections.abc import Callable, Mapping, Sequence

from adapter.base.errors import (
    DuplicateDiffers,
    InputError,
    Invalid,
    NotPermitted,
    Problem,
    StaleVersion,
    StateError,
    UnknownFormat,
)
from adapter.base.ids import opaque_id
from adapter.domain.case import Role
from adapter.fhir.codec import parse
from adapter.fhir.judgement import judge
from adapter.fhir.outcomes import outcome, outcome_of
from adapter.fhir.own_output import ensure_valid
from adapter.fhir.resource import Resource
from adapter.mapping.from_fhir.message import ReceivedMessage, read_message
from adapter.mapping.to_fhir.messages import Event, answer
from adapter.store.unit import Unit
from adapter.workflow.advance import current_task
from adapter.workflow.caller import Caller, CallerKind
from adapter.workflow.incoming.cancelling import take_cancel
from adapter.workflow.incoming.closing import take_closed
from adapter.workflow.incoming.opinion import take_report
from adapter.workflow.incoming.package import take_records
from adapter.workflow.incoming.request import take_request
from adapter.workflow.incoming.scene import Scene
from adapter.workflow.incoming.status import take_query, take_status
from adapter.workflow.node import Node, OwnOrganisation, Partner
from adapter.workflow.once import Answer, once, quarantine

HANDLERS: Mapping[Event, Callable[[Unit, Scene], str]] = {
    Event.REQUEST: take_request,
    Event.CANCEL: take_cancel,
    Event.QUERY: take_query,
    Event.STATUS: take_status,
    Event.RECORDS: take_records,
    Event.REPORT: take_report,
    Event.CLOSED: take_closed,
}
"""What each event does; it returns the id of the case's Task."""

MOST_REMARKS = 50
"""More warnings about a message are counted in the answer, not listed."""


def process_message(node: Node, org: str, caller: Caller, body: bytes, media_type: str) -> Answer:
    """Take a message Bundle and return 200 with the answering message Bundle.

    Raises:
        InputError: it is no FHIR, no valid FHIR, does not fit a profile of ours that it claims, or is no message; kept
            in quarantine.
        NotPermitted: the sender is not the partner whose token came with it, or nobody whom we know.
        DuplicateDiffers: the message id was used before for another content.
    """
    organisation = node.organisation(org)
    try:
        message, remarks = _read(body, media_type)
        partner = _sender(node, organisation, caller, message)
    except InputError as refused:
        quarantine(node, org, caller.actor, body, media_type, refused)
        raise
    scene = Scene(node=node, organisation=organisation, partner=partner, message=message, at=node.clock.now())

    def act(unit: Unit) -> Answer:
        for_us = message.receivers == frozenset() or bool(message.receivers & organisation.tokens)
        if not for_us:
            text = "this message is for another organisation than the one at this address"
            raise Invalid(text, where="MessageHeader.destination.receiver")
        handler = HANDLERS.get(message.event)
        if handler is None:
            raise UnknownFormat("this node does not take this event", where="MessageHeader.event")
        task_id = handler(unit, scene)
        told = current_task(unit, scene.case(unit)) if message.event is Event.QUERY else None
        return Answer(status=200, body=_reply(scene, "ok", _done(remarks), told), task_id=task_id)

    try:
        return once(node, org, f"partner/{partner.id}", message.id, body, act, media_type)
    except StaleVersion as busy:
        return Answer(status=200, body=_reply(scene, "transient-error", outcome(busy)))
    except DuplicateDiffers:
        raise
    except (InputError, StateError) as refused:  # anything else is this node's own trouble: the message comes again
        quarantine(node, org, partner.id, body, media_type, refused)
        # not remembered as an answer: it had no effect, and an operator may send it again when the reason is gone
        return Answer(status=200, body=_reply(scene, "fatal-error", outcome(refused)))


def _read(body: bytes, media_type: str) -> tuple[ReceivedMessage, list[Problem]]:
    """Return the message, and what is remarkable about it but no reason to refuse it."""
    bundle = parse(body, media_type, max_bytes=max(len(body), 1))
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "message":
        raise Invalid("$process-message takes a Bundle of type message", where="Bundle.type")
    problems, remarks = _weighed(judge(bundle))
    if problems:
        raise Invalid(
            "the message is not valid FHIR R4, or does not fit the profiles that it claims", problems=problems
        )
    message = read_message(bundle)
    if message.response is not None:
        raise Invalid("this is an answer; only events are taken here", where="MessageHeader.response")
    return message, remarks


def _weighed(found: Sequence[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Return the errors, and the rest."""
    errors = [one for one in found if one.severity in ("error", "fatal")]
    return errors, [one for one in found if one.severity not in ("error", "fatal")]


def _done(remarks: Sequence[Problem]) -> Resource:
    """Return the good news, and what the sender may want to mend: warnings never refuse a message."""
    told = [Problem("done", code="informational", severity="information"), *remarks[:MOST_REMARKS]]
    if (more := len(remarks) - MOST_REMARKS) > 0:
        told.append(Problem(f"{more} more", code="incomplete", severity="information"))
    return outcome_of(told)


def _sender(node: Node, organisation: OwnOrganisation, caller: Caller, message: ReceivedMessage) -> Partner:
    """Return the partner that speaks: the token's owner, whom the header must name too."""
    role = Role.CONSULTING if organisation.role is Role.TREATING else Role.TREATING
    named = node.partner_with(organisation.id, message.senders, role)
    where = "MessageHeader.sender"
    if named is None:
        text = "the sender is no partner of this organisation; its identifiers must be in a [[partner]] of the settings"
        raise NotPermitted(text, where=where)
    if caller.kind is CallerKind.PARTNER and caller.id != named.id:
        raise NotPermitted("the token belongs to another partner than the sender that the message names", where=where)
    return named


def _reply(scene: Scene, code: str, details: Resource, task: Resource | None = None) -> Resource:
    message = answer(
        scene.message.header,
        code=code,
        outcome=details,
        id=opaque_id(scene.organisation.id, "answer", scene.message.id, key=scene.organisation.id_key),
        timestamp=scene.at,
        source=scene.source,
        destination=scene.destination,
        task=task,
    )
    return ensure_valid(message)
