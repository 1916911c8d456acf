"""The invariants of a package, numbered, with where each stands; used by the build step only.

https://hl7.org/fhir/R4/conformance-rules.html#constraints
"""

from typing import Any

CORRECTIONS = {
    # R4B 4.3.0 says `boolean`: Boolean is FHIRPath's own type, never FHIR's
    "que-7": "operator = 'exists' implies (answer is boolean)",
    # R4B 4.3.0: the text says more than one, R4 counts from three
    "que-12": "enableWhen.count() > 1 implies enableBehavior.exists()",
    # R4B 4.3.0: holds where there is no probability
    "ras-2": "probability.empty() or ((probability is decimal) implies ((probability as decimal) <= 100))",
    # R4B 4.3.0 has `#` (the resource around), R5 5.0.0 lets references without `reference` pass
    "ref-1": (
        "reference.startsWith('#').not() or reference = '#' or (reference.substring(1) in %rootResource.contained.id)"
    ),
    # R5 5.0.0: `when` repeats, and `in` takes one item
    "tim-9": "offset.empty() or (when.exists() and when.where($this in ('C' | 'CM' | 'CD' | 'CV')).empty())",
    # R4B 4.3.0: R4 compares a CodeableConcept with a string, which asks every Condition for its status
    "con-3": (
        "clinicalStatus.exists() or verificationStatus.coding.where(system ="
        " 'http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or"
        " category.coding.where(system = 'http://terminology.hl7.org/CodeSystem/condition-category' and"
        " code = 'problem-list-item').empty()"
    ),
    # the text of R4 (references.html#contained): a reference to `#`, or from a sibling, is a reference as well
    "dom-3": (
        "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical)"
        " | %resource.descendants().as(uri) | %resource.descendants().as(url)))"
        " or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists())"
        ".not()).empty()"
    ),
    # the text of R4: a value of 1.0 has a point in its text only
    "cnt-3": (
        "(code.exists() or value.empty()) and (system.empty() or system = %ucum) and (code.empty() or code = '1')"
        " and (value.empty() or value.hasValue().not() or value.toString().contains('.').not())"
    ),
}
"""By key: expressions that say something else than their text, or that no engine can evaluate, and who says so."""

_COMPUTABLE_NAME = "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')"
CORRECTED_EVERYWHERE = {
    # R4B 4.3.0 (csd-0 and the like): a name may be missing
    _COMPUTABLE_NAME: f"name.exists() implies {_COMPUTABLE_NAME}",
}
"""By expression: what R4 repeats on many resources."""

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
        stated = one["expression"]
        expression = CORRECTIONS.get(one["key"]) or CORRECTED_EVERYWHERE.get(stated, stated)
        packed = (one["key"], one["severity"], one["human"].strip(), expression)
        return self._numbers.setdefault(packed, len(self._numbers))
