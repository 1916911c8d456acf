"""Patient, and RelatedPerson for who asks in the patient's place.

https://hl7.org/fhir/R4/patient.html, https://hl7.org/fhir/R4/relatedperson.html
"""

from collections.abc import Mapping
from typing import Final

from adapter.domain.parties import Patient, Proxy
from adapter.fhir import systems
from adapter.fhir.coding import concept, text_concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import (
    as_address,
    as_identifiers,
    as_language,
    as_names,
    as_telecom,
    present,
    reference,
)

_OTHERWISE: Final = "MR"  # an unknown system of a patient's number is a hospital's own

_BASIS_ROLE: Final[Mapping[str, str]] = {
    "parent": "PRN",
    "guardian": "GUARD",
    "power-of-attorney": "POWATT",
    "spouse": "SPS",
}


def patient_resource(patient: Patient, id_: str) -> Resource:
    """Return the Patient; nothing is said where the request says nothing."""
    return checked(
        present(
            {
                "resourceType": "Patient",
                "id": id_,
                "identifier": as_identifiers(patient.identifiers, otherwise=_OTHERWISE),
                "name": as_names(patient.name),
                "telecom": as_telecom(patient.telecom),
                "gender": patient.gender,
                "birthDate": patient.birth_date and str(patient.birth_date),
                "address": [as_address(patient.address)] if patient.address else [],
                "communication": [{"language": as_language(patient.language), "preferred": True}]
                if patient.language
                else [],
            }
        )
    )


def related_person(proxy: Proxy, patient: str, id_: str) -> Resource:
    """Return the RelatedPerson who asks for the patient, with the right by which and whether the patient agrees."""
    role = _BASIS_ROLE.get(proxy.basis or "")
    relationship = [concept(systems.V3_ROLE, role)] if role is not None else []
    if proxy.relationship:
        relationship.append(text_concept(proxy.relationship))
    stated = [(systems.EXT_PROXY_BASIS, proxy.basis), (systems.EXT_PATIENT_AGREES, proxy.patient_agrees)]
    return checked(
        present(
            {
                "resourceType": "RelatedPerson",
                "id": id_,
                "extension": [{"url": url, "valueCode": value} for url, value in stated if value],
                "identifier": as_identifiers(proxy.identifiers, otherwise=_OTHERWISE),
                "patient": reference(patient),
                "relationship": relationship,
                "name": as_names(proxy.name),
                "telecom": as_telecom(proxy.telecom),
                "birthDate": proxy.birth_date and str(proxy.birth_date),
            }
        )
    )
