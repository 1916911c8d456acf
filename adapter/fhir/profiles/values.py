"""Fixed and pattern values: what an element must be, or must at least contain.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_
"""

from typing import Any

import orjson

_MOST_SHOWN = 160


def is_fixed(value: Any, fixed: Any) -> bool:
    """Tell whether a value is exactly the fixed one; true and 1 are not the same, 1 and 1.0 are."""
    if type(value) is dict and type(fixed) is dict:
        return value.keys() == fixed.keys() and all(is_fixed(value[name], fixed[name]) for name in fixed)
    if type(value) is list and type(fixed) is list:
        return len(value) == len(fixed) and all(map(is_fixed, value, fixed))
    return _same(value, fixed)


def has_pattern(value: Any, pattern: Any) -> bool:
    """Tell whether a value has all that the pattern has, and perhaps more; of lists the order does not matter."""
    if type(value) is dict and type(pattern) is dict:
        return all(name in value and has_pattern(value[name], wanted) for name, wanted in pattern.items())
    if type(value) is list and type(pattern) is list:
        return all(any(has_pattern(one, wanted) for one in value) for wanted in pattern)
    return _same(value, pattern)


def _same(value: Any, wanted: Any) -> bool:
    return bool(value == wanted) and (type(value) is bool) == (type(wanted) is bool)


def shown(value: Any) -> str:
    """Return a fixed or pattern value of a profile in few words, codes as system|code."""
    codings = value.get("coding", [value]) if type(value) is dict else []
    if codings and all("code" in one for one in codings):
        return ", ".join("|".join(one[name] for name in ("system", "code") if name in one) for one in codings)
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "..."
