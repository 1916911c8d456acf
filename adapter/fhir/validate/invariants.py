"""Runs the invariants of a type on its values: FHIRPath, compiled at the first use of the type.

An invariant is skipped where none of the members that it looks at is there and it holds for nothing; what runs on
every element (ele-1, ext-1, ref-1, dom-3, ...) is written in Python, in `rules`, `references` and `bundle_rules`.
https://hl7.org/fhir/R4/conformance-rules.html#constraints
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from adapter.fhir.definitions.model import Constraint, TypeDefinition
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath import Environment, FhirPathError, Node, TooCostlyError, compile_expression
from adapter.fhir.fhirpath.environment import Truth
from adapter.fhir.fhirpath.footprint import footprint
from adapter.fhir.fhirpath.model import Items, Property, add_members, properties
from adapter.fhir.fhirpath.presence import holds_for_all
from adapter.fhir.validate.findings import Finding, Findings, Resolver, Scope
from adapter.fhir.validate.wording import said_of

IN_PYTHON = frozenset(
    {
        *("ele-1", "ext-1", "ref-1", "txt-1", "txt-2"),
        *("dom-2", "dom-3", "dom-4", "dom-5", "dom-6"),
        *(f"bdl-{number}" for number in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12)),
    },
)
"""Checked by functions of ours; tests hold them against the expressions."""

Check = Callable[[dict[str, Any], Findings, Scope], None]


class _Invariant(NamedTuple):
    """`keys`: skip it where none of these is in the value; None: always run it."""

    constraint: Constraint
    truth: Truth
    keys: frozenset[str] | None
    text: str


class _OnElement(NamedTuple):
    """An invariant of an element in its owner, beyond those of its type."""

    several: tuple[Property, ...]
    repeats: bool
    name: str
    invariant: _Invariant


@cache
def invariants_of(type_name: str) -> Check | None:
    """Return the function that runs the invariants of a type; None where it has none."""
    return _running(type_name, *_all_of(type_name))


def invariants_of_shape(type_name: str, names: frozenset[str]) -> Check | None:
    """Return the function for the values of a type that have just these members; None where nothing is left to run.

    Left out is what `invariants_of` would skip, and what is true of all such values as long as they are well-formed.
    """
    own, elements = _all_of(type_name)
    return _running(
        type_name,
        [
            one
            for one in own
            if (one.keys is None or not names.isdisjoint(one.keys))
            and not holds_for_all(one.constraint.expression, type_name, names)
        ],
        [one for one in elements if any(known.key in names for known in one.several)],
    )


@cache
def _all_of(type_name: str) -> tuple[list[_Invariant], list[_OnElement]]:
    definition = definitions().type(type_name)
    own = [_prepared(one, definition) for one in _remaining(definition.constraints)]
    elements = [
        _OnElement(properties(type_name)[element.name], element.repeats, element.name, _prepared(one, None))
        for element in definition.elements
        for one in _remaining(element.constraints)
    ]
    return own, elements


def _running(type_name: str, own: list[_Invariant], elements: list[_OnElement]) -> Check | None:
    if not own and not elements:
        return None

    def run(value: dict[str, Any], out: Findings, scope: Scope) -> None:
        env: Environment | None = None
        present = value.keys()
        for invariant in own:
            if invariant.keys is not None and present.isdisjoint(invariant.keys):
                continue
            if env is None:
                this: Items = [Node(value, type_name)]
                env = _environment(this, scope)
            _run_one(invariant, this, env, "", out)
        for element in elements:
            if all(one.key not in present for one in element.several):
                continue
            found: Items = []
            add_members(value, element.several, found)
            for at, node in enumerate(found):
                path = f".{element.name}[{at}]" if element.repeats else f".{element.name}"
                _run_one(element.invariant, [node], _environment([node], scope), path, out)

    return run


def _remaining(constraints: Iterable[Constraint]) -> list[Constraint]:
    return [one for one in constraints if one.key not in IN_PYTHON]


def _prepared(constraint: Constraint, definition: TypeDefinition | None) -> _Invariant:
    truth = compile_expression(constraint.expression).truth
    names = None if definition is None else footprint(constraint.expression)
    keys = None
    if names is not None and definition is not None and _holds_for_nothing(truth, definition.name):
        known = properties(definition.name)
        keys = frozenset(
            key
            for name in names
            for one in known.get(name, ())
            for key in ((one.key, one.part) if one.primitive else (one.key,))
        )
    return _Invariant(constraint, truth, keys, said_of(constraint))


def _holds_for_nothing(truth: Truth, type_name: str) -> bool:
    nothing = Node({}, type_name)
    try:
        return truth([nothing], Environment([nothing], nothing)) is True
    except FhirPathError:
        return False


def _environment(this: Items, scope: Scope) -> Environment:
    """Return the environment of the resource around, set to a new context."""
    env = scope.environment
    if env is None:
        env = scope.environment = Environment(
            this,
            scope.resource,
            scope.root,
            resolve=Resolver(scope.root, scope.bundle),
            budget=scope.budget,
        )
    env.context = this
    if env.local:
        env.local = {}
    return env


def _run_one(invariant: _Invariant, this: Items, env: Environment, path: str, out: Findings) -> None:
    constraint = invariant.constraint
    try:
        holds = invariant.truth(this, env)
    except TooCostlyError:
        out.append(Finding(path, "too-costly", f"is too large to be checked by {constraint.key}", "information"))
        return
    except (FhirPathError, ArithmeticError):
        out.append(Finding(path, "incomplete", f"could not be checked by {constraint.key}", "information"))
        return
    if "resolve()" in constraint.expression and isinstance(env.resolve, Resolver) and env.resolve.missed:
        env.resolve.missed = False
        said = f"not checked: what a reference points at is not in this input, and {constraint.key} asks about it"
        out.append(Finding(path, "incomplete", said, "information"))
        return
    if not holds:  # empty is not true: two dates of unlike precision do not show that one is before the other
        text = invariant.text if holds is False else f"it cannot be shown that this holds: {invariant.text}"
        out.append(Finding(path, "invariant", text, constraint.severity))


__all__ = ["IN_PYTHON", "invariants_of", "invariants_of_shape"]
