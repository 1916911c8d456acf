"""Narratives of the resources that we write: one short paragraph, made of the resource alone.

https://hl7.org/fhir/R4/narrative.html, https://hl7.org/fhir/R4/domainresource.html#invs (dom-6)
A narrative says less than its resource: never an identifier, a member number, an address, an input or an output of a
Task. What is taken out of a resource at a border therefore never stands in its text.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from adapter.fhir import systems
from adapter.fhir.coding import codes_of
from adapter.fhir.designations import designation
from adapter.fhir.resource import Resource
from adapter.mapping.narrative import items, language_of, narrative, paragraph
from adapter.mapping.to_fhir.document_texts import CONCORDANCE, LANGUAGES, NECESSITY, phrase, title, tongue
from adapter.mapping.to_fhir.resource_words import (
    CONSENTS,
    GENDERS,
    LABELS,
    NAMED_ONLY,
    REFERRAL_EVENTS,
    TASK_STATES,
    UNTIL,
    tongue_of_country,
)

_FIRST: Final = ("resourceType", "id", "meta", "implicitRules", "language")


def narrated(resource: Resource, language: str | None) -> Resource:
    """Return the resource with a generated narrative; the given one is not changed.

    Args:
        resource: one that we write; of a type that we do not write it comes back as it is.
        language: BCP 47; None, or one that has no words here = English. That of the resource itself goes before.
    """
    write = _WRITERS.get(resource["resourceType"])
    if write is None:
        return resource
    stated = resource.get("language")
    spoken = stated if stated in LANGUAGES else tongue(language)
    head: Resource = {name: resource[name] for name in _FIRST if name in resource}
    text = narrative(write(resource, spoken), language=spoken)
    return {
        **head,
        "text": text,
        **{name: one for name, one in resource.items() if name not in head and name != "text"},
    }


def tongue_of(resource: Resource) -> str | None:
    """Return the language in which a resource speaks: that of its narrative, or of an organisation's country."""
    spoken = language_of(resource.get("text"))
    if spoken is not None or resource["resourceType"] != "Organization":
        return spoken
    return next(
        (found for one in resource.get("address", ()) if (found := tongue_of_country(one.get("country")))), None
    )


def _sentence(label: str, *parts: str | None) -> str:
    told = ", ".join(part for part in parts if part)
    return paragraph(f"{label}: {told}" if told else label)


def _day(moment: Any) -> str | None:
    return str(moment)[:10] if moment else None


def _name(resource: Resource) -> str | None:
    for name in resource.get("name", ()):
        parts = [*name.get("prefix", ()), *name.get("given", ()), name.get("family"), *name.get("suffix", ())]
        if told := name.get("text") or " ".join(part for part in parts if part):
            return str(told)
    return None


def _words(concept: Resource | None) -> str | None:
    """Return the words of a CodeableConcept, with the first code where it has one."""
    if not concept:
        return None
    first: Resource = next(iter(concept.get("coding", ())), {})
    said, code = concept.get("text") or first.get("display"), first.get("code")
    return f"{said} ({code})" if said and code and said != code else said or code


def _our_word(concepts: Iterable[Resource], system: str, spoken: str) -> str | None:
    codes = (code for concept in concepts for code in codes_of(concept, system))
    return next((designation(system, code, spoken) for code in codes), None)


def _person(resource: Resource, spoken: str) -> str:
    gender = GENDERS.get(resource.get("gender", ""), {}).get(spoken)
    born = _day(resource.get("birthDate"))
    return _sentence(LABELS[resource["resourceType"]][spoken], _name(resource), gender, born and f"* {born}")


def _organization(resource: Resource, spoken: str) -> str:
    city = next((one["city"] for one in resource.get("address", ()) if "city" in one), None)
    return _sentence(LABELS["Organization"][spoken], resource.get("name"), city)


def _role(resource: Resource, spoken: str) -> str:
    role = _our_word(resource.get("code", ()), systems.PROVIDER_ROLE, spoken)
    specialty = _our_word(resource.get("specialty", ()), systems.SPECIALTY, spoken)
    return _sentence(LABELS["PractitionerRole"][spoken], role, specialty)


def _coverage(resource: Resource, spoken: str) -> str:
    scheme = _our_word([resource.get("type") or {}], systems.INSURANCE_SCHEME, spoken)
    return _sentence(LABELS["Coverage"][spoken], scheme)


def _condition(resource: Resource, spoken: str) -> str:
    return _sentence(LABELS["Condition"][spoken], _words(resource.get("code")), _day(resource.get("onsetDateTime")))


def _service_request(resource: Resource, spoken: str) -> str:
    if resource.get("intent") == "plan":
        operation = _words(resource.get("code"))
        return _sentence(LABELS["plan"][spoken], operation, _day(resource.get("occurrenceDateTime")))
    return _sentence(LABELS["request"][spoken], _day(resource.get("authoredOn")))


def _consent(resource: Resource, spoken: str) -> str:
    provision = resource.get("provision", {})
    direction = next((one.get("uri", "") for one in resource.get("policy", ())), "").rpartition("/")[2]
    said = [CONSENTS.get((direction, provision.get("type", "")), {}).get(spoken, "Consent")]
    if provision.get("data"):
        said.append(NAMED_ONLY[spoken])
    if end := _day(provision.get("period", {}).get("end")):
        said.append(UNTIL[spoken].format(day=end))
    return paragraph(" ".join(said))


