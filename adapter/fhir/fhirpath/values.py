"""The System values of FHIRPath that Python has no class for: dates and times of any precision, and quantities.

https://hl7.org/fhirpath/N1/#literals
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

_MOMENT = re.compile(
    r"(?:(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?)?"
    r"(?P<t>T)?(?:(?P<hour>[0-9]{2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]+)?))?)?)?"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?",
)
_PARTS = ("year", "month", "day", "hour", "minute")
_DAY_PARTS = 3

CALENDAR_UNITS = {
    name: unit
    for unit in ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")
    for name in (unit, f"{unit}s")
}
"""The words for spans of time, with their singular."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A Date, DateTime or Time with the precision that it was written with.

    Attributes:
        kind: "Date", "DateTime" or "Time".
        parts: year, month, day, hour, minute, second, as far as they are given; a Time starts with the hour.
        offset: minutes from UTC, None where none is given.
    """

    kind: str
    parts: tuple[int | Decimal, ...]
    offset: int | None
    text: str

    @property
    def at_utc(self) -> tuple[int | Decimal, ...]:
        """The parts, moved to UTC where an offset is given and minutes are known."""
        if not self.offset or self.kind != "DateTime" or len(self.parts) < 5:  # noqa: PLR2004 - down to the minute
            return self.parts
        year, month, day, hour, minute, *second = self.parts
        try:
            moved = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC) - timedelta(
                minutes=self.offset,
            )
        except (ValueError, OverflowError):
            return self.parts
        return (moved.year, moved.month, moved.day, moved.hour, moved.minute, *second)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with a UCUM unit, or (`calendar`) with a word for a span of time."""

    value: Decimal
    unit: str
    calendar: bool = False


System: TypeAlias = bool | int | Decimal | str | Moment | Quantity


def moment(text: str) -> Moment | None:
    """Return what a literal without its @ says; None where it says no date or time."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    has_date, has_time = match["year"] is not None, match["hour"] is not None
    if not (has_date or has_time) or (has_date and has_time and not (match["t"] and match["day"])):
        return None
    if match["offset"] and not (has_date and has_time):
        return None
    parts: list[int | Decimal] = [int(match[name]) for name in _PARTS if match[name] is not None]
    if match["second"] is not None:
        parts.append(Decimal(match["second"]))
    kind = "Time" if not has_date else "DateTime" if match["t"] else "Date"
    return Moment(kind, tuple(parts), _offset(match["offset"]), text.removeprefix("T") if kind == "Time" else text)


def _offset(text: str | None) -> int | None:
    if text is None:
        return None
    if text == "Z":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return -minutes if text[0] == "-" else minutes


def order(left: Moment, right: Moment) -> int | None:
    """Return -1, 0 or 1; None where the precision, or a missing offset, does not let them be put in order."""
    if (left.kind == "Time") != (right.kind == "Time"):
        return None
    ours, theirs = left.at_utc, right.at_utc
    unlike = (left.offset is None) != (right.offset is None)
    if unlike and len(ours) > _DAY_PARTS and len(theirs) > _DAY_PARTS:
        return None  # one of them may be anywhere in the world
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            return -1 if one < other else 1
    return 0 if len(ours) == len(theirs) else None


_SCALES: dict[str, tuple[str, Decimal]] = {
    unit: (base, Decimal(factor))
    for base, units in {
        "g": {"kg": "1000", "g": "1", "mg": "0.001", "ug": "0.000001", "ng": "0.000000001", "[lb_av]": "453.59237"},
        "m": {"km": "1000", "m": "1", "dm": "0.1", "cm": "0.01", "mm": "0.001", "[in_i]": "0.0254", "[ft_i]": "0.3048"},
        "L": {"L": "1", "l": "1", "dL": "0.1", "mL": "0.001", "ml": "0.001", "uL": "0.000001"},
        "s": {"ms": "0.001", "s": "1", "min": "60", "h": "3600", "d": "86400", "wk": "604800"},
        "mo": {"mo": "1", "a": "12"},
    }.items()
    for unit, factor in units.items()
}
_SPANS = {"week": "wk", "day": "d", "hour": "h", "minute": "min", "second": "s", "millisecond": "ms"}
_LONG_SPANS = {"year": "a", "month": "mo"}


def same_scale(left: Quantity, right: Quantity) -> tuple[Decimal, Decimal] | None:
    """Return both values in one unit; None where their units are not known to measure the same."""
    (one, by), (other, other_by) = _scale(left), _scale(right)
    return (left.value * by, right.value * other_by) if one == other else None


def _scale(quantity: Quantity) -> tuple[str, Decimal]:
    unit = quantity.unit
    if quantity.calendar:
        word = CALENDAR_UNITS[unit]
        # a calendar year is no number of days, so years and months keep apart from UCUM's
        unit = _SPANS.get(word) or f"calendar {_LONG_SPANS[word]}"
        if unit == "calendar a":
            return "calendar mo", Decimal(12)
    return _SCALES.get(unit, (unit, Decimal(1)))
