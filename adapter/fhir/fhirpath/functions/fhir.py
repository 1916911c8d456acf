"""The functions that FHIR adds, and those that walk the tree.

https://hl7.org/fhir/R4/fhirpath.html#functions
"""

from adapter.fhir.definitions.model import PRIMITIVES
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath.functions.signature import Environment, Function, Items
from adapter.fhir.fhirpath.functions.strings import text_of
from adapter.fhir.fhirpath.model import Node, add_members, children, properties, type_of
from adapter.fhir.fhirpath.narrative import narrative_problems
from adapter.fhir.fhirpath.syntax import FhirPathError

_CORE = "http://hl7.org/fhir/StructureDefinition/"


def _children(items: Items, env: Environment) -> Items:
    out: Items = []
    for item in items:
        children(item, out)
    env.budget.spend(len(out))
    return out


def _descendants(items: Items, env: Environment) -> Items:
    out: Items = []
    level = items
    while level:
        level = _children(level, env)
        out += level
    return out


def _has_value(items: Items, _env: Environment) -> Items:
    return [has_value(items)]


def has_value(items: Items) -> bool:
    """Tell whether this is one primitive with a value, not with extensions alone."""
    if len(items) != 1:
        return False
    item = items[0]
    if item.__class__ is not Node:
        return True
    return item.value is not None and item.value.__class__ is not dict


def _get_value(items: Items, _env: Environment) -> Items:
    return items if has_value(items) else []


def _extension(items: Items, _env: Environment, url: Items) -> Items:
    wanted = text_of(url)
    out: Items = []
    for item in items:
        if item.__class__ is not Node:
            continue
        content = item.part if item.type in PRIMITIVES else item.value
        found: Items = []
        if content.__class__ is dict:
            add_members(content, properties(item.type).get("extension", ()), found)
        out += [one for one in found if one.value.get("url") == wanted]
    return out


def _resolve(items: Items, env: Environment) -> Items:
    out: Items = []
    for item in items:
        target = item
        if item.__class__ is Node:
            target = item.value.get("reference") if item.value.__class__ is dict else item.value
        if target.__class__ is str and env.resolve is not None:
            found = env.resolve(target)
            if found is not None:
                out.append(found)
    return out


def _html_checks(items: Items, _env: Environment) -> Items:
    return [not any(narrative_problems(text_of([item]) or "") for item in items)]


def _member_of(items: Items, _env: Environment, value_set: Items) -> Items:
    codes = definitions().codes((text_of(value_set) or "").partition("|")[0])
    if codes is None or len(items) != 1:
        return []  # not known here: neither true nor false
    item = items[0]
    value = item.value if item.__class__ is Node else item
    if value.__class__ is str:
        return [any(value in known for known in codes.values())]
    if value.__class__ is not dict:
        return []
    codings = value.get("coding") if item.type == "CodeableConcept" else [value]
    if codings.__class__ is not list:
        return [False]
    return [
        any(one.__class__ is dict and one.get("code") in codes.get(str(one.get("system")), ()) for one in codings),
    ]


def _conforms_to(items: Items, _env: Environment, profile: Items) -> Items:
    url = text_of(profile) or ""
    name = url.removeprefix(_CORE)
    if not url.startswith(_CORE) or name not in definitions():
        raise FhirPathError("conformsTo(): only the types of R4 are known here, no profiles")
    return [all(type_of(item) == ("FHIR", name) for item in items)]


FHIR: dict[str, Function] = {
    "children": Function(0, 0, _children),
    "descendants": Function(0, 0, _descendants),
    "hasValue": Function(0, 0, _has_value),
    "getValue": Function(0, 0, _get_value),
    "extension": Function(1, 1, _extension),
    "resolve": Function(0, 0, _resolve),
    "htmlChecks": Function(0, 0, _html_checks),
    "memberOf": Function(1, 1, _member_of),
    "conformsTo": Function(1, 1, _conforms_to),
}