def _document(resource: Resource, spoken: str) -> str:
    attachment: Resource = next((one["attachment"] for one in resource.get("content", ()) if "attachment" in one), {})
    return _sentence(LABELS["DocumentReference"][spoken], attachment.get("title"), _day(attachment.get("creation")))


def _eligibility_request(resource: Resource, spoken: str) -> str:
    asked = (LABELS["CoverageEligibilityRequest"][spoken], _day(resource.get("servicedDate")))
    return paragraph(" ".join(part for part in asked if part))


def _eligibility_response(resource: Resource, spoken: str) -> str:  # noqa: ARG001 (one signature for all)
    return paragraph(resource["disposition"])


def _task(resource: Resource, spoken: str) -> str:
    status = resource["status"]
    state = TASK_STATES.get(status, {}).get(spoken, status)
    business = _our_word([resource.get("businessStatus") or {}], systems.BUSINESS_STATUS, spoken)
    return _sentence(LABELS["Task"][spoken], state, business if business != state else None)


def _provenance(resource: Resource, spoken: str) -> str:
    return _sentence(LABELS["Provenance"][spoken], _day(resource.get("recorded")))


def _header(resource: Resource, spoken: str) -> str:
    event = resource.get("eventCoding", {})
    system, code = event.get("system", ""), event.get("code", "")
    told = REFERRAL_EVENTS.get(code, {}).get(spoken) if system == systems.V2_EVENT else None
    ends = [resource.get("source", {}).get("name"), *(one.get("name") for one in resource.get("destination", ()))]
    way = " \u2192 ".join(name for name in ends if name)
    label = told or designation(system, code, spoken)
    return _sentence(f"{LABELS['answer'][spoken]} ({label})" if "response" in resource else label, way)


def _audit(resource: Resource, spoken: str) -> str:
    kind = next((one["code"] for one in resource.get("subtype", ()) if one.get("system") == systems.CASE_EVENT), None)
    told = kind and designation(systems.CASE_EVENT, kind, spoken)
    return _sentence(LABELS["AuditEvent"][spoken], told, _day(resource.get("recorded")))


def _composition(resource: Resource, spoken: str) -> str:  # noqa: ARG001 (one signature for all)
    return _sentence(resource["title"], _day(resource.get("date")))


def _report(resource: Resource, spoken: str) -> str:
    concluded = resource.get("conclusionCode", ())
    said = []
    for name, system, table in (
        ("concordance", systems.CONCORDANCE, CONCORDANCE),
        ("necessity", systems.NECESSITY, NECESSITY),
    ):
        codes = [code for one in concluded for code in codes_of(one, system) if code in table]
        said += [table[code][spoken] for code in codes] or [phrase(f"{name}-not-stated", spoken)]
    return _sentence(title("opinion", spoken), _day(resource.get("issued"))) + paragraph(" ".join(said))


def _answers(resource: Resource, spoken: str) -> str:
    is_answered = any("answer" in one for one in resource.get("item", ()))
    otherwise = phrase("not-answered" if is_answered else "not-answered-apart", spoken)
    told = [
        f"{one.get('text', one['linkId'])}\n{next((a['valueString'] for a in one.get('answer', ())), otherwise)}"
        for one in resource.get("item", ())
    ]
    return paragraph(title("answers", spoken)) + (items(told) if told else "")


def _plan(resource: Resource, spoken: str) -> str:
    told = [_words(one.get("detail", {}).get("code")) for one in resource.get("activity", ())]
    listed = [one for one in told if one]
    return paragraph(resource.get("title") or title("alternatives", spoken)) + (items(listed) if listed else "")


def _communication(resource: Resource, spoken: str) -> str:
    told = [one["contentString"] for one in resource.get("payload", ()) if "contentString" in one]
    return "".join(paragraph(one) for one in told or [title("patient-copy", spoken)])


def _outcome(resource: Resource, spoken: str) -> str:  # noqa: ARG001 (one signature for all)
    return items(
        one.get("details", {}).get("text") or one.get("diagnostics") or one["code"] for one in resource["issue"]
    )


_WRITERS: Final[Mapping[str, Callable[[Resource, str], str]]] = {
    "AuditEvent": _audit,
    "CarePlan": _plan,
    "Communication": _communication,
    "Composition": _composition,
    "Condition": _condition,
    "Consent": _consent,
    "Coverage": _coverage,
    "CoverageEligibilityRequest": _eligibility_request,
    "CoverageEligibilityResponse": _eligibility_response,
    "DiagnosticReport": _report,
    "DocumentReference": _document,
    "MessageHeader": _header,
    "OperationOutcome": _outcome,
    "Organization": _organization,
    "Patient": _person,
    "Practitioner": _person,
    "PractitionerRole": _role,
    "Provenance": _provenance,
    "QuestionnaireResponse": _answers,
    "RelatedPerson": _person,
    "ServiceRequest": _service_request,
    "Task": _task,
}
"""By type; what is not here gets none."""
