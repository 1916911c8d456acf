"""Moments as FHIR writes them.

https://hl7.org/fhir/R4/datatypes.html#instant
"""

from datetime import UTC, datetime


def instant(at: datetime) -> str:
    """Return an aware moment as a FHIR instant in UTC, to the millisecond.

    Raises:
        ValueError: `at` has no offset.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs an offset")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
