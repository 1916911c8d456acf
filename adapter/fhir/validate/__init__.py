"""Says everything that is wrong with a resource by R4 itself: structure, codes, references, invariants, Bundles.

Each type is compiled from the definitions at its first use. What is checked and what is not: docs/conformance.md.
https://hl7.org/fhir/R4/validation.html
"""

from adapter.fhir.validate.positions import located
from adapter.fhir.validate.source import is_valid, validate_bytes
from adapter.fhir.validate.validator import MOST_PROBLEMS, validate

__all__ = ["MOST_PROBLEMS", "is_valid", "located", "validate", "validate_bytes"]
