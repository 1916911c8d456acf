"""Takes the frames that come in at a door and gives back what answers them; all that a listener needs.

An acknowledgement goes out when what it says is durably stored, application acknowledgements for another address too.
"""

from collections.abc import Callable

from adapter.base.errors import AdapterError
from adapter.base.ids import opaque_id
from adapter.base.logs import logger
from adapter.exchange.mllp.framing import Frame
from adapter.mapping.to_v2.acknowledgement import Code
from adapter.mapping.to_v2.header import read_header
from adapter.workflow.hl7v2.answers import answers_to, is_acknowledgement
from adapter.workflow.hl7v2.door import Door
from adapter.workflow.hl7v2.verdict import Verdict, judge
from adapter.workflow.node import Node
from adapter.workflow.once import digest
from adapter.workflow.work import WorkKind

_ID_LENGTH = 20  # of MSH-10 before version 2.7


def receive(node: Node, door: Door, frame: Frame) -> tuple[bytes, ...]:
    """Take one frame and return the messages that answer it on the same connection; never raises."""
    header = read_header(frame.body)
    if is_acknowledgement(header):
        logger().info("mllp-stray", node=door.id, org=door.org, reason="an acknowledgement of nothing that is awaited")
        return ()
    verdict = judge(node, door, header, frame)
    organisation = node.organisation(door.org)
    sha256 = digest(frame.body)

    def identify(code: Code) -> str:
        key = organisation.id_key
        return opaque_id(door.org, "acknowledgement", sha256, code, key=key).replace("-", "")[:_ID_LENGTH]

    answers = answers_to(header, verdict, door, identify=identify, zone=organisation.zone)
    if answers.later is not None:
        try:
            _write_down(node, door, verdict, answers.later)
        except AdapterError as unkept:  # without a commit acknowledgement the sender comes again
            logger().warning("mllp-not-kept", node=door.id, org=door.org, error=type(unkept).__name__)
            return ()
    refused = verdict.refused
    logger().info(
        "mllp-message",
        node=door.id,
        org=door.org,
        bytes=frame.size_bytes,
        status="taken" if refused is None else type(refused).__name__,
        case=verdict.task_id,
    )
    return answers.now


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
