"""The ids of everything that one request becomes: opaque, and the same whenever the same request is expressed.

They are keyed hashes of the sending organisation, the request's own id and what the resource is in the request
(`adapter.base.ids`), never of a patient's number.
"""

from dataclasses import dataclass

from adapter.base.ids import DEFAULT_KEY, opaque_id
from adapter.domain.parties import Provider
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir import systems
from adapter.fhir.coding import concept
from adapter.fhir.resource import Resource


@dataclass(frozen=True, slots=True)
class Ids:
    """Gives the ids of one request's resources.

    Attributes:
        sender: the treating organisation as `sender_of` names it.
        request: the request's business key.
        key: the organisation's own key for the hash.
    """

    sender: str
    request: str
    key: bytes = DEFAULT_KEY

    def of(self, *what: str) -> str:
        """Return the id of the part of the request that `what` names ("Condition", "0")."""
        return opaque_id(self.sender, self.request, *what, key=self.key)


def ids_of(request: SecondOpinionRequest, key: bytes = DEFAULT_KEY) -> Ids:
    """Return the ids of a request's resources."""
    return Ids(sender_of(request.treating), request.id, key)


def sender_of(treating: Provider) -> str:
    """Return a stable name of the sending organisation: its first identifier, else its name, else its doctor's."""
    for party in (treating.organization, treating.practitioner):
        if party is not None and party.identifiers:
            first = party.identifiers[0]
            return f"{first.system}|{first.value}"
    if treating.organization is not None and treating.organization.name:
        return treating.organization.name
    return ""


def request_identifier(request: SecondOpinionRequest) -> Resource:
    """Return the placer's identifier of the request, as on ServiceRequest and Task."""
    return {
        "type": concept(systems.V2_IDENTIFIER_TYPE, "PLAC"),
        "system": systems.REQUEST_ID,
        "value": request.id,
    }


def case_identifier(case: str) -> Resource:
    """Return the identifier that all artefacts of a case share."""
    return {"system": systems.CASE_ID, "value": case}


def message_identifier(message_id: str) -> Resource:
    """Return the sender's own number of a message."""
    return {"system": systems.MESSAGE_ID, "value": message_id}


def record_identifier(record_id: str) -> Resource:
    """Return the identifier under which a record is named within its request."""
    return {"system": systems.RECORD_ID, "value": record_id}
