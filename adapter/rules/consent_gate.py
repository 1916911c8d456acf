"""The consent gate: may this leave, for this purpose, to this recipient, at this moment? Nothing may unless it says so.

A permission counts when it is active, in its period, meant for the recipient and given by somebody who may give it.
A refusal in force beats it, unless the permission is the more specific one (it names the record) and not older, or
equally specific and later. An undated permission counts as older than any refusal. A very restricted or sensitive
record is covered only where it is named.

Shape of the decision: IHE PCF, https://profiles.ihe.net/ITI/PCF/
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from adapter.domain.clearance import GATE_SEAL, Cleared, Refusal
from adapter.domain.consent import ConsentGrant, Purpose, Recipient
from adapter.domain.consent_reading import grants_from_request, insurer_recipient, organization_recipient
from adapter.domain.records import Record
from adapter.fhir.resource import Resource
from adapter.rules.administrative import is_administrative

__all__ = ["clear", "clear_administrative", "grants_from_request", "insurer_recipient", "organization_recipient"]

T = TypeVar("T")

_MEMBER: Final = {
    Purpose.SHARE_RECORDS: "/consent/shareRecords",
    Purpose.RETURN_REPORT: "/consent/returnReport",
    Purpose.ASK_INSURER: "/consent/askInsurer",
}
_PARTY: Final = {
    Purpose.SHARE_RECORDS: "/consulting/organization/identifiers",
    Purpose.RETURN_REPORT: "/treating/organization/identifiers",
    Purpose.ASK_INSURER: "/insurance/insurer",
}
_ORDINARY: Final = frozenset({None, "U", "L", "M", "N", "R"})
"""Confidentiality up to "restricted": what a permission for all records covers."""

REFUSAL_TEXTS: Final = {
    "no-statement": "nothing was said about this: ask the patient, and state the answer",
    "refused": "the patient refused this",
    "withdrawn": "the permission was withdrawn: a new one is needed",
    "other-recipient": "the permission is for another recipient, or its recipient is not identified",
    "no-authority": "the representative's right to consent is not stated: it needs the basis parent, guardian or "
    "power-of-attorney, or the patient's own agreement",
    "not-yet": "the permission does not hold yet",
    "expired": "the permission has ended: a new one is needed",
    "record-not-named": "the permission names records, and this one is not among them",
    "must-be-named": "a very restricted or sensitive record leaves only if the permission names it",
}
"""The reasons; from "withdrawn" on in the order in which a permission is examined."""

_STEPS: Final = tuple(REFUSAL_TEXTS)


def clear(
    item: T,
    *,
    grants: Iterable[ConsentGrant],
    purpose: Purpose,
    recipient: Recipient,
    moment: datetime,
    time_zone: ZoneInfo,
    record: Record | None = None,
) -> Cleared[T] | Refusal:
    """Decide whether `item` may go.

    Args:
        item: what is to go; the gate does not look into it.
        grants: all that is known of the patient's statements, in any order.
        purpose: what it is to go for.
        recipient: whom it is to go to.
        moment: when it is to go, aware.
        time_zone: of the organisation that sends; its days count, first and last day included.
        record: the record that `item` is or carries; None where it is the request or the report itself.

    Raises:
        ValueError: `moment` has no offset.
    """
    if moment.tzinfo is None:
        raise ValueError("the gate needs a moment with an offset")
    today = moment.astimezone(time_zone).date()
    spoken = [grant for grant in grants if grant.purpose is purpose]
    refusals = [grant for grant in spoken if not grant.permits and _counts(grant, recipient, today, record)]
    examined = [(grant, _obstacle(grant, recipient, today, record)) for grant in spoken if grant.permits]
    winners = [
        grant
        for grant, obstacle in examined
        if obstacle is None and all(_outweighs(grant, refusal, record) for refusal in refusals)
    ]
    if winners:
        best = max(winners, key=lambda grant: (_names(grant, record), grant.since or date.min, grant.reference or ""))
        return Cleared(
            item, seal=GATE_SEAL, recipient=recipient.label, purpose=purpose, at=moment, grant=best.reference
        )
    if refusals:
        return _refusal("refused", purpose, record)
    obstacles = [obstacle for _, obstacle in examined if obstacle is not None]
    return _refusal(max(obstacles, key=_STEPS.index, default="no-statement"), purpose, record)


def clear_administrative(message: Resource, *, recipient: Recipient, moment: datetime) -> Cleared[Resource] | Refusal:
    """Clear a message that carries nothing clinical, and nothing else; no permission is needed for it.

    `message` is a Bundle or a single resource; what counts as administrative is `adapter.rules.administrative`.
    """
    if is_administrative(message):
        return Cleared(message, seal=GATE_SEAL, recipient=recipient.label, purpose=None, at=moment, grant=None)
    text = "this message carries more than a status, so it needs the patient's permission"
    return Refusal(code="not-administrative", text=text, where="/consent")


def _obstacle(grant: ConsentGrant, recipient: Recipient, today: date, record: Record | None) -> str | None:  # noqa: PLR0911 -- one line per reason
    """Return the first reason why a permission does not clear; None = it does."""
    if not grant.active:
        return "withdrawn"
    if not _means(grant, recipient):
        return "other-recipient"
    if grant.by_representative and not grant.representative_may:
        return "no-authority"
    if grant.since is not None and today < grant.since:
        return "not-yet"
    if grant.until is not None and today > grant.until:
        return "expired"
    if record is None or _names(grant, record):
        return None
    if grant.records is not None:
        return "record-not-named"
    return "must-be-named" if _delicate(record) else None


def _counts(refusal: ConsentGrant, recipient: Recipient, today: date, record: Record | None) -> bool:
    """Tell whether a refusal is in force and about this; in doubt it is."""
    in_force = refusal.active and (refusal.since or today) <= today <= (refusal.until or today)
    about_record = refusal.records is None or (record is not None and record.id in refusal.records)
    return in_force and about_record and not _means_somebody_else(refusal, recipient)


def _outweighs(permission: ConsentGrant, refusal: ConsentGrant, record: Record | None) -> bool:
    permitted, refused = permission.since or date.min, refusal.since or date.max
    if _names(permission, record) == _names(refusal, record):
        return permitted > refused
    return _names(permission, record) and permitted >= refused


def _names(grant: ConsentGrant, record: Record | None) -> bool:
    return record is not None and grant.records is not None and record.id in grant.records


def _delicate(record: Record) -> bool:
    return bool(record.sensitivity) or record.confidentiality not in _ORDINARY


def _means(grant: ConsentGrant, recipient: Recipient) -> bool:
    if grant.recipients or recipient.identifiers:
        return bool(grant.recipients & recipient.identifiers)
    return grant.recipient_name is not None and grant.recipient_name == recipient.name


def _means_somebody_else(refusal: ConsentGrant, recipient: Recipient) -> bool:
    """Tell whether a refusal is surely about another: numbers in a common system, and none of them the same."""
    common = _systems(refusal.recipients) & _systems(recipient.identifiers)
    return bool(common) and not refusal.recipients & recipient.identifiers


def _systems(identifiers: frozenset[str]) -> set[str]:
    return {token.partition("|")[0] for token in identifiers}


def _refusal(code: str, purpose: Purpose, record: Record | None) -> Refusal:
    member = _MEMBER[purpose]
    where = {
        "refused": f"{member}/given",
        "other-recipient": _PARTY[purpose],
        "no-authority": "/proxy/patientAgrees",
        "not-yet": f"{member}/on",
        "expired": f"{member}/until",
        "record-not-named": f"{member}/records",
        "must-be-named": f"{member}/records",
    }.get(code, member)
    return Refusal(
        code=code,
        text=REFUSAL_TEXTS[code],
        where=where,
        purpose=purpose,
        record=record.id if record is not None else None,
    )
