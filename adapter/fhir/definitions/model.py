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
class Constraint:
    """An invariant; `severity` is "error" or "warning" (best practice), `human` what it says in English."""

    key: str
    severity: str
    human: str
    expression: str


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
        constraints: what holds here over and above the constraints of the type.
    """

    name: str
    minimum: int
    repeats: bool
    types: tuple[str, ...]
    choice: bool
    targets: frozenset[str]
    binding: Binding | None
    attribute: bool
    constraints: tuple[Constraint, ...] = ()

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
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionPart:
    """What an extension, or a part of one, may hold.

    Attributes:
        values: the types of its value; empty = it has no value but parts.
        parts: its parts by their url.
        minimum: how often a part must be there.
        maximum: how often a part may be there; None = any number.
        value_set: the one from which a code must be; None = any code.
    """

    values: frozenset[str]
    parts: "dict[str, ExtensionPart]"
    minimum: int
    maximum: int | None
    value_set: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionDefinition:
    """An extension that R4 itself defines.

    Attributes:
        on: the types and element paths that it may stand on ("Element": anywhere).
        modifier: it stands in `modifierExtension` only.
        when: FHIRPath expressions that must be true of what it stands on.
    """

    url: str
    on: frozenset[str]
    modifier: bool
    when: tuple[str, ...]
    content: ExtensionPart


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """A search parameter of R4: its name in a URL, its type, and the resource types that it is for."""

    code: str
    type: str
    bases: frozenset[str]
