"""The two forms in which an expressed request leaves: a transaction for a FHIR server, a message for a partner.

https://hl7.org/fhir/R4/http.html#transaction, https://hl7.org/fhir/R4/messaging.html
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from adapter.domain.clearance import Cleared
from adapter.domain.consent import Purpose
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir import bundles, systems
from adapter.fhir.bundles import local_reference
from adapter.fhir.coding import concept
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.crossing import Crossing
from adapter.mapping.to_fhir.datatypes import as_instant
from adapter.mapping.to_fhir.document_reference import binary_resource, with_address
from adapter.mapping.to_fhir.expressed import ExpressedRequest
from adapter.mapping.to_fhir.identity import message_identifier
from adapter.mapping.to_fhir.message_header import Endpoint, message_header

_SHARED: Final = frozenset({"Organization", "Practitioner"})

REQUEST_EVENT: Final = (systems.V2_EVENT, "I12")


def transaction_bundle(expressed: ExpressedRequest, *, read: Callable[[str], bytes]) -> Resource:
    """Return the request as a transaction, with the bytes of the cleared records.

    Our own resources are written by PUT under our ids, so that writing them again adds nothing. Organisations and
    practitioners with an identifier may be on the server already: they are created only where they are not found.

    Args:
        expressed: the request.
        read: gives the bytes of a record by its SHA-256.
    """
    resources: list[Resource] = []
    binaries: list[Resource] = []
    records = {document["id"]: record for record, document in expressed.documents.items()}
    for resource in expressed.resources:
        record = records.get(resource["id"]) if resource["resourceType"] == "DocumentReference" else None
        if record is None or (content := expressed.contents.get(record)) is None:
            resources.append(resource)
            continue
        binary = binary_resource(resource, read(content.sha256), id_=binary_id(expressed, record))
        binaries.append(binary)
        resources.append(with_address(resource, local_reference(binary)))
    conditions = {
        local_reference(resource): _condition(resource)
        for resource in expressed.directory
        if resource["resourceType"] in _SHARED and resource.get("identifier")
    }
    request = expressed.request
    return bundles.transaction(
        [*resources, *binaries], conditions=conditions, id=expressed.ids.of("transaction", request.message_id)
    )


def message_bundle(
    expressed: ExpressedRequest,
    *,
    release: Cleared[SecondOpinionRequest],
    source: Endpoint,
    destination: Endpoint,
    recipient_country: str | None,
    event: tuple[str, str] = REQUEST_EVENT,
) -> Resource:
    """Return the request as a message to the consulting side: metadata of cleared records, never their bytes.

    Args:
        expressed: the request.
        release: the gate's word that this request may go to the consulting side.
        source: our interface.
        destination: theirs.
        recipient_country: where they are; None = unknown. Patient numbers of another country are left out.
        event: system and code; a first request is I12.

    Raises:
        ValueError: the release is for something else.
    """
    request = expressed.request
    if release.purpose is not Purpose.SHARE_RECORDS or release.item != request:
        raise ValueError("this release is not for this request")
    crossing = Crossing(country=recipient_country, ids=expressed.ids)
    replaced = {"url": systems.EXT_REPLACES_MESSAGE, "valueIdentifier": message_identifier(request.replaces or "")}
    header = message_header(
        id=message_id(expressed),
        event=event,
        source=source,
        destination=destination,
        sender=expressed.names.get("Organization(treating)"),
        receiver=expressed.names.get("Organization(consulting)"),
        focus=[local_reference(expressed.task)],
        reason=concept(systems.V2_REFERRAL_REASON, "S"),
        extension=[replaced] if request.replaces else [],
        language=expressed.language,
    )
    return bundles.message(
        header,
        crossing.visible(expressed.resources),
        id=expressed.ids.of("message-bundle", request.message_id),
        timestamp=as_instant(request.sent),
        identifier=message_identifier(request.message_id),
        meta=systems.profile("SecondOpinionMessage"),
    )


def message_id(expressed: ExpressedRequest) -> str:
    """Return MessageHeader.id of the message; the same as long as the sender's message id is."""
    return expressed.ids.of("message", expressed.request.message_id)


def binary_id(expressed: ExpressedRequest, record: str) -> str:
    """Return the id of the Binary that holds a record's bytes."""
    return expressed.ids.of("Binary", record)


def _condition(resource: Resource) -> str:
    first = resource["identifier"][0]
    token = quote(f"{first['system']}|{first['value']}", safe="")
    return f"identifier={token}"
