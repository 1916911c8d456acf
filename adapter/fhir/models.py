"""The library fhir.resources, at its only import: its R4B classes build what we send.

There are no plain R4 classes; for the resources built here R4B (4.3.0) has the same elements. The classes check
structure and formats, not codes, reference targets or invariants: `adapter.fhir.validate` does.
https://github.com/nazrulworld/fhir.resources
"""

import re
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from pydantic import ValidationError

from adapter.base.errors import AdapterError, Problem
from adapter.fhir.resource import Resource

_PACKAGES = {"R4B": "fhir.resources.R4B", "STU3": "fhir.resources.STU3", "R5": "fhir.resources"}
_INHERITED = "Resource"
_MOST_SHAPES = 4096
_taken: set[int] = set()
"""Hashes of the shapes that the classes took; only which members there are, nothing of what they say."""


class Misbuilt(AdapterError):
    """A resource that we built ourselves is wrong: a bug here, nobody else can mend it."""


def checked(resource: Resource) -> Resource:
    """Build the resource through its R4B class and return the same dict, untouched (the classes bend decimals).

    A resource of a shape (the same members, nested alike, with values of the same types) that the class took before is
    not built again: the class costs twenty times as much as looking, and formats of values are the validator's.

    Raises:
        Misbuilt: the class refuses it; every place is named, no value is.
    """
    name = resource.get("resourceType")
    shape = hash(_shape(resource)) ^ hash(name)
    if shape in _taken:
        return resource
    model = _model("R4B", name) if type(name) is str else None
    if model is None:
        raise Misbuilt("a resource without a resource type of R4 was built")
    try:
        model.model_validate(resource)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        problems = [Problem(one["type"], where=_path(str(name), one["loc"])) for one in details]
        raise Misbuilt(f"a {name} was built that its R4B class refuses", problems=problems) from error
    if len(_taken) >= _MOST_SHAPES:
        _taken.clear()
    _taken.add(shape)
    return resource


def _shape(value: Any) -> Any:
    """Return what a value looks like without its content; an empty string, list or object is a shape of its own."""
    kind = value.__class__
    if kind is dict:  # most members are texts: their names stand for themselves
        return tuple([key if item.__class__ is str and item else (key, _shape(item)) for key, item in value.items()])
    if kind is list:
        return ("[", _shape(value[0])) if len(value) == 1 else ("[", *sorted({hash(_shape(item)) for item in value}))
    return kind if value or kind is not str else ""


class ModelElement(NamedTuple):
    """An element of a class: whether it repeats, its complex type or "boolean" (None: text or number), its codes."""

    repeats: bool
    type_name: str | None
    codes: frozenset[str]


def model_elements(version: str, type_name: str) -> dict[str, ModelElement]:
    """Return the elements of a type in "R4B", "STU3" or "R5" by name; empty where it does not exist."""
    model = _model(version, type_name)
    names = frozenset(model.elements_sequence()) if model is not None else frozenset()
    found: dict[str, ModelElement] = {}
    for field in model.model_fields.values() if model is not None else ():
        if field.alias in names:
            annotation, extra = str(field.annotation), field.json_schema_extra or {}
            complex_type = re.search(r"(\w+)Type\b", annotation)
            repeats = "List[" in annotation or "list[" in annotation
            codes = frozenset(extra.get("enum_values", ()))
            primitive = "boolean" if "bool" in annotation else None
            found[field.alias] = ModelElement(repeats, complex_type[1] if complex_type else primitive, codes)
    return found


def resource_types(version: str) -> frozenset[str]:
    """Return the resource types of "R4B", "STU3" or "R5"."""
    types = import_module(f"{_PACKAGES[version]}.fhirtypes")
    root = _model(version, _INHERITED)
    names = (name.removesuffix("Type") for name in dir(types) if name.endswith("Type"))
    found = {name: _model(version, name) for name in names}
    return frozenset(
        name for name, model in found.items() if model is not None and root is not None and issubclass(model, root)
    ) - {_INHERITED, "DomainResource"}


@cache
def _model(version: str, name: str) -> Any:
    try:
        return import_module(_PACKAGES[version]).get_fhir_model_class(name)
    except (ValueError, AttributeError, ModuleNotFoundError, KeyError):
        return None


def _path(name: str, places: tuple[str | int, ...]) -> str:
    return name + "".join(f"[{place}]" if isinstance(place, int) else f".{place}" for place in places)
