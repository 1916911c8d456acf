"""The extension definitions of a package, reduced to what an instance must obey; used by the build step only.

https://hl7.org/fhir/R4/defining-extensions.html
"""

from typing import Any

_CORE = "http://hl7.org/fhir/StructureDefinition/"
_CONFORMANCE = ["CodeSystem", "OperationDefinition", "SearchParameter", "StructureDefinition", "ValueSet"]
CORRECTIONS = {
    f"{_CORE}structuredefinition-fhir-type": ["ElementDefinition.type"],  # where all of R4 has it
    f"{_CORE}structuredefinition-normative-version": _CONFORMANCE,
    f"{_CORE}regex": ["Questionnaire.item", "ElementDefinition", "ElementDefinition.type"],  # so R4 uses it itself
    f"{_CORE}structuredefinition-standards-status": ["Element"],
    f"{_CORE}structuredefinition-fmm": ["Element"],
    f"{_CORE}structuredefinition-wg": ["Element"],
}
"""Places that R4's own resources use and that its definitions forgot, as later definitions have them."""


def compile_extension(structure: dict[str, Any]) -> dict[str, Any]:
    """Return where an extension may stand ("on"), the types of its value, and its parts by their url."""
    elements = structure["snapshot"]["element"]
    packed = _compile_part(elements, "Extension")
    packed["on"] = CORRECTIONS.get(structure["url"]) or sorted(
        {entry["expression"] for entry in structure["context"] if entry["type"] == "element"}
    )
    if elements[0].get("isModifier"):
        packed["modifier"] = True
    if structure.get("contextInvariant"):
        packed["when"] = structure["contextInvariant"]
    return packed


def value_sets_of(packed: dict[str, Any]) -> list[str]:
    """Return the value sets from which the value of an extension, or of a part of it, must be."""
    own = [packed["binding"]] if "binding" in packed else []
    return own + [url for part in packed.get("parts", {}).values() for url in value_sets_of(part)]


def _compile_part(elements: list[dict[str, Any]], at: str) -> dict[str, Any]:
    packed: dict[str, Any] = {}
    parts: dict[str, Any] = {}
    for element in elements:
        place = element["id"]
        if place == f"{at}.value[x]" and element["max"] != "0":
            packed["values"] = [entry["code"] for entry in element.get("type", ())]
            if element["min"]:
                packed["needs"] = True
            binding = element.get("binding", {})
            if binding.get("strength") == "required" and "valueSet" in binding:
                packed["binding"] = binding["valueSet"].partition("|")[0]
        elif place.startswith(f"{at}.extension:") and place.count(".") == at.count(".") + 1:
            url = next((one["fixedUri"] for one in elements if one["id"] == f"{place}.url" and "fixedUri" in one), None)
            if url is not None:
                part = _compile_part(elements, place)
                part["min"], part["max"] = element["min"], element["max"]
                parts[url] = part
        elif place == f"{at}.extension" and element["max"] != "0":
            packed["extends"] = True
    if parts:
        packed["parts"] = parts
    return packed
