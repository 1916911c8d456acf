"""Says everything that is wrong with a resource by R4 itself: structure, formats, codes, references, Bundles.

Each type is compiled from the definitions at its first use. Not checked here: invariants in FHIRPath, narrative rules
and profiles (they come behind `rules`), and codes of systems whose content is not ours (SNOMED CT, LOINC, UCUM, ...).
https://hl7.org/fhir/R4/validation.html
"""

from adapter.fhir.validate.source import is_valid, validate_bytes
from adapter.fhir.validate.validator import MOST_PROBLEMS, validate

__all__ = ["MOST_PROBLEMS", "is_valid", "validate", "validate_bytes"]
