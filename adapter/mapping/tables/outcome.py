"""What a transform is, what it is told beside its node, and what it gives back; the registry's entries.

A transform never raises and never guesses: what it cannot read is no value and a remark that says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from adapter.mapping.remarks import Remark
from adapter.mapping.source import Node
from adapter.mapping.tables.codes import CodeMap
from adapter.mapping.tables.identifier_systems import IdentifierSystems

Value: TypeAlias = Any
"""JSON data: dict, list, str, int, bool or Decimal; made anew by each call, because the document keeps it."""

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Outcome(NamedTuple):
    """What a transform made of one node.

    Attributes:
        value: what is put at the row's target; None = nothing.
        used: for every leaf of the node that went into the value, its path and the JSON pointer in the value where
            it went ("" = the value itself, "/family", "/given/0"). A leaf that is not named counts as lost.
        remarks: on leaves of the node; `source` is their path, `target` a pointer in the value or None. A leaf that
            is not in `used` and has a remark is explained by it; one without gets a remark by the engine.
        also: outcomes for the second and further targets of a row, by those transforms that give several.
    """

    value: Value | None = None
    used: Mapping[str, str] = _NOTHING
    remarks: tuple[Remark, ...] = ()
    also: tuple["Outcome", ...] = ()


NOTHING: Final = Outcome()


@dataclass(frozen=True, slots=True)
class Context:
    """What a transform is told beside its node; the same for all rows of one message.

    Attributes:
        zone: the sender's time zone, for moments without an offset.
        sender: which system sent it ("hl7v2:APP|FACILITY"); qualifies numbers whose namespace nobody knows.
        systems: which URI a namespace stands for.
        maps: the ConceptMaps by name, for transforms that meet codes inside of what they take apart.
    """

    zone: tzinfo
    sender: str
    systems: IdentifierSystems = field(default_factory=IdentifierSystems)
    maps: Mapping[str, CodeMap] = field(default_factory=dict)

    def codes(self, name: str) -> CodeMap:
        """Return the ConceptMap of this name; one that is not there knows no code."""
        return self.maps.get(name) or CodeMap(name)


Transform: TypeAlias = Callable[[Node, Context], Outcome]


@dataclass(frozen=True, slots=True)
class Given:
    """What a row gives its transform when it is loaded.

    Attributes:
        argument: what stands in the parentheses; None = no parentheses.
        codes: the ConceptMap that the row names; None = it names none.
        note: the row's last cell: the section of the standard, or the reason.
        type: JSON type of the (first) target.
        allowed: the codes of which one must stand there; empty = anything of the type may.
        is_field: whether the source is a field or element; otherwise it is a segment, resource or section as a whole,
            or the message, of which a constant says nothing.
    """

    argument: str | None = None
    codes: CodeMap | None = None
    note: str = ""
    type: str = "string"
    allowed: tuple[str, ...] = ()
    is_field: bool = True

    def constant(self) -> Value:
        """Return the argument as a value for the target.

        Raises:
            ValueError: the target does not take it.
        """
        said = self.argument or ""
        if self.type == "boolean" and said in ("true", "false"):
            return said == "true"
        if self.type in ("integer", "number") and said.isascii() and said.isdigit():
            return int(said)
        if self.type != "string" or not said:
            raise ValueError(f"the argument is no {self.type}")
        if self.allowed and said not in self.allowed:
            raise ValueError(f"the argument is one of {', '.join(self.allowed)}")
        return said


Need: TypeAlias = Literal["no", "may", "must"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One transform of the closed list.

    Attributes:
        says: one sentence for the reference page: what it reads, what it gives, what becomes of what it cannot read.
        bind: makes the transform for one row; called when the table is loaded. Raises ValueError for a wrong argument.
        makes: what the value is: a JSON type ("string", "boolean", "integer", "number", "array", "object"), or a
            definition of the schema ("humanName"), of which the loader sees to it that the target takes it; for
            several targets separated by ";". None = anything (not checked).
        argument: whether it takes an argument in parentheses.
        codes: whether it takes a ConceptMap.
        targets: how many targets it can give; rows may name fewer. 0 = it goes nowhere.
        sourceless: whether a row may leave the source empty.
    """

    says: str
    bind: Callable[[Given], Transform]
    makes: str | None = None
    argument: Need = "no"
    codes: Need = "no"
    targets: int = 1
    sourceless: bool = False


def entry(says: str, transform: Transform, *, makes: str | None = None, targets: int = 1) -> Entry:
    """Return the entry of a transform that needs neither argument nor codes."""
    return Entry(says, lambda _given: transform, makes=makes, targets=targets)
