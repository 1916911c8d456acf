"""Steps along elements, tests of types, and whether there is anything at the end of a path.

https://hl7.org/fhirpath/N1/#path-selection
"""

from collections.abc import Callable

from adapter.fhir.fhirpath.environment import FEW, Environment, Evaluate, Truth
from adapter.fhir.fhirpath.model import (
    Items,
    Node,
    add_members,
    has_exact_type,
    has_type,
    is_a,
    known_type,
    properties,
    type_of,
)
from adapter.fhir.fhirpath.syntax import FhirPathError, Member, Tree


class TypeInfo:
    """What `type()` gives: the namespace and the name of a type."""

    __slots__ = ("name", "namespace")

    def __init__(self, namespace: str, name: str) -> None:
        self.namespace = namespace
        self.name = name


def this(current: Items, _env: Environment) -> Items:
    """Return what `$this` is."""
    return current


def special(name: str) -> Evaluate:
    """Return `$this`, `$index` or `$total`."""
    if name == "$this":
        return this
    if name == "$index":
        return lambda _this, env: [] if env.index is None else [env.index]
    return lambda _this, env: env.total


def step(target: Evaluate, name: str) -> Evaluate:
    """Return the function that goes on from a path to the members with a name."""

    def go(current: Items, env: Environment) -> Items:
        out: Items = []
        _members(target(current, env), name, out)
        if len(out) > FEW:
            env.budget.spend(len(out))
        return out

    return go


def _members(items: Items, name: str, out: Items) -> None:
    for item in items:
        if item.__class__ is Node:
            content = item.value if item.value.__class__ is dict else item.part
            if content.__class__ is dict:
                several = properties(item.type).get(name)
                if several is not None:
                    add_members(content, several, out)
        elif item.__class__ is TypeInfo and name in ("name", "namespace"):
            out.append(getattr(item, name))


def first_step(name: str) -> Evaluate:
    """Return the function of a name at the start of a path: a member, or the type of what is there."""
    is_type_name = name[:1].isupper()

    def go(current: Items, env: Environment) -> Items:
        if is_type_name:
            named = [item for item in current if item.__class__ is Node and is_a(item.type, name)]
            if named:
                return named
        out: Items = []
        _members(current, name, out)
        if len(out) > FEW:
            env.budget.spend(len(out))
        return out

    return go


def presence(target: Tree | None, items: Callable[[Tree], Evaluate]) -> Truth:
    """Return the function that tells whether there is anything at a path, without collecting it where possible."""
    if target is None:
        return lambda current, _env: bool(current)
    if isinstance(target, Member) and target.target is None and not target.name[:1].isupper():
        name = target.name

        def has_member(current: Items, _env: Environment) -> bool:
            if len(current) == 1 and current[0].__class__ is Node and current[0].value.__class__ is dict:
                content = current[0].value
                for key, part, _type, primitive in properties(current[0].type).get(name, ()):
                    if key in content or (primitive and part in content):
                        return True
                return False
            out: Items = []
            _members(current, name, out)
            return bool(out)

        return has_member
    found = items(target)
    return lambda current, env: bool(found(current, env))


def _wanted(type_name: str) -> tuple[str | None, str]:
    wanted = known_type(type_name)
    if wanted is None:
        raise FhirPathError(f"{type_name[:60]} is no type that is known here")
    return wanted


def is_type(target: Evaluate, type_name: str) -> Truth:
    """Return the test `is`: None for nothing."""
    wanted = _wanted(type_name)

    def test(current: Items, env: Environment) -> bool | None:
        found = target(current, env)
        if len(found) > 1:
            raise FhirPathError("`is` takes a single value")
        return has_type(found[0], wanted) if found else None

    return test


def of_type(target: Evaluate, type_name: str, *, one: bool) -> Evaluate:
    """Return `ofType`, or (`one`) the operator `as` that takes a single value."""
    wanted = _wanted(type_name)

    def pick(current: Items, env: Environment) -> Items:
        found = target(current, env)
        if one and len(found) > 1:
            raise FhirPathError("`as` takes a single value")
        return [item for item in found if has_exact_type(item, wanted)]

    return pick


def type_infos(items: Items) -> Items:
    """Return the types of items."""
    return [TypeInfo(*type_of(item)) for item in items]
