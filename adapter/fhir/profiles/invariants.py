"""The invariants that profiles add, in FHIRPath.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint
"""

from adapter.fhir.definitions.model import Constraint
from adapter.fhir.fhirpath import FhirPathError, Node, TooCostlyError, compile_expression
from adapter.fhir.profiles.check import Check
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.validate.findings import Finding, Findings


def constraint_check(constraint: Constraint) -> Check:
    """Return the check of an invariant; one that cannot be evaluated is said to be unchecked."""
    broken = f"{constraint.human} ({constraint.key})"
    open_ = f"could not be checked by {constraint.key}"
    too_large = f"is too large to be checked by {constraint.key}"
    try:
        truth = compile_expression(constraint.expression).truth
    except (FhirPathError, ArithmeticError):
        return lambda _, out, __: out.append(Finding("", "incomplete", open_, "information"))

    def check(node: Node, out: Findings, scene: Surroundings) -> None:
        try:
            holds = truth([node], scene.environment(node))
        except TooCostlyError:
            out.append(Finding("", "too-costly", too_large, "information"))
        except (FhirPathError, ArithmeticError):
            out.append(Finding("", "incomplete", open_, "information"))
        else:
            if not holds:
                out.append(Finding("", "invariant", broken, constraint.severity))

    return check
