"""DocumentReference and Binary of a record that the consent gate has cleared; of no other.

https://hl7.org/fhir/R4/documentreference.html, https://hl7.org/fhir/R4/binary.html
R4 defines Attachment.hash as SHA-1; the SHA-256 that everything here goes by stands in an extension.
"""

import base64
from typing import Final

from adapter.domain.records import Record, RecordContent
from adapter.fhir import systems
from adapter.fhir.coding import coding
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import as_concept, present, reference
from adapter.mapping.to_fhir.identity import record_identifier

_UNTYPED: Final = "application/octet-stream"  # https://www.rfc-editor.org/rfc/rfc2046#section-4.5.1


def document_reference(
    record: Record,
    content: RecordContent | None,
    *,
    patient: str,
    custodian: str | None,
    sent: str,
    id_: str,
    master: str,
) -> Resource:
    """Return the DocumentReference, without the bytes and without an address of them.

    Args:
        record: as the request has it; its own date is `attachment.creation`.
        content: what is known of the bytes; None = they have not been seen.
        patient: `Patient/id`.
        custodian: `Organization/id` of who keeps the record; None = not stated.
        sent: when the request was sent, as FHIR instant.
        id_: of the resource.
        master: UUID of the master identifier; not `id_`, because some servers take an identifier that equals an
            entry's fullUrl for a reference and rewrite it.
    """
    labels = [coding(systems.V3_CONFIDENTIALITY, record.confidentiality)] if record.confidentiality else []
    labels += [coding(systems.V3_ACT_CODE, code) for code in record.sensitivity]
    return checked(
        present(
            {
                "resourceType": "DocumentReference",
                "id": id_,
                "meta": systems.profile("SecondOpinionRecordAnnounced"),
                "masterIdentifier": {"system": systems.URI, "value": f"urn:uuid:{master}"},
                "identifier": [record_identifier(record.id)],
                "status": "current",
                "type": as_concept(record.type) if record.type else None,
                "subject": reference(patient),
                "date": sent,
                "author": [{"display": record.author}] if record.author else [],
                "custodian": reference(custodian) if custodian else None,
                "description": record.title,
                "securityLabel": [{"coding": [label]} for label in labels],
                "content": [{"attachment": attachment(record, content)}],
            }
        )
    )


def attachment(record: Record, content: RecordContent | None) -> Resource:
    """Return what is said of the record's content: type, language, size, hashes, title and date."""
    described = {
        "contentType": record.content_type,
        "language": record.language,
        "title": record.title or record.id,
        "creation": record.date and str(record.date),
    }
    if content is None:
        stated = [{"url": systems.EXT_SHA256, "valueString": record.sha256}] if record.sha256 else []
        return present({"extension": stated, **described})
    return present(
        {
            "extension": [{"url": systems.EXT_SHA256, "valueString": content.sha256}],
            **described,
            "size": content.size_bytes,
            "hash": base64.b64encode(bytes.fromhex(content.sha1)).decode(),
        }
    )


def with_address(document: Resource, url: str) -> Resource:
    """Return the DocumentReference of a record whose bytes are known, with their address; the given one stays.

    Bytes of a type that nobody states are said to be just that, as their Binary does: IHE MHD wants a type. It claims
    the profile for records beside their bytes where it claimed that for announced ones.
    """
    content = document["content"][0]
    attached = {**content["attachment"], "url": url}
    attached.setdefault("contentType", _UNTYPED)
    addressed = {**document, "content": [{**content, "attachment": attached}]}
    if document.get("meta") == systems.profile("SecondOpinionRecordAnnounced"):
        addressed["meta"] = systems.profile("SecondOpinionRecordPackaged")
    return addressed


def binary_resource(document: Resource, data: bytes, *, id_: str) -> Resource:
    """Return the Binary of a DocumentReference; who may not see the one may not see the other.

    A record of no bytes has no `data`: R4 has no empty values.
    """
    binary: Resource = {
        "resourceType": "Binary",
        "id": id_,
        "contentType": document["content"][0]["attachment"].get("contentType", _UNTYPED),
        "securityContext": reference(f"DocumentReference/{document['id']}"),
    }
    return checked(binary | {"data": base64.b64encode(data).decode()} if data else binary)
