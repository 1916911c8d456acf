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
    """Return the FHIR versions ("STU3", "R5") in which a type or backbone element has an element that R4 has not."""
    return tuple(
        str(version) for version, elements in _other()["elements"].items() if element in elements.get(type_name, ())
    )


def versions_of_member(owner: str, element: str, member: str) -> tuple[str, ...]:
    """Return the versions in which an element is of another type, and that type has this member."""
    found = []
    for version, shapes in _other()["shapes"].items():
        shape = shapes.get(owner, {}).get(element)
        if shape is not None and member in _other()["members"][version].get(shape[1], ()):
            found.append(str(version))
    return tuple(found)


def versions_of_shape(owner: str, element: str, value: Any) -> tuple[str, ...]:
    """Return the versions in which an element repeats, or does not, or is an object, as this value is and R4 is not."""
    found = []
    for version, shapes in _other()["shapes"].items():
        shape = shapes.get(owner, {}).get(element)
        one = value[0] if type(value) is list and value else value
        kind = None if shape is None else bool if shape[1] == "boolean" else dict if shape[1] else str
        if shape is not None and shape[0] == (type(value) is list) and type(one) is kind:
            found.append(str(version))
    return tuple(found)


def versions_of_code(owner: str, element: str, code: str) -> tuple[str, ...]:
    """Return the versions in which an element may have a code that it may not have in R4."""
    return tuple(
        str(version) for version, codes in _other()["codes"].items() if code in codes.get(owner, {}).get(element, ())
    )
