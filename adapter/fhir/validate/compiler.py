"""Compiles a type definition into one function that checks a value of the type, at the first use of the type.

Paths are put together only where something was found: a check appends findings with paths from its own level on, and
who called it puts its own name before them. Shapes that come again and again get a function of their own (`shapes`),
which finds the same: whatever it cannot call good at a glance it leaves to the handlers that are used here.
"""

from functools import cache
from typing import Any, NamedTuple

from adapter.fhir.definitions.model import PRIMITIVES, Element
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.definitions.versions import unknown_type, versions_of_element
from adapter.fhir.fhirpath import Node
from adapter.fhir.validate import slots
from adapter.fhir.validate.bundle_links import check_links
from adapter.fhir.validate.bundle_rules import check_bundle, entries_by_url
from adapter.fhir.validate.content_rules import (
    CONTENT_RULES,
    check_claims,
    check_contained_are_used,
    check_has_narrative,
    is_domain_resource,
)
from adapter.fhir.validate.findings import Entries, Finding, Findings, Scope, put_before, typed_by
from adapter.fhir.validate.invariants import Check as InvariantCheck
from adapter.fhir.validate.invariants import invariants_of, invariants_of_shape
from adapter.fhir.validate.rules import RESOURCE_RULES, RULES, Rule
from adapter.fhir.validate.shapes import Finder, Shapes, compile_shape
from adapter.fhir.validate.uses import use_of

_LONGEST_NAME = 64
_TOO_MANY = 10_000
_MALFORMED = frozenset({"structure", "value", "required", "not-supported"})
"""Codes of findings after which an invariant would speak of something that is not there."""

_RESOURCES = definitions().resource_types


class _Table(NamedTuple):
    """What the check of a type looks up; `required` has (name, name of its id and extensions, all names, label)."""

    slots: dict[str, slots.Slot]
    required: tuple[tuple[str, str, frozenset[str], str], ...]
    group_of: dict[str, str]
    rule: Rule | None
    is_resource: bool
    later: tuple[InvariantCheck, ...]


def check_resource(value: Any, out: Findings, scope: Scope) -> int | None:
    """Check a resource of any type, wherever it stands; returns where its findings start, None where there are none."""
    first = len(out)
    name = value.get("resourceType") if value.__class__ is dict else None
    if name.__class__ is not str or name not in _RESOURCES:
        out.append(_no_resource(value, name))
        return first
    if name == "Bundle":
        _check_whole_bundle(value, out, scope)
        return first if len(out) > first else None
    node = None if scope.budget is None else Node(value, name)  # only invariants ask for it
    contained = typed_by(value["contained"], "id") if "contained" in value else {}
    inner = Scope(scope.entries, contained, node, node, scope.bundle, scope.budget, None, scope.unchecked)
    if scope.gathered is not None:
        scope.gathered.append((value, inner.references))
    if "contained" in value:
        for rule in RESOURCE_RULES:
            rule(value, out)
    start = len(out)
    find, check = _lookup(name)
    (find(tuple(value)) or check)(value, out, inner)
    if scope.budget is not None and (len(out) == start or _well_formed(out, start)):
        if "contained" in value:
            check_contained_are_used(value, out)
        if "meta" in value:
            check_claims(value, out)
        if is_domain_resource(name):
            check_has_narrative(value, out)
    return first if len(out) > first else None


def _no_resource(value: Any, name: Any) -> Finding:
    if value.__class__ is not dict:
        return Finding("", "structure", "must be a resource")
    if name.__class__ is not str:
        return Finding(".resourceType", "required", "must be there: it says what kind of resource this is")
    return Finding("", "not-supported", unknown_type(name))


def _check_whole_bundle(bundle: dict[str, Any], out: Findings, scope: Scope) -> None:
    inner = Scope(entries_by_url(bundle), {}, budget=scope.budget, unchecked=scope.unchecked)
    if scope.budget is not None:  # only invariants and links ask for these
        inner.resource = inner.root = Node(bundle, "Bundle")
        inner.bundle = Entries(bundle)
        inner.gathered = []
    find, check = _lookup("Bundle")
    start = len(out)
    (find(tuple(bundle)) or check)(bundle, out, inner)
    if len(out) - start > _TOO_MANY:
        return  # more than anybody is shown: what the rules of Bundles add would not be seen
    check_bundle(bundle, out)
    if inner.gathered is not None:
        check_links(bundle, inner.gathered, out)


def check_contained(value: Any, out: Findings, scope: Scope) -> int | None:
    """Check a resource that another one contains; returns as `check_resource`."""
    name = value.get("resourceType") if value.__class__ is dict else None
    if type(name) is not str or name not in _RESOURCES:
        return check_resource(value, out, scope)
    node = Node(value, name)
    inner = Scope(scope.entries, scope.contained, node, scope.root, scope.bundle, scope.budget, None, scope.unchecked)
    inner.references, inner.gathered = scope.references, scope.gathered  # they are the containing resource's
    find, check = _lookup(name)
    return (find(tuple(value)) or check)(value, out, inner)


@cache
def check_of(type_name: str) -> slots.Check:
    """Return the check of a data type, a backbone element, or a resource ("Resource": of any type)."""
    return check_resource if type_name == "Resource" else _checks_of(type_name)[1]


