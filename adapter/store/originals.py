"""The original bytes of messages as they came: small ones in the database, with the transaction that they caused.

A file of its own would cost two more fsyncs a message; large ones are files all the same (`adapter.store.blobs`).
"""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from adapter.store.blobs import Blobs, CorruptBlob
from adapter.store.tables import original as table

SMALL_BYTES = 256 * 1024
"""What is longer goes to a file."""

_KEY = (table.c.org == bindparam("org_")) & (table.c.sha256 == bindparam("sha256_"))
_GET = select(table.c.body).where(_KEY)
_INSERT = {
    "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
}
"""Another transaction may be first with the same bytes, which is as good."""


class Originals:
    """The original bytes within one transaction."""

    def __init__(self, connection: Connection, blobs: Blobs) -> None:
        """Work on the connection of the transaction; large bytes go to `blobs`."""
        self._connection = connection
        self._blobs = blobs

    def keep(self, org: str, body: bytes, at: datetime) -> str:
        """Keep bytes and return their sha256 in lower-case hex; the same bytes twice are kept once."""
        sha256 = hashlib.sha256(body).hexdigest()
        if len(body) > SMALL_BYTES:
            self._blobs.write(org, body)
        elif self._stored(org, sha256) is None:
            row = {"org": org, "sha256": sha256, "body": body, "at": at}
            self._connection.execute(_INSERT[self._connection.dialect.name], row)
        return sha256

    def read(self, org: str, sha256: str) -> bytes:
        """Return the bytes, with their hash checked.

        Raises:
            NotFound: the organisation has no such bytes.
            CorruptBlob: the disk changed them.
        """
        body = self._stored(org, sha256)
        if body is None:
            return self._blobs.read(org, sha256)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise CorruptBlob(sha256)
        return body

    def exists(self, org: str, sha256: str) -> bool:
        """Say whether the organisation has these bytes."""
        return self._stored(org, sha256) is not None or self._blobs.exists(org, sha256)

    def _stored(self, org: str, sha256: str) -> bytes | None:
        row = self._connection.execute(_GET, {"org_": org, "sha256_": sha256}).one_or_none()
        return None if row is None else bytes(row[0])
