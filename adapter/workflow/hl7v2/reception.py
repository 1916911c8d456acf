"""Takes the frames that come in at a door and gives back what answers them; all that a listener needs.

An acknowledgement goes out when what it says is durably stored, application acknowledgements for another address too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapter.base.errors import AdapterError
from adapter.base.ids import opaque_id
from adapter.base.logs import logger
from adapter.exchange.mllp.framing import Frame
from adapter.mapping.to_v2.acknowledgement import Code
from adapter.mapping.to_v2.header import read_header
from adapter.workflow.hl7v2.answers import answers_to, is_acknowledgement
from adapter.workflow.hl7v2.batch import batch_of, unwrap
from adapter.workflow.hl7v2.door import Door
from adapter.workflow.hl7v2.verdict import Verdict, judge
from adapter.workflow.node import Node, OwnOrganisation
from adapter.workflow.once import digest
from adapter.workflow.work import WorkKind

_ID_LENGTH = 20  # of MSH-10 before version 2.7


@dataclass(frozen=True, slots=True)
class _Received:
    """What answers a message, and since when it is so; None = nothing is."""

    answers: tuple[bytes, ...] = ()
    at: datetime | None = None


def receive(node: Node, door: Door, frame: Frame) -> tuple[bytes, ...]:
    """Take one frame and return the messages that answer it on the same connection; never raises."""
    held = unwrap(frame)
    received = [_receive(node, door, one) for one in held.frames]
    answers = tuple(answer for one in received for answer in one.answers)
    if not held.enveloped or not answers:
        return answers
    organisation = node.organisation(door.org)
    at = max(one.at for one in received if one.at is not None).astimezone(organisation.zone)
    return (batch_of(frame.body, answers, id=_id(organisation, "batch", digest(frame.body)), at=at),)


def _receive(node: Node, door: Door, frame: Frame) -> _Received:
    header = read_header(frame.body)
    if is_acknowledgement(header):
        logger().info("mllp-stray", node=door.id, org=door.org, reason="an acknowledgement of nothing that is awaited")
        return _Received()
    verdict = judge(node, door, header, frame)
    organisation = node.organisation(door.org)
    sha256 = digest(frame.body)

    def identify(code: Code) -> str:
        return _id(organisation, code, sha256)

    answers = answers_to(header, verdict, door, identify=identify, zone=organisation.zone)
    if answers.later is not None:
        try:
            _write_down(node, door, verdict, answers.later)
        except AdapterError as unkept:  # without a commit acknowledgement the sender comes again
            logger().warning("mllp-not-kept", node=door.id, org=door.org, error=type(unkept).__name__)
            return _Received()
    refused = verdict.refused
    logger().info(
        "mllp-message",
        node=door.id,
        org=door.org,
        bytes=frame.size_bytes,
        status="taken" if refused is None else type(refused).__name__,
        case=verdict.task_id,
    )
    return _Received(answers.now, verdict.at)


def _id(organisation: OwnOrganisation, what: str, sha256: str) -> str:
    """Return MSH-10 of an answer: the same for the same message."""
    named = opaque_id(organisation.id, "acknowledgement", sha256, what, key=organisation.id_key)
    return named.replace("-", "")[:_ID_LENGTH]


def receiver(node: Node, door: Door) -> Callable[[Frame], tuple[bytes, ...]]:
    """Return `receive` for one door."""
    return lambda frame: receive(node, door, frame)


def _write_down(node: Node, door: Door, verdict: Verdict, acknowledgement: bytes) -> None:
    """Let an application acknowledgement go to the door's address for replies, in the order of the messages."""
    at = node.clock.now()
    with node.store.transaction() as unit:
        sha256 = unit.originals.keep(door.org, acknowledgement, at)
        detail = {"door": door.id, "sha256": sha256}
        lane = f"hl7v2/{door.id}"
        unit.work.add(door.org, verdict.task_id or "", WorkKind.SEND_ACKNOWLEDGEMENT, detail, at, lane=lane)
    node.wake()
