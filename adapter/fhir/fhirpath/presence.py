"""Decides what it can of an expression from the names of the members that an element has, before there is an element.

`value.empty() or system.exists()` is true of everything that has a `system`, whatever it is. Only what an evaluation
would come to without touching a value is decided, in the order in which it would go, so that it cannot come to anything
else; the rest is left open. The element must be well-formed: what is named is there.
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

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
_AT_LEAST_ONE: _Counted = (1, None)
_NOTHING: _Counted = (0, 0)
_OF_NOTHING_NOTHING = frozenset({"where", "select", "ofType", "as", "first", "last", "tail", "distinct"})
_ABOVE: dict[str, Callable[[_Counted, int], _Truth]] = {
    ">": lambda found, than: True if found[0] > than else _not_above(found, than),
    ">=": lambda found, than: True if found[0] >= than else _not_above(found, than - 1),
}


def holds_for_all(source: str, type_name: str, present: frozenset[str]) -> bool:
    """Tell whether an expression is true of every well-formed element of a type that has just these members.

    `present` are names in JSON, those of the extensions of primitives (`_birthDate`) too. False: it may be or not.

    Raises:
        FhirPathError: the expression is not well-formed.
    """
    known: dict[str, _Counted] = {}
    for name, several in properties(type_name).items():
        found = any(one.key in present or (one.primitive and one.part in present) for one in several)
        known[name] = _AT_LEAST_ONE if found else _NOTHING
    return _truth(parse(source), known) is True


def _truth(tree: Tree, known: dict[str, _Counted]) -> _Truth:  # noqa: PLR0911 - one way out for each kind of tree
    match tree:
        case Binary("and" | "or" | "implies" | "xor" as operator, left, right):
            return _logic(operator, _truth(left, known), right, known)
        case Binary(">" | ">=" as operator, left, Literal(int() as than)) if than.__class__ is int:
            found = _number(left, known)
            return _OPEN if found is None else _ABOVE[operator](found, than)
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


def _logic(operator: str, left: _Truth, right: Tree, known: dict[str, _Counted]) -> _Truth:
    """Return the result of an operator of logic whose left side is known, else leave it open."""
    if left is _OPEN or left is None:
        return _OPEN
    if operator == "or":
        return True if left else _settled(_truth(right, known))
    if operator == "and":
        return _settled(_truth(right, known)) if left else False
    if operator == "implies":
        return _truth(right, known) if left else True
    other = _truth(right, known)
    return left is not other if other.__class__ is bool else _OPEN


def _settled(truth: _Truth) -> _Truth:
    return truth if truth.__class__ is bool else _OPEN


def _counted(tree: Tree, known: dict[str, _Counted]) -> _Counted:
    match tree:
        case Member(None, name):
            return known.get(name, _NOTHING) if not name[:1].isupper() else _ANY_NUMBER
        case Member(target, _) if target is not None:
            return _NOTHING if _counted(target, known) == _NOTHING else _ANY_NUMBER
        case Call(target, name, _) if target is not None and name in _OF_NOTHING_NOTHING:
            return _NOTHING if _counted(target, known) == _NOTHING else _ANY_NUMBER
        case _:
            return _ANY_NUMBER


def _number(tree: Tree, known: dict[str, _Counted]) -> _Counted | None:
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


def _not_above(found: _Counted, than: int) -> _Truth:
    return False if found[1] is not None and found[1] <= than else _OPEN
