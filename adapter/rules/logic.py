"""Three-valued logic: conditions as functions that answer true, false or unknown (None).

Kleene's strong logic: `all` is false if any part is false, else unknown if any part is unknown; `any` is the dual;
`not` keeps unknown. https://plato.stanford.edu/entries/logic-manyvalued/
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.rules.derived import Values

Test = Callable[[Values], bool | None]
Gap = Callable[[Values], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A condition that has been checked and compiled.

    Attributes:
        holds: true, false or None for unknown.
        gaps: the given facts whose absence makes it unknown; meaningful only while it is unknown.
        facts: the facts and derived facts that it looks at, each once, in order.
        words: the condition in words, for people.
        advice: its outermost operator is `not`.
    """

    holds: Test
    gaps: Gap
    facts: tuple[str, ...]
    words: str
    advice: bool = False


ALWAYS = Condition(holds=lambda _values: True, gaps=lambda _values: (), facts=(), words="always")
"""For packs that are chosen by payer and date alone."""


def comparison(name: str, operator: str, expected: Any, gaps: Gap) -> Condition:
    """Compare one fact with a value, or with a list for "in" and "nin"; an unknown fact gives unknown."""
    words = f"{name} {operator} {_spoken(expected)}"
    return Condition(holds=_test(name, operator, expected), gaps=gaps, facts=(name,), words=words)


def _spoken(expected: Any) -> str:
    if isinstance(expected, list):
        return ", ".join(map(_spoken, expected))
    return str(expected).lower() if isinstance(expected, bool) else str(expected)


def _test(name: str, operator: str, expected: Any) -> Test:
    among = frozenset(expected) if isinstance(expected, list) else frozenset()

    def eq(values: Values) -> bool | None:
        seen = values[name]
        return None if seen is None else bool(seen == expected)

    def ne(values: Values) -> bool | None:
        seen = values[name]
        return None if seen is None else bool(seen != expected)

    def one_of(values: Values) -> bool | None:
        seen = values[name]
        return None if seen is None else seen in among

    def none_of(values: Values) -> bool | None:
        seen = values[name]
        return None if seen is None else seen not in among

    def lt(values: Values) -> bool | None:
        seen = values[name]
        return None if seen is None else bool(seen < expected)

    def le(values: Values) -> bool | None:
        seen = values[name]
        return None if seen is None else bool(seen <= expected)

    def gt(values: Values) -> bool | None:
        seen = values[name]
        return None if seen is None else bool(seen > expected)

    def ge(values: Values) -> bool | None:
        seen = values[name]
        return None if seen is None else bool(seen >= expected)

    tests = {"eq": eq, "ne": ne, "in": one_of, "nin": none_of, "lt": lt, "le": le, "gt": gt, "ge": ge}
    return tests[operator]


def presence(name: str, *, present: bool) -> Condition:
    """Ask whether a fact is known at all; this is never unknown."""

    def holds(values: Values) -> bool:
        return (values[name] is not None) is present

    words = f"{name} is {'present' if present else 'missing'}"
    return Condition(holds=holds, gaps=lambda _values: (), facts=(name,), words=words)


def negation(part: Condition) -> Condition:
    """Turn true into false and false into true; unknown stays."""
    inner = part.holds

    def holds(values: Values) -> bool | None:
        result = inner(values)
        return None if result is None else not result

    return Condition(holds=holds, gaps=part.gaps, facts=part.facts, words=f"not ({part.words})", advice=True)


def conjunction(parts: Sequence[Condition]) -> Condition:
    """Hold where all parts hold."""
    tests = tuple(part.holds for part in parts)

    def holds(values: Values) -> bool | None:
        result: bool | None = True
        for test in tests:
            found = test(values)
            if found is False:
                return False
            if found is None:
                result = None
        return result

    return _joined(parts, holds, " and ")


def disjunction(parts: Sequence[Condition]) -> Condition:
    """Hold where any part holds."""
    tests = tuple(part.holds for part in parts)

    def holds(values: Values) -> bool | None:
        result: bool | None = False
        for test in tests:
            found = test(values)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return _joined(parts, holds, " or ")


def _joined(parts: Sequence[Condition], holds: Test, word: str) -> Condition:
    def gaps(values: Values) -> tuple[str, ...]:
        return _once(name for part in parts if part.holds(values) is None for name in part.gaps(values))

    facts = _once(name for part in parts for name in part.facts)
    return Condition(holds=holds, gaps=gaps, facts=facts, words="(" + word.join(part.words for part in parts) + ")")


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
