"""Takes the frames that come in at a door and gives back what answers them; all that a listener needs.

An acknowledgement goes out when what it says is durably stored, application acknowledgements for another address too.
"""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from adapter.base.errors import AdapterError
from adapter.base.ids import opaque_id
from adapter.base.logs import logger
from adapter.exchange.mllp.framing import Frame
from adapter.mapping.to_v2.acknowledgement import Code, refusal_code
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


class Reception:
    """What stands behind a door; safe to share between threads."""

    def __init__(self, node: Node, door: Door) -> None:
        """Receive for `node` at `door`."""
        self._node = node
        self.door = door
        self._organisation = node.organisation(door.org)
        self._counting = threading.Lock()
        self.tally: Counter[str] = Counter()
        """How many messages were taken (AA), found wrong (AE) or rejected (AR), whatever was answered."""

    def receive(self, frame: Frame) -> tuple[bytes, ...]:
        """Take one frame and return the messages that answer it on the same connection; never raises."""
        held = unwrap(frame)
        received = [self._receive(one) for one in held.frames]
        answers = tuple(answer for one in received for answer in one.answers)
        if not held.enveloped or not answers:
            return answers
        at = max(one.at for one in received if one.at is not None).astimezone(self._organisation.zone)
        return (batch_of(frame.body, answers, id=_id(self._organisation, "batch", digest(frame.body)), at=at),)

    def _receive(self, frame: Frame) -> _Received:
        door = self.door
        header = read_header(frame.body)
        if is_acknowledgement(header):
            reason = "an acknowledgement of nothing that is awaited"
            logger().info("mllp-stray", node=door.id, org=door.org, reason=reason)
            return _Received()
        verdict = judge(self._node, door, header, frame)
        self._tell(frame, verdict)
        sha256 = digest(frame.body)

        def identify(code: Code) -> str:
            return _id(self._organisation, code, sha256)

        answers = answers_to(header, verdict, door, identify=identify, zone=self._organisation.zone)
        if answers.later is not None:
            try:
                _write_down(self._node, door, verdict, answers.later)
            except AdapterError as unkept:  # without a commit acknowledgement the sender comes again
                logger().warning("mllp-not-kept", node=door.id, org=door.org, error=type(unkept).__name__)
                return _Received()
        return _Received(answers.now, verdict.at)

    def _tell(self, frame: Frame, verdict: Verdict) -> None:
        refused = verdict.refused
        with self._counting:
            self.tally[Code.ACCEPT if refused is None else refusal_code(refused)] += 1
        logger().info(
            "mllp-message",
            node=self.door.id,
            org=self.door.org,
            bytes=frame.size_bytes,
            status="taken" if refused is None else type(refused).__name__,
            case=verdict.task_id,
        )


def _id(organisation: OwnOrganisation, what: str, sha256: str) -> str:
    """Return MSH-10 of an answer: the same for the same message."""
    named = opaque_id(organisation.id, "acknowledgement", sha256, what, key=organisation.id_key)
    return named.replace("-", "")[:_ID_LENGTH]


def _write_down(node: Node, door: Door, verdict: Verdict, acknowledgement: bytes) -> None:
    """Let an application acknowledgement go to the door's address for replies, in the order of the messages."""
    at = node.clock.now()
    with node.store.transaction() as unit:
        sha256 = unit.originals.keep(door.org, acknowledgement, at)
        detail = {"door": door.id, "sha256": sha256}
        lane = f"hl7v2/{door.id}"
        unit.work.add(door.org, verdict.task_id or "", WorkKind.SEND_ACKNOWLEDGEMENT, detail, at, lane=lane)
    node.wake()
