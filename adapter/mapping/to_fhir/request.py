"""One canonical request expressed as FHIR R4 resources; the transaction and the message are both made from these."""

from collections.abc import Collection, Mapping
from functools import cached_property

from adapter.base.ids import DEFAULT_KEY
from adapter.domain.clearance import Cleared
from adapter.domain.consent import ConsentStatement, Purpose
from adapter.domain.parties import Organization, Provider
from adapter.domain.records import Record, RecordContent
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.values import Instant
from adapter.fhir.bundles import local_reference
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.condition import condition_resource
from adapter.mapping.to_fhir.consent import ConsentScene, consent_resource
from adapter.mapping.to_fhir.coverage import coverage_resource, eligibility_request
from adapter.mapping.to_fhir.datatypes import as_instant
from adapter.mapping.to_fhir.directory import Directory
from adapter.mapping.to_fhir.document_reference import document_reference
from adapter.mapping.to_fhir.document_texts import tongue
from adapter.mapping.to_fhir.expressed import ExpressedRequest
from adapter.mapping.to_fhir.identity import ids_of
from adapter.mapping.to_fhir.patient import patient_resource, related_person
from adapter.mapping.to_fhir.provenance import request_provenance
from adapter.mapping.to_fhir.resource_text import narrated
from adapter.mapping.to_fhir.resource_words import tongue_of_country
from adapter.mapping.to_fhir.service_request import Parties, is_referrer_requester, planned_operation, service_request
from adapter.mapping.to_fhir.task import Party, coordination_task

__all__ = ["ExpressedRequest", "express_request"]


def express_request(
    request: SecondOpinionRequest,
    *,
    contents: Mapping[str, RecordContent],
    cleared: Collection[Cleared[Record]],
    id_key: bytes = DEFAULT_KEY,
    recorded: Instant | None = None,
    language: str | None = None,
) -> ExpressedRequest:
    """Express a request; the same input gives the same resources.

    Args:
        request: the canonical request.
        contents: what is known of the records' bytes, by record id.
        cleared: the records that the consent gate let go; the others do not appear.
        id_key: the organisation's own key for opaque ids.
        recorded: when the request came in; None = when it was sent.
        language: of our own words (narratives), BCP 47; None = that of the treating organisation's country.
    """
    return _Expression(request, contents, cleared, id_key, language).expressed(recorded or request.sent)


