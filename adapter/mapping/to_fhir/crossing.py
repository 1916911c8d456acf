"""What of a request's resources another organisation may see, beyond what consent decides.

A patient's national number stays in its own country; a record that was not cleared is not even named.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from adapter.fhir import systems
from adapter.fhir.coding import codes_of
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.identity import Ids

_KVNR: Final = re.compile(r"[A-Z]\d{9}")
_GERMAN_SCHEMES: Final = frozenset({"gkv", "pkv"})
_PERSONS: Final = frozenset({"Patient", "RelatedPerson"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """The border that a message crosses.

    Attributes:
        country: of the recipient, ISO 3166-1 alpha-2; None = unknown, so that every national number stays.
        ids: make the names that stand for records that are not told.
    """

    country: str | None
    ids: Ids

    def stays(self, system: str | None) -> bool:
        """Tell whether numbers of this system stay on this side."""
        home = systems.NATIONAL_PATIENT_SYSTEMS.get(system or "")
        return home is not None and home != (self.country or "").upper()

    def visible(self, resources: Iterable[Resource]) -> list[Resource]:
        """Return the resources as the other side may see them; the given ones are not changed."""
        resources = list(resources)
        hidden = {
            one["value"]
            for person in resources
            if person["resourceType"] in _PERSONS
            for one in person.get("identifier", ())
            if self.stays(one.get("system"))
        }
        return [self._visible(resource, hidden) for resource in resources]

    def hides_member(self, member_id: str | None, scheme: str | None, hidden: Iterable[str]) -> bool:
        """Tell whether a member number of an insurance is a national number that stays."""
        if member_id is None:
            return False
        national = scheme in _GERMAN_SCHEMES and _KVNR.fullmatch(member_id) is not None
        return member_id in hidden or (national and self.stays(systems.KVNR))

    def _visible(self, resource: Resource, hidden: set[str]) -> Resource:
        kind = resource["resourceType"]
        if kind in _PERSONS:
            kept = [one for one in resource.get("identifier", ()) if one["value"] not in hidden]
            return _with(resource, "identifier", kept)
        if kind == "Coverage":
            scheme = next(iter(codes_of(resource.get("type"), systems.INSURANCE_SCHEME)), None)
            if self.hides_member(resource.get("subscriberId"), scheme, hidden):
                return _with(resource, "subscriberId", None)
        if kind == "Consent":
            return self._consent(resource)
        return resource

    def _consent(self, consent: Resource) -> Resource:
        provision = consent["provision"]
        data = [{**one, "reference": self._record(one["reference"])} for one in provision.get("data", ())]
        told = _with(consent, "provision", _with(provision, "data", data))
        return {**told, "sourceReference": self._record(told["sourceReference"])}

    def _record(self, reference: Resource) -> Resource:
        identifier = reference.get("identifier", {})
        if "reference" in reference or identifier.get("system") != systems.RECORD_ID:
            return reference
        opaque = {"system": systems.OPAQUE_ID, "value": self.ids.of("record", identifier["value"])}
        return {**reference, "identifier": opaque}


def _with(resource: Resource, name: str, value: object) -> Resource:
    """Return a copy with another value of one element; nothing to say = without the element."""
    copy: dict[str, object] = {**resource, name: value}
    if value is None or value == []:
        copy.pop(name)
    return copy


def hidden_numbers(patient_identifiers: Iterable[Mapping[str, str]], crossing: Crossing) -> set[str]:
    """Return the values among "system"/"value" pairs that stay on this side."""
    return {one["value"] for one in patient_identifiers if crossing.stays(one["system"])}
