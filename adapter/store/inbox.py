"""The messages that had their effect: one row per sender and message id, with the answer that every repetition gets."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Connection, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from adapter.store.tables import inbox as table

_FIND = select(table).where(
    table.c.org == bindparam("org"),
    table.c.sender == bindparam("sender"),
    table.c.message_id == bindparam("message_id"),
)
_INSERT = insert(table)
_LOCK = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger)))
_FHIR_JSON = "application/fhir+json"


class DuplicateMessage(Exception):
    """The message came in twice at the same moment; find the first one's answer in a new transaction.

    No AdapterError, because the sender did nothing wrong.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxEntry:
    """A message that had its effect.

    Attributes:
        sender: the partner, or the organisation's own front door.
        body_sha256: of the body, to tell a repetition from another message under the same id.
        media_type: of the message.
        blob_sha256: where the original bytes are in the blob store.
        status: the HTTP status of the answer.
        answer: the answer's bytes.
        at: when it was accepted, aware, UTC.
        case_id: None where no case came of it.
    """

    org: str
    sender: str
    message_id: str
    body_sha256: str
    media_type: str
    blob_sha256: str
    status: int
    answer_media_type: str
    answer: bytes
    at: datetime
    case_id: str | None


class Inbox:
    """The accepted messages within one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection of the transaction."""
        self._connection = connection

    def find(self, org: str, sender: str, message_id: str) -> InboxEntry | None:
        """Return the message if it had its effect before; else None."""
        key = {"org": org, "sender": sender, "message_id": message_id}
        row = self._connection.execute(_FIND, key).mappings().one_or_none()
        return None if row is None else InboxEntry(**row)

    def list(self, org: str, *, case_id: str | None = None, limit: int = 100) -> list[InboxEntry]:
        """Return the organisation's messages of one case, the oldest first; or the newest of all, newest first."""
        query = select(table).where(table.c.org == org).limit(limit)
        if case_id is None:
            query = query.order_by(table.c.at.desc())
        else:
            query = query.where(table.c.case_id == case_id).order_by(table.c.at)
        return [InboxEntry(**row) for row in self._connection.execute(query).mappings()]

    def with_bytes(self, org: str, blob_sha256: str) -> InboxEntry | None:
        """Return an accepted message of the organisation that has these original bytes; None where there is none."""
        query = select(table).where(table.c.org == org, table.c.blob_sha256 == blob_sha256).limit(1)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else InboxEntry(**row)

    def claim(self, org: str, sender: str, message_id: str) -> None:
        """Make sure, before anything else in the transaction, that no equal message is or was being handled.

        Without it a repetition that comes in at the same moment meets the first one's case before its inbox row, and
        would be refused as a contradiction. On PostgreSQL this waits for the other transaction; on SQLite the
        transaction itself has waited.

        Raises:
            DuplicateMessage: the message had its effect meanwhile; this transaction must end without one.
        """
        if self._connection.dialect.name == "postgresql":
            key = hashlib.sha256(f"{org}\0{sender}\0{message_id}".encode()).digest()[:8]
            number = int.from_bytes(key, "big", signed=True)
            self._connection.execute(_LOCK, {"number": number})
        if self.find(org, sender, message_id) is not None:
            raise DuplicateMessage

    def add(
        self,
        *,
        org: str,
        sender: str,
        message_id: str,
        body_sha256: str,
        media_type: str,
        blob_sha256: str,
        status: int,
        answer: bytes,
        at: datetime,
        case_id: str | None = None,
        answer_media_type: str = _FHIR_JSON,
    ) -> None:
        """Remember the message and its answer.

        Raises:
            DuplicateMessage: another transaction was first; this one must end without effect.
        """
        row = {
            "org": org,
            "sender": sender,
            "message_id": message_id,
            "body_sha256": body_sha256,
            "media_type": media_type,
            "blob_sha256": blob_sha256,
            "status": status,
            "answer_media_type": answer_media_type,
            "answer": answer,
            "at": at,
            "case_id": case_id,
        }
        try:
            self._connection.execute(_INSERT, row)
        except IntegrityError as error:
            raise DuplicateMessage from error
