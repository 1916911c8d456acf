"""An expression that is ready to be evaluated."""

from functools import lru_cache
from typing import Any

from adapter.fhir.fhirpath import compiler
from adapter.fhir.fhirpath.environment import Environment, Evaluate, Truth
from adapter.fhir.fhirpath.model import Items, root
from adapter.fhir.fhirpath.parser import parse
from adapter.fhir.fhirpath.syntax import FhirPathError
from adapter.fhir.resource import Resource


class Expression:
    """A compiled expression; made by `compile_expression`."""

    __slots__ = ("items", "source", "truth")

    def __init__(self, source: str, items: Evaluate, truth: Truth) -> None:
        self.source = source
        self.items = items
        self.truth = truth

    def __call__(self, resource: Resource, variables: dict[str, Items] | None = None) -> list[Any]:
        """Return what the expression finds in a resource: nodes for its elements, plain values for what is computed.

        Raises:
            FhirPathError: it cannot be evaluated on this resource.
        """
        node = root(resource)
        try:
            return self.items([node], Environment([node], node, variables=variables))
        except ArithmeticError as error:
            raise FhirPathError("a number grows beyond what can be calculated") from error


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """Return the compiled expression.

    Raises:
        FhirPathError: it is not well-formed, or asks for a function or type that is not known here.
    """
    tree = parse(source)
    return Expression(source, compiler.items(tree), compiler.truth(tree))
