"""The functions with a criterion or a projection, which is evaluated for each item, and the logic of three values.

https://hl7.org/fhirpath/N1/#filtering-and-projection
"""

from collections.abc import Callable

from adapter.fhir.fhirpath import paths
from adapter.fhir.fhirpath.environment import Environment, Evaluate, Truth
from adapter.fhir.fhirpath.model import Items, key_of
from adapter.fhir.fhirpath.parser import type_name
from adapter.fhir.fhirpath.syntax import Call, FhirPathError, Literal, Tree

CompileItems = Callable[[Tree], Evaluate]
CompileTruth = Callable[[Tree], Truth]

_MOST_REPEATED = 100_000


def with_criterion(call: Call, items: CompileItems, truth: CompileTruth) -> Evaluate | None:  # noqa: C901, PLR0911 - a table
    """Return the function of a call that evaluates its arguments itself; None for all others.

    Raises:
        FhirPathError: a wrong number of arguments, or an unknown type.
    """
    name, arguments = call.name, call.arguments
    if name not in _COUNTS:
        return None
    least, most = _COUNTS[name]
    if not least <= len(arguments) <= most:
        raise FhirPathError(f"{name}() takes another number of arguments")
    target = paths.this if call.target is None else items(call.target)
    if name == "where":
        return _where(target, truth(arguments[0]))
    if name == "select":
        return _select(target, items(arguments[0]))
    if name == "repeat":
        return _repeat(target, items(arguments[0]))
    if name == "iif":
        return _iif(
            target, truth(arguments[0]), items(arguments[1]), items(arguments[2]) if most == len(arguments) else None
        )
    if name == "trace":
        return target
    if name == "type":
        return lambda this, env: paths.type_infos(target(this, env))
    if name == "ofType":
        return paths.of_type(target, type_name(arguments[0]), one=False)
    if name == "as":
        # R4 uses as() on collections as well, where only the operator insists on a single value
        return paths.of_type(target, type_name(arguments[0]), one=False)
    if name == "aggregate":
        return _aggregate(target, items(arguments[0]), items(arguments[1]) if len(arguments) > 1 else None)
    return _define(target, arguments, items)


_COUNTS = {
    "where": (1, 1),
    "select": (1, 1),
    "repeat": (1, 1),
    "iif": (2, 3),
    "trace": (1, 2),
    "type": (0, 0),
    "ofType": (1, 1),
    "as": (1, 1),
    "aggregate": (1, 2),
    "defineVariable": (1, 2),
}


def truth_with_criterion(
    target: Tree | None,
    name: str,
    arguments: tuple[Tree, ...],
    items: CompileItems,
    truth: CompileTruth,
) -> Truth | None:
    """Return exists(criterion), all(criterion) and is(type); None for others."""
    if len(arguments) != 1 or name not in ("exists", "all", "is"):
        return None
    found = paths.this if target is None else items(target)
    if name == "is":
        return paths.is_type(found, type_name(arguments[0]))
    return _quantified(found, truth(arguments[0]), every=name == "all")


def _quantified(target: Evaluate, criterion: Truth, *, every: bool) -> Truth:
    def test(this: Items, env: Environment) -> bool:
        found = target(this, env)
        outer = env.index
        env.budget.spend(len(found))
        try:
            for env.index, item in enumerate(found):
                if (criterion([item], env) is True) is not every:
                    return not every
        finally:
            env.index = outer
        return every

    return test


def _where(target: Evaluate, criterion: Truth) -> Evaluate:
    def keep(this: Items, env: Environment) -> Items:
        found = target(this, env)
        if not found:
            return found
        outer, out = env.index, []
        env.budget.spend(len(found))
        for env.index, item in enumerate(found):
            if criterion([item], env) is True:
                out.append(item)
        env.index = outer
        return out

    return keep


def _select(target: Evaluate, projection: Evaluate) -> Evaluate:
    def project(this: Items, env: Environment) -> Items:
        found = target(this, env)
        outer = env.index
        out: Items = []
        env.budget.spend(len(found))
        for env.index, item in enumerate(found):
            out += projection([item], env)
        env.index = outer
        return out

    return project


def _repeat(target: Evaluate, projection: Evaluate) -> Evaluate:
    def collect(this: Items, env: Environment) -> Items:
        seen: set[object] = set()
        out: Items = []
        level = target(this, env)
        while level:
            env.budget.spend(len(level))
            following: Items = []
            for item in level:
                for one in projection([item], env):
                    key = id(one.value) if hasattr(one, "part") and one.value.__class__ is dict else key_of(one)
                    if key not in seen:
                        seen.add(key)
                        out.append(one)
                        following.append(one)
            if len(out) > _MOST_REPEATED:
                raise FhirPathError("repeat() finds no end")
            level = following
        return out

    return collect


def _iif(target: Evaluate, condition: Truth, then: Evaluate, otherwise: Evaluate | None) -> Evaluate:
    def choose(this: Items, env: Environment) -> Items:
        found = this if target is paths.this else target(this, env)
        if condition(found, env) is True:
            return then(found, env)
        return [] if otherwise is None else otherwise(found, env)

    return choose


def _aggregate(target: Evaluate, projection: Evaluate, start: Evaluate | None) -> Evaluate:
    def fold(this: Items, env: Environment) -> Items:
        found = target(this, env)
        outer_index, outer_total = env.index, env.total
        env.total = [] if start is None else start(this, env)
        env.budget.spend(len(found))
        for env.index, item in enumerate(found):
            env.total = projection([item], env)
        result = env.total
        env.index, env.total = outer_index, outer_total
        return result

    return fold


def _define(target: Evaluate, arguments: tuple[Tree, ...], items: CompileItems) -> Evaluate:
    name = arguments[0].value if isinstance(arguments[0], Literal) else None
    if not isinstance(name, str) or name in ("resource", "rootResource", "context", "ucum", "sct", "loinc"):
        raise FhirPathError("defineVariable() takes a name of its own, as a string")
    value = items(arguments[1]) if len(arguments) > 1 else None

    def define(this: Items, env: Environment) -> Items:
        found = target(this, env)
        env.variables = {**env.variables, name: found if value is None else value(found, env)}
        return found

    return define


def _and(left: Truth, right: Truth) -> Truth:
    def both(this: Items, env: Environment) -> bool | None:
        one = left(this, env)
        if one is False:
            return False
        other = right(this, env)
        return False if other is False else True if one and other else None

    return both


def _or(left: Truth, right: Truth) -> Truth:
    def either(this: Items, env: Environment) -> bool | None:
        one = left(this, env)
        if one:
            return True
        other = right(this, env)
        return True if other else False if one is False and other is False else None

    return either


def _xor(left: Truth, right: Truth) -> Truth:
    def one_of_two(this: Items, env: Environment) -> bool | None:
        one, other = left(this, env), right(this, env)
        return None if one is None or other is None else one is not other

    return one_of_two


def _implies(left: Truth, right: Truth) -> Truth:
    def follows(this: Items, env: Environment) -> bool | None:
        one = left(this, env)
        if one is False:
            return True
        other = right(this, env)
        return True if other else other if one else None

    return follows


LOGIC: dict[str, Callable[[Truth, Truth], Truth]] = {"and": _and, "or": _or, "xor": _xor, "implies": _implies}
"""The operators of logic; each looks at its right side only where the left one leaves it open."""
