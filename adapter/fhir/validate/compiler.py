"""Compiles a type definition into one function that checks a value of the type, at the first use of the type.

Paths are put together only where something was found: a check appends findings with paths from its own level on, and
who called it puts its own name before them.
"""

from dataclasses import replace
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
    check_contained_are_used,
    check_has_narrative,
    is_domain_resource,
)
from adapter.fhir.validate.findings import Finding, Findings, Scope, put_before, typed_by
from adapter.fhir.validate.invariants import Check as InvariantCheck
from adapter.fhir.validate.invariants import invariants_of
from adapter.fhir.validate.rules import RESOURCE_RULES, RULES, Rule

_LONGEST_NAME = 64
_MALFORMED = frozenset({"structure", "value", "required", "not-supported"})
"""Codes of findings after which an invariant would speak of something that is not there."""


class _Table(NamedTuple):
    """What the check of a type looks up; `required` has (name, name of its id and extensions, all names, label)."""

    slots: dict[str, slots.Slot]
    required: tuple[tuple[str, str, frozenset[str], str], ...]
    group_of: dict[str, str]
    rule: Rule | None
    is_resource: bool
    later: tuple[InvariantCheck, ...]


def check_resource(value: Any, out: Findings, scope: Scope) -> None:
    """Check a resource of any type, wherever it stands."""
    if value.__class__ is not dict:
        out.append(Finding("", "structure", "must be a resource"))
        return
    name = value.get("resourceType")
    if type(name) is not str:
        out.append(Finding(".resourceType", "required", "must be there: it says what kind of resource this is"))
        return
    if name not in definitions().resource_types:
        out.append(Finding("", "not-supported", unknown_type(name)))
        return
    if name == "Bundle":
        _check_whole_bundle(value, out, scope)
        return
    node = Node(value, name)
    contained = typed_by(value["contained"], "id") if "contained" in value else {}
    inner = Scope(scope.entries, contained, node, node, scope.resolve, scope.budget, unchecked=scope.unchecked)
    if scope.gathered is not None:
        scope.gathered.append((value, inner.references))
    if "contained" in value:
        for rule in RESOURCE_RULES:
            rule(value, out)
    start = len(out)
    check_of(name)(value, out, inner)
    if scope.budget is not None and _well_formed(out, start):
        _check_as_a_whole(name, value, out)


def _check_as_a_whole(name: str, resource: dict[str, Any], out: Findings) -> None:
    if "contained" in resource:
        check_contained_are_used(resource, out)
    if is_domain_resource(name):
        check_has_narrative(resource, out)


def _check_whole_bundle(bundle: dict[str, Any], out: Findings, scope: Scope) -> None:
    node = Node(bundle, "Bundle")
    entries = entries_by_url(bundle)
    inner = Scope(entries, {}, node, node, scope.resolve, scope.budget, unchecked=scope.unchecked)
    inner.gathered = [] if scope.budget is not None else None
    check_of("Bundle")(bundle, out, inner)
    check_bundle(bundle, out)
    if inner.gathered is not None:
        check_links(bundle, inner.gathered, out)


def check_contained(value: Any, out: Findings, scope: Scope) -> None:
    """Check a resource that another one contains."""
    name = value.get("resourceType") if value.__class__ is dict else None
    if type(name) is not str or name not in definitions().resource_types:
        check_resource(value, out, scope)
        return
    inner = replace(scope, resource=Node(value, name), environment=None)
    check_of(name)(value, out, inner)


