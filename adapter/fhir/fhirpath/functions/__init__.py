"""The functions of FHIRPath that take collections and give one; those with a criterion are in the compiler.

https://hl7.org/fhirpath/N1/#functions
"""

from adapter.fhir.fhirpath.functions.boundaries import BOUNDARIES
from adapter.fhir.fhirpath.functions.collections import COLLECTIONS
from adapter.fhir.fhirpath.functions.conversions import CONVERSIONS
from adapter.fhir.fhirpath.functions.fhir import FHIR
from adapter.fhir.fhirpath.functions.numbers import NUMBERS
from adapter.fhir.fhirpath.functions.signature import Function
from adapter.fhir.fhirpath.functions.strings import STRINGS

FUNCTIONS: dict[str, Function] = {**COLLECTIONS, **STRINGS, **NUMBERS, **CONVERSIONS, **BOUNDARIES, **FHIR}
"""By name."""
