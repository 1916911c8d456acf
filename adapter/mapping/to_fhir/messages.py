"""The event messages between two nodes, and the answers to them.

Every message is about the Task; the codes of the events are those of v2-0003 (I12 to I15) and so-message-event.
https://hl7.org/fhir/R4/messaging.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from adapter.base.ids import DEFAULT_KEY, opaque_id
from adapter.fhir import bundles
from adapter.fhir.bundles import local_reference
from adapter.fhir.coding import concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import MESSAGE_EVENT, STATUS_REASON, TASK_INPUT, V2_EVENT, profile
from adapter.mapping.to_fhir.message_header import Endpoint, Response, message_header
from adapter.mapping.to_fhir.moments import instant
from adapter.mapping.to_fhir.resource_text import narrated, tongue_of
from adapter.mapping.to_fhir.task_update import status_only

_MESSAGE: Final = profile("SecondOpinionMessage")


class Event(Enum):
    """What a message says: the code system and the code of MessageHeader.event."""

    REQUEST = (V2_EVENT, "I12")
    CHANGE = (V2_EVENT, "I13")
    CANCEL = (V2_EVENT, "I14")
    QUERY = (V2_EVENT, "I15")
    STATUS = (MESSAGE_EVENT, "status")
    INFORMATION_REQUEST = (MESSAGE_EVENT, "information-request")
    RECORDS = (MESSAGE_EVENT, "records")
    REPORT = (MESSAGE_EVENT, "report")
    ADDENDUM = (MESSAGE_EVENT, "addendum")
    CLOSED = (MESSAGE_EVENT, "closed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What every message says of itself.

    Attributes:
        id: MessageHeader.id; a repeat of the message has the same.
        at: when it was made, aware.
        source: the sender's interface.
        destination: the receiver's interface.
        sender: an Organization with its identifiers.
        receiver: an Organization with its identifiers.
    """

    id: str
    at: datetime
    source: Endpoint
    destination: Endpoint
    sender: Resource
    receiver: Resource


def status_message(task: Resource, envelope: Envelope, *, resources: Sequence[Resource] = ()) -> Resource:
    """Return the message that tells how the Task stands; nothing clinical in it but what `resources` add.

    Args:
        task: as it stands; `status_only` of it travels.
        envelope: from whom to whom.
        resources: for example the Appointment that was booked.
    """
    return event_message(Event.STATUS, status_only(task), envelope, resources=resources)


def records_message(task: Resource, package: Resource, envelope: Envelope) -> Resource:
    """Return the message that carries the records package, a document Bundle, to the consulting provider.

    The Task that travels points to the package in an input of type records-package.
    """
    reference = {"reference": local_reference(package)}
    pointed = {
        **status_only(task),
        "input": [{"type": concept(TASK_INPUT, "records-package"), "valueReference": reference}],
    }
    return event_message(Event.RECORDS, checked(pointed), envelope, resources=[package])


def report_message(task: Resource, opinion: Resource, envelope: Envelope, *, addendum: bool = False) -> Resource:
    """Return the message that carries the opinion, a document Bundle, back to the treating provider.

    Only with the patient's consent to that; without it `status_message` is what may be sent.

    Args:
        task: as it stands; its outputs travel along.
        opinion: the document Bundle.
        envelope: from whom to whom.
        addendum: True where it adds to or replaces an earlier report.
    """
    travelling = {**status_only(task), "output": task["output"]} if task.get("output") else status_only(task)
    return event_message(
        Event.ADDENDUM if addendum else Event.REPORT, checked(travelling), envelope, resources=[opinion]
    )


def closed_message(task: Resource, envelope: Envelope) -> Resource:
    """Return the message that the loop is closed; Task.businessStatus says how, Task.lastModified when."""
    return event_message(Event.CLOSED, status_only(task), envelope)


def cancel_message(task: Resource, envelope: Envelope, *, reason: str) -> Resource:
    """Return the message that withdraws the request, or asks to stop where work on it has begun.

    Args:
        task: as it stands with the sender.
        envelope: from whom to whom.
        reason: a code of so-status-reason.
    """
    stated = concept(STATUS_REASON, reason)
    return event_message(Event.CANCEL, checked({**status_only(task), "statusReason": stated}), envelope, reason=stated)


def event_message(
    event: Event,
    task: Resource,
    envelope: Envelope,
    *,
    resources: Sequence[Resource] = (),
    reason: Resource | None = None,
) -> Resource:
    """Return a message Bundle about `task`, which travels as it is.

    Args:
        event: what it says.
        task: the focus.
        envelope: from whom to whom.
        resources: what else it carries; a Bundle among them stays whole.
        reason: MessageHeader.reason; None = not said.
    """
    language = tongue_of(envelope.sender)
    header = message_header(
        id=envelope.id,
        event=event.value,
        source=envelope.source,
        destination=envelope.destination,
        sender=local_reference(envelope.sender),
        receiver=local_reference(envelope.receiver),
        focus=[local_reference(task)],
        reason=reason,
        language=language,
    )
    ends = [narrated(one, language) for one in (envelope.sender, envelope.receiver)]
    carried = {local_reference(one): one for one in (task, *ends, *resources)}
    return bundles.message(
        header, carried.values(), id=_bundle_id(envelope.id), timestamp=instant(envelope.at), meta=_MESSAGE
    )


def answer(
    request_header: Resource,
    *,
    code: str,
    outcome: Resource | None,
    id: str,  # noqa: A002 (FHIR's own name)
    timestamp: datetime,
    source: Endpoint,
    destination: Endpoint,
    task: Resource | None = None,
) -> Resource:
    """Return the message Bundle that answers another message.

    Args:
        request_header: the MessageHeader that is answered.
        code: "ok", "fatal-error" or "transient-error".
        outcome: an OperationOutcome, which gets an id if it has none; None = nothing more to say.
        id: MessageHeader.id of the answer.
        timestamp: when it was made, aware.
        source: our interface.
        destination: the interface of the sender of the request.
        task: the Task for a query of its status; `status_only` of it travels. None = not told.
    """
    event = request_header["eventCoding"]
    if outcome is not None:
        outcome = narrated({**outcome, "id": outcome.get("id") or opaque_id("outcome", id, key=DEFAULT_KEY)}, None)
    carried = [resource for resource in (outcome, None if task is None else status_only(task)) if resource is not None]
    header = message_header(
        id=id,
        event=(event["system"], event["code"]),
        source=source,
        destination=destination,
        sender=None,
        receiver=None,
        focus=[] if task is None else [local_reference(task)],
        response=Response(
            identifier=request_header["id"],
            code=code,
            details=None if outcome is None else local_reference(outcome),
        ),
    )
    return bundles.message(header, carried, id=_bundle_id(id), timestamp=instant(timestamp), meta=_MESSAGE)


def _bundle_id(message_id: str) -> str:
    return opaque_id("message-bundle", message_id, key=DEFAULT_KEY)