@cache
def _checks_of(type_name: str) -> tuple[Shapes, slots.Check]:  # noqa: C901 - the hot loop stays in one piece
    """Return the compiled shapes of a type, and the check of any value of it, whatever its shape."""
    table: _Table | None = None
    shapes = Shapes()
    known_shape, count = shapes.find, shapes.is_due

    def check(value: Any, out: Findings, scope: Scope) -> int | None:  # noqa: C901, PLR0912 - as above
        nonlocal table
        before = len(out)
        if value.__class__ is not dict:
            out.append(Finding("", "structure", f"must be an object ({type_name})"))
            return before
        names = tuple(value)
        shape = known_shape(names)
        if shape is not None:
            return shape(value, out, scope)
        if table is None:
            table = _table(type_name)
        if count(names):
            _compile(type_name, names, table, shapes)
        slot_of, later = table.slots, table.later
        for name, member in value.items():
            try:
                slot = slot_of[name]
            except KeyError:
                out.append(_unknown(name, type_name))
                continue
            kind, check_member = slot.kind, slot.check
            if check_member is None:
                if member.__class__ is not kind or not slot.accepts(member):
                    slot.explain(member, value, out, scope)
            elif member.__class__ is not kind or not member:
                slot.explain(member, value, out, scope)
            elif kind is dict:
                start = check_member(member, out, scope)
                if start is not None:
                    put_before(out, start, slot.path)
            else:
                for index, one in enumerate(member):  # type: ignore[var-annotated, arg-type] # narrowed by kind
                    start = check_member(one, out, scope)
                    if start is not None:
                        put_before(out, start, f"{slot.path}[{index}]")
        _check_names(value, type_name, table, out)
        if later and scope.budget is not None and (len(out) == before or _well_formed(out, before)):
            for check_content in later:
                check_content(value, out, scope)
        return before if len(out) > before else None

    return shapes, check


def _check_names(value: dict[str, Any], type_name: str, table: _Table, out: Findings) -> None:
    """Check what depends on the names of the members alone; a shape in which it finds something is not compiled."""
    for name, part, names, label in table.required:
        if name not in value and part not in value and names.isdisjoint(value):
            out.append(Finding(f".{label}", "required", f"{type_name}.{label} must be there"))
    if table.group_of and len(table.group_of.keys() & value.keys()) > 1:
        _check_choices(value, table.group_of, out)
    of_primitive = type_name == "Element"  # its value stands elsewhere
    if len(value) <= 1 and (not value or ("id" in value and not of_primitive)) and not table.is_resource:
        out.append(Finding("", "structure", "is empty: leave it out or give it content (ele-1)"))
    if table.rule is not None:
        table.rule(value, out)


def _compile(type_name: str, names: tuple[str, ...], table: _Table, shapes: Shapes) -> None:
    """Compile a shape, unless its names alone are wrong: that is for the general check to explain."""
    found: Findings = []
    _check_names(dict.fromkeys(names), "", table, found)
    if not found and table.slots.keys() >= set(names):
        members = [table.slots[name] for name in names]
        later = _present(invariants_of_shape(type_name, frozenset(names)), CONTENT_RULES.get(type_name))
        shapes.add(names, compile_shape(members, later, _lookup, _well_formed))


@cache
def _lookup(type_name: str) -> tuple[Finder, slots.Check]:
    shapes, check = _checks_of(type_name)
    return shapes.find, check


def _table(type_name: str) -> _Table:
    definition = definitions().type(type_name)
    found: dict[str, slots.Slot] = {}
    group_of: dict[str, str] = {}
    required: list[tuple[str, str, frozenset[str], str]] = []
    for element in definition.elements:
        found.update(_slots(element, type_name))
        names = [name for name, _ in element.properties()]
        if element.choice:
            group_of.update(dict.fromkeys(names + [f"_{name}" for name in names], element.name))
        if element.minimum:
            label = element.name + ("[x]" if element.choice else "")
            others = frozenset(names[1:] + [f"_{name}" for name in names[1:]])
            required.append((names[0], f"_{names[0]}", others, label))
    is_resource = definition.kind == "resource"
    if is_resource:
        found["resourceType"] = slots.Slot(str, bool, slots.nothing)
    later = _present(invariants_of(type_name), CONTENT_RULES.get(type_name))
    return _Table(found, tuple(required), group_of, RULES.get(type_name), is_resource, later)


def _present(*checks: InvariantCheck | None) -> tuple[InvariantCheck, ...]:
    return tuple(one for one in checks if one is not None)


def _well_formed(out: Findings, start: int) -> bool:
    return all(finding.code not in _MALFORMED for finding in out[start:])


def _slots(element: Element, owner: str) -> dict[str, slots.Slot]:
    found: dict[str, slots.Slot] = {}
    for name, code in element.properties():
        if code in PRIMITIVES:
            found[name] = slots.primitive_slot(name, code, element, owner)
            if not element.attribute and code != "xhtml":
                found["_" + name] = slots.part_slot(name, check_of("Element"), element, code)
        else:
            check = check_contained if name == "contained" else check_of(code)
            found[name] = slots.complex_slot(name, code, element, check, use_of(code, element, owner))
    return found


def _check_choices(value: dict[str, Any], group_of: dict[str, str], out: Findings) -> None:
    first: dict[str, str] = {}
    for key in value:
        name = key.removeprefix("_")
        group = group_of.get(key)
        if group is not None and first.setdefault(group, name) != name:
            said = f"only one {group}[x] may be given, and {first[group]} is given already"
            out.append(Finding(f".{name}", "structure", said))


def _unknown(name: str, type_name: str) -> Finding:
    if not name.isidentifier() or not name.isascii() or len(name) > _LONGEST_NAME:
        return Finding("", "structure", f"has a member that is no element of {type_name} in R4")
    versions = versions_of_element(type_name, name)
    if versions:
        said = f"is an element of {type_name} in FHIR {' and '.join(versions)}, not in R4: only R4 (4.0.1) is accepted"
        return Finding(f".{name}", "not-supported", said)
    return Finding(f".{name}", "structure", f"is no element of {type_name} in R4")
