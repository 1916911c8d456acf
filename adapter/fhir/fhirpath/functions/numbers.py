"""Mathematics: rounding, powers, logarithms.

https://hl7.org/fhirpath/N1/#math
"""

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, DecimalException
from typing import Any

from adapter.fhir.fhirpath.functions.signature import Environment, Function, Items, answer
from adapter.fhir.fhirpath.operators import single
from adapter.fhir.fhirpath.syntax import FhirPathError
from adapter.fhir.fhirpath.values import Quantity

_LARGEST_EXPONENT = 1000


def _amount(items: Items) -> Any:
    value = single(items)
    if value is not None and (value.__class__ is bool or not isinstance(value, int | Decimal | Quantity)):
        raise FhirPathError("a number is expected")
    return value


def _of(found: Callable[..., Any], arguments: int = 0, most: int | None = None) -> Function:
    """Return a function of numbers; empty where one is, or where there is no result."""

    def call(items: Items, _env: Environment, *given: Items) -> Items:
        values = [_amount(items), *map(_amount, given)]
        if None in values:
            return []
        try:
            return answer(found(*values))
        except (DecimalException, ValueError, OverflowError):
            return []

    return Function(arguments, arguments if most is None else most, call)


def _abs(value: Any) -> Any:
    return Quantity(abs(value.value), value.unit, value.calendar) if isinstance(value, Quantity) else abs(value)


def _power(base: Any, exponent: Any) -> Any:
    if abs(exponent) > _LARGEST_EXPONENT:
        return None
    if isinstance(base, int) and isinstance(exponent, int) and exponent >= 0:
        return base**exponent
    found = Decimal(base) ** Decimal(exponent)
    return None if found.is_nan() else found


def _log(value: Any, base: Any) -> Decimal:
    return round(Decimal(value).ln() / Decimal(base).ln(), 15).normalize()


def _round(value: Any, digits: Any = 0) -> Any:
    if not 0 <= digits <= 28:  # noqa: PLR2004 - what a decimal holds here
        raise FhirPathError("round(): the precision must be 0 or more")
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    return rounded if digits else int(rounded)


NUMBERS: dict[str, Function] = {
    "abs": _of(_abs),
    "ceiling": _of(lambda value: int(Decimal(value).to_integral_value(ROUND_CEILING))),
    "floor": _of(lambda value: int(Decimal(value).to_integral_value(ROUND_FLOOR))),
    "truncate": _of(int),
    "exp": _of(lambda value: Decimal(value).exp()),
    "ln": _of(lambda value: Decimal(value).ln()),
    "log": _of(_log, 1),
    "power": _of(_power, 1),
    "round": _of(_round, 0, 1),
    "sqrt": _of(lambda value: None if value < 0 else Decimal(str(math.sqrt(value)))),
}
