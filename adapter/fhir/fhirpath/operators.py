"""Equality, equivalence, order and arithmetic of FHIRPath collections.

https://hl7.org/fhirpath/N1/#operations
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from adapter.fhir.fhirpath.model import DATED, Items, Node, key_of, system
from adapter.fhir.fhirpath.spans import add_span
from adapter.fhir.fhirpath.syntax import FhirPathError
from adapter.fhir.fhirpath.values import CALENDAR_UNITS, Moment, Quantity, order, same_scale

_DAY_LENGTH = len("YYYY-MM-DD")
_PLAIN_SPANS = {"year": "a", "month": "mo"}


def single(items: Items) -> Any:
    """Return the one item as a System value, None for none.

    Raises:
        FhirPathError: there are several.
    """
    if not items:
        return None
    if len(items) > 1:
        raise FhirPathError("a single value is expected, there are several")
    return system(items[0])


def equal(left: Items, right: Items) -> bool | None:
    """Return what `=` means: None where a side is empty or the precision does not tell."""
    if not left or not right:
        return None
    if len(left) != len(right):
        return False
    known: bool | None = True
    for one, other in zip(left, right, strict=True):
        same = equal_items(one, other)
        if same is False:
            return False
        known = known if same else None
    return known


def equal_items(one: Any, other: Any) -> bool | None:  # noqa: PLR0911 - one way out for each kind of value
    """Return whether two items are equal."""
    ours, theirs = system(one), system(other)
    if ours is None or theirs is None:
        return bool(one.__class__ is Node and other.__class__ is Node and one.value == other.value)
    if ours.__class__ is bool or theirs.__class__ is bool:
        return bool(ours is theirs)
    if isinstance(ours, Moment) and isinstance(theirs, Moment):
        if (ours.kind == "Time") != (theirs.kind == "Time"):
            return False
        placed = order(ours, theirs)
        return None if placed is None else placed == 0
    if isinstance(ours, Quantity) or isinstance(theirs, Quantity):
        scaled = _scaled(ours, theirs)
        return None if scaled is None else scaled[0] == scaled[1]
    if isinstance(ours, Moment) or isinstance(theirs, Moment):
        return bool(_text(ours) == _text(theirs))
    return bool(ours == theirs)


def _text(value: Any) -> Any:
    return value.text if isinstance(value, Moment) else value


def _scaled(ours: Any, theirs: Any) -> tuple[Decimal, Decimal] | None:
    one, other = _as_quantity(ours), _as_quantity(theirs)
    return None if one is None or other is None else same_scale(one, other)


def _as_quantity(value: Any) -> Quantity | None:
    if isinstance(value, Quantity):
        return value
    return Quantity(Decimal(value), "1") if isinstance(value, int | Decimal) else None


def equivalent(left: Items, right: Items) -> bool:
    """Return what `~` means: the order does not matter, nor do case, white space and trailing digits."""
    if len(left) != len(right):
        return False
    rest = list(right)
    for one in left:
        at = next((at for at, other in enumerate(rest) if _equivalent_items(one, other)), None)
        if at is None:
            return False
        del rest[at]
    return True


def _alike(ours: Decimal, theirs: Decimal, digits: int) -> bool:
    try:
        return round(ours, digits) == round(theirs, digits)
    except InvalidOperation:  # more digits than the arithmetic of decimals has
        return ours == theirs


def _equivalent_items(one: Any, other: Any) -> bool:
    ours, theirs = system(one), system(other)
    if isinstance(ours, str) and isinstance(theirs, str):
        return " ".join(ours.lower().split()) == " ".join(theirs.lower().split())
    if isinstance(ours, int | Decimal) and isinstance(theirs, int | Decimal) and bool not in (type(ours), type(theirs)):
        digits = min(_digits(ours), _digits(theirs))
        return _alike(Decimal(ours), Decimal(theirs), digits)
    if isinstance(ours, Quantity) and isinstance(theirs, Quantity):
        scaled = same_scale(_plain_span(ours), _plain_span(theirs))
        if scaled is None:
            return False
        digits = min(_digits(scaled[0]), _digits(scaled[1]))
        return _alike(scaled[0], scaled[1], digits)
    return equal_items(one, other) is True


def _plain_span(quantity: Quantity) -> Quantity:
    """Return a calendar year or month as that of UCUM: for equivalence they are the same."""
    unit = _PLAIN_SPANS.get(CALENDAR_UNITS.get(quantity.unit, "")) if quantity.calendar else None
    return quantity if unit is None else Quantity(quantity.value, unit)


def _digits(number: int | Decimal) -> int:
    exponent = Decimal(number).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def compare(left: Items, right: Items) -> int | None:
    """Return -1, 0 or 1; None where a side is empty or the order is not known.

    Raises:
        FhirPathError: several values, or of kinds that have no order.
    """
    if len(left) == 1 and len(right) == 1 and _written_alike(left[0], right[0]):
        return int(left[0].value > right[0].value) - int(left[0].value < right[0].value)
    ours, theirs = single(left), single(right)
    if ours is None or theirs is None:
        return None
    if isinstance(ours, Moment) or isinstance(theirs, Moment):
        if isinstance(ours, Moment) and isinstance(theirs, Moment):
            return order(ours, theirs)
        raise FhirPathError("a date or time has no order with anything else")
    if isinstance(ours, Quantity) or isinstance(theirs, Quantity):
        scaled = _scaled(ours, theirs)
        if scaled is None:
            return None
        ours, theirs = scaled
    elif isinstance(ours, str) != isinstance(theirs, str) or bool in (type(ours), type(theirs)):
        raise FhirPathError("values of these kinds have no order")
    return int(ours > theirs) - int(ours < theirs)


def _written_alike(one: Any, other: Any) -> bool:
    """Tell whether two dates have the same precision and offset, so that their texts are in their order."""
    if one.__class__ is not Node or other.__class__ is not Node or not (one.type in DATED and other.type in DATED):
        return False
    ours, theirs = one.value, other.value
    if ours.__class__ is not str or theirs.__class__ is not str or len(ours) != len(theirs):
        return False
    if len(ours) <= _DAY_LENGTH:
        return (one.type == "time") is (other.type == "time")
    return ours[-1] == theirs[-1] == "Z" or (ours[-6:] == theirs[-6:] and ours[-6] in "+-")


def contains(items: Items, one: Any, keys: frozenset[Any] | None = None) -> bool:
    """Tell whether an item is in a collection; `keys`, if given, are those of the collection."""
    if keys is not None:
        return key_of(one) in keys
    return any(equal_items(other, one) is True for other in items)


def distinct(items: Items) -> Items:
    """Return each item once, in order."""
    seen: dict[Any, Any] = {}
    for item in items:
        seen.setdefault(key_of(item), item)
    return list(seen.values())


def _plus(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours + theirs
    if isinstance(ours, Moment) and isinstance(theirs, Quantity):
        return add_span(ours, theirs, 1)
    return _calculate(ours, theirs, lambda one, other: one + other)


def _minus(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, Moment) and isinstance(theirs, Quantity):
        return add_span(ours, theirs, -1)
    return _calculate(ours, theirs, lambda one, other: one - other)


def _calculate(ours: Any, theirs: Any, with_numbers: Callable[[Any, Any], Any]) -> Any:
    if isinstance(ours, Quantity) and isinstance(theirs, Quantity):
        scaled = same_scale(ours, theirs)
        if scaled is None:
            return None
        if ours.unit == theirs.unit:
            return Quantity(with_numbers(ours.value, theirs.value), ours.unit, ours.calendar)
        factor = scaled[0] / ours.value if ours.value else Decimal(1)
        return Quantity(with_numbers(*scaled) / factor, ours.unit, ours.calendar)
    _expect_numbers(ours, theirs)
    return with_numbers(ours, theirs)


def _expect_numbers(*values: Any) -> None:
    for value in values:
        if value.__class__ is bool or not isinstance(value, int | Decimal):
            raise FhirPathError("numbers are expected")


def _times(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, Quantity) or isinstance(theirs, Quantity):
        one, other = _as_quantity(ours), _as_quantity(theirs)
        if one is None or other is None:
            raise FhirPathError("numbers are expected")
        return Quantity(one.value * other.value, _joined(one.unit, other.unit, "."))
    _expect_numbers(ours, theirs)
    return ours * theirs


def _joined(one: str, other: str, sign: str) -> str:
    if other == "1" or (sign == "/" and one == other):
        return one if other == "1" else "1"
    if sign == "." and one == other:
        return f"{one}2"
    return other if one == "1" and sign == "." else f"{one}{sign}{other}"


def _divided(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, Quantity) or isinstance(theirs, Quantity):
        one, other = _as_quantity(ours), _as_quantity(theirs)
        if one is None or other is None or not other.value:
            return None
        return Quantity(one.value / other.value, _joined(one.unit, other.unit, "/"))
    _expect_numbers(ours, theirs)
    return Decimal(ours) / Decimal(theirs) if theirs else None


def _whole(ours: Any, theirs: Any) -> Any:
    _expect_numbers(ours, theirs)
    return int(Decimal(ours) / Decimal(theirs)) if theirs else None


def _rest(ours: Any, theirs: Any) -> Any:
    _expect_numbers(ours, theirs)
    if not theirs:
        return None
    if isinstance(ours, int) and isinstance(theirs, int):
        return int(Decimal(ours) % Decimal(theirs))
    return Decimal(ours) % Decimal(theirs)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": _plus,
    "-": _minus,
    "*": _times,
    "/": _divided,
    "div": _whole,
    "mod": _rest,
}


def calculate(sign: str, left: Items, right: Items) -> Items:
    """Return what an arithmetic operator gives; empty where a side is empty or the result is not defined.

    Raises:
        FhirPathError: several values, or values that cannot be calculated with.
    """
    ours, theirs = single(left), single(right)
    if sign == "&":
        for value in (ours, theirs):
            if value is not None and not isinstance(value, str):
                raise FhirPathError("& joins strings")
        return [(ours or "") + (theirs or "")]
    if ours is None or theirs is None:
        return []
    try:
        found = _ARITHMETIC[sign](ours, theirs)
    except (InvalidOperation, OverflowError):
        return []
    return [] if found is None else [found]
