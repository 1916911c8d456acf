"""Profiles of FHIR R4: packages are read, snapshots become rules, resources are held against them.

https://hl7.org/fhir/R4/profiling.html
The base validator looks at R4 itself; here is only what profiles demand beyond it.
"""

from adapter.fhir.profiles.packages import Packages, shipped_packages, with_packages
from adapter.fhir.profiles.validator import claimed_problems, compile_profiles, is_known, validate_profile

__all__ = [
    "Packages",
    "claimed_problems",
    "compile_profiles",
    "is_known",
    "shipped_packages",
    "validate_profile",
    "with_packages",
]
