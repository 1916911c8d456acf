"""Dates and moments of HL7 v2: DT, DTM and TS.

HL7 v2.8 chapter 2A, DTM: YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]; a date of less precision is never completed.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from types import MappingProxyType
from typing import Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.v2_parts import Reading

_TIMESTAMP: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<month>[0-9]{2})(?:(?P<day>[0-9]{2})(?:(?P<hour>[0-9]{2})(?:(?P<minute>[0-9]{2})"
    r"(?:(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6})[0-9]*)?)?)?)?)?)?\s*(?P<offset>Z|[+-][0-9]{4})?",
)
_ISO: Final = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6})[0-9]*)?)?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?)?",
)
"""What some senders write instead; it cannot be mistaken."""
_EMPTY_PARTS: Final = re.compile(r"(?<=[0-9]{4})(?:0000|00)$|(?<=[0-9]{6})00$")
_MIDNIGHT: Final = "24"


def read_date(node: Node, _context: Context) -> Outcome:
    """Give a year, month or day as FHIR writes it; a time of day behind it is left out."""
    reading = Reading(node)
    text = reading.take(node, "")
    if text is None:
        return reading.outcome()
    found = _read(text)
    if found is None:
        return _unreadable(reading, node, "this is no date: write YYYY, YYYYMM or YYYYMMDD")
    if (found["hour"] or "00", found["minute"] or "00", found["second"] or "00") != ("00", "00", "00"):
        reading.remark(RemarkKind.TRUNCATED, node, "only the day is taken, not the time of day", "")
    return reading.outcome("-".join(filter(None, (found["year"], found["month"], found["day"]))))


def read_day(node: Node, context: Context) -> Outcome:
    """Give a full day; a month or a year alone is none."""
    made = read_date(node, context)
    if isinstance(made.value, str) and len(made.value) < len("2026-01-31"):
        reading = Reading(node)
        return _unreadable(reading, node, "a full day is needed here: write YYYYMMDD")
    return made


def read_instant(node: Node, context: Context) -> Outcome:
    """Give a moment with its offset; one without has the sender's time zone, one without a time is none."""
    reading = Reading(node)
    text = reading.take(node, "")
    if text is None:
        return reading.outcome()
    found = _read(text)
    if found is None or found["hour"] is None:
        return _unreadable(reading, node, "a moment is needed here: write YYYYMMDDHHMMSS and the offset, as +0100")
    try:
        moment = _moment(found)
        if moment.tzinfo is None:
            offset = moment.replace(tzinfo=context.zone).utcoffset() or timedelta()
            moment = moment.replace(tzinfo=timezone(offset))
            told = f"no offset is given: taken as {_offset(moment)}, the sender's time zone"
            reading.remark(RemarkKind.DEFAULTED, node, told, "")
    except (ValueError, OverflowError):
        return _unreadable(reading, node, "this moment does not exist: write YYYYMMDDHHMMSS and the offset")
    fraction = f".{found['fraction']}" if found["fraction"] else ""
    return reading.outcome(f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{_offset(moment)}")


def _read(text: str) -> dict[str, str | None] | None:
    """Return the parts of a timestamp; None = it is none, or no such day exists."""
    match = _TIMESTAMP.fullmatch(_EMPTY_PARTS.sub("", text)) or _ISO.fullmatch(text)
    if match is None:
        return None
    found: dict[str, str | None] = match.groupdict()
    try:
        date(int(found["year"] or 0), int(found["month"] or 1), int(found["day"] or 1))
    except ValueError:
        return None
    return found


def _moment(found: Mapping[str, str | None]) -> datetime:
    day = date(int(found["year"] or 0), int(found["month"] or 0), int(found["day"] or 0))
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if found["hour"] == _MIDNIGHT and not minute and not second:
        day, hour = day + timedelta(days=1), 0
    said = found["offset"]
    if said is None:
        return datetime.combine(day, time(hour, minute, second))
    if said == "Z":
        return datetime.combine(day, time(hour, minute, second), UTC)
    digits = said[1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if int(digits[2:]) > 59 or away > timedelta(hours=14):  # noqa: PLR2004 -- minutes of an hour; the farthest zone
        raise ValueError("no such offset")
    return datetime.combine(day, time(hour, minute, second), timezone(-away if said[0] == "-" else away))


def _offset(moment: datetime) -> str:
    away = moment.utcoffset() or timedelta()
    minutes = int(abs(away).total_seconds()) // 60
    return f"{'-' if away < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _unreadable(reading: Reading, node: Node, text: str) -> Outcome:
    reading.remark(RemarkKind.UNREADABLE, node, text)
    return reading.outcome()


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "v2-date": entry(
            "A DT, DTM or TS as year, month or day, as far as it is known; the time of day is left out.",
            read_date,
            makes="partialDate",
        ),
        "v2-day": entry(
            "A DT, DTM or TS as a day; what is less precise gives nothing and a remark.", read_day, makes="day"
        ),
        "v2-instant": entry(
            "A DTM or TS as a moment; without an offset it has the sender's time zone, and a remark says so.",
            read_instant,
            makes="instant",
        ),
    }
)
