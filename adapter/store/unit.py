"""What one transaction may touch: every repository, on one connection."""

from sqlalchemy import Connection

from adapter.store.blobs import Blobs
from adapter.store.cases import Cases
from adapter.store.events import Events
from adapter.store.inbox import Inbox
from adapter.store.originals import Originals
from adapter.store.quarantine import Quarantine
from adapter.store.resources import Resources
from adapter.store.work import Work
from adapter.store.workers import Fence, Workers


class Unit:
    """The repositories of one transaction; of no use once it has ended."""

    __slots__ = ("cases", "events", "inbox", "originals", "quarantine", "resources", "work", "workers")

    def __init__(self, connection: Connection, fence: Fence | None, blobs: Blobs) -> None:
        """Work on the connection of the transaction.

        Args:
            connection: of the transaction.
            fence: this process's right to settle work; None = it runs no engine.
            blobs: where large originals are.
        """
        self.resources = Resources(connection)
        self.events = Events(connection)
        self.cases = Cases(connection)
        self.inbox = Inbox(connection)
        self.originals = Originals(connection, blobs)
        self.work = Work(connection, fence)
        self.quarantine = Quarantine(connection)
        self.workers = Workers(connection)
