"""Whether a text is a date or an instant that exists; these are the `format`s of the published schemas.

https://hl7.org/fhir/R4/datatypes.html#date https://hl7.org/fhir/R4/datatypes.html#dateTime
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from adapter.domain.values import Instant, PartialDate

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTIAL: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_INSTANT: Final = re.compile(
    r"(?:19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])",
)
"""FHIR's form, in the years 1900 to 2999: nobody sends a request in another, and no time zone makes it overflow."""


def is_day(text: str) -> bool:
    """Tell whether `text` is a calendar date YYYY-MM-DD."""
    return _DAY.fullmatch(text) is not None and _accepted(date.fromisoformat, text)


def is_partial_date(text: str) -> bool:
    """Tell whether `text` is a year, a month or a day of the calendar."""
    return _PARTIAL.fullmatch(text) is not None and _accepted(PartialDate, text)


def is_instant(text: str) -> bool:
    """Tell whether `text` is a moment with seconds and an offset."""
    return _INSTANT.fullmatch(text) is not None and _accepted(Instant, text)


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": is_day,
    "partial-date": is_partial_date,
    "date-time": is_instant,
}


def _accepted(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
