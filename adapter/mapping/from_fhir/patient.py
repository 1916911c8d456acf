"""Who a patient is, read from a Patient resource.

https://hl7.org/fhir/R4/patient.html
"""

from adapter.domain.parties import PatientIdentity
from adapter.domain.values import HumanName, PartialDate
from adapter.fhir.resource import Resource
from adapter.mapping.from_fhir.request_view import identifiers_of


def identity_of(patient: Resource) -> PatientIdentity:
    """Return what a Patient states of who it is, all its names as one; valid R4 is expected."""
    words = [word for name in patient.get("name", ()) for word in _words(name)]
    born = patient.get("birthDate")
    return PatientIdentity(
        identifiers=identifiers_of(patient),
        name=HumanName(text=" ".join(words)) if words else None,
        birth_date=PartialDate(born) if born else None,
    )


def _words(name: Resource) -> list[str]:
    stated = [name.get("text"), name.get("family"), *name.get("given", ())]
    return [word for word in stated if word]
