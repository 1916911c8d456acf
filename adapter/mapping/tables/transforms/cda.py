"""Transforms of the data types of CDA R2."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from adapter.mapping.tables.outcome import Entry

TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType({})