class _Expression:
    """One request while it is expressed; every resource is made once, when first asked for."""

    def __init__(
        self,
        request: SecondOpinionRequest,
        contents: Mapping[str, RecordContent],
        cleared: Collection[Cleared[Record]],
        id_key: bytes,
        language: str | None,
    ) -> None:
        self._request = request
        self._ids = ids_of(request, id_key)
        treating = request.treating.organization
        self._language = tongue(language, tongue_of_country(treating.country if treating else None))
        self._directory = Directory(self._ids, request)
        released = {one.item.id for one in cleared if one.purpose is Purpose.SHARE_RECORDS}
        self._released = [record for record in request.records if record.id in released]
        self._contents = {record.id: contents[record.id] for record in self._released if record.id in contents}

    def expressed(self, recorded: Instant) -> ExpressedRequest:
        """Put the resources together."""
        request = self._request
        conditions = self._conditions
        consents = self._consents
        coverage = self._coverage
        plan = self._plan
        documents = self._documents
        eligibility = self._eligibility(coverage)
        supporting = [*([plan] if plan else []), *consents.values(), *documents.values()]
        bystander = None if is_referrer_requester(request, self._parties) else self._parties.referrer
        asked = service_request(
            request,
            self._parties,
            id_=self._id("ServiceRequest"),
            conditions=[local_reference(one) for one in conditions],
            supporting=[*(local_reference(one) for one in supporting), *([bystander] if bystander else [])],
            coverage=_reference(coverage),
        )
        task = coordination_task(
            request,
            id_=self._id("Task"),
            focus=local_reference(asked),
            patient=self._patient,
            requester=self._party("treating", request.treating),
            owner=self._party("consulting", request.consulting),
            consents=[local_reference(one) for one in consents.values()],
            eligibility=_reference(eligibility),
        )
        made = [asked, task, *supporting, *([eligibility] if eligibility else [])]
        provenance = request_provenance(
            id_=self._id("Provenance"),
            targets=[local_reference(one) for one in made],
            author=self._parties.treating,
            organization=self._organization("treating", request.treating),
            recorded=as_instant(recorded),
            message_id=request.message_id,
            replaces=request.replaces,
        )
        return ExpressedRequest(
            request=request,
            ids=self._ids,
            patient=self._told(patient_resource(request.patient, self._id("Patient"))),
            proxy=self._proxy and self._told(self._proxy),
            directory=tuple(self._told(one) for one in self._directory.resources()),
            coverage=coverage and self._told(coverage),
            eligibility_request=eligibility and self._told(eligibility),
            conditions=tuple(self._told(one) for one in conditions),
            service_request=self._told(asked),
            plan=plan and self._told(plan),
            consents={purpose: self._told(one) for purpose, one in consents.items()},
            documents={record: self._told(one) for record, one in documents.items()},
            contents=self._contents,
            task=self._told(task),
            provenance=self._told(provenance),
            names=self._directory.names,
            language=self._language,
        )

    def _id(self, *what: str) -> str:
        return self._ids.of(*what)

    def _told(self, resource: Resource) -> Resource:
        return narrated(resource, self._language)

    @property
    def _patient(self) -> str:
        return f"Patient/{self._id('Patient')}"

    def _organization(self, place: str, provider: Provider) -> str | None:
        return self._directory.organization(provider.organization, place)

    def _person(self, place: str, provider: Provider) -> str | None:
        return self._directory.practitioner(provider.practitioner, place)

    def _party(self, place: str, provider: Provider) -> Party:
        """Return the organisation as Task.requester or Task.owner, else the person, with its identifier."""
        local = self._organization(place, provider) or self._directory.provider(provider, place)
        return local, self._directory.identifier_of(local)

    @cached_property
    def _parties(self) -> Parties:
        request, directory = self._request, self._directory
        surgeon = request.planned_procedure.performer if request.planned_procedure else None
        copies = [
            (
                directory.provider(Provider(organization=copy.organization, practitioner=copy.practitioner), place),
                copy.what,
            )
            for place, copy in ((f"copyTo/{index}", copy) for index, copy in enumerate(request.copy_to))
        ]
        return Parties(
            patient=self._patient,
            treating=directory.provider(request.treating, "treating"),
            consulting=directory.provider(request.consulting, "consulting"),
            referrer=self._referrer(),
            surgeon=directory.provider(surgeon, "performer") if surgeon else None,
            copies=tuple((local, what) for local, what in copies if local is not None),
        )

    def _referrer(self) -> str | None:
        """Return the referrer where he or she, or the practice, is named; a role alone names nobody."""
        referrer = self._request.referrer
        if referrer is None or (referrer.practitioner is None and referrer.organization is None):
            return None
        named = Provider(organization=referrer.organization, practitioner=referrer.practitioner, role=referrer.role)
        return self._directory.provider(named, "referrer")

    @cached_property
    def _proxy(self) -> Resource | None:
        proxy = self._request.proxy
        return related_person(proxy, self._patient, self._id("RelatedPerson")) if proxy else None

    @cached_property
    def _insurer(self) -> str | None:
        insurance = self._request.insurance
        return self._directory.insurer(insurance.insurer) if insurance and insurance.insurer else None

    @cached_property
    def _conditions(self) -> list[Resource]:
        return [
            condition_resource(diagnosis, patient=self._patient, id_=self._id("Condition", str(index)))
            for index, diagnosis in enumerate(self._request.diagnoses)
        ]

    @cached_property
    def _coverage(self) -> Resource | None:
        if self._request.insurance is None:
            return None
        return coverage_resource(
            self._request.insurance, patient=self._patient, insurer=self._insurer, id_=self._id("Coverage")
        )

    def _eligibility(self, coverage: Resource | None) -> Resource | None:
        agreed = self._request.consent.ask_insurer
        if coverage is None or self._insurer is None or agreed is None or not agreed.given:
            return None
        return eligibility_request(
            self._request,
            patient=self._patient,
            coverage=local_reference(coverage),
            insurer=self._insurer,
            provider=self._parties.consulting,
            id_=self._id("CoverageEligibilityRequest"),
        )

    @cached_property
    def _plan(self) -> Resource | None:
        if self._request.planned_procedure is None:
            return None
        return planned_operation(
            self._request.planned_procedure,
            self._parties,
            id_=self._id("ServiceRequest", "plan"),
            conditions=[local_reference(one) for one in self._conditions],
        )

    @cached_property
    def _documents(self) -> dict[str, Resource]:
        keeper = self._organization("treating", self._request.treating)
        return {
            record.id: document_reference(
                record,
                self._contents.get(record.id),
                patient=self._patient,
                custodian=keeper,
                sent=as_instant(self._request.sent),
                id_=self._id("DocumentReference", record.id),
                master=self._id("DocumentReference", record.id, "master"),
            )
            for record in self._released
        }

    @cached_property
    def _consents(self) -> dict[Purpose, Resource]:
        request = self._request
        scene = ConsentScene(
            patient=self._patient,
            representative=f"RelatedPerson/{self._id('RelatedPerson')}" if request.proxy else None,
            sent=as_instant(request.sent),
            message_id=request.message_id,
            documents={record: local_reference(document) for record, document in self._documents.items()},
        )
        treating = self._organization("treating", request.treating)
        consulting = self._organization("consulting", request.consulting)
        first, second = request.treating.organization, request.consulting.organization
        stated: list[tuple[Purpose, ConsentStatement | None, str | None, Organization | None, str | None]] = [
            (
                Purpose.SHARE_RECORDS,
                request.consent.share_records,
                treating,
                first,
                consulting or self._person("consulting", request.consulting),
            ),
            (
                Purpose.RETURN_REPORT,
                request.consent.return_report,
                consulting,
                second,
                treating or self._person("treating", request.treating),
            ),
            (Purpose.ASK_INSURER, request.consent.ask_insurer, treating, first, self._insurer),
        ]
        return {
            purpose: consent_resource(
                statement,
                purpose,
                scene,
                id_=self._id("Consent", purpose.value),
                keeper=keeper,
                country=organization.country if organization else None,
                recipient=recipient,
            )
            for purpose, statement, keeper, organization, recipient in stated
            if statement is not None
        }


def _reference(resource: Resource | None) -> str | None:
    return local_reference(resource) if resource is not None else None
