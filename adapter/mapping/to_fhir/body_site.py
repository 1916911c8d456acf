"""Where in the body, and on which side: bodySite as words, the side as a SNOMED CT code of its own.

The side stands in a CodeableConcept beside the site's, so that a reader who knows no extension sees it too. Codes of
ICD-10-GM and OPS carry it also as the German base profile says.
"""

from collections.abc import Mapping
from typing import Final

from adapter.fhir import systems
from adapter.fhir.coding import coding, concept
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import present

LATERALITY: Final[Mapping[str, str]] = {"left": "7771000", "right": "24028007", "both": "51440002"}
"""SNOMED CT qualifiers by the words of the canonical request."""

_SIDE_DE: Final[Mapping[str, str]] = {"left": "L", "right": "R", "both": "B"}
_SIDED: Final = frozenset(
    {systems.ICD10_GM, systems.ICD10_GM_DIMDI, systems.ICD10_GM_SID, systems.OPS, systems.OPS_DIMDI}
)


def body_sites(site: str | None, laterality: str | None) -> list[Resource]:
    """Return the bodySite elements; empty where nothing is said."""
    sites: list[Resource] = [{"text": site}] if site else []
    if (side := LATERALITY.get(laterality or "")) is not None:
        sites.append(concept(systems.SNOMED, side, text=laterality))
    return sites


def sided_concept(
    system: str | None,
    code: str | None,
    *,
    version: str | None = None,
    display: str | None = None,
    text: str | None = None,
    laterality: str | None = None,
) -> Resource:
    """Return the CodeableConcept of a diagnosis or operation; the words alone where it is not coded."""
    if code is None:
        return present({"text": text})
    stated = coding(system, code, display, version=version) if system else present({"code": code, "display": display})
    if system in _SIDED and (side := _SIDE_DE.get(laterality or "")) is not None:
        extension = {"url": systems.EXT_SIDE_DE, "valueCoding": coding(systems.SIDE_DE, side)}
        stated = {"extension": [extension], **stated}
    return present({"coding": [stated], "text": text})
