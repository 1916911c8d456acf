"""Build step: how STU3 and R5 differ from R4 in types, elements, shapes and codes.

    python -m adapter.fhir.definitions.other_versions OUT.json

The differences come from the classes of fhir.resources for those versions. They serve one purpose: to tell a sender
that a resource is not wrong as such, but of another version.
"""

import sys
from pathlib import Path
from typing import Any

import orjson

from adapter.fhir.definitions.model import PRIMITIVES, Element
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.models import ModelElement, model_elements, resource_types

VERSIONS = ("STU3", "R5")
_DATA_TYPES = (
    *("Address", "Attachment", "CodeableConcept", "Coding", "ContactPoint", "DataRequirement", "Dosage"),
    *("ElementDefinition", "HumanName", "Identifier", "Meta", "Narrative", "Period", "Quantity", "Range", "Ratio"),
    *("Reference", "RelatedArtifact", "SampledData", "Signature", "Timing", "TriggerDefinition", "UsageContext"),
)


def other_versions() -> dict[str, Any]:
    """Return by version, all sorted: what that version has and R4 has not.

    types: names of resource types. elements: names by type or path ("Encounter.participant"). shapes: by type and
    element, whether it repeats there and its type. members: the elements of the types named in shapes. codes: by type
    and element.
    """
    known = definitions()
    found: dict[str, Any] = {
        "types": {version: sorted(resource_types(version) - known.resource_types) for version in VERSIONS}
    }
    for version in VERSIONS:
        differences = _Differences(version)
        for name in sorted(known.resource_types & resource_types(version)):
            differences.add(name, name)
        for name in _DATA_TYPES:
            differences.add(name, name)
        for part in ("elements", "shapes", "members", "codes"):
            found.setdefault(part, {})[version] = dict(sorted(getattr(differences, part).items()))
    return found


class _Differences:
    """What one version has otherwise, gathered type by type."""

    def __init__(self, version: str) -> None:
        self._version = version
        self.elements: dict[str, list[str]] = {}
        self.shapes: dict[str, dict[str, list[Any]]] = {}
        self.members: dict[str, list[str]] = {}
        self.codes: dict[str, dict[str, list[str]]] = {}

    def add(self, path: str, model: str) -> None:
        """Compare a type of R4, or a backbone element, with a class of the other version."""
        theirs = model_elements(self._version, model)
        here = {
            name: (element, code)
            for element in definitions().type(path).elements
            for name, code in element.properties()
        }
        if only_there := sorted(theirs.keys() - here.keys()):
            self.elements[path] = only_there
        for name in sorted(theirs.keys() & here.keys()):
            self._compare(path, name, theirs[name], *here[name])

    def _compare(self, path: str, name: str, theirs: ModelElement, element: Element, code: str) -> None:
        is_backbone = "." in code
        if is_backbone and theirs.type_name is not None and code == f"{path}.{name}":
            self.add(code, theirs.type_name)
        same = theirs.type_name in (None, code) if code in PRIMITIVES else theirs.type_name == code
        if theirs.repeats != element.repeats or not (same or (is_backbone and theirs.type_name) or code == "Resource"):
            self.shapes.setdefault(path, {})[name] = [theirs.repeats, theirs.type_name]
            if theirs.type_name not in (None, "boolean"):
                self.members[theirs.type_name] = sorted(model_elements(self._version, theirs.type_name))
        ours = definitions().codes(element.binding.value_set) if element.binding is not None else None
        if code == "code" and ours is not None and theirs.codes:
            only_there = {one for one in theirs.codes if one[:1].isalpha()} - frozenset().union(*ours.values())
            if only_there:
                self.codes.setdefault(path, {})[name] = sorted(only_there)


def main(out: str) -> None:
    """Write the differences to `out`."""
    Path(out).write_bytes(orjson.dumps(other_versions()) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
