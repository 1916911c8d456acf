"""Transforms of dates and moments as ISO 8601 and FHIR write them; those of HL7 v2 and CDA belong to their formats.

https://hl7.org/fhir/R4/datatypes.html#date https://hl7.org/fhir/R4/datatypes.html#dateTime
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import Final

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import NOTHING, Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.plain import leaf_of, unreadable

_MOMENT: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2})(?::(?P<second>[0-9]{2}))?(?P<fraction>\.[0-9]+)?"
    r"(?P<offset>Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?)?)?)?",
)
_DAY_LENGTH: Final = len("2026-01-31")
_INSTANT_LENGTH: Final = len("2026-01-31T08:00:00+01:00")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2999
_FRACTION: Final = 10


def local_instant(moment: datetime, zone: tzinfo) -> str | None:
    """Return a moment without an offset as an instant in a zone.

    Returns:
        YYYY-MM-DDThh:mm:ss with the offset that held there then; None = no instant of the formats: outside of the
        years 1900 to 2999, or of a day when clocks differed by seconds. An hour that the clock showed twice is the
        first of the two.
    """
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    said = moment.replace(tzinfo=zone).isoformat(timespec="seconds")
    return said if len(said) == _INSTANT_LENGTH else None


def _read(leaf: Node) -> re.Match[str] | None:
    """Return a date or moment that exists, in its parts; None = it is none."""
    found = _MOMENT.fullmatch((leaf.text or "").strip())
    if found is None:
        return None
    try:
        date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
        if found["time"] is not None:
            datetime.strptime(f"{found['time']}:{found['second'] or '00'}", "%H:%M:%S")  # noqa: DTZ007 -- checked only
    except ValueError:
        return None
    return found


def _reading(take: Callable[[Node, re.Match[str], Context], Outcome]) -> Callable[[Node, Context], Outcome]:
    def read(node: Node, context: Context) -> Outcome:
        leaf = leaf_of(node)
        if leaf is None:
            return NOTHING
        found = _read(leaf)
        return unreadable(leaf, "this is no date YYYY-MM-DD") if found is None else take(leaf, found, context)

    return read


def _partial(leaf: Node, found: re.Match[str], _context: Context) -> Outcome:
    said = found[0][:_DAY_LENGTH]
    if found["time"] is None:
        return Outcome(said, {leaf.path: ""})
    return Outcome(said, {leaf.path: ""}, (_truncated(leaf),))


def _day(leaf: Node, found: re.Match[str], context: Context) -> Outcome:
    if found["day"] is None:
        return unreadable(leaf, "the day is not said")
    return _partial(leaf, found, context)


def _instant(leaf: Node, found: re.Match[str], context: Context) -> Outcome:
    if found["day"] is None:
        return unreadable(leaf, "the day is not said")
    clock = f"{found['time']}:{found['second'] or '00'}" if found["time"] else "00:00:00"
    if not _FIRST_YEAR <= int(found["year"]) <= _LAST_YEAR:
        return unreadable(leaf, "this is no moment of this age")
    said = f"{found[0][:_DAY_LENGTH]}T{clock}"
    if (offset := found["offset"]) is not None:
        offset = offset if offset == "Z" or ":" in offset else f"{offset[:3]}:{offset[3:]}"
        return Outcome(f"{said}{(found['fraction'] or '')[:_FRACTION]}{offset}", {leaf.path: ""})
    instant = local_instant(datetime.fromisoformat(said), context.zone)
    if instant is None:
        return unreadable(leaf, "this is no moment of this age")
    text = "the time zone is not said: that of the sender" if found["time"] else "the time of day is not said: midnight"
    return Outcome(instant, {leaf.path: ""}, (Remark(RemarkKind.DEFAULTED, leaf.path, "", text),))


def _truncated(leaf: Node) -> Remark:
    return Remark(RemarkKind.TRUNCATED, leaf.path, "", "the time of day is not taken over")


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "day": entry(
            "A calendar day YYYY-MM-DD; a time behind it is cut off, with a remark. A year or month alone is lost.",
            _reading(_day),
            makes="string",
        ),
        "partial-date": entry(
            "YYYY, YYYY-MM or YYYY-MM-DD, as far as it is said; a time behind it is cut off, with a remark.",
            _reading(_partial),
            makes="string",
        ),
        "instant": entry(
            "A moment with its offset; without one in the sender's time zone, without a time midnight, both with a "
            "remark. A year or month alone is lost.",
            _reading(_instant),
            makes="string",
        ),
    }
)
