"""The patient's own copy of an opinion: a document Bundle, and the Communication with which it is handed over.

It is made for every report, also where the patient does not want the treating side to have one.
https://hl7.org/fhir/R4/documents.html, https://hl7.org/fhir/R4/communication.html
"""

from datetime import datetime

from adapter.fhir import bundles
from adapter.fhir.coding import concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import COMMUNICATION_CATEGORY, MESSAGE_ID, REPORT_ID, profile
from adapter.mapping.from_fhir.request_view import RequestView
from adapter.mapping.narrative import items, paragraph
from adapter.mapping.to_fhir.datatypes import present
from adapter.mapping.to_fhir.document_texts import title
from adapter.mapping.to_fhir.moments import instant
from adapter.mapping.to_fhir.opinion import ExpressedOpinion
from adapter.mapping.to_fhir.opinion_parts import (
    OPINION_TYPE,
    OpinionSource,
    author_resource,
    request_reference,
    signed_document,
)
from adapter.mapping.to_fhir.opinion_sections import answers_section, patient_section, section, signed_section
from adapter.mapping.to_fhir.resource_text import narrated


def patient_copy(opinion: ExpressedOpinion, *, view: RequestView, at: datetime) -> tuple[Resource, Resource]:
    """Return the document Bundle for the patient, and the Communication to the Patient about it.

    The Communication is `in-progress` until somebody confirms that the copy was handed over.

    Args:
        opinion: the report as expressed.
        view: the request that it answers.
        at: when the copy was made, aware.
    """
    source = opinion.source
    parts = {part["resourceType"]: narrated(part, source.language) for part in signed_document(source)}
    document = bundles.document(
        narrated(_composition(source, parts), source.language),
        [view.patient, source.organisation, author_resource(source), *parts.values()],
        id=source.id("patient-copy", "Bundle"),
        identifier={"system": MESSAGE_ID, "value": f"{source.report.message_id}/patient-copy"},
        timestamp=instant(at),
        meta=profile("SecondOpinionPatientCopy"),
    )
    return document, narrated(_communication(source, document), source.language)


def handed_over(communication: Resource, *, at: datetime) -> Resource:
    """Return the Communication as it stands once the patient has received the copy.

    Args:
        communication: as `patient_copy` made it; it is not changed.
        at: when the patient received it, aware.
    """
    return checked({**communication, "status": "completed", "received": instant(at)})


def _composition(source: OpinionSource, parts: dict[str, Resource]) -> Resource:
    report, language = source.report, source.language
    sections = []
    if report.urgent_finding:
        sections.append(section("urgent-finding", language, paragraph(report.urgent_finding)))
    sections += patient_section(source)
    if source.view.questions:
        sections.append(answers_section(source))
    if report.summary:
        sections.append(section("summary", language, paragraph(report.summary)))
    if report.alternatives:
        sections.append(section("alternatives", language, items(report.alternatives)))
    sections += signed_section(source, parts)
    return checked(
        present(
            {
                "resourceType": "Composition",
                "id": source.id("patient-copy", "Composition"),
                "meta": profile("SecondOpinionPatientCopyComposition"),
                "language": language,
                "identifier": {"system": REPORT_ID, "value": report.id},
                "status": report.status,
                "type": OPINION_TYPE,
                "subject": source.subject,
                "date": source.issued,
                "author": [source.author],
                "title": title("patient-copy", language),
                "custodian": source.custodian,
                "section": sections,
            }
        )
    )


def _communication(source: OpinionSource, document: Resource) -> Resource:
    summary = source.report.patient_summary
    payload: list[Resource] = [{"contentString": summary.text}] if summary else []
    payload.append({"contentReference": {"reference": bundles.local_reference(document)}})
    return checked(
        present(
            {
                "resourceType": "Communication",
                "id": source.id("patient-copy", "Communication"),
                "meta": profile("SecondOpinionPatientCommunication"),
                "language": source.patient_language if summary else source.language,
                "basedOn": [request_reference(source.view, literal=True)],
                "status": "in-progress",
                "category": [concept(COMMUNICATION_CATEGORY, "notification")],
                "subject": source.subject,
                "recipient": [source.subject],
                "sender": source.custodian,
                "payload": payload,
            }
        )
    )
