"""Records that came without a request, as FHIR: the patient, and a DocumentReference and Binary for each.

They stay on the side that received them; nothing is released by this.
https://hl7.org/fhir/R4/documentreference.html
"""

from collections.abc import Callable, Mapping

from adapter.base.ids import DEFAULT_KEY
from adapter.domain.records import RecordContent
from adapter.domain.standing_alone import RecordsAlone
from adapter.fhir import bundles
from adapter.fhir.bundles import local_reference
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.datatypes import as_instant
from adapter.mapping.to_fhir.document_reference import binary_resource, document_reference, with_address
from adapter.mapping.to_fhir.identity import Ids
from adapter.mapping.to_fhir.patient import patient_resource
from adapter.mapping.to_fhir.resource_text import narrated


def records_transaction(
    alone: RecordsAlone,
    *,
    contents: Mapping[str, RecordContent],
    read: Callable[[str], bytes],
    sender: str,
    language: str,
    id_key: bytes = DEFAULT_KEY,
) -> Resource:
    """Return the records as a transaction for a FHIR server; the same input gives the same resources.

    Args:
        alone: what the message says.
        contents: of the records whose bytes are here, by record id.
        read: gives the bytes of a record by its SHA-256.
        sender: which system sent it.
        language: of the narratives.
        id_key: the organisation's own key for opaque ids.
    """
    ids = Ids(sender, alone.id, id_key)
    patient = patient_resource(alone.patient, ids.of("Patient"))
    resources = [patient]
    for record in alone.records:
        content = contents.get(record.id)
        document = document_reference(
            record,
            content,
            patient=local_reference(patient),
            custodian=None,
            sent=as_instant(alone.sent),
            id_=ids.of("DocumentReference", record.id),
            master=ids.of("DocumentReference", record.id, "master"),
        )
        if content is None:
            resources.append(document)
            continue
        binary = binary_resource(document, read(content.sha256), id_=ids.of("Binary", record.id))
        resources += [with_address(document, local_reference(binary)), binary]
    told = [narrated(resource, language) for resource in resources]
    return bundles.transaction(told, id=ids.of("transaction", alone.message_id))
