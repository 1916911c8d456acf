"""FHIRPath: an expression is read once, compiled once to Python functions, and evaluated on resources as plain dicts.

https://hl7.org/fhirpath/N1/ with what https://hl7.org/fhir/R4/fhirpath.html adds.
Types come from the R4 definitions, so `value` finds `valueQuantity`. Not here: an analysis of expressions before they
are run (a wrong element name is an empty result), units beyond those in `values`, terminology beyond R4's own codes.
"""

from adapter.fhir.fhirpath.environment import Budget, Environment, TooCostlyError
from adapter.fhir.fhirpath.expression import Expression, compile_expression
from adapter.fhir.fhirpath.model import Node, root
from adapter.fhir.fhirpath.syntax import FhirPathError

__all__ = [
    "Budget",
    "Environment",
    "Expression",
    "FhirPathError",
    "Node",
    "TooCostlyError",
    "compile_expression",
    "root",
]
