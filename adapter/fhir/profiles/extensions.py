"""Extensions, wherever they stand: one whose definition is at hand must fit it, and stand where it may.

https://hl7.org/fhir/R4/defining-extensions.html#context
"""

from functools import cache
from typing import Any, Final

from adapter.fhir.fhirpath import Node, root
from adapter.fhir.fhirpath.model import Property, by_key, is_a
from adapter.fhir.profiles.checks import check_profile
from adapter.fhir.profiles.definition import Profile, profile_of
from adapter.fhir.profiles.surroundings import Surroundings, around
from adapter.fhir.systems import CANONICAL
from adapter.fhir.validate.findings import Finding, Findings

_OURS: Final = f"{CANONICAL}/StructureDefinition/"


def check_extensions(top: Node, path: str, out: Findings, scene: Surroundings) -> None:
    """Check all extensions in a resource and in what is inside it."""
    pending: list[tuple[Any, str, str, Surroundings]] = [(top.value, top.type, path, scene)]
    while pending:
        value, type_name, here, around_it = pending.pop()
        if type(value) is not dict:
            continue
        known = _by_json_key(type_name)
        for key, member in value.items():
            if type(member) is not dict and type(member) is not list:
                continue
            found = known.get(key)
            if found is None:
                continue
            several = enumerate(member) if type(member) is list else ((None, member),)
            for index, one in several:
                step = f"{here}.{key}" if index is None else f"{here}.{key}[{index}]"
                if key in ("extension", "modifierExtension"):
                    _check(one, type_name, step, out, around_it)
                    pending.append((one, "Extension", step, around_it))
                elif found.type == "Resource":
                    node = root(one)
                    if type(one) is dict:
                        inner = around(node, around_it.packages, around_it.budget, around_it)
                        pending.append((one, node.type, step, inner))
                else:
                    pending.append((one, "Element" if key[0] == "_" else found.type, step, around_it))


@cache
def _by_json_key(type_name: str) -> dict[str, Property]:
    """Return the properties of a type that can hold extensions, by key; `_name` for those of primitives."""
    found: dict[str, Property] = {}
    for key, one in by_key(type_name).items():
        found[one.part if one.primitive else key] = one
    return found


def _check(extension: Any, owner: str, path: str, out: Findings, scene: Surroundings) -> None:
    url = extension.get("url") if type(extension) is dict else None
    if type(url) is not str:
        return
    profile = profile_of(url, scene.packages)
    if profile is not None:
        check_profile(url, Node(extension, "Extension"), path, out, scene)
        if profile.contexts and not _may_stand(profile, owner, path):
            places = ", ".join(expression for _, expression in profile.contexts)
            out.append(Finding(path, "structure", f"this extension may stand in {places} only"))
    elif url.startswith(_OURS):
        said = f"{url} is no extension of this version of the second-opinion package"
        out.append(Finding(path, "not-found", said, "warning"))


def _may_stand(profile: Profile, owner: str, path: str) -> bool:
    """Tell whether one of the places of an extension is here; places by FHIRPath are taken to be."""
    element = ".".join(step.partition("[")[0] for step in path.split(".")[:-1])
    for kind, expression in profile.contexts:
        if kind != "element" or expression == owner or element.endswith(expression):
            return True
        if "." not in expression and is_a(owner, expression):
            return True
    return False
