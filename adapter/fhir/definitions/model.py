"""StructureDefinition and ElementDefinition, reduced to what the codec and the validator use.

https://hl7.org/fhir/R4/elementdefinition.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

PRIMITIVES = frozenset(
    {
        "base64Binary",
        "boolean",
        "canonical",
        "code",
        "date",
        "dateTime",
        "decimal",
        "id",
        "instant",
        "integer",
        "markdown",
        "oid",
        "positiveInt",
        "string",
        "time",
        "unsignedInt",
        "uri",
        "url",
        "uuid",
        "xhtml",
    },
)
"""The primitive types, https://hl7.org/fhir/R4/datatypes.html#primitive."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The value set of a coded element; `strength` is "required" or "extensible", weaker ones are left out."""

    strength: str
    value_set: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type.

    Attributes:
        name: without "[x]" for a choice.
        minimum: how often it must be there at least.
        repeats: more than once is allowed, so JSON has an array.
        types: names of types; a backbone element has its path ("Patient.contact") as its type.
        choice: the type is part of the name in instances ("valueString").
        targets: resource types that a Reference may point at; empty = any.
        binding: None where nothing is required.
        attribute: an XML attribute rather than an element (`id`, `Extension.url`).
    """

    name: str
    minimum: int
    repeats: bool
    types: tuple[str, ...]
    choice: bool
    targets: frozenset[str]
    binding: Binding | None
    attribute: bool

    def properties(self) -> Iterator[tuple[str, str]]:
        """Give the names in instances with the type of each: one, or one per type of a choice."""
        for code in self.types:
            yield (self.name + code[0].upper() + code[1:] if self.choice else self.name), code


@dataclass(frozen=True, slots=True)
class TypeDefinition:
    """A resource, a complex data type or a backbone element, with all its elements (inherited ones too) in order.

    Attributes:
        kind: "resource", "datatype" or "backbone".
        base: the type that it specialises; None at the root.
    """

    name: str
    kind: str
    base: str | None
    abstract: bool
    elements: tuple[Element, ...]
