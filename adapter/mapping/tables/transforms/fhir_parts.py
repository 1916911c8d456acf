"""What a transform of FHIR collects of its element: as those of HL7 v2 do, but two quotation marks are a text here."""

from adapter.mapping.tables.transforms.v2_parts import Reading, said

__all__ = ["Collected", "said"]


class Collected(Reading):
    """What was taken of an element and what is to be said of it; nothing is looked for before."""

    __slots__ = ()

    def __init__(self) -> None:
        """Begin with nothing."""
        self.used = {}
        self.remarks = []
