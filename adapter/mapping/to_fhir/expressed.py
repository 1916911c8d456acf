"""What a canonical request became: its FHIR resources, by what they are and in a fixed order."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapter.domain.consent import Purpose
from adapter.domain.records import RecordContent
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.identity import Ids


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpressedRequest:
    """A request as resources that refer to each other as `Type/id`.

    Attributes:
        request: what was expressed.
        ids: makes the ids of whatever else belongs to the request (messages, Binary).
        patient: Patient.
        proxy: RelatedPerson; None = nobody asks for the patient.
        directory: Organization, Practitioner, PractitionerRole, each once.
        coverage: Coverage; None = no insurance stated.
        eligibility_request: None where the insurer is not to be asked, or not known.
        conditions: Condition, as the diagnoses are ordered.
        service_request: the request itself.
        plan: the planned operation; None = nothing is planned.
        consents: by purpose; nothing said = no Consent.
        documents: DocumentReference by record id, of cleared records only.
        contents: what is known of the bytes of those, by record id.
        task: Task.
        provenance: Provenance.
        names: `Type/id` of the directory's resources by kind and place: "Organization(treating)".
        language: of our own words in it: "en", "de" or "nl".
    """

    request: SecondOpinionRequest
    ids: Ids
    patient: Resource
    proxy: Resource | None
    directory: tuple[Resource, ...]
    coverage: Resource | None
    eligibility_request: Resource | None
    conditions: tuple[Resource, ...]
    service_request: Resource
    plan: Resource | None
    consents: Mapping[Purpose, Resource]
    documents: Mapping[str, Resource]
    contents: Mapping[str, RecordContent]
    task: Resource
    provenance: Resource
    names: Mapping[str, str]
    language: str

    @property
    def resources(self) -> tuple[Resource, ...]:
        """All resources, in an order that is always the same."""
        stated = (
            self.patient,
            self.proxy,
            *self.directory,
            self.coverage,
            *self.conditions,
            self.service_request,
            self.plan,
            *self.consents.values(),
            *self.documents.values(),
            self.eligibility_request,
            self.task,
            self.provenance,
        )
        return tuple(resource for resource in stated if resource is not None)
