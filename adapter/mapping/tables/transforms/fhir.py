"""Transforms of the data types of FHIR R4."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.tables.outcome import Entry

TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType({})
