"""The part that each resource of a FHIR message plays in a request: who asks, who is asked, about whom, about what.

Tables name the roles and not the ways that lead to them: `Requester.Organization.name`, `Surgeon.Practitioner`.
A person's PractitionerRole, the person and the organisation stand side by side under the role.
"""

from collections.abc import Iterator
from typing import Any, Final

from adapter.fhir.systems import EXT_COPY_TO, EXT_SHA256
from adapter.intake.readers.fhir_graph_focus import Focus
from adapter.intake.readers.fhir_graph_references import Graph, Part

SUBJECTS: Final = ("subject", "for", "patient", "beneficiary")
"""Elements that say about whom a resource is."""
_PARTIES: Final = frozenset({"PractitionerRole", "Practitioner", "Organization"})
_OTHER: Final = "Other"
_FORM_ROLES: Final = {
    "ch-orf-receiver": "Receiver",
    "ch-orf-copyreceiver": "CopyTo",
    "ch-ext-receiver": "Receiver",
    "ch-ext-copyreceiver": "CopyTo",
}


def names_of(graph: Graph, focus: Focus) -> dict[int, str]:
    """Return what tables call each resource, by the identity of its part.

    Those that have a part in the request have the name of their type, the planned operation that of `Plan`; others of
    the types of which only some have a part are called `OtherServiceRequest`, `OtherPatient` and so on.
    """
    request, task = focus.request, focus.task
    about = {id(one) for one in referred(graph, request, "reasonReference")}
    plans = [one for one in referred(graph, request, "supportingInfo") if one.resource.get("intent") == "plan"]
    about |= {id(one) for plan in plans for one in referred(graph, plan, "reasonReference")}
    plan = next((one for one in plans if one.kind == "ServiceRequest"), None)
    proxies = {id(one) for one in _speakers(graph, request, task) if one.kind == "RelatedPerson"}
    main: dict[str, set[int]] = {
        "ServiceRequest": {id(request)},
        "Task": {id(task)},
        "Condition": about,
        "Patient": {id(one) for one in patients(graph, focus)[:1]},
        "Coverage": {id(one) for one in _coverages(graph, request)[:1]},
        "RelatedPerson": proxies,
    }
    names: dict[int, str] = {}
    for part in graph.parts:
        is_main = id(part) in main.get(part.kind, (id(part),)) and not _is_empty_document(part)
        names[id(part)] = part.kind if is_main else f"{_OTHER}{part.kind}"
    if plan is not None:
        names[id(plan)] = "Plan"
    return names


def patients(graph: Graph, focus: Focus) -> list[Part]:
    """Return the Patients whom the message is about, the one of the request first."""
    asked = [one for name in SUBJECTS for part in _leading(focus) for one in referred(graph, part, name)]
    others = [one for name in SUBJECTS for part in graph.parts for one in referred(graph, part, name)]
    alone = list(graph.of("Patient")) if not asked and not others else []
    return list(dict.fromkeys(one for one in (*asked, *others, *alone) if one.kind == "Patient"))


def roles(graph: Graph, focus: Focus) -> Iterator[tuple[str, Part, Any, list[Part]]]:
    """Yield the roles: their name, the resource that names them, the Reference there, and who has them."""
    request, task, header = focus.request, focus.task, focus.header
    composition = focus.composition
    plan = next(
        (one for one in referred(graph, request, "supportingInfo") if one.resource.get("intent") == "plan"), None
    )
    for name, part, element in (
        ("Requester", request, "requester"),
        ("Performer", request, "performer"),
        ("TaskRequester", task, "requester"),
        ("TaskOwner", task, "owner"),
        ("Sender", header, "sender"),
        ("Custodian", composition, "custodian"),
        ("Author", composition, "author"),
        ("Surgeon", plan, "performer"),
        ("Operator", plan, "requester"),
        ("Insurer", next(iter(_coverages(graph, request)), None), "payor"),
        ("ReportPerformer", focus.report, "performer"),
        ("ReportInterpreter", focus.report, "resultsInterpreter"),
    ):
        for reference in _stated(part, element):
            if part is not None:
                yield name, part, reference, party(graph, graph.resolve(reference, part))
    for destination in _stated(header, "destination"):
        if header is not None and isinstance(destination, dict) and isinstance(destination.get("receiver"), dict):
            receiver = destination["receiver"]
            yield "Receiver", header, receiver, party(graph, graph.resolve(receiver, header))
    yield from _of_form(graph, composition)
    yield from _origins(graph, request)
    yield from _referrers(graph, request)
    yield from _copies(graph, request)


