"""The small values of the canonical formats: identifiers, names, dates of any precision, instants, money.

Dates of reduced precision follow FHIR `date` and instants FHIR `dateTime` with an offset:
https://hl7.org/fhir/R4/datatypes.html#date
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

Day: TypeAlias = date
"""A calendar day; a name of its own, because members of the formats are called `date`."""

_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifier:
    """A value in a naming system (`system` is a URI)."""

    system: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HumanName:
    """A name as its owner writes it; every part may be empty, but not all."""

    family: str | None = None
    given: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    line: tuple[str, ...] = ()
    postal_code: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Telecom:
    """A phone number, e-mail address or the like, as FHIR ContactPoint."""

    system: str
    value: str
    use: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Coding:
    """A code in a code system; `version` is the catalogue's own (a year for ICD-10-GM and OPS)."""

    system: str
    code: str
    version: str | None = None
    display: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Money:
    """An exact amount; the digits are kept as given (120.00 is not 120)."""

    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A year, a month or a day, as given; never completed by guessing."""

    text: str

    def __post_init__(self) -> None:
        """Refuse what is no calendar date."""
        match = _PARTIAL_DATE.fullmatch(self.text)
        if match is None:
            raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = match.groups()
        date(int(year), int(month or 1), int(day or 1))

    @property
    def day(self) -> date | None:
        """The full date, or None where the precision is lower."""
        return date.fromisoformat(self.text) if len(self.text) == len("2026-01-31") else None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment with its offset, kept as written."""

    text: str

    def __post_init__(self) -> None:
        """Refuse what has no offset or is no moment; the other spellings of ISO 8601 are not FHIR's."""
        if _INSTANT.fullmatch(self.text) is None:
            raise ValueError("an instant is YYYY-MM-DDThh:mm:ss with an offset, such as +01:00 or Z")
        datetime.fromisoformat(self.text)

    @property
    def at(self) -> datetime:
        """The moment, aware, in the offset in which it was written."""
        return datetime.fromisoformat(self.text)

    @property
    def local_date(self) -> date:
        """The calendar date where it was written; this date counts for rules."""
        return self.at.date()

    def __str__(self) -> str:
        return self.text
