"""FHIR data as FHIRPath sees it: elements that know their type, with the extensions of primitives attached.

https://hl7.org/fhir/R4/fhirpath.html#paths
"""

from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import orjson

from adapter.fhir.definitions.model import PRIMITIVES
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath.values import Moment, Quantity, System, moment

_STRINGS = ("code", "id", "markdown")
_URIS = ("url", "canonical", "uuid", "oid")
_PRIMITIVE_BASE = {
    **dict.fromkeys(_STRINGS, "string"),
    **dict.fromkeys(_URIS, "uri"),
    **dict.fromkeys(("unsignedInt", "positiveInt"), "integer"),
}
_SYSTEM_NAMES: dict[type, str] = {
    bool: "Boolean",
    int: "Integer",
    Decimal: "Decimal",
    str: "String",
    Quantity: "Quantity",
}
DATED = frozenset({"date", "dateTime", "instant", "time"})
"""Primitives whose strings are dates and times."""


class Node:
    """An element of a resource.

    Attributes:
        value: the dict of a complex element, the JSON value of a primitive one (None where only extensions are given).
        type: the FHIR type; a backbone element has its path ("Patient.contact").
        part: of a primitive, its `_name` object with id and extensions, else None.
    """

    __slots__ = ("part", "type", "value")

    def __init__(self, value: Any, type_name: str, part: Any = None) -> None:
        self.value = value
        self.type = type_name
        self.part = part


Item: TypeAlias = Node | System
Items: TypeAlias = list[Any]
"""A collection; what is in it is an Item, said as Any because it is everywhere."""


class Property(NamedTuple):
    """One name that an element may have in JSON: the key, the key of its extensions, and its type."""

    key: str
    part: str
    type: str
    primitive: bool


@cache
def properties(type_name: str) -> dict[str, tuple[Property, ...]]:
    """Return, by the name that FHIRPath uses ("value"), what it may be called in JSON ("valueString", ...)."""
    found: dict[str, tuple[Property, ...]] = {}
    if type_name in PRIMITIVES:
        type_name = "Element"
    if type_name not in definitions():
        return found
    for element in definitions().type(type_name).elements:
        found[element.name] = tuple(
            Property(key, f"_{key}", code, code in PRIMITIVES) for key, code in element.properties()
        )
    return found


@cache
def by_key(type_name: str) -> dict[str, Property]:
    """Return the properties of a type by their key in JSON."""
    return {one.key: one for several in properties(type_name).values() for one in several}


def root(resource: Any) -> Node:
    """Return a resource as a node."""
    name = resource.get("resourceType") if type(resource) is dict else None
    return Node(resource, name if type(name) is str and name in definitions().resource_types else "Resource")


def add_members(value: dict[str, Any], several: tuple[Property, ...], out: Items) -> None:
    """Append the elements that a dict has under the names of a property."""
    for key, part_key, code, primitive in several:
        if primitive:
            if key in value or part_key in value:
                _add_primitives(value.get(key), value.get(part_key), code, out)
        elif key in value:
            member = value[key]
            for one in member if member.__class__ is list else (member,):
                if one.__class__ is dict:
                    out.append(root(one) if code == "Resource" else Node(one, code))


def _add_primitives(value: Any, part: Any, code: str, out: Items) -> None:
    if value.__class__ is not list and part.__class__ is not list:
        out.append(Node(value, code, part))
        return
    values = value if value.__class__ is list else []
    parts = part if part.__class__ is list else []
    for at in range(max(len(values), len(parts))):
        one = values[at] if at < len(values) else None
        extra = parts[at] if at < len(parts) else None
        if one is not None or extra is not None:
            out.append(Node(one, code, extra))


def children(item: Any, out: Items) -> None:
    """Append all direct children of an item, in the order of its keys."""
    if item.__class__ is not Node:
        return
    content = item.value if item.value.__class__ is dict else item.part
    if content.__class__ is not dict:
        return
    known = by_key(item.type)
    for key in content:
        found = known.get(key)
        if found is not None:
            add_members(content, (found,), out)
        elif key[0:1] == "_" and key[1:] in known and key[1:] not in content:
            add_members(content, (known[key[1:]],), out)


