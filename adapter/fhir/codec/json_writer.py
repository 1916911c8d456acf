"""Writes a resource as JSON, decimals with the digits they came with.

https://hl7.org/fhir/R4/json.html
"""

from decimal import Decimal
from typing import Any

import orjson

from adapter.fhir.resource import Resource


def to_json(resource: Resource, *, pretty: bool = False) -> bytes:
    """Return the resource as UTF-8 JSON, members in the order of the dict; `pretty` indents by two and ends the line.

    Raises:
        TypeError: the resource holds something that is no JSON (a bug of ours, not of a sender).
    """
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE if pretty else 0
    return orjson.dumps(resource, default=_exact, option=option)


def _exact(value: Any) -> orjson.Fragment:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(str(value).encode())
    raise TypeError(f"{type(value).__name__} has no place in a resource")
