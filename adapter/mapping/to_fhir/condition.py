"""Condition: a diagnosis under review.

Whether it is confirmed, or still active, is what the second doctor is asked; neither is stated.
https://hl7.org/fhir/R4/condition.html
"""

from adapter.domain.request import Diagnosis
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.body_site import body_sites, sided_concept
from adapter.mapping.to_fhir.datatypes import present, reference


def condition_resource(diagnosis: Diagnosis, *, patient: str, id_: str) -> Resource:
    """Return the Condition of one diagnosis of the request."""
    return checked(
        present(
            {
                "resourceType": "Condition",
                "id": id_,
                "code": diagnosis_concept(diagnosis),
                "bodySite": body_sites(diagnosis.body_site, diagnosis.laterality),
                "subject": reference(patient),
                "onsetDateTime": diagnosis.since and str(diagnosis.since),
            }
        )
    )


def diagnosis_concept(diagnosis: Diagnosis) -> Resource:
    """Return the code of a diagnosis, with its words."""
    return sided_concept(
        diagnosis.system,
        diagnosis.code,
        version=diagnosis.version,
        text=diagnosis.text,
        laterality=diagnosis.laterality,
    )
