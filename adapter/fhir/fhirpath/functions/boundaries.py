"""The least and the greatest value that a number or date of limited precision may stand for.

https://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time
"""

from calendar import monthrange
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from adapter.fhir.fhirpath.functions.signature import Environment, Function, Items, answer
from adapter.fhir.fhirpath.operators import single
from adapter.fhir.fhirpath.syntax import FhirPathError
from adapter.fhir.fhirpath.values import Moment, Quantity, moment, same_scale

_MOST_DIGITS = 31
_DIGITS = 8
_LENGTH_OF = {4: 4, 6: 7, 8: 10, 10: 13, 12: 16, 14: 19, 17: 29}
_TIME_LENGTH_OF = {2: 2, 4: 5, 6: 8, 9: 12}


def _number(value: int | Decimal, precision: int | None, *, high: bool) -> Decimal | int | None:
    digits = _DIGITS if precision is None else precision
    if not 0 <= digits <= _MOST_DIGITS:
        return None
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
    bound = number + half if high else number - half
    rounded = bound.quantize(Decimal(1).scaleb(-digits), ROUND_CEILING if high else ROUND_FLOOR)
    return int(rounded) if digits == 0 else rounded


def _moment(value: Moment, precision: int | None, *, high: bool) -> Moment | None:
    if value.kind == "Time":
        length = _TIME_LENGTH_OF.get(9 if precision is None else precision)
        filled = value.text + ("23:59:59.999" if high else "00:00:00.000")[len(value.text) :]
        return None if length is None else moment("T" + filled[:length])
    length = _LENGTH_OF.get((8 if value.kind == "Date" else 17) if precision is None else precision)
    if length is None:
        return None
    day_and_time, offset = value.text.rstrip("T"), ""
    if value.offset is not None:
        cut = -1 if day_and_time.endswith("Z") else -6
        day_and_time, offset = day_and_time[:cut], day_and_time[cut:]
    filled = day_and_time + _filling(day_and_time, high=high)[len(day_and_time) :]
    if length <= len("YYYY-MM-DD"):
        return moment(filled[:length])
    return moment(filled[:length] + (offset or ("-12:00" if high else "+14:00")))


def _filling(text: str, *, high: bool) -> str:
    if not high:
        return "0001-01-01T00:00:00.000"
    month = text[5:7] or "12"
    last_day = monthrange(int(text[:4]), int(month))[1]
    return f"9999-12-{last_day:02}T23:59:59.999"


def _boundary(*, high: bool) -> Function:
    def call(items: Items, _env: Environment, precision: Items | None = None) -> Items:
        value = single(items)
        digits = None if precision is None else single(precision)
        if isinstance(value, Moment):
            return answer(_moment(value, digits, high=high))
        if isinstance(value, Quantity):
            number = _number(value.value, digits, high=high)
            return [] if number is None else [Quantity(Decimal(number), value.unit, value.calendar)]
        if isinstance(value, int | Decimal) and value.__class__ is not bool:
            return answer(_number(value, digits, high=high))
        return []

    return Function(0, 1, call)


def _precision(items: Items, _env: Environment) -> Items:
    value = single(items)
    if isinstance(value, Moment):
        text = value.text if value.offset is None else value.text.removesuffix("Z")[: 29 if "Z" in value.text else -6]
        return [sum(char.isdigit() for char in text)]
    if isinstance(value, int | Decimal):
        return [len(format(Decimal(value), "f").partition(".")[2])]
    return []


def _comparable(items: Items, _env: Environment, other: Items) -> Items:
    ours, theirs = single(items), single(other)
    if not isinstance(ours, Quantity) or not isinstance(theirs, Quantity):
        raise FhirPathError("comparable(): two quantities are expected")
    return [same_scale(ours, theirs) is not None]


BOUNDARIES: dict[str, Function] = {
    "lowBoundary": _boundary(high=False),
    "highBoundary": _boundary(high=True),
    "precision": Function(0, 0, _precision),
    "comparable": Function(1, 1, _comparable),
}
