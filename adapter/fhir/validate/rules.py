"""Rules beyond the shape of a type, by the name of the type; invariants of R4 get their place here.

https://hl7.org/fhir/R4/extensibility.html#Extension
"""

from collections.abc import Callable
from typing import Any

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate.findings import Finding, Findings

Rule = Callable[[dict[str, Any], Findings], None]

_VALUES = frozenset(
    key
    for element in definitions().type("Extension").elements
    if element.name == "value"
    for name, _type in element.properties()
    for key in (name, f"_{name}")
)


def _extension_has_one_content(extension: dict[str, Any], out: Findings) -> None:
    values = not _VALUES.isdisjoint(extension)
    if values == ("extension" in extension):
        said = "must have either a value or extensions of its own" + (", not both" if values else "")
        out.append(Finding("", "invariant", f"{said} (ext-1)"))


def _contained_is_plain(resource: dict[str, Any], out: Findings) -> None:
    contained = resource.get("contained")
    if type(contained) is not list:
        return
    seen: set[str] = set()
    for index, inner in enumerate(contained):
        if type(inner) is not dict:
            continue
        where, name = f".contained[{index}]", inner.get("id")
        if type(name) is not str:
            out.append(Finding(f"{where}.id", "required", "a contained resource needs an id, to be referred to"))
        elif name in seen:
            out.append(Finding(f"{where}.id", "duplicate", "another contained resource has this id"))
        else:
            seen.add(name)
        if "contained" in inner:
            out.append(Finding(f"{where}.contained", "invariant", "must not contain resources itself (dom-2)"))
        meta = inner.get("meta")
        for key in ("versionId", "lastUpdated", "security"):
            if type(meta) is dict and key in meta:
                said = "a contained resource has none of its own (dom-4, dom-5)"
                out.append(Finding(f"{where}.meta.{key}", "invariant", said))


RULES: dict[str, Rule] = {"Extension": _extension_has_one_content}
"""Run on every element of the type, after its shape was checked."""

RESOURCE_RULES: tuple[Rule, ...] = (_contained_is_plain,)
"""Run on every resource that contains others."""
