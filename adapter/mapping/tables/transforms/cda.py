"""Transforms of the data types of CDA R2: the union of the modules that read them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.tables.outcome import Entry
from adapter.mapping.tables.transforms import (
    cda_codes,
    cda_contacts,
    cda_identifiers,
    cda_people,
    cda_records,
    cda_times,
)

TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        **cda_identifiers.TRANSFORMS,
        **cda_contacts.TRANSFORMS,
        **cda_people.TRANSFORMS,
        **cda_codes.TRANSFORMS,
        **cda_times.TRANSFORMS,
        **cda_records.TRANSFORMS,
    }
)
