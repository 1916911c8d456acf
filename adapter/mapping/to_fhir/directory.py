"""Organization, Practitioner and PractitionerRole: everybody named in a request, each once.

Who shares an identifier with somebody is the same; what the one leaves out is taken from the other.
https://hl7.org/fhir/R4/organization.html, https://hl7.org/fhir/R4/practitioner.html,
https://hl7.org/fhir/R4/practitionerrole.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Final, TypeVar

from adapter.domain.parties import Insurer, Organization, Practitioner, Provider
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.values import Identifier
from adapter.fhir import systems
from adapter.fhir.coding import coding, concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import as_address, as_identifiers, as_names, as_telecom, present, reference
from adapter.mapping.to_fhir.identity import Ids

Party = TypeVar("Party", Organization, Practitioner)

_STANDARD_ROLE: Final[Mapping[str, str]] = {
    "specialist": "doctor",
    "gp": "doctor",
    "dentist": "doctor",
    "nurse": "nurse",
}


class Directory:
    """Everybody named in one request; `resources` gives each who was referred to once, in order of first reference."""

    def __init__(self, ids: Ids, request: SecondOpinionRequest) -> None:
        """Begin with who is the same as whom; nobody is referred to yet."""
        self._ids = ids
        self._known_organizations = _united(_organizations_of(request))
        self._known_practitioners = _united(
            [provider.practitioner for provider in _providers_of(request) if provider.practitioner is not None]
        )
        self._organizations: dict[str, Organization] = {}
        self._practitioners: dict[str, Practitioner] = {}
        self._insurers: set[str] = set()
        self._roles: dict[tuple[str | None, str | None, str | None, str | None], str] = {}
        self.names: dict[str, str] = {}
        """`Type/id` by kind and place in the request: "Organization(treating)"."""

    def organization(self, organization: Organization | None, place: str) -> str | None:
        """Return `Organization/id` of an organisation, None where nothing is said of it.

        Args:
            organization: as stated.
            place: what it is in the request ("treating"); makes the id where it is new.
        """
        if organization is None or not (organization.identifiers or organization.name):
            return None
        return self._enter(self._known_organizations, self._organizations, organization, place)

    def insurer(self, insurer: Insurer) -> str:
        """Return `Organization/id` of the insurer."""
        organization = _insurer_organization(insurer)
        entered = self._enter(self._known_organizations, self._organizations, organization, "insurer")
        self._insurers.add(entered)
        return entered

    def practitioner(self, practitioner: Practitioner | None, place: str) -> str | None:
        """Return `Practitioner/id` of a person, None where nothing is said of him or her."""
        if practitioner is None or not (practitioner.identifiers or practitioner.name):
            return None
        return self._enter(self._known_practitioners, self._practitioners, practitioner, place)

    def provider(self, provider: Provider, place: str) -> str | None:
        """Return the most telling reference to a provider: PractitionerRole, else Organization, else None."""
        practitioner = self.practitioner(provider.practitioner, place)
        organization = self.organization(provider.organization, place)
        if practitioner is None and provider.role is None and provider.specialty is None:
            return organization
        key = (practitioner, organization, provider.role, provider.specialty)
        if key not in self._roles:
            self._roles[key] = f"PractitionerRole/{self._ids.of('PractitionerRole', place)}"
        self.names[f"PractitionerRole({place})"] = self._roles[key]
        return self._roles[key]

    def identifier_of(self, local: str | None) -> Identifier | None:
        """Return the first identifier of an organisation or person entered here; None = it has none."""
        if local is None:
            return None
        party = self._organizations.get(local) or self._practitioners.get(local)
        return party.identifiers[0] if party and party.identifiers else None

    def resources(self) -> Iterator[Resource]:
        """Yield organisations, then practitioners, then roles."""
        for local, organization in self._organizations.items():
            yield organization_resource(organization, local.partition("/")[2], insurer=local in self._insurers)
        for local, practitioner in self._practitioners.items():
            yield practitioner_resource(practitioner, local.partition("/")[2])
        for (practitioner_, organization_, role, specialty), local in self._roles.items():
            yield _role_resource(local.partition("/")[2], practitioner_, organization_, role, specialty)

    def _enter(self, known: list[Party], entered: dict[str, Party], party: Party, place: str) -> str:
        whole = next(one for one in known if _is_same(party, one))
        kind = type(party).__name__
        local = next((one for one, other in entered.items() if other is whole), None)
        if local is None:
            local = f"{kind}/{self._ids.of(kind, place)}"
            entered[local] = whole
        self.names[f"{kind}({place})"] = local
        return local


def _providers_of(request: SecondOpinionRequest) -> Iterator[Provider]:
    yield request.treating
    yield request.consulting
    if request.planned_procedure is not None and request.planned_procedure.performer is not None:
        yield request.planned_procedure.performer
    if request.referrer is not None:
        yield Provider(organization=request.referrer.organization, practitioner=request.referrer.practitioner)
    for copy in request.copy_to:
        yield Provider(organization=copy.organization, practitioner=copy.practitioner)


def _organizations_of(request: SecondOpinionRequest) -> list[Organization]:
    named = [provider.organization for provider in _providers_of(request) if provider.organization is not None]
    insurer = request.insurance.insurer if request.insurance is not None else None
    return named if insurer is None else [*named, _insurer_organization(insurer)]


def _insurer_organization(insurer: Insurer) -> Organization:
    return Organization(name=insurer.name, identifiers=(Identifier(system=insurer.system, value=insurer.value),))


def _united(parties: Sequence[Party]) -> list[Party]:
    """Return the parties with those merged who share an identifier, directly or through a third."""
    united: list[Party] = []
    for party in parties:
        whole: Party = party
        before: list[Party] = []
        after: list[Party] = []
        found = False
        for one in united:
            if _is_same(party, one):
                whole = _merged(one, party) if not found else _merged(whole, one)
                found = True
            elif found:
                after.append(one)
            else:
                before.append(one)
        united = before
        united.append(whole)
        united.extend(after)
    return united


def _is_same(one: Party, other: Party) -> bool:
    return one == other or bool(set(one.identifiers) & set(other.identifiers))


def _merged(first: Party, second: Party) -> Party:
    """Return the first party, completed by what only the second says."""
    added = {
        field.name: getattr(second, field.name)
        for field in fields(first)
        if not getattr(first, field.name) and getattr(second, field.name)
    }
    new = tuple(identifier for identifier in second.identifiers if identifier not in first.identifiers)
    return replace(first, **{**added, "identifiers": first.identifiers + new})


def organization_resource(organization: Organization, id_: str, *, insurer: bool = False) -> Resource:
    """Return the Organization; its country stands in the address, for want of another place in FHIR."""
    addresses = [as_address(organization.address, organization.country)] if organization.address else []
    if not addresses and organization.country:
        addresses = [{"country": organization.country}]
    identifiers = as_identifiers(organization.identifiers)
    if insurer:
        for identifier in identifiers:
            identifier["type"] = concept(systems.V2_IDENTIFIER_TYPE, "NIIP")
    return checked(
        present(
            {
                "resourceType": "Organization",
                "id": id_,
                "identifier": identifiers,
                "type": [concept(systems.ORGANIZATION_TYPE, "ins" if insurer else "prov")],
                "name": organization.name,
                "telecom": as_telecom(organization.telecom),
                "address": addresses,
            }
        )
    )


def practitioner_resource(practitioner: Practitioner, id_: str) -> Resource:
    """Return the Practitioner."""
    return checked(
        present(
            {
                "resourceType": "Practitioner",
                "id": id_,
                "identifier": as_identifiers(practitioner.identifiers),
                "name": as_names(practitioner.name),
                "telecom": as_telecom(practitioner.telecom),
            }
        )
    )


def specialty_concept(specialty: str) -> Resource:
    """Return a specialty token as CodeableConcept of our own system, readable without it."""
    return concept(systems.SPECIALTY, specialty, text=specialty.replace("-", " "))


def _role_resource(
    id_: str, practitioner: str | None, organization: str | None, role: str | None, specialty: str | None
) -> Resource:
    codes = [coding(systems.PROVIDER_ROLE, role)] if role else []
    if (standard := _STANDARD_ROLE.get(role or "")) is not None:
        codes.append(coding(systems.PRACTITIONER_ROLE, standard))
    return checked(
        present(
            {
                "resourceType": "PractitionerRole",
                "id": id_,
                "practitioner": reference(practitioner) if practitioner else None,
                "organization": reference(organization) if organization else None,
                "code": [{"coding": codes}] if codes else [],
                "specialty": [specialty_concept(specialty)] if specialty else [],
            }
        )
    )
