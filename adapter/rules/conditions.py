"""The conditions of pack files: `{fact: ..., eq: ...}` joined by all, any and not; checked and compiled once."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from adapter.rules.derived import Values
from adapter.rules.entry import Entry
from adapter.rules.located import Listed, Mapped
from adapter.rules.logic import ALWAYS, Condition, Gap, comparison, conjunction, disjunction, negation, presence
from adapter.rules.vocabulary import DerivedFact, Fact, Vocabulary

_ORDERED = ("lt", "le", "gt", "ge")
_AMONG = ("in", "nin")
_OPERATORS = ("eq", "ne", *_AMONG, *_ORDERED, "is")
_COMPARABLE = ("int", "number", "date")


def compile_condition(entry: Entry, key: str, vocabulary: Vocabulary) -> Condition:
    """Return the condition below `key`; what is wrong with it is noted, and the result is then never used."""
    value = entry.members.get(key)
    if value is None:
        entry.add(f"{key} is missing: say when the rule applies", key)
        return ALWAYS
    return _Compiling(entry, vocabulary).condition(value, entry.members.lines.get(key, entry.members.line))


class _Compiling:
    def __init__(self, entry: Entry, vocabulary: Vocabulary) -> None:
        self._entry = entry
        self._vocabulary = vocabulary

    def condition(self, value: Any, line: int) -> Condition:
        if not isinstance(value, Mapped) or not value:
            return self._wrong("a condition is {all: [...]}, {any: [...]}, {not: {...}} or {fact: ..., eq: ...}", line)
        if "fact" in value:
            return self._leaf(value)
        if len(value) == 1:
            word, inner = next(iter(value.items()))
            if word == "not":
                return negation(self.condition(inner, value.line))
            if word in {"all", "any"} and isinstance(inner, Listed) and inner:
                parts = [self.condition(part, at) for part, at in zip(inner, inner.lines, strict=True)]
                return conjunction(parts) if word == "all" else disjunction(parts)
            if word in {"all", "any"}:
                return self._wrong(f"{word} needs a list of conditions", value.line)
        return self._wrong(f"{', '.join(map(str, value))} is not how a condition begins", value.line)

    def _wrong(self, text: str, line: int) -> Condition:
        self._entry.findings.add(f"{self._entry.name}: {text}", self._entry.file, line)
        return ALWAYS

    def _leaf(self, value: Mapped) -> Condition:
        fault = next(self._faults(value), None)
        if fault is not None:
            return self._wrong(fault, value.line)
        name: str = value["fact"]
        operator = next(key for key in value if key != "fact")
        expected = value[operator]
        if operator == "is":
            return presence(name, present=expected == "present")
        return comparison(name, operator, expected, self._gap(name))

    def _faults(self, value: Mapped) -> Iterator[str]:
        """Say what is wrong with `{fact: ..., eq: ...}`; only the first fault is worth reading."""
        name = value["fact"]
        fact = self._vocabulary.find(name) if isinstance(name, str) else None
        operators = [key for key in value if key != "fact"]
        if fact is None:
            yield f"no fact is called {name!r}"
            return
        if len(operators) != 1 or operators[0] not in _OPERATORS:
            yield f"{name} needs exactly one of {', '.join(_OPERATORS)}"
            return
        operator, expected = operators[0], value[operators[0]]
        if operator == "is":
            if expected not in {"present", "missing"}:
                yield "is: must be present or missing"
            return
        yield from _misfits(fact, operator, expected)

    def _gap(self, name: str) -> Gap:
        inputs = self._vocabulary.inputs(name)

        def gaps(values: Values) -> tuple[str, ...]:
            # Inputs that are all there and still give nothing contradict each other: then all of them are in question.
            return tuple(part for part in inputs if values[part] is None) or inputs

        return gaps


def _misfits(fact: Fact | DerivedFact, operator: str, expected: Any) -> Iterator[str]:
    if fact.type == "codes":
        yield f"{fact.name} is a list; only is: can be asked of it"
    if operator in _ORDERED and fact.type not in _COMPARABLE:
        yield f"{operator} needs a number or a date, and {fact.name} is a {fact.type}"
    if (operator in _AMONG) is not isinstance(expected, Listed):
        yield f"{operator}: needs {'a list' if operator in _AMONG else 'one value'}"
    for item in expected if isinstance(expected, Listed) else [expected]:
        if not _is_of(fact.type, item):
            yield f"{fact.name} is a {fact.type}; {item!r} is not"
        elif fact.values and item not in fact.values:
            yield f"{fact.name} is never {item!r}; it is one of {', '.join(fact.values)}"


def _is_of(kind: str, item: Any) -> bool:
    number = isinstance(item, int | Decimal) and not isinstance(item, bool)
    fits = {
        "bool": isinstance(item, bool),
        "int": number and isinstance(item, int),
        "number": number,
        "date": isinstance(item, date),
    }
    return fits.get(kind, isinstance(item, str))
