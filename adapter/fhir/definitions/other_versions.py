"""Build step: which resource types and top-level elements exist in STU3 or R5, but not in R4.

    python -m adapter.fhir.definitions.other_versions OUT.json

The names come from the classes of fhir.resources for those versions. They serve one purpose: to tell a sender that a
resource is not wrong as such, but of another version.
"""

import sys
from pathlib import Path
from typing import Any

import orjson

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.models import element_names, resource_types

VERSIONS = ("STU3", "R5")


def other_versions() -> dict[str, Any]:
    """Return {"types": {version: names}, "elements": {version: {resource type: names}}}, all sorted."""
    known = definitions()
    types = {version: sorted(resource_types(version) - known.resource_types) for version in VERSIONS}
    elements: dict[str, dict[str, list[str]]] = {}
    for version in VERSIONS:
        for name in sorted(known.resource_types & resource_types(version)):
            here = {prop for element in known.type(name).elements for prop, _ in element.properties()}
            only_there = sorted(element_names(version, name) - here)
            if only_there:
                elements.setdefault(version, {})[name] = only_there
    return {"types": types, "elements": elements}


def main(out: str) -> None:
    """Write the names to `out`."""
    Path(out).write_bytes(orjson.dumps(other_versions()) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
