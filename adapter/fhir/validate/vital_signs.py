"""Vital signs: an Observation with one of these LOINC codes must follow the vital signs profile of R4.

https://hl7.org/fhir/R4/observation-vitalsigns.html
"""

from typing import Any

from adapter.fhir.validate.findings import Finding, Findings, Scope

_LOINC = "http://loinc.org"
_UCUM = "http://unitsofmeasure.org"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_UNITS: dict[str, frozenset[str]] = {
    "9279-1": frozenset({"/min"}),
    "8867-4": frozenset({"/min"}),
    "2708-6": frozenset({"%"}),
    "8310-5": frozenset({"Cel", "[degF]"}),
    "8302-2": frozenset({"cm", "[in_i]"}),
    "9843-4": frozenset({"cm", "[in_i]"}),
    "29463-7": frozenset({"g", "kg", "[lb_av]"}),
    "39156-5": frozenset({"kg/m2"}),
    "8480-6": frozenset({"mm[Hg]"}),
    "8462-4": frozenset({"mm[Hg]"}),
}
_PANEL = "85353-1"
_BLOOD_PRESSURE = "85354-9"
_OLDER_PANELS = frozenset({"35094-2", "55284-4"})
"""Used for blood pressures before the profile was; a warning is enough."""
_PRESSURES = {"8480-6": "systolic", "8462-4": "diastolic"}
_VITAL = (frozenset(_UNITS) - frozenset(_PRESSURES)) | {_PANEL, _BLOOD_PRESSURE}
_PROFILE = "(vital signs profile of R4)"


def check_vital_signs(observation: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check an Observation if its code says that it is a vital sign."""
    codes = _loinc(observation.get("code"))
    parts = observation.get("component")
    components = [one for one in parts if type(one) is dict] if type(parts) is list else []
    measured = frozenset[str]().union(*(_loinc(one.get("code")) for one in components))
    if not (codes & _VITAL or measured >= _PRESSURES.keys()):
        return
    categories = observation.get("category")
    if type(categories) is not list or not any(_has(one, _CATEGORY, "vital-signs") for one in categories):
        out.append(Finding("", "required", f"a vital sign needs the category vital-signs of {_CATEGORY} {_PROFILE}"))
    if "subject" not in observation:
        out.append(Finding("", "required", f"a vital sign needs a subject {_PROFILE}"))
    if not {"effectiveDateTime", "_effectiveDateTime", "effectivePeriod"} & observation.keys():
        out.append(Finding("", "required", f"a vital sign needs effectiveDateTime or effectivePeriod {_PROFILE}"))
    _check_unit(observation, codes, "", out)
    for at, component in enumerate(components):
        _check_unit(component, _loinc(component.get("code")), f".component[{at}]", out)
    if _BLOOD_PRESSURE in codes:
        for code, name in _PRESSURES.items():
            if code not in measured:
                said = f"a blood pressure needs a component with the {name} pressure, LOINC {code} {_PROFILE}"
                out.append(Finding(".component" if components else "", "required", said))
    elif measured >= _PRESSURES.keys():
        said = f"a blood pressure needs the LOINC code {_BLOOD_PRESSURE} beside its own {_PROFILE}"
        out.append(Finding(".code", "required", said, "warning" if codes & _OLDER_PANELS else "error"))


def _check_unit(owner: dict[str, Any], codes: frozenset[str], path: str, out: Findings) -> None:
    quantity = owner.get("valueQuantity")
    units = next((_UNITS[code] for code in sorted(codes) if code in _UNITS), None)
    if units is None or type(quantity) is not dict:
        return
    if quantity.get("system") != _UCUM or quantity.get("code") not in units:
        said = f"must be in UCUM ({_UCUM}), with the code {' or '.join(sorted(units))} {_PROFILE}"
        out.append(Finding(f"{path}.valueQuantity", "value", said))


def _codings(concept: Any) -> list[dict[str, Any]]:
    codings = concept.get("coding") if type(concept) is dict else None
    return [one for one in codings if type(one) is dict] if type(codings) is list else []


def _loinc(concept: Any) -> frozenset[str]:
    return frozenset(str(one.get("code")) for one in _codings(concept) if one.get("system") == _LOINC)


def _has(concept: Any, system: str, code: str) -> bool:
    return any(one.get("system") == system and one.get("code") == code for one in _codings(concept))
