"""Consent read back as the grant that the consent gate judges by.

Read are Consents in the shape that `adapter.mapping.to_fhir.consent` writes; the direction is in `policy.uri`.
https://hl7.org/fhir/R4/consent.html
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from adapter.base.errors import Invalid, Problem
from adapter.domain.consent import ConsentGrant, Purpose
from adapter.domain.consent_reading import may_consent
from adapter.domain.parties import Proxy
from adapter.domain.values import PartialDate
from adapter.fhir import systems
from adapter.fhir.bundles import local_reference
from adapter.fhir.coding import codes_of
from adapter.fhir.resource import Resource

_POLICIES: Final = f"{systems.CANONICAL}/policy/"


def read_consent(consent: Resource, resources: Iterable[Resource]) -> ConsentGrant:
    """Return the grant of one Consent.

    Args:
        consent: the Consent, its references as `Type/id`.
        resources: where Organization, Practitioner and RelatedPerson are looked up.

    Raises:
        Invalid: what it permits, or for how long, cannot be told; nothing is guessed.
    """
    known = {local_reference(resource): resource for resource in resources if "id" in resource}
    provision = consent.get("provision") or {}
    problems: list[Problem] = []
    purpose = _purpose(consent, problems)
    if provision.get("type") not in ("permit", "deny"):
        problems.append(Problem("say permit or deny", "Consent.provision.type", "required"))
    since = _day(provision, "start", problems)
    until = _day(provision, "end", problems)
    problems.extend(_beyond(provision))
    if problems or purpose is None:
        raise Invalid("this Consent cannot be judged by", problems=problems)
    recipient = _recipient(provision, known)
    speaker = _speaker(consent, known)
    return ConsentGrant(
        purpose=purpose,
        permits=provision["type"] == "permit",
        active=consent.get("status") == "active",
        recipients=frozenset(_tokens(recipient)),
        recipient_name=_name(recipient),
        by_representative=speaker is not None,
        representative_may=speaker is not None and may_consent(_proxy(speaker)),
        since=since,
        until=until,
        records=_records(provision),
        reference=consent.get("id"),
    )


def _purpose(consent: Resource, problems: list[Problem]) -> Purpose | None:
    known = {purpose.value: purpose for purpose in Purpose}
    stated = [
        known[uri.rpartition("/")[2]]
        for uri in (policy.get("uri", "") for policy in consent.get("policy", ()))
        if uri.startswith(_POLICIES) and uri.rpartition("/")[2] in known
    ]
    if len(set(stated)) == 1:
        return stated[0]
    text = f"name one policy of {_POLICIES}<country>/<direction>; the direction is one of {', '.join(known)}"
    problems.append(Problem(text, "Consent.policy.uri", "value"))
    return None


def _day(provision: Resource, end: str, problems: list[Problem]) -> date | None:
    text = (provision.get("period") or {}).get(end)
    if text is None:
        return None
    try:
        day = PartialDate(str(text)[:10]).day
    except ValueError:
        day = None
    if day is None:
        problems.append(Problem("give a full date", f"Consent.provision.period.{end}", "value"))
    return day


def _beyond(provision: Resource) -> Iterable[Problem]:
    """Yield what narrows or widens the provision in ways that the gate does not judge."""
    for name in ("provision", "action", "class", "code", "securityLabel", "dataPeriod", "modifierExtension"):
        if provision.get(name):
            yield Problem(
                "this narrows the consent in a way that is not read here", f"Consent.provision.{name}", "not-supported"
            )
    if len(provision.get("actor", ())) > 1:
        yield Problem("name one recipient", "Consent.provision.actor", "not-supported")
    for index, data in enumerate(provision.get("data", ())):
        if data.get("meaning") != "instance":
            where = f"Consent.provision.data[{index}].meaning"
            yield Problem("records are named one by one, as instance", where, "not-supported")


def _recipient(provision: Resource, known: Mapping[str, Resource]) -> Resource:
    """Return the Organization or Practitioner that may receive; empty where it is not named or not known."""
    for actor in provision.get("actor", ()):
        if "IRCP" in codes_of(actor.get("role"), systems.V3_PARTICIPATION):
            found: Resource = known.get((actor.get("reference") or {}).get("reference", ""), {})
            return found
    return {}


def _name(recipient: Resource) -> str | None:
    """Return the name of an organisation, or of a person as it is written; None where there is none."""
    if recipient.get("resourceType") == "Organization":
        name: str | None = recipient.get("name")
        return name
    for stated in recipient.get("name", ()):
        parts = (
            *stated.get("prefix", ()),
            *stated.get("given", ()),
            stated.get("family", ""),
            *stated.get("suffix", ()),
        )
        return str(stated.get("text") or " ".join(parts).strip())
    return None


def _tokens(recipient: Resource) -> Iterable[str]:
    for identifier in recipient.get("identifier", ()):
        if "system" in identifier and "value" in identifier:
            yield f"{identifier['system']}|{identifier['value']}"


def _speaker(consent: Resource, known: Mapping[str, Resource]) -> Resource | None:
    """Return the RelatedPerson who spoke for the patient, empty where not named; None = nobody did."""
    for performer in consent.get("performer", ()):
        local = performer.get("reference", "")
        if performer.get("type") == "RelatedPerson" or local.startswith("RelatedPerson/"):
            return known.get(local, {})
    return None


def _proxy(speaker: Resource) -> Proxy:
    """Return what the gate needs to know of the RelatedPerson."""
    stated: dict[str, Any] = {one.get("url", ""): one.get("valueCode") for one in speaker.get("extension", ())}
    return Proxy(basis=stated.get(systems.EXT_PROXY_BASIS), patient_agrees=stated.get(systems.EXT_PATIENT_AGREES))


def _records(provision: Resource) -> frozenset[str] | None:
    """Return the records named; None = all. An entry that names none still keeps the permission from meaning all."""
    if "data" not in provision:
        return None
    identifiers = [(one.get("reference") or {}).get("identifier") or {} for one in provision["data"]]
    return frozenset(one["value"] for one in identifiers if one.get("system") == systems.RECORD_ID and "value" in one)
