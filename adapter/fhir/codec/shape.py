"""What may stand in a type by its name in instances, in order; shared by the XML reader and writer."""

from dataclasses import dataclass
from functools import cache

from adapter.fhir.definitions.model import PRIMITIVES
from adapter.fhir.definitions.registry import definitions

FHIR = "http://hl7.org/fhir"
NUMBERS = frozenset({"decimal", "integer", "positiveInt", "unsignedInt"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One name: its rank in the order of XML, its type, and how it is written.

    Attributes:
        code: the type; "Resource" takes any resource, "xhtml" a div.
    """

    rank: int
    name: str
    code: str
    repeats: bool
    primitive: bool
    attribute: bool


@cache
def slots(type_name: str) -> dict[str, Slot]:
    """Return what may stand in a type, by the name that JSON and XML use.

    Raises:
        KeyError: R4 has no such type.
    """
    found: dict[str, Slot] = {}
    for rank, element in enumerate(definitions().type(type_name).elements):
        for name, code in element.properties():
            primitive = code in PRIMITIVES and code != "xhtml"
            found[name] = Slot(rank, name, code, element.repeats, primitive, element.attribute)
    return found
