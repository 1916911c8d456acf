"""Transforms of the data types of HL7 v2: the union of the files v2_*.py beside this one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.tables.outcome import Entry
from adapter.mapping.tables.transforms import (
    v2_codes,
    v2_contacts,
    v2_identifiers,
    v2_people,
    v2_records,
    v2_times,
)

TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        **v2_codes.TRANSFORMS,
        **v2_times.TRANSFORMS,
        **v2_identifiers.TRANSFORMS,
        **v2_people.TRANSFORMS,
        **v2_contacts.TRANSFORMS,
        **v2_records.TRANSFORMS,
    }
)
