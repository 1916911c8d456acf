"""What one transaction may touch: every repository, on one connection."""

from sqlalchemy import Connection

from adapter.store.cases import Cases
from adapter.store.events import Events
from adapter.store.inbox import Inbox
from adapter.store.quarantine import Quarantine
from adapter.store.resources import Resources
from adapter.store.work import Work
from adapter.store.workers import Fence, Workers


class Unit:
    """The repositories of one transaction; of no use once it has ended."""

    __slots__ = ("cases", "events", "inbox", "quarantine", "resources", "work", "workers")

    def __init__(self, connection: Connection, fence: Fence | None) -> None:
        """Work on the connection of the transaction; `fence` None = this process settles no work."""
        self.resources = Resources(connection)
        self.events = Events(connection)
        self.cases = Cases(connection)
        self.inbox = Inbox(connection)
        self.work = Work(connection, fence)
        self.quarantine = Quarantine(connection)
        self.workers = Workers(connection)