def system(item: Any) -> System | None:  # noqa: PLR0911 - one way out for each kind of value
    """Return an item as a System value; None for complex elements (quantities excepted) and for absent values."""
    if item.__class__ is not Node:
        return item  # type: ignore[no-any-return] # what is no node is a System value
    value, code = item.value, item.type
    kind = value.__class__
    if kind is str:
        if code in DATED:
            return moment(f"T{value}" if code == "time" else _with_time_mark(value, code))
        return value  # type: ignore[no-any-return]
    if kind is bool or kind is int:
        return value  # type: ignore[no-any-return]
    if kind is dict:
        return quantity(item) if is_a(code, "Quantity") else None
    if value is None:
        return None
    return Decimal(str(value)) if kind is float else value


def _with_time_mark(text: str, code: str) -> str:
    return text if code == "date" or "T" in text else f"{text}T"


def quantity(item: Node) -> Quantity | None:
    """Return a Quantity element as a System quantity; without unit "1"; None without a value."""
    amount, code, unit = (item.value.get(key) for key in ("value", "code", "unit"))
    if amount.__class__ is bool or not isinstance(amount, int | float | Decimal):
        return None
    measured = code if type(code) is str else unit if type(unit) is str else "1"
    return Quantity(Decimal(str(amount)), measured)


def type_of(item: Any) -> tuple[str, str]:
    """Return the namespace and the name of an item's type."""
    if item.__class__ is Node:
        return "FHIR", item.type
    if item.__class__ is Moment:
        return "System", item.kind
    return "System", next(name for kind, name in _SYSTEM_NAMES.items() if isinstance(item, kind))


@cache
def is_a(name: str, wanted: str) -> bool:
    """Tell whether a FHIR type is another one or specialises it."""
    known = definitions()
    while name != wanted:
        if name in PRIMITIVES:
            name = _PRIMITIVE_BASE.get(name, "Element")
            continue
        above = known.type(name).base if name in known else None
        if above is None:
            return False
        name = above
    return True


@cache
def known_type(name: str) -> tuple[str | None, str] | None:
    """Return the namespace (None: either) and the name that a type specifier means; None where it means nothing."""
    space, dot, bare = name.rpartition(".")
    if space not in ("", "FHIR", "System") or (dot and not space):
        return None
    fhir = bare in PRIMITIVES or bare in definitions()
    is_system = bare in (*_SYSTEM_NAMES.values(), "Date", "DateTime", "Time", "Any")
    if space == "System":
        return "System", bare  # System.Patient is asked for by nobody in earnest, and is never true
    if space == "FHIR":
        return ("FHIR", bare) if fhir else None
    if fhir and is_system:
        return None, bare
    return ("FHIR", bare) if fhir else ("System", bare) if is_system else None


def has_type(item: Any, wanted: tuple[str | None, str]) -> bool:
    """Tell whether an item is of a type or of one that specialises it."""
    space, name = type_of(item)
    if wanted[0] not in (None, space):
        return False
    return is_a(name, wanted[1]) if space == "FHIR" else wanted[1] in (name, "Any")


def has_exact_type(item: Any, wanted: tuple[str | None, str]) -> bool:
    """As `has_type`, but a primitive must be of the very type: a code is not taken for a string."""
    if item.__class__ is Node and item.type in PRIMITIVES:
        return wanted[0] in (None, "FHIR") and item.type == wanted[1]
    return has_type(item, wanted)


def key_of(item: Any) -> tuple[Any, ...]:  # noqa: PLR0911 - as `system`
    """Return what two equal items have in common, to find them fast."""
    value = system(item)
    if value is None:
        if item.__class__ is Node and item.value.__class__ is dict:
            return ("complex", orjson.dumps(item.value, default=str, option=orjson.OPT_SORT_KEYS))
        return ("none", id(item))
    if value.__class__ is bool:
        return ("boolean", value)
    if isinstance(value, int | Decimal):
        return ("number", value)
    if isinstance(value, Moment):
        return (value.kind == "Time", *value.at_utc)
    if isinstance(value, Quantity):
        return ("quantity", value.value.normalize(), value.unit)
    return ("string", value)
