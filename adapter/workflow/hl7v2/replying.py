"""send-acknowledgement: an application acknowledgement goes to the address that its door has for replies."""

from adapter.base.errors import SetupError
from adapter.store.work import WorkItem
from adapter.workflow.node import Node


def send_acknowledgement(node: Node, item: WorkItem) -> None:
    """Send it; a repetition has the same MSH-10.

    Raises:
        PeerError: as the sender.
        SetupError: the door, or its address for replies, is no longer in the settings.
    """
    door = node.doors.get((item.org, item.detail["door"]))
    if door is None or door.reply is None or node.lines is None:
        raise SetupError("the door's address for replies is no longer in the settings; add it again and replay")
    message = node.store.original(item.org, item.detail["sha256"])
    node.lines.send(message, door.reply, answered=door.reply_acknowledged)
    with node.store.transaction() as unit:
        unit.work.finish(item.id, node.clock.now())
