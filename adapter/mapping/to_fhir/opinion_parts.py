"""The resources of an opinion beside its Composition: who wrote it, the answers, the report with the signed document.

https://hl7.org/fhir/R4/diagnosticreport.html, https://hl7.org/fhir/R4/questionnaireresponse.html
"""

import base64
from dataclasses import dataclass
from typing import Final

from adapter.base.ids import DEFAULT_KEY, opaque_id
from adapter.domain.records import RecordContent
from adapter.domain.report import SecondOpinionReport
from adapter.fhir.coding import CONSULT_NOTE, OPINION_REPORT, coding, concept, text_concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import (
    CONCORDANCE,
    EXT_SHA256,
    EXT_URGENT_FINDING,
    LOINC,
    MESSAGE_ID,
    NECESSITY,
    REPORT_ID,
    profile,
)
from adapter.mapping.from_fhir.request_view import RequestView
from adapter.mapping.to_fhir.datatypes import as_instant, present, reference
from adapter.mapping.to_fhir.directory import practitioner_resource
from adapter.mapping.to_fhir.document_reference import binary_resource
from adapter.mapping.to_fhir.document_texts import phrase, title, tongue
from adapter.mapping.to_fhir.resource_text import narrated

OPINION_TYPE: Final[Resource] = {"coding": [coding(LOINC, OPINION_REPORT), coding(LOINC, CONSULT_NOTE)]}


@dataclass(frozen=True, kw_only=True, slots=True)
class OpinionSource:
    """Everything that an opinion is expressed from.

    Attributes:
        report: as its author states it.
        view: the request that it answers.
        organisation: the consulting Organization, with an id.
        content: what is known of the signed document's bytes; None = there is no document.
        document: the bytes; None = they stay where they are.
        id_key: the key of the organisation's opaque ids.
    """

    report: SecondOpinionReport
    view: RequestView
    organisation: Resource
    content: RecordContent | None = None
    document: bytes | None = None
    id_key: bytes = DEFAULT_KEY

    def id(self, *what: str) -> str:
        """Return the id of a part; the same for the same message of the same case."""
        return opaque_id("opinion", self.view.task["id"], self.report.message_id, *what, key=self.id_key)

    @property
    def language(self) -> str:
        """The language of our own words in the report."""
        document = self.report.document
        return tongue(document.language if document else None, self.patient_language)

    @property
    def patient_language(self) -> str | None:
        """The language of the part for the patient, as stated; None = not stated."""
        summary = self.report.patient_summary
        return summary.language if summary else self.view.language

    @property
    def subject(self) -> Resource:
        """A Reference to the patient."""
        return reference(f"Patient/{self.view.patient['id']}")

    @property
    def author(self) -> Resource:
        """A Reference to who wrote the report."""
        return reference(f"Practitioner/{self.id('Practitioner')}")

    @property
    def custodian(self) -> Resource:
        """A Reference to the organisation that keeps it."""
        return reference(f"Organization/{self.organisation['id']}")

    @property
    def issued(self) -> str:
        """When it was issued."""
        return as_instant(self.report.issued)


def request_reference(view: RequestView, *, literal: bool) -> Resource:
    """Return a Reference to the request by its business identifier, with `Type/id` beside it if `literal`."""
    placer = [one for one in view.service_request.get("identifier", ()) if "system" in one and "value" in one]
    identifier = {name: placer[0][name] for name in ("system", "value")} if placer else None
    local = f"ServiceRequest/{view.service_request['id']}"
    return present(
        {
            "reference": local if literal or identifier is None else None,
            "type": "ServiceRequest",
            "identifier": identifier,
        }
    )


def author_resource(source: OpinionSource) -> Resource:
    """Return the Practitioner who wrote the report."""
    return narrated(practitioner_resource(source.report.author, source.id("Practitioner")), source.language)


def answers_resource(source: OpinionSource) -> Resource:
    """Return the questions and their answers as a QuestionnaireResponse; linkId is the number of the question."""
    answered = {answer.question: answer.text for answer in source.report.answers}
    return checked(
        {
            "resourceType": "QuestionnaireResponse",
            "id": source.id("QuestionnaireResponse"),
            "status": "amended" if source.report.status == "amended" else "completed",
            "subject": source.subject,
            "authored": source.issued,
            "author": source.author,
            "item": [
                {
                    "linkId": str(number),
                    "text": question,
                    **({"answer": [{"valueString": answered[number]}]} if number in answered else {}),
                }
                for number, question in enumerate(source.view.questions, start=1)
            ],
        }
    )


