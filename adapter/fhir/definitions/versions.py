"""Tells apart the other versions of FHIR: what exists in STU3 or R5 only is named as such.

https://hl7.org/fhir/R4/versions.html
`other-versions.json` is made by the build step `other_versions`.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson

_FILE = Path(__file__).with_name("other-versions.json")
_NAME = re.compile(r"[A-Z][A-Za-z]{1,63}")


@cache
def _other() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(_FILE.read_bytes())
    return found


def unknown_type(name: str) -> str:
    """Return a sentence about a resource type that R4 does not have."""
    if _NAME.fullmatch(name):
        for version, types in _other()["types"].items():
            if name in types:
                return f"{name} is a resource of FHIR {version}, not of R4: only FHIR R4 (4.0.1) is accepted"
        return f"{name} is no resource type of FHIR R4 (4.0.1)"
    return "this is no resource type of FHIR R4 (4.0.1)"


def versions_of_element(type_name: str, element: str) -> tuple[str, ...]:
    """Return the FHIR versions ("STU3", "R5") in which a resource type has an element that R4 has not."""
    return tuple(
        str(version) for version, elements in _other()["elements"].items() if element in elements.get(type_name, ())
    )
