"""What a transform of FHIR collects of its element: as those of HL7 v2 do, but two quotation marks are a text here."""

from adapter.mapping.source import Node
from adapter.mapping.tables.transforms.plain import leaf_of
from adapter.mapping.tables.transforms.v2_parts import Reading, said

__all__ = ["Collected", "leaf", "said"]


def leaf(node: Node, name: str) -> Node | None:
    """Return the first leaf of the first element of this name that says something; None = there is none."""
    found = node.first(name)
    return leaf_of(found) if found is not None else None


class Collected(Reading):
    """What was taken of an element and what is to be said of it; nothing is looked for before."""

    __slots__ = ()

    def __init__(self) -> None:
        """Begin with nothing."""
        self.used = {}
        self.remarks = []
