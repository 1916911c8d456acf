"""The facts on which rules may rest: their types, their names for people, and the check of what a caller gives."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from adapter.base.errors import Invalid, Problem
from adapter.domain.coverage import Texts

TYPES = ("bool", "date", "code", "codes", "int", "number", "string")
ASKED = ("patient", "treating", "consulting", "insurer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One fact that a request may give; absent means unknown.

    Attributes:
        type: one of TYPES; "codes" is a list of texts, "number" an exact decimal.
        label: its name for people, by language.
        ask: who can supply it, one of ASKED.
        values: all that a code may be; empty = not listed.
        least: the smallest number allowed, None = no limit.
        most: the largest number allowed, None = no limit.
        pattern: what each text must match in full, None = anything.
    """

    name: str
    type: str
    label: Texts
    ask: str
    values: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DerivedFact:
    """A fact that is computed from others; `inputs` are the given facts that it needs."""

    name: str
    type: str
    inputs: tuple[str, ...]
    meaning: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts and derived facts, by name."""

    facts: Mapping[str, Fact]
    derived: Mapping[str, DerivedFact]
    _inputs: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Work out once which given facts stand behind each name."""
        given = {name: (name,) for name in self.facts}
        object.__setattr__(self, "_inputs", given | {name: fact.inputs for name, fact in self.derived.items()})

    def find(self, name: str) -> Fact | DerivedFact | None:
        """Return the fact or derived fact, None where there is no such name."""
        return self.facts.get(name) or self.derived.get(name)

    def inputs(self, name: str) -> tuple[str, ...]:
        """Return the given facts that the fact needs; for a given fact itself."""
        return self._inputs[name]

    def read_facts(self, given: Any) -> dict[str, object]:
        """Return flat facts with checked types: dates as date, numbers as Decimal, lists as tuple.

        Null means unknown, like an absent member. Dates are ISO 8601 days; a date object is taken as it is.

        Raises:
            Invalid: with every problem, each at the JSON pointer of its fact.
        """
        if not isinstance(given, Mapping):
            raise Invalid('facts must be one flat JSON object, such as {"payer": "uzovi:3343"}', where="")
        facts: dict[str, object] = {}
        problems: list[Problem] = []
        for name, value in given.items():
            fact = self.facts.get(name)
            if fact is None:
                problems.append(Problem(self._unknown(name), _pointer(name)))
            elif value is not None:
                try:
                    facts[name] = _read(fact, value)
                except ValueError as wrong:
                    problems.append(Problem(f"{name} {wrong}", _pointer(name)))
        if problems:
            raise Invalid("these facts cannot be used", problems=problems)
        return facts

    def _unknown(self, name: object) -> str:
        derived = self.derived.get(str(name))
        if derived is not None:
            return f"{name} is computed; give {', '.join(derived.inputs)} instead"
        return "no fact has this name; the list is in mappings/coverage/shared/vocabulary.yaml"


def _pointer(name: object) -> str:
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


def _read(fact: Fact, value: object) -> object:
    if fact.type == "codes":
        if not isinstance(value, list | tuple):
            raise ValueError("must be a list of texts")
        return tuple(_read_text(fact, item) for item in value)
    if fact.type == "bool":
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        return value
    if fact.type == "date":
        return _read_day(value)
    if fact.type in {"int", "number"}:
        return _read_number(fact, value)
    return _read_text(fact, value)


def _read_text(fact: Fact, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a list of texts" if fact.type == "codes" else "must be text")
    if fact.values and value not in fact.values:
        raise ValueError(f"must be one of {', '.join(fact.values)}")
    if fact.pattern is not None and fact.pattern.fullmatch(value) is None:
        raise ValueError(f"must have the form {fact.pattern.pattern}")
    return value


def _read_day(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("is not in the calendar") from None
    raise ValueError("must be a full date such as 2026-01-31")


def _read_number(fact: Fact, value: object) -> int | Decimal:
    allowed = int if fact.type == "int" else (int, float, Decimal)
    number = Decimal(str(value)) if isinstance(value, allowed) and not isinstance(value, bool) else Decimal("NaN")
    if not number.is_finite():
        raise ValueError("must be a whole number" if fact.type == "int" else "must be a number")
    if fact.least is not None and number < fact.least:
        raise ValueError(f"must not be below {fact.least}")
    if fact.most is not None and number > fact.most:
        raise ValueError(f"must not be above {fact.most}")
    return value if fact.type == "int" and isinstance(value, int) else number
