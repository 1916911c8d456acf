"""A message Bundle of a partner: what it says, from whom, to whom, about which Task.

https://hl7.org/fhir/R4/messaging.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapter.base.errors import Invalid, Problem, Unreadable
from adapter.domain.values import Identifier
from adapter.fhir.bundles import local_reference, unbundle
from adapter.fhir.resource import Resource
from adapter.mapping.from_fhir.request_view import identifiers_of
from adapter.mapping.to_fhir.message_header import Response
from adapter.mapping.to_fhir.messages import Event

_EVENTS: Final[Mapping[tuple[str, str], Event]] = {event.value: event for event in Event}
_HEADER: Final = "Bundle.entry[0].resource"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedMessage:
    """One message, taken apart; references are `Type/id`.

    Attributes:
        id: MessageHeader.id.
        event: what it says.
        header: the MessageHeader.
        source: the endpoint it says it comes from; never an address to answer to.
        sender_identifiers: of the sending organisation, as the message states them.
        sender_name: None = not stated.
        receiver_identifiers: of the organisations that it is for; empty = it does not say.
        task: the focus; empty in an answer that has none.
        resources: everything but the header and a document, in their order.
        document: the document Bundle that it carries; None = none.
        response: what it answers; None = nothing.
    """

    id: str
    event: Event
    header: Resource
    source: str
    sender_identifiers: tuple[Identifier, ...]
    sender_name: str | None
    receiver_identifiers: tuple[Identifier, ...]
    task: Resource
    resources: list[Resource]
    document: Resource | None
    response: Response | None

    @property
    def senders(self) -> frozenset[str]:
        """The sender's identifiers as "system|value"."""
        return _tokens(self.sender_identifiers)

    @property
    def receivers(self) -> frozenset[str]:
        """The receivers' identifiers as "system|value"."""
        return _tokens(self.receiver_identifiers)


def read_message(bundle: Resource) -> ReceivedMessage:
    """Take a message Bundle apart.

    Raises:
        Unreadable: it is no Bundle of resources at all.
        Invalid: with everything that is missing, does not resolve, or is not known here.
    """
    _refuse_what_is_no_bundle(bundle)
    problems: list[Problem] = []
    if bundle.get("type") != "message":
        problems.append(Problem('a message is a Bundle with the type "message"', "Bundle.type", "value"))
    resources = unbundle(bundle)
    header = resources[0] if resources and resources[0]["resourceType"] == "MessageHeader" else None
    if header is None:
        text = "the first entry of a message is its MessageHeader"
        raise Invalid("this is no message", problems=[*problems, Problem(text, _HEADER, "required")])
    by_reference = {local_reference(one): one for one in resources}
    event = _event(header, problems)
    response = _response(header, problems)
    source = _text(header.get("source"), "endpoint", "MessageHeader.source.endpoint", problems)
    id_ = _text(header, "id", "MessageHeader.id", problems)
    task = _focus(header, by_reference, problems, needed=response is None)
    sender = _organization(header.get("sender"), by_reference, "MessageHeader.sender", problems)
    receivers = [
        _organization(_member(one, "receiver"), by_reference, f"MessageHeader.destination[{n}].receiver", problems)
        for n, one in enumerate(_listed(header.get("destination")))
    ]
    documents = [one for one in resources if one["resourceType"] == "Bundle"]
    if len(documents) > 1:
        problems.append(Problem("a message carries one document Bundle at most", "Bundle.entry", "business-rule"))
    if problems or event is None:
        raise Invalid("the message cannot be processed", problems=problems)
    return ReceivedMessage(
        id=id_,
        event=event,
        header=header,
        source=source,
        sender_identifiers=identifiers_of(sender),
        sender_name=sender.get("name"),
        receiver_identifiers=tuple(one for receiver in receivers for one in identifiers_of(receiver)),
        task=task,
        resources=[one for one in resources[1:] if one["resourceType"] != "Bundle"],
        document=documents[0] if documents else None,
        response=response,
    )


