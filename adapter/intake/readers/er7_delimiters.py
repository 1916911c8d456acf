"""The delimiters of an HL7 v2 message, as its MSH-1 and MSH-2 declare them.

HL7 v2.8 chapter 2, section 2.5.4 "Message delimiters": component, repetition, escape, subcomponent and, from v2.7 on,
truncation character; what is not declared does not delimit.
"""

import string
from dataclasses import dataclass
from typing import Final

from adapter.base.errors import Unreadable

USUAL: Final = r"^~\&"
_NAMES: Final = ("component", "repetition", "escape", "subcomponent", "truncation")
_NEVER: Final = frozenset(f"{string.ascii_letters}{string.digits} \r\n\x0b\x1c\x00")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """One character each; an empty text = not declared, so nothing is delimited by it."""

    field: str
    component: str = ""
    repetition: str = ""
    escape: str = ""
    subcomponent: str = ""
    truncation: str = ""


def read_delimiters(header: str) -> Delimiters:
    r"""Return what a header segment declares; MSH, FHS and BHS do it alike.

    Args:
        header: the segment, from its name on; what follows MSH-2 is not looked at.

    Raises:
        Unreadable: MSH-1 or MSH-2 cannot be delimiters; `where` names the field by the segment's own name.
    """
    name, field = header[:3].upper(), header[3:4]
    if not field or field in _NEVER or not field.isascii():
        said = "the character behind the segment name is the field separator: give one, usually |"
        raise Unreadable(said, where=f"{name}-1")
    declared = header[4:].partition(field)[0]
    fault = _fault(field, declared)
    if fault:
        raise Unreadable(f"{fault}; usually this field is {USUAL}", where=f"{name}-2")
    return Delimiters(field, **dict(zip(_NAMES, declared, strict=False)))


def _fault(field: str, declared: str) -> str | None:
    if not declared:
        return "the encoding characters are missing: give at least the component separator"
    if len(declared) > len(_NAMES):
        return "there are more than five encoding characters: give component, repetition, escape and subcomponent"
    if len(set(declared) | {field}) <= len(declared):
        return "the same character delimits twice: give a different one for each purpose"
    if not declared.isascii() or not _NEVER.isdisjoint(declared):
        return "a letter, digit, blank or character outside ASCII cannot be an encoding character"
    return None
