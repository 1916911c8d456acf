"""MessageHeader: from whom, to whom, about what, and in answer to what.

https://hl7.org/fhir/R4/messageheader.html
"""

# ruff: noqa: A002 -- the element is called id in FHIR

from collections.abc import Sequence
from dataclasses import dataclass

from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import profile
from adapter.mapping.to_fhir.resource_text import narrated


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """Where messages go to or come from; `url` is the base of the FHIR interface, `name` what people call it."""

    url: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What a message answers.

    Attributes:
        identifier: MessageHeader.id of the message that is answered.
        code: "ok", "transient-error" or "fatal-error".
        details: `OperationOutcome/id` of the resource that says more; None = nothing more.
    """

    identifier: str
    code: str
    details: str | None = None


def message_header(
    *,
    id: str,
    event: tuple[str, str],
    source: Endpoint,
    destination: Endpoint,
    sender: str | None,
    receiver: str | None,
    focus: Sequence[str],
    response: Response | None = None,
    reason: Resource | None = None,
    extension: Sequence[Resource] = (),
    language: str | None = None,
) -> Resource:
    """Return the MessageHeader of one message.

    Args:
        id: of this message; a repeat of the same message has the same id.
        event: system and code.
        source: the sender's interface.
        destination: the receiver's interface.
        sender: `Organization/id`; None = the endpoint says enough.
        receiver: `Organization/id`; None = the endpoint says enough.
        focus: `Type/id` of what the message is about.
        response: None where it answers nothing.
        reason: a CodeableConcept; None = not said.
        extension: further facts about the message.
        language: of the narrative, BCP 47; None = English.
    """
    system, code = event
    header: Resource = {"resourceType": "MessageHeader", "id": id, "meta": profile("SecondOpinionMessageHeader")}
    if extension:
        header["extension"] = list(extension)
    header["eventCoding"] = {"system": system, "code": code}
    header["destination"] = [_destination(destination, receiver)]
    if sender is not None:
        header["sender"] = {"reference": sender}
    header["source"] = _endpoint(source)
    if reason is not None:
        header["reason"] = reason
    if response is not None:
        header["response"] = {"identifier": response.identifier, "code": response.code}
        if response.details is not None:
            header["response"]["details"] = {"reference": response.details}
    if focus:
        header["focus"] = [{"reference": reference} for reference in focus]
    return narrated(checked(header), language)


def _endpoint(endpoint: Endpoint) -> Resource:
    return {"name": endpoint.name, "endpoint": endpoint.url} if endpoint.name else {"endpoint": endpoint.url}


def _destination(endpoint: Endpoint, receiver: str | None) -> Resource:
    stated = _endpoint(endpoint)
    if receiver is not None:
        stated["receiver"] = {"reference": receiver}
    return stated
