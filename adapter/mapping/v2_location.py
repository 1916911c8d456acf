"""Where in an HL7 v2 message something stands, as paths and problems name it: "PID-3[2].4", "OBX[3]-5", "MSH-2".

A path names a segment (its number in the message behind it from the second one on), a field, its repetition from the
second one on, a component and a subcomponent. ERR-2 has the same parts (data type ERL): HL7 v2.5 chapter 2A, ERL.
"""

import re
from dataclasses import dataclass
from typing import Final

_PATH: Final = re.compile(
    r"(?P<segment>[A-Z][A-Z0-9]{2})(?:\[(?P<sequence>[1-9][0-9]*)\])?"
    r"(?:-(?P<field>[1-9][0-9]*)(?:\[(?P<repetition>[1-9][0-9]*)\])?"
    r"(?:\.(?P<component>[1-9][0-9]*)(?:\.(?P<subcomponent>[1-9][0-9]*))?)?)?",
)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a message; every number counts from 1.

    Attributes:
        sequence: which of the segments of this name.
        field: None = the segment as a whole; so it is with the parts of a field that follow.
        repetition: which repetition of the field; 1 where there is one only.
    """

    segment: str
    sequence: int = 1
    field: int | None = None
    repetition: int | None = None
    component: int | None = None
    subcomponent: int | None = None


def location(where: str | None) -> Location | None:
    """Return the place that `where` names; None = it names none (a line, a JSON pointer, nothing)."""
    match = _PATH.fullmatch(where) if where else None
    if match is None:
        return None
    part = {name: int(value) for name, value in match.groupdict().items() if value and name != "segment"}
    if "field" in part:
        part.setdefault("repetition", 1)
    return Location(match["segment"], **part)
