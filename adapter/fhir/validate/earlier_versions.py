"""Extensions that carry an element of another FHIR version into R4: `.../3.0/StructureDefinition/extension-Type.path`.

https://hl7.org/fhir/R4/versions.html#extensions
"""

import re
from typing import Any

from adapter.fhir.validate.findings import Finding, Findings

_URL = re.compile(r"http://hl7\.org/fhir/([1-5]\.[0-9])/StructureDefinition/extension-([A-Za-z.]+)")
_MODIFIERS = {
    "Communication.notDone": {"3.0"},
    "Immunization.notGiven": {"3.0"},
    "Immunization.reported": {"1.0"},
    "Immunization.wasNotGiven": {"1.0"},
    "Location.mode": {"1.0", "3.0"},
    "MedicationAdministration.notGiven": {"3.0"},
    "MedicationAdministration.wasNotGiven": {"1.0"},
    "MedicationDispense.notDone": {"3.0"},
    "MedicationStatement.taken": {"3.0"},
    "MedicationStatement.wasNotTaken": {"1.0"},
    "Observation.reliability": {"1.0"},
    "Patient.animal": {"1.0", "3.0"},
    "Procedure.notDone": {"3.0"},
    "Procedure.notPerformed": {"1.0"},
}
"""Elements that changed the meaning of their resource, in the versions that had them; R4 has them no more."""

_PARTS = {"Patient.animal": frozenset({"species", "breed", "genderStatus"})}


def check_earlier(extension: dict[str, Any], *, as_modifier: bool, out: Findings) -> bool:
    """Check an extension if its URL names another version; tell whether it does."""
    match = _URL.fullmatch(str(extension["url"]))
    if match is None:
        return False
    version, path = match.groups()
    if version in _MODIFIERS.get(path, ()) and not as_modifier:
        said = f"{path} changes the meaning in FHIR {version}: it must stand in modifierExtension"
        out.append(Finding("", "extension", said))
    inner = extension.get("extension")
    for at, one in enumerate(inner if type(inner) is list else ()):
        url = one.get("url") if type(one) is dict else None
        if path in _PARTS and type(url) is str and ":" not in url and url not in _PARTS[path]:
            out.append(Finding(f".extension[{at}].url", "extension", f"{path} has no part of this name"))
    return True
