"""What a function of FHIRPath is to the compiler."""

from collections.abc import Callable
from typing import NamedTuple

from adapter.fhir.fhirpath.environment import Environment
from adapter.fhir.fhirpath.model import Items


class Function(NamedTuple):
    """How many arguments it takes, and what it does with its input, the environment and the arguments."""

    least: int
    most: int
    call: Callable[..., Items]


def answer(value: object) -> Items:
    """Return a value as a collection; None is the empty one."""
    return [] if value is None else [value]


__all__ = ["Environment", "Function", "Items", "answer"]
