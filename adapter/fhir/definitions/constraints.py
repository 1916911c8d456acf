"""The invariants of a package, numbered, with where each stands; used by the build step only.

https://hl7.org/fhir/R4/conformance-rules.html#constraints
"""

from typing import Any

CORRECTIONS = {
    "que-7": "operator = 'exists' implies (answer is boolean)",  # Boolean is FHIRPath's own type, never FHIR's
    "que-12": "enableWhen.count() > 1 implies enableBehavior.exists()",  # the text says: more than one
    "ras-2": "probability.empty() or ((probability is decimal) implies ((probability as decimal) <= 100))",
    "ref-1": (  # `#` alone means the resource around
        "reference.startsWith('#').not() or reference = '#' or (reference.substring(1) in %rootResource.contained.id)"
    ),
    "dom-3": (  # a reference to `#`, or from a sibling, is a reference as well
        "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical)"
        " | %resource.descendants().as(uri) | %resource.descendants().as(url)))"
        " or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists())"
        ".not()).empty()"
    ),
    "cnt-3": (  # a value of 1.0 has a point in its text only
        "(code.exists() or value.empty()) and (system.empty() or system = %ucum) and (code.empty() or code = '1')"
        " and (value.empty() or value.hasValue().not() or value.toString().contains('.').not())"
    ),
}
"""Expressions that say something else than their text, or that no engine can evaluate, as the errata have them."""

_EVERYWHERE = ("ele-1", "ext-1")
"""Repeated on every element in the snapshots; they belong to the types Element and Extension."""


class Constraints:
    """Gathers constraints; equal ones, which snapshots repeat for each type, are kept once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, str, str], int] = {}

    def of_type(self, element: dict[str, Any]) -> list[int]:
        """Return the numbers of the constraints of a type or backbone element."""
        return [self._number(one) for one in element.get("constraint", ()) if "expression" in one]

    def of_element(self, element: dict[str, Any]) -> list[int]:
        """Return the numbers of what holds for this element over and above its type."""
        return [
            self._number(one)
            for one in element.get("constraint", ())
            if "expression" in one and one["key"] not in _EVERYWHERE
        ]

    def of_profile(self, profile: dict[str, Any], base: dict[str, Any]) -> list[int]:
        """Return the numbers of what a profile of a data type adds at its root."""
        known = {one["key"] for one in base["snapshot"]["element"][0].get("constraint", ())}
        return [
            self._number(one)
            for one in profile["snapshot"]["element"][0].get("constraint", ())
            if one["key"] not in known
        ]

    def packed(self) -> list[list[str]]:
        """Return key, severity, text and expression of each, in the order of the numbers."""
        return [list(one) for one in self._numbers]

    def _number(self, one: dict[str, Any]) -> int:
        expression = CORRECTIONS.get(one["key"], one["expression"])
        packed = (one["key"], one["severity"], one["human"].strip(), expression)
        return self._numbers.setdefault(packed, len(self._numbers))
