"""A canonical document that is being written as something else: every leaf of it is taken, or reported as lost.

Domain objects become the JSON of their format first, so that a remark names the place as `mappings/intake` has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from adapter.domain.values import Instant, PartialDate
from adapter.mapping.remarks import Remark, RemarkKind

_WORD: Final = re.compile(r"_([a-z])")
_NO_PLACE: Final = "HL7 v2 has no place for it"


def document_of(stated: Any) -> Any:
    """Return a domain object as JSON data of its format; what is None or empty is left out."""
    if is_dataclass(stated) and not isinstance(stated, Instant | PartialDate):
        members = ((_name(one.name), document_of(getattr(stated, one.name))) for one in fields(stated))
        return {name: value for name, value in members if value is not None and value not in ([], {})}
    if isinstance(stated, tuple):
        return [document_of(one) for one in stated]
    if isinstance(stated, Enum):
        return stated.value
    if isinstance(stated, Decimal):
        return format(stated, "f")
    return str(stated) if isinstance(stated, Instant | PartialDate | date) else stated


def _name(attribute: str) -> str:
    return _WORD.sub(lambda match: match[1].upper(), attribute)


@dataclass(slots=True)
class Fates:
    """What became of the leaves so far."""

    used: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)


class Stated:
    """A place in the document, with everything beneath it."""

    __slots__ = ("_fates", "pointer", "value")

    def __init__(self, value: Any, pointer: str = "", fates: Fates | None = None) -> None:
        """Begin at a place.

        Args:
            value: what stands there.
            pointer: the JSON pointer of the place.
            fates: shared by all places of a document; None = a new document.
        """
        self.value = value
        self.pointer = pointer
        self._fates = fates or Fates()

    def part(self, *names: str) -> "Stated | None":
        """Return what stands further down; None = nothing."""
        here: Any = self.value
        pointer = self.pointer
        for name in names:
            if not isinstance(here, dict) or name not in here:
                return None
            here, pointer = here[name], f"{pointer}/{name}"
        return Stated(here, pointer, self._fates)

    def parts(self, *names: str) -> list["Stated"]:
        """Return the elements of an array further down; none where there is no array."""
        found = self.part(*names)
        if found is None or not isinstance(found.value, list):
            return []
        return [Stated(one, f"{found.pointer}/{index}", self._fates) for index, one in enumerate(found.value)]

    def take(self, *names: str) -> Any:
        """Return a leaf, which then counts as taken; None = it is not stated."""
        found = self.part(*names)
        if found is None:
            return None
        self._fates.used.add(found.pointer)
        return found.value

    def remark(self, kind: RemarkKind, text: str, *names: str) -> None:
        """Say something of a place further down, whether it is stated or not."""
        pointer = "/".join((self.pointer, *names))
        self._fates.remarks.append(Remark(kind, pointer, None, text))

    def lose(self, text: str, *names: str) -> None:
        """Say why what stands further down, and was not taken, goes nowhere; nothing where nothing stands there."""
        found = self.part(*names)
        if found is None:
            return
        rest = [pointer for pointer in leaves(found.value, found.pointer) if pointer not in self._fates.used]
        for pointer in rest:
            self._fates.used.add(pointer)
            self._fates.remarks.append(Remark(RemarkKind.LOST, pointer, None, text))

    def account(self) -> tuple[Remark, ...]:
        """Return all remarks in the order of the document, with one for every leaf that was not taken."""
        self.lose(_NO_PLACE)
        order = {pointer: number for number, pointer in enumerate(leaves(self.value, self.pointer))}
        told = dict.fromkeys(self._fates.remarks)
        return tuple(sorted(told, key=lambda one: order.get(one.source or "", len(order))))


def leaves(value: Any, pointer: str = "") -> Iterator[str]:
    """Yield the JSON pointer of every leaf."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from leaves(one, f"{pointer}/{index}")
    else:
        yield pointer