def alternatives_resource(source: OpinionSource) -> Resource:
    """Return the alternatives as a CarePlan that is a proposal and nothing more."""
    return checked(
        {
            "resourceType": "CarePlan",
            "id": source.id("CarePlan"),
            "status": "draft",
            "intent": "proposal",
            "title": title("alternatives", source.language),
            "subject": source.subject,
            "created": source.issued,
            "author": source.author,
            "activity": [
                {"detail": {"code": text_concept(text), "status": "not-started"}} for text in source.report.alternatives
            ],
        }
    )


def attachment(source: OpinionSource) -> Resource | None:
    """Return the signed document as an Attachment, None where there is none."""
    stated, content = source.report.document, source.content
    if stated is None:
        return None
    return present(
        {
            "extension": [{"url": EXT_SHA256, "valueString": content.sha256}] if content else [],
            "contentType": stated.content_type,
            "language": stated.language,
            "url": f"Binary/{source.id('Binary')}" if source.document is not None else None,
            "size": content.size_bytes if content else None,
            "hash": base64.b64encode(bytes.fromhex(content.sha1)).decode() if content else None,
            "title": stated.title or title("opinion", source.language),
            "creation": source.issued,
        }
    )


def report_resource(source: OpinionSource) -> Resource:
    """Return the DiagnosticReport: the conclusion in words and codes, and the signed document."""
    report = source.report
    signed = attachment(source)
    urgent = report.urgent_finding
    return checked(
        present(
            {
                "resourceType": "DiagnosticReport",
                "id": source.id("DiagnosticReport"),
                "meta": profile("SecondOpinionDiagnosticReport"),
                "language": source.language,
                "extension": [{"url": EXT_URGENT_FINDING, "valueString": urgent}] if urgent else [],
                "identifier": [
                    {"system": REPORT_ID, "value": report.id},
                    {"system": MESSAGE_ID, "value": report.message_id},
                ],
                "basedOn": [request_reference(source.view, literal=True)],
                "status": report.status,
                "code": OPINION_TYPE,
                "subject": source.subject,
                "effectiveDateTime": source.issued,
                "issued": source.issued,
                "performer": [source.custodian],
                "resultsInterpreter": [source.author],
                "conclusion": report.summary,
                "conclusionCode": judgements(report),
                "presentedForm": [signed] if signed else [],
            }
        )
    )


def signed_document(source: OpinionSource) -> list[Resource]:
    """Return the DocumentReference of the signed document and its Binary; empty where there is none."""
    signed = attachment(source)
    if signed is None or source.report.document is None:
        return []
    described = {
        "resourceType": "DocumentReference",
        "id": source.id("DocumentReference"),
        "identifier": [{"system": REPORT_ID, "value": source.report.id}],
        "status": "current",
        "docStatus": source.report.status,
        "type": OPINION_TYPE,
        "subject": source.subject,
        "date": source.issued,
        "author": [source.author],
        "custodian": source.custodian,
        "content": [{"attachment": signed}],
    }
    if source.document is None:
        return [checked(described)]
    return [checked(described), binary_resource(described, source.document, id_=source.id("Binary"))]


def concordance_concept(report: SecondOpinionReport) -> Resource | None:
    """Return whether the second opinion agrees with the first; None = the report does not state it in a code."""
    return concept(CONCORDANCE, report.concordance) if report.concordance else None


def necessity_concept(report: SecondOpinionReport) -> Resource | None:
    """Return whether the planned operation is needed now; None = the report does not state it in a code."""
    return concept(NECESSITY, report.necessity) if report.necessity else None


def judgements(report: SecondOpinionReport) -> list[Resource]:
    """Return what the report states in codes: concordance, then necessity; either may be absent."""
    return [one for one in (concordance_concept(report), necessity_concept(report)) if one is not None]


def answered(source: OpinionSource) -> list[tuple[str, str]]:
    """Return every question with its answer, or with the words that it has none, or none of its own."""
    report = source.report
    given = {answer.question: answer.text for answer in report.answers}
    # where no question has an answer of its own, the text or document may well answer them
    is_prose = not given and (report.document is not None or report.summary is not None)
    otherwise = phrase("not-answered-apart" if is_prose else "not-answered", source.language)
    return [(question, given.get(number, otherwise)) for number, question in enumerate(source.view.questions, start=1)]
