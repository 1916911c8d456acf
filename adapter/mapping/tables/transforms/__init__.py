"""The closed list of transforms that rows may name: the union of the modules of this room.

Each module exports TRANSFORMS, a mapping of names to entries; a name belongs to one module.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.tables.outcome import Entry
from adapter.mapping.tables.transforms import cda, coded, dates, fhir, plain, v2

GROUPS: Final[Mapping[str, Mapping[str, Entry]]] = MappingProxyType(
    {
        "Any format": plain.TRANSFORMS,
        "Codes": coded.TRANSFORMS,
        "Dates": dates.TRANSFORMS,
        "HL7 v2": v2.TRANSFORMS,
        "FHIR": fhir.TRANSFORMS,
        "CDA": cda.TRANSFORMS,
    }
)
"""The transforms as the reference page groups them."""

TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {name: entry for group in GROUPS.values() for name, entry in group.items()}
)
"""Every transform by its name."""
