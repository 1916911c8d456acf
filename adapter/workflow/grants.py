"""The permissions of a case, read from its stored Consents."""

from adapter.domain.case import Case
from adapter.domain.consent import ConsentGrant
from adapter.mapping.from_fhir.consent import read_consent
from adapter.store.unit import Unit

_READ = ("Consent", "Organization", "Practitioner", "PractitionerRole", "RelatedPerson")
"""What is needed to read a Consent: itself, who may receive, and who spoke for the patient."""


def grants_of_case(unit: Unit, case: Case) -> tuple[ConsentGrant, ...]:
    """Return what the patient permitted or refused, as the newest versions of the case's Consents say."""
    stored = [one.resource for one in unit.resources.of_case(case.org, case.id, _READ)]
    return tuple(read_consent(one, stored) for one in stored if one["resourceType"] == "Consent")
