"""Existence, subsetting and combining.

https://hl7.org/fhirpath/N1/#existence
"""

from collections.abc import Callable

from adapter.fhir.fhirpath.functions.signature import Environment, Function, Items, answer
from adapter.fhir.fhirpath.model import key_of, system
from adapter.fhir.fhirpath.operators import distinct, single
from adapter.fhir.fhirpath.syntax import FhirPathError
from adapter.fhir.fhirpath.values import Moment, moment


def _count(items: Items, _env: Environment) -> Items:
    return [len(items)]


def _empty(items: Items, _env: Environment) -> Items:
    return [not items]


def _not(items: Items, _env: Environment) -> Items:
    value = single(items)
    return [] if not items else [value is False]


def _booleans(items: Items) -> list[bool]:
    values = [system(item) for item in items]
    if any(value.__class__ is not bool for value in values):
        raise FhirPathError("true or false is expected")
    return [value is True for value in values]


def _over_booleans(found: Callable[[list[bool]], bool]) -> Function:
    return Function(0, 0, lambda items, _env: [found(_booleans(items))])


def _subset(items: Items, _env: Environment, other: Items) -> Items:
    keys = frozenset(map(key_of, other))
    return [all(key_of(item) in keys for item in items)]


def _superset(items: Items, env: Environment, other: Items) -> Items:
    return _subset(other, env, items)


def _is_distinct(items: Items, _env: Environment) -> Items:
    return [len(distinct(items)) == len(items)]


def _single(items: Items, _env: Environment) -> Items:
    if len(items) > 1:
        raise FhirPathError("single(): there are several")
    return items


def _position(items: Items) -> int:
    value = single(items)
    if value.__class__ is not int:
        raise FhirPathError("a whole number is expected")
    return int(value)


def _skip(items: Items, _env: Environment, number: Items) -> Items:
    return items[max(0, _position(number)) :]


def _take(items: Items, _env: Environment, number: Items) -> Items:
    return items[: max(0, _position(number))]


def _intersect(items: Items, _env: Environment, other: Items) -> Items:
    keys = frozenset(map(key_of, other))
    return [item for item in distinct(items) if key_of(item) in keys]


def _exclude(items: Items, _env: Environment, other: Items) -> Items:
    keys = frozenset(map(key_of, other))
    return [item for item in items if key_of(item) not in keys]


def _now(_items: Items, env: Environment) -> Items:
    moment = env.variables.get("now")
    if moment is None:
        raise FhirPathError("now() and today() need an instant, given as the variable `now`")
    return moment


COLLECTIONS: dict[str, Function] = {
    "count": Function(0, 0, _count),
    "empty": Function(0, 0, _empty),
    "not": Function(0, 0, _not),
    "allTrue": _over_booleans(all),
    "anyTrue": _over_booleans(any),
    "allFalse": _over_booleans(lambda values: not any(values)),
    "anyFalse": _over_booleans(lambda values: not all(values)),
    "subsetOf": Function(1, 1, _subset),
    "supersetOf": Function(1, 1, _superset),
    "distinct": Function(0, 0, lambda items, _env: distinct(items)),
    "isDistinct": Function(0, 0, _is_distinct),
    "single": Function(0, 0, _single),
    "first": Function(0, 0, lambda items, _env: items[:1]),
    "last": Function(0, 0, lambda items, _env: items[-1:]),
    "tail": Function(0, 0, lambda items, _env: items[1:]),
    "skip": Function(1, 1, _skip),
    "take": Function(1, 1, _take),
    "intersect": Function(1, 1, _intersect),
    "exclude": Function(1, 1, _exclude),
    "combine": Function(1, 1, lambda items, _env, other: items + other),
    "union": Function(1, 1, lambda items, _env, other: distinct(items + other)),
    "now": Function(0, 0, _now),
    "today": Function(0, 0, lambda items, env: answer(_day(_now(items, env)))),
    "timeOfDay": Function(0, 0, lambda items, env: answer(_time(_now(items, env)))),
}


def _day(now: Items) -> object:
    from_now = system(now[0])
    return None if not isinstance(from_now, Moment) else moment(from_now.text.partition("T")[0])


def _time(now: Items) -> object:
    from_now = system(now[0])
    return None if not isinstance(from_now, Moment) else moment("T" + from_now.text.partition("T")[2][:8])
