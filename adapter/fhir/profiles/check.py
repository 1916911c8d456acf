"""What a compiled check is, and what its parts ask of the one who compiles them."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from adapter.fhir.fhirpath import Node
from adapter.fhir.profiles.definition import Profile, Rule
from adapter.fhir.profiles.packages import Packages
from adapter.fhir.profiles.surroundings import Surroundings
from adapter.fhir.validate.findings import Findings

Check: TypeAlias = Callable[[Node, Findings, Surroundings], None]
"""Holds an element against what was compiled; the paths of what it appends begin at the element."""


class Checks(Protocol):
    """The compiled checks of some packages; each is made when it is first asked for."""

    @property
    def packages(self) -> Packages:
        """Where profiles and value sets come from."""

    def of_rule(self, rule: Rule, type_name: str) -> Check:
        """Return the check of a rule and all below it, for elements of a type."""

    def of_profile(self, url: str, type_name: str) -> Check:
        """Return the check of a profile, for elements of a type; of one that is not here it says just this."""

    def fits(self, rule: Rule, node: Node, scene: Surroundings) -> bool:
        """Tell whether an element keeps a rule and all below it; warnings do not count."""

    def fits_profile(self, profile: Profile, resource: Node, scene: Surroundings) -> bool:
        """Tell the same of a resource and a profile; many may point at the same resource."""
