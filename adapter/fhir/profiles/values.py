"""Fixed and pattern values: what an element must be, or must at least contain, each compiled to one test.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson

_MOST_SHOWN = 160

Takes: TypeAlias = Callable[[Any], bool]
"""Tells whether a value is, or contains, what a profile wants."""


def fixed_test(wanted: Any) -> Takes:
    """Return the test for a fixed value: exactly this; true and 1 are not the same, 1 and 1.0 are."""
    if type(wanted) is dict:
        return _having(wanted, fixed_test, len(wanted))
    if type(wanted) is list:
        tests = [fixed_test(one) for one in wanted]
        return lambda value: (
            value.__class__ is list
            and len(value) == len(tests)
            and all(test(one) for test, one in zip(tests, value, strict=True))
        )
    return _being(wanted)


def pattern_test(wanted: Any) -> Takes:
    """Return the test for a pattern: all that it has, and perhaps more; of lists the order does not matter."""
    if type(wanted) is dict:
        return _having(wanted, pattern_test, None)
    if type(wanted) is list:
        each = [_with_one(pattern_test(one)) for one in wanted]
        return each[0] if len(each) == 1 else lambda value: value.__class__ is list and all(one(value) for one in each)
    return _being(wanted)


def _with_one(test: Takes) -> Takes:
    def has(value: Any) -> bool:
        if value.__class__ is not list:
            return False
        for one in value:  # noqa: SIM110 - a generator costs more than what it asks
            if test(one):
                return True
        return False

    return has


def _having(wanted: dict[str, Any], test_of: Callable[[Any], Takes], size: int | None) -> Takes:
    """Return the test for an object with these members, and so many of them; None = any number."""
    tests = [(name, test_of(one)) for name, one in wanted.items()]
    words = {name: one for name, one in wanted.items() if type(one) is str}

    def has_words(value: Any) -> bool:
        if value.__class__ is not dict or (size is not None and len(value) != size):
            return False
        for name, word in words.items():  # noqa: SIM110 - as above
            if value.get(name) != word:
                return False
        return True

    def has(value: Any) -> bool:
        if value.__class__ is not dict or (size is not None and len(value) != size):
            return False
        for name, test in tests:  # noqa: SIM110 - as above
            if name not in value or not test(value[name]):
                return False
        return True

    return has_words if len(words) == len(wanted) else has


def _being(wanted: Any) -> Takes:
    if type(wanted) is str:
        return lambda value: value.__class__ is str and value == wanted
    if type(wanted) is bool:
        return lambda value: value is wanted
    return lambda value: value.__class__ is not bool and bool(value == wanted)


def shown(value: Any) -> str:
    """Return a fixed or pattern value of a profile in few words, codes as system|code."""
    codings = value.get("coding", [value]) if type(value) is dict else []
    if codings and all("code" in one for one in codings):
        return ", ".join("|".join(one[name] for name in ("system", "code") if name in one) for one in codings)
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "..."
