"""Compiles a syntax tree, once, to Python functions that evaluate it; no text of an expression is ever executed.

Each tree can be asked for a collection (`items`) or for true, false or empty (`truth`); the latter spares the
collections that conditions would throw away.
https://hl7.org/fhirpath/N1/
"""

from collections.abc import Callable
from typing import Any

from adapter.fhir.fhirpath import lambdas, paths
from adapter.fhir.fhirpath.environment import Environment, Evaluate, Truth
from adapter.fhir.fhirpath.functions import FUNCTIONS
from adapter.fhir.fhirpath.model import DATED, Items, Node, key_of, system
from adapter.fhir.fhirpath.operators import (
    calculate,
    compare,
    contains,
    distinct,
    equal,
    equivalent,
    single,
)
from adapter.fhir.fhirpath.syntax import (
    Binary,
    Call,
    FhirPathError,
    Index,
    Literal,
    Member,
    Negation,
    Special,
    Tree,
    TypeTest,
    Variable,
)
from adapter.fhir.fhirpath.values import Moment, Quantity

_URLS = {
    "ucum": "http://unitsofmeasure.org",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}
_ORDERS: dict[str, Callable[[int], bool]] = {
    "<": lambda placed: placed < 0,
    "<=": lambda placed: placed <= 0,
    ">": lambda placed: placed > 0,
    ">=": lambda placed: placed >= 0,
}
_KEYED_FROM = 8
"""A constant collection of this size and more is searched by keys rather than item by item."""


def items(tree: Tree) -> Evaluate:
    """Return the function that gives the collection that a tree means.

    Raises:
        FhirPathError: an unknown function, type or variable, or a wrong number of arguments.
    """
    found = _items(tree)
    if not isinstance(tree, Literal | Variable) and depends_on_resource_alone(tree):
        return _kept(found, local=_asks_for_context(tree))
    return found


def _items(tree: Tree) -> Evaluate:  # noqa: C901, PLR0911 - a table of the kinds of trees
    match tree:
        case Literal(value):
            constant: Items = [] if value is None else [value]
            return lambda _this, _env: constant
        case Variable(name):
            return _variable(name)
        case Special(name):
            return paths.special(name)
        case Member(None, name):
            return paths.first_step(name)
        case Member(target, name) if target is not None:
            return paths.step(items(target), name)
        case Index(target, position):
            return _index(items(target), items(position))
        case Negation(operand):
            return _negation(items(operand))
        case TypeTest("as", operand, type_name):
            return paths.of_type(items(operand), type_name, one=True)
        case Call():
            return _call(tree)
        case Binary(operator, left, right) if operator == "|":
            return _union(items(left), items(right))
        case Binary(operator, left, right) if operator in ("+", "-", "*", "/", "div", "mod", "&"):
            return _calculation(operator, items(left), items(right))
        case _:
            return _from_truth(truth(tree))


def truth(tree: Tree) -> Truth:  # noqa: PLR0911 - as above
    """Return the function that tells whether a tree is true; None for empty.

    Raises:
        FhirPathError: as `items`.
    """
    match tree:
        case Binary("and" | "or" | "xor" | "implies" as operator, left, right):
            return lambdas.LOGIC[operator](truth(left), truth(right))
        case Binary("=" | "!=" as operator, left, right):
            return _equality(items(left), items(right), wanted=operator == "=")
        case Binary("~" | "!~" as operator, left, right):
            one, other, wanted = items(left), items(right), operator == "~"
            return lambda this, env: equivalent(one(this, env), other(this, env)) is wanted
        case Binary("<" | "<=" | ">" | ">=" as operator, left, right):
            return _comparison(items(left), items(right), _ORDERS[operator])
        case Binary("in", left, right):
            return _membership(left, right)
        case Binary("contains", left, right):
            return _membership(right, left)
        case TypeTest("is", operand, type_name):
            return paths.is_type(items(operand), type_name)
        case Call(target, name, arguments):
            found = _truth_call(target, name, arguments)
            if found is not None:
                return found
        case _:
            pass
    return _to_truth(items(tree))


def depends_on_resource_alone(tree: Tree) -> bool:  # noqa: PLR0911 - as above
    """Tell whether a tree means the same all through an evaluation: it hangs on %resource, %context or a constant.

    Within a criterion everything hangs on what is filtered, so only the head of a chain and plain arguments matter.
    """
    match tree:
        case Literal():
            return True
        case Variable(name):
            return name in ("resource", "rootResource", "context") or name in _URLS
        case Member(target, _) if target is not None:
            return depends_on_resource_alone(target)
        case Index(target, position):
            return depends_on_resource_alone(target) and depends_on_resource_alone(position)
        case Binary(_, left, right):
            return depends_on_resource_alone(left) and depends_on_resource_alone(right)
        case Call(target, name, arguments) if target is not None and (name in FUNCTIONS or name in ("trace", "ofType")):
            plain = arguments if name in FUNCTIONS else ()
            return depends_on_resource_alone(target) and all(map(depends_on_resource_alone, plain))
        case _:
            return False


def _asks_for_context(tree: Tree) -> bool:
    match tree:
        case Variable(name):
            return name == "context"
        case Member(target, _):
            return target is not None and _asks_for_context(target)
        case Index(target, position):
            return _asks_for_context(target) or _asks_for_context(position)
        case Binary(_, left, right):
            return _asks_for_context(left) or _asks_for_context(right)
        case Call(target, _, arguments):
            return (target is not None and _asks_for_context(target)) or any(map(_asks_for_context, arguments))
        case _:
            return False