def party(graph: Graph, found: Part | None) -> list[Part]:
    """Return who stands for somebody, with the person and the organisation that a PractitionerRole joins."""
    if found is None:
        return []
    if found.kind == "Practitioner":
        several = graph.roles_of(found)
        found = several[0] if len(several) == 1 else found
    if found.kind == "HealthcareService":
        return [found, *referred(graph, found, "providedBy")]
    if found.kind != "PractitionerRole":
        return [found]
    return [found, *referred(graph, found, "practitioner"), *referred(graph, found, "organization")]


def referred(graph: Graph, part: Part | None, name: str) -> list[Part]:
    """Return the resources of the message that an element of a resource refers to."""
    if part is None:
        return []
    found = (graph.resolve(one, part) for one in _stated(part, name))
    return [one for one in found if one is not None]


def _of_form(graph: Graph, composition: Part | None) -> Iterator[tuple[str, Part, Any, list[Part]]]:
    """Yield who gets a form and a copy of it, as the Swiss order form says (https://fhir.ch/ig/ch-orf/)."""
    for extension in _stated(composition, "extension"):
        name = _FORM_ROLES.get(str(extension.get("url", "")).rpartition("/")[2])
        reference = extension.get("valueReference")
        if composition is not None and name is not None and isinstance(reference, dict):
            yield name, composition, reference, party(graph, graph.resolve(reference, composition))


def _origins(graph: Graph, request: Part | None) -> Iterator[tuple[str, Part, Any, list[Part]]]:
    """Yield who wrote the request, as its Provenance says: the person, and for whom."""
    for part in graph.of("Provenance"):
        if request is None or request not in referred(graph, part, "target"):
            continue
        for agent in _stated(part, "agent"):
            who = agent.get("who") if isinstance(agent, dict) else None
            if who is not None:
                named = party(graph, graph.resolve(who, part))
                behalf = party(graph, graph.resolve(agent.get("onBehalfOf"), part))
                yield "Origin", part, who, list(dict.fromkeys([*named, *behalf]))


def _referrers(graph: Graph, request: Part | None) -> Iterator[tuple[str, Part, Any, list[Part]]]:
    """Yield the referrer: who asks where somebody else wrote the request, or is named as supporting information."""
    wrote = [one for name, _part, _reference, several in _origins(graph, request) for one in several[:1]]
    for reference in _stated(request, "requester"):
        found = graph.resolve(reference, request) if request is not None else None
        if request is not None and wrote and found is not None and found.kind in _PARTIES and found not in wrote:
            yield "Referrer", request, reference, party(graph, found)
    for reference in _stated(request, "supportingInfo"):
        found = graph.resolve(reference, request) if request is not None else None
        if request is not None and found is not None and found.kind in _PARTIES:
            yield "Referrer", request, reference, party(graph, found)


def _copies(graph: Graph, request: Part | None) -> Iterator[tuple[str, Part, Any, list[Part]]]:
    for extension in _stated(request, "extension"):
        if request is None or not isinstance(extension, dict) or extension.get("url") != EXT_COPY_TO:
            continue
        for inner in _listed(extension.get("extension")):
            if isinstance(inner, dict) and isinstance(inner.get("valueReference"), dict):
                found = graph.resolve(inner["valueReference"], request)
                yield "CopyTo", request, extension, party(graph, found)


def _is_empty_document(part: Part) -> bool:
    """Tell whether a DocumentReference has neither bytes nor a hash nor an address of them."""
    if part.kind != "DocumentReference":
        return False
    attached = [one.get("attachment", {}) for one in part.resource.get("content", ())]
    hashed = (one.get("url") == EXT_SHA256 for attachment in attached for one in attachment.get("extension", ()))
    return not any("data" in one or "url" in one for one in attached) and not any(hashed)


def _leading(focus: Focus) -> list[Part]:
    leading = (focus.request, focus.task, focus.report, focus.composition)
    return [part for part in leading if part is not None]


def _coverages(graph: Graph, request: Part | None) -> list[Part]:
    named = [one for one in referred(graph, request, "insurance") if one.kind == "Coverage"]
    return named or list(graph.of("Coverage"))


def _speakers(graph: Graph, request: Part | None, task: Part | None) -> list[Part]:
    """Return who speaks for the patient: as requester, or in a Consent; else the only RelatedPerson there is."""
    named = [*referred(graph, request, "requester"), *referred(graph, task, "requester")]
    named += [one for consent in graph.of("Consent") for one in referred(graph, consent, "performer")]
    speaking = [one for one in named if one.kind == "RelatedPerson"]
    return speaking or list(graph.of("RelatedPerson"))


def _stated(part: Part | None, name: str) -> list[Any]:
    return _listed(part.resource.get(name)) if part is not None else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
