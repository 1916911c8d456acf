"""The library fhir.resources, at its only import: its R4B classes build what we send.

There are no plain R4 classes; for the resources built here R4B (4.3.0) has the same elements. The classes check
structure and formats, not codes, reference targets or invariants: `adapter.fhir.validate` does.
https://github.com/nazrulworld/fhir.resources
"""

from functools import cache
from importlib import import_module
from typing import Any

from pydantic import ValidationError

from adapter.base.errors import AdapterError, Problem
from adapter.fhir.resource import Resource

_PACKAGES = {"R4B": "fhir.resources.R4B", "STU3": "fhir.resources.STU3", "R5": "fhir.resources"}
_INHERITED = "Resource"


class Misbuilt(AdapterError):
    """A resource that we built ourselves is wrong: a bug here, nobody else can mend it."""


def checked(resource: Resource) -> Resource:
    """Build the resource through its R4B class and return the same dict, untouched (the classes bend decimals).

    Raises:
        Misbuilt: the class refuses it; every place is named, no value is.
    """
    name = resource.get("resourceType")
    model = _model("R4B", name) if type(name) is str else None
    if model is None:
        raise Misbuilt("a resource without a resource type of R4 was built")
    try:
        model.model_validate(resource)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        problems = [Problem(one["type"], where=_path(str(name), one["loc"])) for one in details]
        raise Misbuilt(f"a {name} was built that its R4B class refuses", problems=problems) from error
    return resource


def element_names(version: str, type_name: str) -> frozenset[str]:
    """Return the names of the elements of a resource type in "R4B", "STU3" or "R5"; empty where it does not exist."""
    model = _model(version, type_name)
    return frozenset(model.elements_sequence()) if model is not None else frozenset()


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