def _refuse_what_is_no_bundle(bundle: Resource) -> None:
    """Raise Unreadable unless every entry has a resource with a type and an id."""
    if bundle.get("resourceType") != "Bundle":
        raise Unreadable("a message is a Bundle", where="resourceType")
    entries = bundle.get("entry")
    if not isinstance(entries, list) or not entries:
        raise Invalid("a message has entries", problems=[Problem("the Bundle is empty", "Bundle.entry", "required")])
    problems = []
    for n, entry in enumerate(entries):
        resource = _member(entry, "resource")
        url = _member(entry, "fullUrl")
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            problems.append(Problem("an entry of a message has a resource", f"Bundle.entry[{n}].resource", "required"))
        elif not isinstance(resource.get("id") or url, str) or not isinstance(url or "", str):
            problems.append(Problem("an entry has a fullUrl", f"Bundle.entry[{n}].fullUrl", "required"))
    if problems:
        raise Unreadable("the Bundle's entries are incomplete", problems=problems)


def _event(header: Resource, problems: list[Problem]) -> Event | None:
    coding = _member(header, "eventCoding")
    stated = (_member(coding, "system"), _member(coding, "code"))
    event = _EVENTS.get(stated) if all(isinstance(part, str) for part in stated) else None
    if event is None:
        known = ", ".join(f"{system}|{code}" for system, code in _EVENTS)
        problems.append(Problem(f"the event is none of {known}", "MessageHeader.event", "not-supported"))
    return event


def _response(header: Resource, problems: list[Problem]) -> Response | None:
    stated = header.get("response")
    if stated is None:
        return None
    where = "MessageHeader.response"
    details = _member(_member(stated, "details"), "reference")
    return Response(
        identifier=_text(stated, "identifier", f"{where}.identifier", problems),
        code=_text(stated, "code", f"{where}.code", problems),
        details=details if isinstance(details, str) else None,
    )


def _focus(
    header: Resource, by_reference: Mapping[str, Resource], problems: list[Problem], *, needed: bool
) -> Resource:
    stated = _listed(header.get("focus"))
    if not stated:
        if needed:
            problems.append(
                Problem("the focus is the Task that the message is about", "MessageHeader.focus", "required")
            )
        return {}
    found = [by_reference.get(str(_member(one, "reference"))) for one in stated]
    problems.extend(
        Problem("the resource that this refers to is not in the message", f"MessageHeader.focus[{n}]", "not-found")
        for n, one in enumerate(found)
        if one is None
    )
    tasks = [one for one in found if one is not None and one["resourceType"] == "Task"]
    if len(tasks) == 1:
        return tasks[0]
    if None not in found:
        problems.append(Problem("the focus is exactly one Task", "MessageHeader.focus", "business-rule"))
    return {}


def _organization(
    reference: Any, by_reference: Mapping[str, Resource], where: str, problems: list[Problem]
) -> Resource:
    """Return the Organization that a reference leads to, or what the reference itself says of it."""
    target = _member(reference, "reference")
    if isinstance(target, str) and target in by_reference:
        found = by_reference[target]
        if found["resourceType"] != "PractitionerRole":
            return found
        return by_reference.get(str(_member(found.get("organization"), "reference")), {})
    identifier = _member(reference, "identifier")
    if isinstance(target, str) and not isinstance(identifier, dict):
        problems.append(Problem("the resource that this refers to is not in the message", where, "not-found"))
    stated = {"identifier": [identifier]} if isinstance(identifier, dict) else {}
    return {**stated, "name": _member(reference, "display")}


def _text(stated: Any, name: str, where: str, problems: list[Problem]) -> str:
    value = _member(stated, name)
    if isinstance(value, str) and value:
        return value
    problems.append(Problem("this is missing", where, "required"))
    return ""


def _member(stated: Any, name: str) -> Any:
    return stated.get(name) if isinstance(stated, dict) else None


def _listed(stated: Any) -> list[Any]:
    return stated if isinstance(stated, list) else []


def _tokens(identifiers: tuple[Identifier, ...]) -> frozenset[str]:
    return frozenset(f"{one.system}|{one.value}" for one in identifiers)
