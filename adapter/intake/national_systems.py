"""Which naming system holds numbers of which national scheme, and whether a number stated in it can be right.

A system that is not listed may hold anything; its values are taken as they are given.
"""

from collections.abc import Mapping
from typing import Final

from adapter.domain import identifiers
from adapter.domain.identifiers import Scheme
from adapter.fhir import systems

SCHEMES: Final[Mapping[str, Scheme]] = {
    systems.BSN: identifiers.BSN,
    systems.UZOVI: identifiers.UZOVI,
    systems.AGB: identifiers.AGB,
    systems.URA: identifiers.URA,
    systems.URA_OID: identifiers.URA,
    systems.UZI_PERSON: identifiers.UZI,
    systems.UZI_SYSTEM: identifiers.UZI,
    systems.KVNR: identifiers.KVNR,
    systems.KVNR_PKV: identifiers.KVNR,
    systems.IK: identifiers.IK,
    systems.LANR: identifiers.LANR,
    systems.BSNR: identifiers.BSNR,
}


def fault(system: str, value: str) -> str | None:
    """Return what is wrong with `value` as a number of `system`, in words; None = nothing that can be known."""
    scheme = SCHEMES.get(system)
    return scheme.fault(value) if scheme else None
