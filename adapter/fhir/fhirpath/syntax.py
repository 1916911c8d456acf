"""The syntax tree of a FHIRPath expression, and the error of one that is not well-formed.

https://hl7.org/fhirpath/N1/grammar.html
"""

from dataclasses import dataclass
from typing import TypeAlias

from adapter.fhir.fhirpath.values import System


class FhirPathError(ValueError):
    """An expression cannot be read, or cannot be evaluated on what it was given."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; `value` None is the empty collection `{}`."""

    value: System | None


@dataclass(frozen=True, slots=True)
class Variable:
    """%resource, %context, %ucum, ..."""

    name: str


@dataclass(frozen=True, slots=True)
class Special:
    """$this, $index or $total."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`target.name`; without a target, a member (or the type) of what the expression is evaluated on."""

    target: "Tree | None"
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`target.name(arguments)`."""

    target: "Tree | None"
    name: str
    arguments: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Index:
    """`target[position]`."""

    target: "Tree"
    position: "Tree"


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`."""

    operand: "Tree"


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class TypeTest:
    """`operand is type` or `operand as type`; the type may be qualified ("System.String")."""

    operator: str
    operand: "Tree"
    type_name: str


Tree: TypeAlias = Literal | Variable | Special | Member | Call | Index | Negation | Binary | TypeTest
