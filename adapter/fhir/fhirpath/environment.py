"""What an expression is evaluated in: the resource around, variables, and a budget that no input can exceed."""

from collections.abc import Callable
from typing import Any, TypeAlias

from adapter.fhir.fhirpath.model import Items, Node
from adapter.fhir.fhirpath.syntax import FhirPathError

BUDGET = 2_000_000
"""Elements that the evaluations of one resource may touch; a 1 MB Bundle of real records needs some 100 000."""


FEW = 8
"""So many elements are not counted: what is done with them is bounded by the number of expressions."""


class TooCostlyError(FhirPathError):
    """The budget is used up."""


class Budget:
    """Counts what is touched, over all evaluations that share it."""

    __slots__ = ("left",)

    def __init__(self, left: int = BUDGET) -> None:
        self.left = left

    def spend(self, steps: int) -> None:
        """Take `steps` away.

        Raises:
            TooCostlyError: nothing is left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooCostlyError("evaluating the expressions of this resource takes too long")


class Environment:
    """The surroundings of one evaluation.

    Attributes:
        resource: %resource, the resource that the context stands in.
        root: %rootResource, the one that contains %resource, or %resource itself.
        context: %context, what the expression as a whole is evaluated on.
        resolve: gives the resource that a reference or canonical points at, None where it is not at hand.
        shared: results that depend on the resource only, kept over evaluations.
        local: results that depend on the context as well, kept within one evaluation.
        variables: what `defineVariable` and the caller have set, without the %.
    """

    __slots__ = ("budget", "context", "index", "local", "resolve", "resource", "root", "shared", "total", "variables")

    def __init__(
        self,
        context: Items,
        resource: Node | None = None,
        root: Node | None = None,
        *,
        resolve: Callable[[str], Node | None] | None = None,
        shared: dict[Any, Any] | None = None,
        budget: Budget | None = None,
        variables: dict[str, Items] | None = None,
    ) -> None:
        self.context = context
        self.resource = resource
        self.root = resource if root is None else root
        self.resolve = resolve
        self.shared: dict[Any, Any] = {} if shared is None else shared
        self.budget = Budget() if budget is None else budget
        self.variables: dict[str, Items] = {} if variables is None else variables
        self.local: dict[Any, Any] = {}
        self.index: int | None = None
        self.total: Items = []


Evaluate: TypeAlias = Callable[[Items, Environment], Items]
"""Takes what `$this` is, as a collection, and gives the collection that the expression means."""

Truth: TypeAlias = Callable[[Items, Environment], bool | None]
"""The same for an expression that is true, false or (None) empty."""