def _kept(evaluate: Evaluate, *, local: bool) -> Evaluate:
    def keep(this: Items, env: Environment) -> Items:
        store = env.local if local else env.shared
        found = store.get(evaluate)
        if found is None:
            found = store[evaluate] = evaluate(this, env)
        return found

    return keep


def _variable(name: str) -> Evaluate:
    if name in _URLS or name.startswith(("vs-", "ext-")):
        folder = "ValueSet/" if name.startswith("vs-") else "StructureDefinition/"
        url = _URLS.get(name) or f"http://hl7.org/fhir/{folder}{name.partition('-')[2]}"
        constant: Items = [url]
        return lambda _this, _env: constant
    if name == "context":
        return lambda _this, env: env.context
    if name == "resource":
        return lambda _this, env: [] if env.resource is None else [env.resource]
    if name == "rootResource":
        return lambda _this, env: [] if env.root is None else [env.root]

    def look_up(_this: Items, env: Environment) -> Items:
        if name not in env.variables:
            raise FhirPathError("a variable is not defined")
        return env.variables[name]

    return look_up


def _index(target: Evaluate, position: Evaluate) -> Evaluate:
    def pick(this: Items, env: Environment) -> Items:
        at = single(position(this, env))
        found = target(this, env)
        return found[at : at + 1] if at.__class__ is int and at >= 0 else []

    return pick


def _negation(operand: Evaluate) -> Evaluate:
    def negate(this: Items, env: Environment) -> Items:
        value = single(operand(this, env))
        if isinstance(value, Quantity):
            return [Quantity(-value.value, value.unit, value.calendar)]
        if value.__class__ is bool or isinstance(value, str | Moment):
            raise FhirPathError("a number is expected after a minus")
        return [] if value is None else [-value]

    return negate


def _union(left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda this, env: distinct(left(this, env) + right(this, env))


def _calculation(operator: str, left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda this, env: calculate(operator, left(this, env), right(this, env))


def _call(tree: Call) -> Evaluate:
    found = lambdas.with_criterion(tree, items, truth)
    if found is not None:
        return found
    function = FUNCTIONS.get(tree.name)
    if function is None:
        as_truth = _truth_call(tree.target, tree.name, tree.arguments)
        if as_truth is None:
            raise FhirPathError(f"the function {tree.name[:40]}() is not known here")
        return _from_truth(as_truth)
    if not function.least <= len(tree.arguments) <= function.most:
        raise FhirPathError(f"{tree.name}() takes another number of arguments")
    target = paths.this if tree.target is None else items(tree.target)
    call, arguments = function.call, [items(one) for one in tree.arguments]
    if not arguments:
        return lambda this, env: call(target(this, env), env)
    if len(arguments) == 1:
        first = arguments[0]
        return lambda this, env: call(target(this, env), env, first(this, env))
    return lambda this, env: call(target(this, env), env, *(one(this, env) for one in arguments))


def _truth_call(target: Tree | None, name: str, arguments: tuple[Tree, ...]) -> Truth | None:
    """Return the functions that can answer without a collection of their own; None for others."""
    if name in ("exists", "empty") and not arguments:
        found = paths.presence(target, items)
        return found if name == "exists" else lambda this, env: not found(this, env)
    if name == "not" and not arguments and target is not None:
        inner = truth(target)

        def negated(this: Items, env: Environment) -> bool | None:
            known = inner(this, env)
            return None if known is None else not known

        return negated
    return lambdas.truth_with_criterion(target, name, arguments, items, truth)


def _from_truth(known: Truth) -> Evaluate:
    def as_items(this: Items, env: Environment) -> Items:
        value = known(this, env)
        return [] if value is None else [value]

    return as_items


def _to_truth(evaluate: Evaluate) -> Truth:
    def as_truth(this: Items, env: Environment) -> bool | None:
        found = evaluate(this, env)
        if not found:
            return None
        if len(found) > 1:
            raise FhirPathError("true or false is expected, there are several values")
        value = system(found[0])
        return value if value.__class__ is bool else True

    return as_truth


def _equality(left: Evaluate, right: Evaluate, *, wanted: bool) -> Truth:
    def compare_them(this: Items, env: Environment) -> bool | None:
        ours, theirs = left(this, env), right(this, env)
        if len(ours) == 1 and len(theirs) == 1:  # the common case: a code against a string
            one, other = ours[0], theirs[0]
            if (
                one.__class__ is Node
                and other.__class__ is str
                and one.value.__class__ is str
                and one.type not in DATED
            ):
                return (one.value == other) is wanted
        same = equal(ours, theirs)
        return None if same is None else same is wanted

    return compare_them


def _comparison(left: Evaluate, right: Evaluate, fits: Callable[[int], bool]) -> Truth:
    def compare_them(this: Items, env: Environment) -> bool | None:
        placed = compare(left(this, env), right(this, env))
        return None if placed is None else fits(placed)

    return compare_them


def _membership(one: Tree, several: Tree) -> Truth:
    item, collection = items(one), items(several)
    constant = depends_on_resource_alone(several)
    slot, local = object(), _asks_for_context(several)

    def is_member(this: Items, env: Environment) -> bool | None:
        wanted = item(this, env)
        if not wanted:
            return None
        if len(wanted) > 1:
            raise FhirPathError("a single value is expected before `in`")
        found = collection(this, env)
        env.budget.spend(1 if constant else len(found))
        if not constant or len(found) < _KEYED_FROM:
            return contains(found, wanted[0])
        store = env.local if local else env.shared
        keys: Any = store.get(slot)
        if keys is None:
            keys = store[slot] = frozenset(map(key_of, found))
        return contains(found, wanted[0], keys)

    return is_member
