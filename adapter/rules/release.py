"""What of a request may go to the consulting side at one moment: the request itself, and each record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adapter.domain.clearance import Cleared, Refusal
from adapter.domain.consent import Purpose, Recipient
from adapter.domain.consent_reading import grants_from_request, recipient_for
from adapter.domain.records import Record
from adapter.domain.request import SecondOpinionRequest
from adapter.rules.consent_gate import clear

ZONES = {"NL": "Europe/Amsterdam", "DE": "Europe/Berlin"}
"""Where days end for a request that is judged away from its node; elsewhere they end in UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """The gate's word.

    Attributes:
        request: the whole request, cleared, or why it stays.
        cleared: the records that may go, in the request's order.
        withheld: those that stay, each with its reason; for the sender's side only.
    """

    request: Cleared[SecondOpinionRequest] | Refusal
    cleared: tuple[Cleared[Record], ...]
    withheld: tuple[Refusal, ...]


def judge_release(request: SecondOpinionRequest, moment: datetime, time_zone: ZoneInfo | None = None) -> Release:
    """Ask the gate about the request and every record of it.

    Args:
        request: what is to go.
        moment: when, aware.
        time_zone: where the sender's days end; None = by the treating organisation's country.
    """
    zone = time_zone or _zone(request)
    grants = grants_from_request(request)
    recipient = recipient_for(request, Purpose.SHARE_RECORDS)

    def ask(record: Record) -> Cleared[Record] | Refusal:
        return clear(
            record,
            grants=grants,
            purpose=Purpose.SHARE_RECORDS,
            recipient=recipient,
            moment=moment,
            time_zone=zone,
            record=record,
        )

    answers = [ask(record) for record in request.records]
    return Release(
        request=clear_request(request, Purpose.SHARE_RECORDS, recipient, moment, zone),
        cleared=tuple(_only_cleared(answers)),
        withheld=tuple(answer for answer in answers if isinstance(answer, Refusal)),
    )


def clear_request(
    request: SecondOpinionRequest, purpose: Purpose, recipient: Recipient, moment: datetime, time_zone: ZoneInfo
) -> Cleared[SecondOpinionRequest] | Refusal:
    """Ask the gate about the request as a whole, by its own statements."""
    return clear(
        request,
        grants=grants_from_request(request),
        purpose=purpose,
        recipient=recipient,
        moment=moment,
        time_zone=time_zone,
    )


def _only_cleared(answers: Iterable[Cleared[Record] | Refusal]) -> Iterable[Cleared[Record]]:
    return (answer for answer in answers if isinstance(answer, Cleared))


def _zone(request: SecondOpinionRequest) -> ZoneInfo:
    organization = request.treating.organization
    return ZoneInfo(ZONES.get((organization.country if organization else None) or "", "UTC"))
