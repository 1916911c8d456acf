"""What a message may say that is neither a request nor a report: records alone, or a word about a case.

Formats `second-opinion-records/1` and `second-opinion-event/1`.
"""

from dataclasses import dataclass
from enum import StrEnum

from adapter.domain.parties import Patient
from adapter.domain.records import Record
from adapter.domain.values import Instant

RECORDS_FORMAT = "second-opinion-records/1"
EVENT_FORMAT = "second-opinion-event/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordsAlone:
    """Records of a patient that no request came with; `message_id` equals `id` where the sender gave none."""

    id: str
    message_id: str
    sent: Instant
    patient: Patient
    records: tuple[Record, ...]


class Word(StrEnum):
    """What can be said of a case."""

    CANCEL = "cancel"
    QUERY = "query"
    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True, kw_only=True, slots=True)
class WordAboutCase:
    """A word about a case.

    Attributes:
        id: of the message; `message_id` equals it where the sender gave none.
        event: what is said.
        case: the case number, or the id of the request.
        number: the consulting side's own number; None = not stated.
        reason: a code of the value sets of reasons; None = not stated.
    """

    id: str
    message_id: str
    sent: Instant
    event: Word
    case: str
    number: str | None = None
    reason: str | None = None
