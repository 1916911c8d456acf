"""What was refused, kept with the reason so that an operator can look at it; no case came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from adapter.store.tables import quarantine as table


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """One refused input.

    Attributes:
        seq: grows with time.
        blob_sha256: where its bytes are in the blob store.
        reason: what was wrong, in words that hold no patient data.
    """

    seq: int
    org: str
    sender: str
    at: datetime
    media_type: str
    blob_sha256: str
    reason: str


class Quarantine:
    """The refused input within one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the transaction."""
        self._connection = connection

    def add(self, *, org: str, sender: str, at: datetime, media_type: str, blob_sha256: str, reason: str) -> None:
        """Keep a refused input."""
        row = {"org": org, "sender": sender, "at": at, "media_type": media_type}
        self._connection.execute(insert(table), {**row, "blob_sha256": blob_sha256, "reason": reason})

    def list(self, org: str, *, limit: int = 100, before: int | None = None) -> list[Refused]:
        """Return the organisation's refused input, the newest first; `before` = only what has a lower seq."""
        query = select(table).where(table.c.org == org).order_by(table.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(table.c.seq < before)
        return [Refused(**row) for row in self._connection.execute(query).mappings()]

    def with_bytes(self, org: str, blob_sha256: str) -> Refused | None:
        """Return a refused input of the organisation that has these bytes; None where there is none."""
        query = select(table).where(table.c.org == org, table.c.blob_sha256 == blob_sha256).limit(1)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else Refused(**row)

    def same(self, org: str, sender: str, blob_sha256: str, reason: str) -> Refused | None:
        """Return what was refused first with these bytes and this reason; None where nothing was."""
        query = select(table).where(table.c.org == org, table.c.blob_sha256 == blob_sha256, table.c.sender == sender)
        query = query.where(table.c.reason == reason).order_by(table.c.seq).limit(1)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else Refused(**row)
