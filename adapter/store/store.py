"""The node's store: transactions over the tables, and the blob files beside them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import URL, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from adapter.base.errors import SetupError, StoreUnavailable
from adapter.store.blobs import Blobs
from adapter.store.database import database_url, open_reader, open_writer
from adapter.store.inbox import DuplicateMessage
from adapter.store.schema import upgrade
from adapter.store.unit import Unit
from adapter.store.workers import Fence

__all__ = ["DuplicateMessage", "Store"]


class Store:
    """Opened once per process; safe for threads.

    Attributes:
        url: the database.
        blobs: the files.
        fence: this process's right to settle work items, set while its engine runs; None = it runs no engine.
    """

    def __init__(self, url: URL, writer: Engine, reader: Engine, blobs: Blobs) -> None:
        """Use `Store.open`."""
        self.url = url
        self.blobs = blobs
        self.fence: Fence | None = None
        self._writer = writer
        self._reader = reader
        # SQLite has one writer at a time; queueing here is fairer and faster than its own waiting with growing pauses.
        self._turn = threading.Lock() if url.get_backend_name() == "sqlite" else nullcontext()

    @classmethod
    def open(cls, url: str, *, blobs: Path) -> "Store":
        """Open the database and the blob folder; what is missing (folders, tables) is made.

        Args:
            url: sqlite:///FILE (a relative file counts from the working directory) or postgresql://...
            blobs: the folder of the blob files.

        Raises:
            SetupError: the database cannot be opened, or is of a newer version.
        """
        parsed = database_url(url)
        try:
            if parsed.get_backend_name() == "sqlite":
                Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
            writer = open_writer(parsed)
            upgrade(writer)
            return cls(parsed, writer, open_reader(parsed), Blobs(blobs))
        except (SQLAlchemyError, OSError) as error:
            shown = parsed.render_as_string(hide_password=True)
            raise SetupError(f"the database {shown} cannot be opened: {getattr(error, 'orig', error)}") from error

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """Write: all of it is on disk when the block has ended, or nothing if it raised."""
        with _told(), self._turn, self._writer.begin() as connection:
            yield Unit(connection, self.fence, self.blobs)

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """Read one consistent state; never waits for a writer, and cannot write."""
        with _told(), self._reader.begin() as connection:
            yield Unit(connection, self.fence, self.blobs)

    def original(self, org: str, sha256: str) -> bytes:
        """Return the original bytes of a message; raises as `Originals.read`."""
        with self.read() as unit:
            return unit.originals.read(org, sha256)

    def close(self) -> None:
        """Close all connections."""
        self._reader.dispose()
        self._writer.dispose()


@contextmanager
def _told() -> Iterator[None]:
    """Tell in our own terms that the database is locked, full or away; the transaction had no effect then."""
    try:
        yield
    except OperationalError as failure:
        raise StoreUnavailable("this node cannot store or read anything just now; try again later") from failure