@cache
def check_of(type_name: str) -> slots.Check:  # noqa: C901 - the hot loop stays in one piece
    """Return the check of a data type, a backbone element, or a resource ("Resource": of any type)."""
    if type_name == "Resource":
        return check_resource
    table: _Table | None = None

    def check(value: Any, out: Findings, scope: Scope) -> None:  # noqa: C901, PLR0912 - as above
        nonlocal table
        if type(value) is not dict:
            out.append(Finding("", "structure", f"must be an object ({type_name})"))
            return
        if table is None:
            table = _table(type_name)
        slot_of, required, group_of, rule, is_resource, later = table
        before = len(out)
        for name, member in value.items():
            try:
                kind, accepts, explain, check_member, path = slot_of[name]
            except KeyError:
                out.append(_unknown(name, type_name, is_resource=is_resource))
                continue
            if check_member is None:
                if type(member) is not kind or not accepts(member):
                    explain(member, value, out, scope)
            elif type(member) is not kind or not member:
                explain(member, value, out, scope)
            elif kind is dict:
                start = len(out)
                check_member(member, out, scope)
                if len(out) > start:
                    put_before(out, start, path)
            else:
                for index, one in enumerate(member):  # type: ignore[var-annotated, arg-type] # narrowed by kind
                    start = len(out)
                    check_member(one, out, scope)
                    if len(out) > start:
                        put_before(out, start, f"{path}[{index}]")
        for name, part, names, label in required:
            if name not in value and part not in value and names.isdisjoint(value):
                out.append(Finding(f".{label}", "required", f"{type_name}.{label} must be there"))
        if group_of and len(group_of.keys() & value.keys()) > 1:
            _check_choices(value, group_of, out)
        if len(value) <= 1 and (not value or "id" in value) and not is_resource:
            out.append(Finding("", "structure", "is empty: leave it out or give it content (ele-1)"))
        if rule is not None:
            rule(value, out)
        if later and scope.budget is not None and (len(out) == before or _well_formed(out, before)):
            for check_content in later:
                check_content(value, out, scope)

    return check


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
    later = tuple(one for one in (invariants_of(type_name), CONTENT_RULES.get(type_name)) if one is not None)
    return _Table(found, tuple(required), group_of, RULES.get(type_name), is_resource, later)


def _well_formed(out: Findings, start: int) -> bool:
    return all(finding.code not in _MALFORMED for finding in out[start:])


def _slots(element: Element, owner: str) -> dict[str, slots.Slot]:
    found: dict[str, slots.Slot] = {}
    for name, code in element.properties():
        if code in PRIMITIVES:
            found[name] = slots.primitive_slot(name, code, element, owner)
            if not element.attribute and code != "xhtml":
                found["_" + name] = slots.part_slot(name, check_of("Element"), repeats=element.repeats)
        else:
            check = check_contained if name == "contained" else check_of(code)
            if code == "Extension" and owner != "Extension":
                check = _check_outer_extension
            found[name] = slots.complex_slot(name, code, element, check)
    return found


def _check_outer_extension(value: Any, out: Findings, scope: Scope) -> None:
    """Check an extension that is no part of another one, so that its URL must stand for itself."""
    check_of("Extension")(value, out, scope)
    url = value.get("url") if value.__class__ is dict else None
    if type(url) is str and ":" not in url:
        out.append(Finding(".url", "value", "must be an absolute URL"))


def _check_choices(value: dict[str, Any], group_of: dict[str, str], out: Findings) -> None:
    first: dict[str, str] = {}
    for key in value:
        name = key.removeprefix("_")
        group = group_of.get(key)
        if group is not None and first.setdefault(group, name) != name:
            said = f"only one {group}[x] may be given, and {first[group]} is given already"
            out.append(Finding(f".{name}", "structure", said))


def _unknown(name: str, type_name: str, *, is_resource: bool) -> Finding:
    if not name.isidentifier() or not name.isascii() or len(name) > _LONGEST_NAME:
        return Finding("", "structure", f"has a member that is no element of {type_name} in R4")
    versions = versions_of_element(type_name, name) if is_resource else ()
    if versions:
        said = f"is an element of {type_name} in FHIR {' and '.join(versions)}, not in R4: only R4 (4.0.1) is accepted"
        return Finding(f".{name}", "not-supported", said)
    return Finding(f".{name}", "structure", f"is no element of {type_name} in R4")
