"""A case as it stands: one request for a second opinion at one organisation, seen from its side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """Which side an organisation is on."""

    TREATING = "treating"
    CONSULTING = "consulting"
    INSURER = "insurer"


class TaskStatus(StrEnum):
    """The codes of Task.status that a case uses; draft, ready and on-hold are not among them.

    https://hl7.org/fhir/R4/valueset-task-status.html
    """

    REQUESTED = "requested"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    IN_PROGRESS = "in-progress"
    FAILED = "failed"
    COMPLETED = "completed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The view of a case that everything else reads; it derives from the case's events and resource versions.

    Attributes:
        org: the organisation here whose case this is.
        id: the id of the case's Task, the same on both sides.
        number: the case number that people use (`case` of the request).
        request_id: the request's business key.
        role: which side `org` is on.
        partner: the configured partner on the other side; None where no configured partner matches.
        status: Task.status.
        business_status: the finer state (code system so-business-status), None = nothing finer.
        reason: a code of so-status-reason with rejected, cancelled or failed; else None.
        version: counts the changes, from 1; 0 = not stored yet.
        opened_at: when it came in, aware, UTC.
        changed_at: the last change, aware, UTC.
        closed_at: when the loop was closed, aware, UTC; None = open.
        detail: what only this side needs (JSON data).
    """

    org: str
    id: str
    number: str
    request_id: str
    role: Role
    status: TaskStatus
    opened_at: datetime
    changed_at: datetime
    partner: str | None = None
    business_status: str | None = None
    reason: str | None = None
    version: int = 0
    closed_at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
