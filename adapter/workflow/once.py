"""A message has its effect once, a repetition gets the first answer, and what is refused is kept for the operator."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from adapter.base.errors import AdapterError, DuplicateDiffers
from adapter.fhir.codec import parse_json, to_json
from adapter.fhir.resource import Resource
from adapter.store.originals import SMALL_BYTES
from adapter.store.store import DuplicateMessage
from adapter.store.unit import Unit
from adapter.workflow.node import Node

OWN_SYSTEMS = "intake"
"""The sender of everything that comes in at the front door: it is one house, whichever of its systems speaks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the caller gets.

    Attributes:
        status: of HTTP.
        body: what is said of the message.
        task_id: of the case's Task; None where there is no case.
        at: when the message had its effect, aware, UTC; None = the answer is not kept, so the moment does not matter.
    """

    status: int
    body: Resource
    task_id: str | None = None
    at: datetime | None = None


def digest(body: bytes) -> str:
    """Return the sha256 of a body in lower-case hex."""
    return hashlib.sha256(body).hexdigest()


def answered(node: Node, org: str, sender: str, message_id: str, sha256: str) -> Answer | None:
    """Return the answer that a message got when it came before; None where it is new.

    Raises:
        DuplicateDiffers: the id was used before for another content.
    """
    with node.store.read() as unit:
        earlier = unit.inbox.find(org, sender, message_id)
    if earlier is None:
        return None
    if earlier.body_sha256 != sha256:
        raise DuplicateDiffers("this message id was used before for another content; a new message needs a new id")
    return Answer(status=earlier.status, body=parse_json(earlier.answer), task_id=earlier.case_id, at=earlier.at)


def once(
    node: Node, org: str, sender: str, message_id: str, body: bytes, act: Callable[[Unit], Answer], media_type: str
) -> Answer:
    """Let a message have its effect once, and answer every repetition as the first time.

    `act` runs inside the one transaction that also remembers the message and its answer.

    Raises:
        DuplicateDiffers: the id was used before for another content.
    """
    sha256 = digest(body)
    if len(body) > SMALL_BYTES:
        node.store.blobs.write(org, body)  # before the transaction, which would keep others waiting for the disk
    for _ in range(2):
        if (earlier := answered(node, org, sender, message_id, sha256)) is not None:
            return earlier
        at = node.clock.now()
        try:
            with node.store.transaction() as unit:
                unit.inbox.claim(org, sender, message_id)
                answer = act(unit)
                unit.inbox.add(
                    org=org,
                    sender=sender,
                    message_id=message_id,
                    body_sha256=sha256,
                    media_type=media_type,
                    blob_sha256=unit.originals.keep(org, body, at),
                    status=answer.status,
                    answer=to_json(answer.body),
                    at=at,
                    case_id=answer.task_id,
                )
        except DuplicateMessage:
            continue  # the same message came in twice at the same moment: answer as the one that was first
        node.wake()
        return replace(answer, at=at)
    raise DuplicateDiffers("this message id is being used by another message right now")


def quarantine(node: Node, org: str, sender: str, body: bytes, media_type: str, refused: AdapterError) -> datetime:
    """Keep a copy of what was refused, with the reason, for the operator; return since when it is kept.

    The same bytes that are refused for the same reason again are kept once: who is refused often tries for ever.
    """
    reason = "; ".join(f"{one.where}: {one.text}" if one.where else one.text for one in refused.problems[:20])
    with node.store.transaction() as unit:
        at = node.clock.now()
        sha256 = unit.originals.keep(org, body, at)
        earlier = unit.quarantine.same(org, sender, sha256, reason)
        if earlier is not None:
            return earlier.at
        unit.quarantine.add(org=org, sender=sender, at=at, media_type=media_type, blob_sha256=sha256, reason=reason)
        return at
