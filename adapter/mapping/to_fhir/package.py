"""The records package: a document Bundle with the cleared records, their bytes, and a manifest of both.

https://hl7.org/fhir/R4/documents.html
R4 defines Attachment.hash as SHA-1; the SHA-256 by which a record is judged stands in the manifest and in an extension.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapter.base.ids import DEFAULT_KEY, opaque_id
from adapter.domain.clearance import Cleared
from adapter.domain.records import Record, RecordContent
from adapter.fhir import bundles
from adapter.fhir.bundles import local_reference
from adapter.fhir.coding import CONFIRMATORY_CONSULTATION, REFERRAL_NOTE, concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import EXT_MANIFEST, LOINC, PACKAGE_ID, SNOMED, profile
from adapter.mapping.from_fhir.request_view import record_id_of
from adapter.mapping.narrative import items, narrative, paragraph, table
from adapter.mapping.to_fhir.datatypes import present, reference
from adapter.mapping.to_fhir.document_reference import binary_resource, with_address
from adapter.mapping.to_fhir.document_texts import phrase, title, tongue
from adapter.mapping.to_fhir.moments import instant
from adapter.mapping.to_fhir.opinion_sections import section
from adapter.mapping.to_fhir.resource_text import narrated

_COLUMNS = ("record", "title", "media-type", "language", "size", "sha256")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Item:
    """A record that goes along: its DocumentReference (with the address of the bytes), Binary and content."""

    record: Record
    content: RecordContent
    document: Resource
    binary: Resource


def records_package(
    *,
    task: Resource,
    service_request: Resource,
    patient: Resource,
    documents: Sequence[Resource],
    cleared: Sequence[Cleared[Record]],
    contents: Mapping[str, RecordContent],
    read: Callable[[str], bytes],
    author: Resource,
    at: datetime,
    id: str,  # noqa: A002 (FHIR's own name)
) -> Resource:
    """Return the package of the records that the gate let go, and of no others.

    Args:
        task: of the case.
        service_request: the request.
        patient: the Patient as the recipient may see it.
        documents: the DocumentReferences of the records, each with its record id.
        cleared: the records that may go.
        contents: what is known of the records' bytes, by record id.
        read: returns the bytes of a sha256.
        author: the Organization that puts the package together and keeps it.
        at: when, aware.
        id: of the package; the ids of its parts are made from it.

    Raises:
        LookupError: a cleared record has no DocumentReference or no content; nothing is left out silently.
    """
    by_record = {record_id_of(document): document for document in documents}
    packed = [_item(one.item, by_record, contents, read, id) for one in cleared]
    spoken = tongue(*(item.record.language for item in packed))
    manifest = _manifest(packed, patient, author, at, id, spoken)
    composition = narrated(
        _composition(task, service_request, patient, author, at, id, spoken, packed, manifest), spoken
    )
    parts = [part for item in packed for part in (_alone(item.document, patient), item.binary)]
    return bundles.document(
        composition,
        [patient, author if "text" in author else narrated(author, spoken), manifest, *parts],
        id=_id(id, "Bundle"),
        identifier={"system": PACKAGE_ID, "value": id},
        timestamp=instant(at),
        meta=profile("SecondOpinionPackageBundle"),
    )


def _item(
    record: Record,
    documents: Mapping[str | None, Resource],
    contents: Mapping[str, RecordContent],
    read: Callable[[str], bytes],
    package: str,
) -> _Item:
    if record.id not in documents or record.id not in contents:
        raise LookupError(f"the cleared record {record.id} has no DocumentReference or no content")
    content = contents[record.id]
    binary = binary_resource(documents[record.id], read(content.sha256), id_=_id(package, "Binary", record.id))
    document = with_address(documents[record.id], local_reference(binary))
    return _Item(record=record, content=content, document=document, binary=binary)


def _alone(document: Resource, patient: Resource) -> Resource:
    """Return the DocumentReference without what points out of the package."""
    kept = {
        name: value
        for name, value in document.items()
        if name not in ("custodian", "context", "authenticator", "relatesTo")
    }
    return checked({**kept, "subject": reference(local_reference(patient))})


def _manifest(
    packed: Sequence[_Item], patient: Resource, author: Resource, at: datetime, package: str, spoken: str
) -> Resource:
    rows = [
        [
            item.record.id,
            item.record.title or "",
            item.binary["contentType"],
            item.record.language or "",
            str(item.content.size_bytes),
            item.content.sha256,
        ]
        for item in packed
    ]
    head = [phrase(column, spoken) for column in _COLUMNS]
    block = table(head, rows) if rows else paragraph(phrase("no-records", spoken))
    return checked(
        present(
            {
                "resourceType": "List",
                "id": _id(package, "List"),
                "meta": profile("SecondOpinionManifest"),
                "language": spoken,
                "text": narrative(block, language=spoken),
                "status": "current",
                "mode": "snapshot",
                "title": title("manifest", spoken),
                "subject": reference(local_reference(patient)),
                "date": instant(at),
                "source": None if author["resourceType"] == "Organization" else reference(local_reference(author)),
                "entry": [_entry(item) for item in packed],
            }
        )
    )


def _entry(item: _Item) -> Resource:
    record, content = item.record, item.content
    parts: list[Resource] = [
        {"url": "record", "valueString": record.id},
        {"url": "sha256", "valueString": content.sha256},
        {"url": "size", "valueUnsignedInt": content.size_bytes},
        {"url": "contentType", "valueCode": item.binary["contentType"]},
    ]
    if record.language is not None:
        parts.append({"url": "language", "valueCode": record.language})
    if "type" in item.document:
        parts.append({"url": "type", "valueCodeableConcept": item.document["type"]})
    return {"extension": [{"url": EXT_MANIFEST, "extension": parts}], "item": reference(local_reference(item.document))}


def _composition(
    task: Resource,
    service_request: Resource,
    patient: Resource,
    author: Resource,
    at: datetime,
    package: str,
    spoken: str,
    packed: Sequence[_Item],
    manifest: Resource,
) -> Resource:
    placer = next(iter(service_request.get("identifier") or task.get("identifier") or ()), None)
    asked = present({"type": "ServiceRequest", "identifier": placer})
    titles = [item.record.title or item.record.id for item in packed]
    listed = items(titles) if titles else paragraph(phrase("no-records", spoken))
    sections = [
        {
            **section("manifest", spoken, paragraph(title("manifest", spoken)), entries=[manifest]),
            "text": manifest["text"],
        },
        section("documents", spoken, listed, entries=[item.document for item in packed]),
    ]
    return checked(
        present(
            {
                "resourceType": "Composition",
                "id": _id(package, "Composition"),
                "meta": profile("SecondOpinionPackageComposition"),
                "language": spoken,
                "identifier": {"system": PACKAGE_ID, "value": package},
                "status": "final",
                "type": concept(LOINC, REFERRAL_NOTE),
                "subject": reference(local_reference(patient)),
                "date": instant(at),
                "author": [reference(local_reference(author))],
                "title": title("package", spoken),
                "custodian": reference(local_reference(author)),
                "event": [{"code": [concept(SNOMED, CONFIRMATORY_CONSULTATION)], "detail": [asked]}],
                "section": sections,
            }
        )
    )


def _id(package: str, *what: str) -> str:
    return opaque_id("records-package", package, *what, key=DEFAULT_KEY)
