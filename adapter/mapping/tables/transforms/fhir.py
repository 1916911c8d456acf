"""Transforms of the data types of FHIR R4: the union of the files fhir_*.py beside this one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.tables.outcome import Entry
from adapter.mapping.tables.transforms import fhir_codes, fhir_consent, fhir_identifiers, fhir_people, fhir_records

TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        **fhir_codes.TRANSFORMS,
        **fhir_identifiers.TRANSFORMS,
        **fhir_people.TRANSFORMS,
        **fhir_consent.TRANSFORMS,
        **fhir_records.TRANSFORMS,
    }
)
