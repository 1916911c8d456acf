"""Decides what it can of an expression from the names of the members that an element has, before there is an element.

`value.empty() or system.exists()` is true of everything that has a `system`, whatever it is. Only what an evaluation
would come to is decided: where a side that looks at values could fail, it is left open. The element must be
well-formed: what is named is there, and once where it may be there once only.
"""

from enum import Enum
from typing import NamedTuple, TypeAlias

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath.model import properties
from adapter.fhir.fhirpath.parser import parse
from adapter.fhir.fhirpath.syntax import Binary, Call, Literal, Member, Tree


class _Open(Enum):
    """What depends on more than names."""

    OPEN = 0


_OPEN = _Open.OPEN
_Truth: TypeAlias = bool | _Open | None
"""None is empty, as everywhere in FHIRPath."""

_Counted: TypeAlias = tuple[int, int | None]
"""How many items there are at least and at most; None: nobody knows."""

_ANY_NUMBER: _Counted = (0, None)
_NOTHING: _Counted = (0, 0)
_OF_NOTHING_NOTHING = frozenset({"where", "select", "ofType", "as", "first", "last", "tail", "distinct"})
_ORDERS = frozenset({">", ">=", "<", "<=", "=", "!="})


class _Known(NamedTuple):
    """How many there are of each member, and which there can be one of at most."""

    counts: dict[str, _Counted]
    single: frozenset[str]


def holds_for_all(source: str, type_name: str, present: frozenset[str]) -> bool:
    """Tell whether an expression is true of every well-formed element of a type that has just these members.

    `present` are names in JSON, those of the extensions of primitives (`_birthDate`) too. False: it may be or not.

    Raises:
        FhirPathError: the expression is not well-formed.
    """
    single = frozenset(one.name for one in definitions().type(type_name).elements if not one.repeats)
    counts: dict[str, _Counted] = {}
    for name, several in properties(type_name).items():
        found = any(one.key in present or (one.primitive and one.part in present) for one in several)
        counts[name] = (1, 1 if name in single else None) if found else _NOTHING
    return _truth(parse(source), _Known(counts, single)) is True


def _truth(tree: Tree, known: _Known) -> _Truth:  # noqa: PLR0911 - one way out for each kind of tree
    match tree:
        case Binary("and" | "or" | "implies" | "xor" as operator, left, right):
            return _logic(operator, left, right, known)
        case Binary(operator, left, Literal(int() as than)) if operator in _ORDERS and than.__class__ is int:
            found = _number(left, known)
            return _OPEN if found is None else _compared(operator, found, than)
        case Call(target, "exists" | "empty" as name, ()) if target is not None:
            least, most = _counted(target, known)
            if most == 0:
                return name == "empty"
            return name == "exists" if least else _OPEN
        case Call(target, "exists" | "all" as name, (_,)) if target is not None:
            return name == "all" if _counted(target, known) == _NOTHING else _OPEN
        case Call(target, "hasValue", ()) if target is not None:
            return False if _counted(target, known) == _NOTHING else _OPEN
        case Call(target, "not", ()) if target is not None:
            inner = _truth(target, known)
            return not inner if inner.__class__ is bool else inner
        case _:
            return _OPEN


def _logic(operator: str, left: Tree, right: Tree, known: _Known) -> _Truth:
    """Return the result of an operator of logic, as far as one side decides it or both are known."""
    one, other = _truth(left, known), _truth(right, known)
    if one is _OPEN or one is None:
        # the left side would be evaluated first: what it comes to does not matter if it comes to anything
        decides = other is (operator != "and") and operator != "xor" and _is_judgement(left, known)
        return other if decides else _OPEN
    if operator == "xor":
        return one is not other if other.__class__ is bool else _OPEN
    if operator == "implies" and one is False:
        return True
    if (operator, one) in (("or", True), ("and", False)):
        return one
    return other if other.__class__ is bool else _OPEN


def _is_judgement(tree: Tree, known: _Known) -> bool:
    """Tell whether a tree is true, false or empty on whatever it is evaluated, and cannot fail."""
    match tree:
        case Binary("and" | "or" | "implies" | "xor", left, right):
            return _is_judgement(left, known) and _is_judgement(right, known)
        case Binary("=" | "!=", left, right):
            return _cannot_fail(left) and _cannot_fail(right)
        case Binary("in", Member(None, name), right):
            return name in known.single and _cannot_fail(right)
        case Call(target, "exists" | "empty" | "hasValue", ()) if target is not None:
            return _cannot_fail(target)
        case Call(target, "not", ()) if target is not None:
            return _is_judgement(target, known)
        case _:
            return False


def _cannot_fail(tree: Tree) -> bool:
    match tree:
        case Literal() | Member(None, _):
            return True
        case Member(target, _) if target is not None:
            return _cannot_fail(target)
        case Binary("|", left, right):
            return _cannot_fail(left) and _cannot_fail(right)
        case _:
            return False


def _counted(tree: Tree, known: _Known) -> _Counted:
    match tree:
        case Member(None, name):
            return known.counts.get(name, _NOTHING) if not name[:1].isupper() else _ANY_NUMBER
        case Member(target, _) if target is not None:
            return _NOTHING if _counted(target, known) == _NOTHING else _ANY_NUMBER
        case Call(target, name, _) if target is not None and name in _OF_NOTHING_NOTHING:
            return _NOTHING if _counted(target, known) == _NOTHING else _ANY_NUMBER
        case _:
            return _ANY_NUMBER


def _number(tree: Tree, known: _Known) -> _Counted | None:
    """Return the bounds of a number that is made of counts; None for any other expression."""
    match tree:
        case Call(target, "count", ()) if target is not None:
            return _counted(target, known)
        case Binary("+", left, right):
            one, other = _number(left, known), _number(right, known)
            if one is None or other is None:
                return None
            most = None if one[1] is None or other[1] is None else one[1] + other[1]
            return one[0] + other[0], most
        case _:
            return None


def _compared(operator: str, found: _Counted, than: int) -> _Truth:
    least, most = found
    if operator in ("=", "!="):
        same: _Truth = _OPEN
        if least == most == than:
            same = True
        elif than < least or (most is not None and than > most):
            same = False
        return same if same is _OPEN or operator == "=" else not same
    bound = than if operator in (">", "<=") else than - 1
    above: _Truth = True if least > bound else False if most is not None and most <= bound else _OPEN
    return above if above is _OPEN or operator in (">", ">=") else not above
