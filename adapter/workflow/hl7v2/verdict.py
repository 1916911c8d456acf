"""What becomes of one HL7 v2 message: taken and durably stored, or refused and kept for the operator."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapter.base.errors import AdapterError, DuplicateDiffers, Problem, TooLarge, Unreadable
from adapter.base.logs import logger, place_of
from adapter.exchange.mllp.framing import Fault, Frame
from adapter.fhir.resource import Resource
from adapter.intake.readers.er7_header import sender_of
from adapter.mapping.to_v2.header import Header
from adapter.workflow.hl7v2.door import MEDIA_TYPE, Door
from adapter.workflow.intake import take_in
from adapter.workflow.node import Node
from adapter.workflow.once import OWN_SYSTEMS, Answer, answered, digest, quarantine

_PRODUCTION: Final = "P"
_NOT_PRODUCTION: Final = Problem(
    "this node makes no difference for training and debugging: the message was taken like any other",
    "MSH-11",
    "informational",
    "information",
)


class Unexpected(AdapterError):
    """Something broke inside; the message was not taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What became of a message.

    Attributes:
        refused: why it was not taken; None = it was taken, and is stored.
        notes: what the sender should know of a message that was taken.
        at: since when it is so, aware, UTC; the same when the same message comes again.
        task_id: of the case's Task; None where there is no case.
    """

    refused: AdapterError | None
    notes: tuple[Problem, ...]
    at: datetime
    task_id: str | None = None


def judge(node: Node, door: Door, header: Header | None, frame: Frame) -> Verdict:
    """Take a message in, or say why not; never raises, because one bad message must not end the connection."""
    try:
        _check(door, header, frame)
        answer = _before(node, door, header, frame)
        if answer is None:
            answer = take_in(node, door.org, door.caller, frame.body, MEDIA_TYPE)
    except AdapterError as refused:
        return Verdict(refused=refused, notes=(), at=_since(node, door, frame, refused))
    except Exception as bug:  # noqa: BLE001 - see the docstring
        logger().error("mllp-broken", node=door.id, org=door.org, error=type(bug).__name__, where=place_of(bug))
        broken = Unexpected("something broke inside this node: the message was not taken; its operator can see why")
        return Verdict(refused=broken, notes=(), at=_since(node, door, frame, broken))
    notes = [*_notes(answer.body)]
    if header is not None and header.part(11) != _PRODUCTION and header.part(11):
        notes.append(_NOT_PRODUCTION)
    return Verdict(refused=None, notes=tuple(notes), at=answer.at or node.clock.now(), task_id=answer.task_id)


def _check(door: Door, header: Header | None, frame: Frame) -> None:
    """Refuse what need not be read."""
    if frame.fault is Fault.TOO_LONG:
        said = f"the message has {frame.size_bytes} bytes; at most {door.max_message_bytes} are taken here"
        raise TooLarge(said)
    if frame.fault is Fault.UNFRAMED:
        raise Unreadable("the message came without its frame: send 0x0B in front of it and 0x1C 0x0D behind it")
    if header is None:
        raise Unreadable("the message does not begin with a header segment: MSH, then the delimiters, usually |^~\\&")
    door.admit(header)


def _before(node: Node, door: Door, header: Header | None, frame: Frame) -> Answer | None:
    """Return the answer of a message that came before, whatever has been set up otherwise since then."""
    if header is None or not header.control_id:
        return None
    sender = sender_of(header.part(3), header.part(4))
    try:
        return answered(node, door.org, sender, header.control_id, digest(frame.body))
    except DuplicateDiffers as used:
        raise DuplicateDiffers(used.text, where="MSH-10") from used


def _since(node: Node, door: Door, frame: Frame, refused: AdapterError) -> datetime:
    """Keep what was refused and return since when; where it cannot be kept, or will be taken later, that is now."""
    if not refused.retryable:
        try:
            return quarantine(node, door.org, OWN_SYSTEMS, frame.body, MEDIA_TYPE, refused)
        except AdapterError as unkept:
            logger().warning("mllp-not-kept", node=door.id, org=door.org, error=type(unkept).__name__)
    return node.clock.now()


def _notes(outcome: Resource) -> Iterator[Problem]:
    """Yield the warnings of our own answer, with their places."""
    for issue in outcome.get("issue", ()):
        if issue["severity"] == "warning":
            text, place = issue["details"]["text"], issue.get("diagnostics")
            where = place.partition(";")[0] if place else next(iter(issue.get("expression", ())), None)
            yield Problem(text.removeprefix(f"{where}: "), where, issue["code"], "warning")
