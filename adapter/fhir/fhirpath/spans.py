"""Adds a span of time to a date or time, at the precision of the date.

https://hl7.org/fhirpath/N1/#datetime-arithmetic
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from adapter.fhir.fhirpath.syntax import FhirPathError
from adapter.fhir.fhirpath.values import CALENDAR_UNITS, Moment, Quantity

_UCUM_SPANS = {"s": "second", "ms": "millisecond", "min": "minute", "h": "hour", "d": "day", "wk": "week"}
_SECONDS = {
    "week": Decimal(604800),
    "day": Decimal(86400),
    "hour": Decimal(3600),
    "minute": Decimal(60),
    "second": Decimal(1),
    "millisecond": Decimal("0.001"),
}
_FRACTION = re.compile(r"\.([0-9]*)")
_LENGTHS = (0, 4, 7, 10, 13, 16)
_DAYS_A_YEAR, _DAYS_A_MONTH = 365, 30


def add_span(start: Moment, span: Quantity, sign: int) -> Moment | None:
    """Return the moment before (`sign` -1) or after; None beyond the years 1 to 9999.

    Raises:
        FhirPathError: the unit is no span of time that has a fixed meaning here.
    """
    unit = CALENDAR_UNITS.get(span.unit) if span.calendar else _UCUM_SPANS.get(span.unit)
    if unit is None or (start.kind == "Time" and unit in ("year", "month", "week", "day")):
        raise FhirPathError("this unit cannot be added to a date or time")
    amount = span.value * sign
    try:
        return _moved(start, unit, amount)
    except (ValueError, OverflowError):
        return None


def _moved(start: Moment, unit: str, amount: Decimal) -> Moment:
    parts = ((1, 1, 1) if start.kind == "Time" else ()) + start.parts
    known = len(parts)
    year, month, day, hour, minute, second = (*parts, *(1, 1, 1, 0, 0, Decimal(0))[known:])
    if unit in ("year", "month"):
        months = int(year) * 12 + int(month) - 1 + int(amount) * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        month += 1
        day = min(int(day), monthrange(int(year), int(month))[1])
        whole = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC)
        return _written(start, whole, Decimal(second), known)
    # only seconds count in fractions
    seconds = (amount if unit == "second" else Decimal(int(amount))) * _SECONDS[unit]
    if known <= 2:  # noqa: PLR2004 - a year, or a year and a month: counted in their own unit
        days = int(seconds / _SECONDS["day"])
        whole_units = int(days / (_DAYS_A_YEAR if known == 1 else _DAYS_A_MONTH))
        return _moved(start, "year" if known == 1 else "month", Decimal(whole_units))
    if start.kind == "Date":
        seconds = int(seconds / _SECONDS["day"]) * _SECONDS["day"]
    total = Decimal(second) + seconds
    carried, rest = divmod(total, 60)
    if rest < 0:
        carried, rest = carried - 1, rest + 60
    whole = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC)
    return _written(start, whole + timedelta(minutes=int(carried)), rest, known)


def _written(start: Moment, whole: datetime, second: Decimal, known: int) -> Moment:
    parts: tuple[int | Decimal, ...] = (whole.year, whole.month, whole.day, whole.hour, whole.minute, second)[:known]
    text = whole.strftime("%Y-%m-%dT%H:%M").zfill(16)
    if known > 5:  # noqa: PLR2004 - with seconds
        digits = len(_FRACTION.search(start.text + ".")[1])  # type: ignore[index] # the dot is always found
        text += f":{second:0{3 + digits if digits else 2}.{digits}f}"
    else:
        text = text[: _LENGTHS[known]] + ("T" if start.kind == "DateTime" and known <= 3 else "")  # noqa: PLR2004
    if start.kind == "Time":
        return Moment("Time", parts[3:], None, text.partition("T")[2])
    offset = "" if start.offset is None else "Z" if start.text.endswith("Z") else start.text[-6:]
    return Moment(start.kind, parts, start.offset, text + offset)
