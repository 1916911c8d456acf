"""Decimals that remember how they were written: 1.10 is not 1.1, and 1.0E-2 comes back as 1.0E-2.

https://hl7.org/fhir/R4/datatypes.html#decimal
"""

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Self

_BEYOND = "the number is beyond what a double can hold"
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class WrittenDecimal(Decimal):
    """A decimal with its text; calculating with it gives plain decimals."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read `text`, a number as JSON writes it.

        Raises:
            ValueError: no double can hold it, so that other systems would bend it.
        """
        near = float(text)
        try:
            value = super().__new__(cls, text)
        except InvalidOperation:  # an exponent of twenty digits
            raise ValueError(_BEYOND) from None
        if math.isinf(near) or (near == 0.0 and not value.is_zero()):
            raise ValueError(_BEYOND)
        value.text = text
        return value

    def __str__(self) -> str:
        return self.text


def number(text: str) -> int | WrittenDecimal | None:
    """Return the number that `text` writes, an int where an int says the same; None where it is no JSON number.

    Raises:
        ValueError: beyond what a double can hold.
    """
    if _INTEGER.fullmatch(text):
        return int(text)
    return WrittenDecimal(text) if _DECIMAL.fullmatch(text) else None
