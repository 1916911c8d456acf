"""Conversions: toInteger(), convertsToInteger() and their kin.

https://hl7.org/fhirpath/N1/#conversion
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from adapter.fhir.fhirpath.functions.signature import Environment, Function, Items, answer
from adapter.fhir.fhirpath.operators import single
from adapter.fhir.fhirpath.values import CALENDAR_UNITS, Moment, Quantity, moment

_INTEGER = re.compile(r"[+-]?[0-9]{1,10}").fullmatch
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?").fullmatch
_QUANTITY = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:'([^']+)'|([a-zA-Z]+))?").fullmatch
_TRUE = frozenset({"true", "t", "yes", "y", "1", "1.0"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "0.0"})
_LONGEST = 1000


def _boolean(value: Any) -> bool | None:
    if value.__class__ is bool:
        return bool(value)
    if isinstance(value, int | Decimal):
        return {1: True, 0: False}.get(int(value)) if value in (0, 1) else None
    if isinstance(value, str):
        return True if value.lower() in _TRUE else False if value.lower() in _FALSE else None
    return None


def _integer(value: Any) -> int | None:
    if value.__class__ is bool or value.__class__ is int:
        return int(value)
    return int(value) if isinstance(value, str) and _INTEGER(value) else None


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool | int):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    return Decimal(value) if isinstance(value, str) and len(value) < _LONGEST and _DECIMAL(value) else None


def text(value: Any) -> str | None:
    """Return a System value as a string; None where it has none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Moment):
        return value.text
    if isinstance(value, Quantity):
        unit = value.unit if value.calendar else f"'{value.unit}'"
        return f"{value.value} {unit}"
    return str(value)


def _of_kind(*kinds: str) -> Callable[[Any], Moment | None]:
    def convert(value: Any) -> Moment | None:
        if isinstance(value, str):
            value = moment(f"T{value.removeprefix('T')}" if "Time" in kinds else value)
        if not isinstance(value, Moment):
            return None
        if value.kind in kinds:
            return value
        if "DateTime" in kinds and value.kind == "Date":
            return Moment("DateTime", value.parts, None, value.text)
        if "Date" in kinds and value.kind == "DateTime":
            return Moment("Date", value.parts[:3], None, value.text.partition("T")[0])
        return None

    return convert


def _quantity(value: Any) -> Quantity | None:
    if isinstance(value, Quantity):
        return value
    if isinstance(value, int | Decimal):
        return Quantity(Decimal(value), "1")
    match = _QUANTITY(value) if isinstance(value, str) and len(value) < _LONGEST else None
    if match is None or (match[3] is not None and match[3] not in CALENDAR_UNITS):
        return None
    return Quantity(Decimal(match[1]), match[2] or match[3] or "1", calendar=match[3] is not None)


_TO: dict[str, Callable[[Any], Any]] = {
    "Boolean": _boolean,
    "Integer": _integer,
    "Decimal": _decimal,
    "String": text,
    "Date": _of_kind("Date"),
    "DateTime": _of_kind("DateTime"),
    "Time": _of_kind("Time"),
    "Quantity": _quantity,
}


def _to(convert: Callable[[Any], Any]) -> Function:
    def call(items: Items, _env: Environment, *_unit: Items) -> Items:
        value = single(items)
        return [] if value is None else answer(convert(value))

    return Function(0, 1, call)


def _converts(convert: Callable[[Any], Any]) -> Function:
    def call(items: Items, _env: Environment, *_unit: Items) -> Items:
        value = single(items)
        return [] if not items else [value is not None and convert(value) is not None]

    return Function(0, 1, call)


CONVERSIONS: dict[str, Function] = {f"to{name}": _to(convert) for name, convert in _TO.items()} | {
    f"convertsTo{name}": _converts(convert) for name, convert in _TO.items()
}
