"""The opinion as a document Bundle: Composition LOINC 24611-6 and what belongs to it.

https://hl7.org/fhir/R4/documents.html, https://hl7.org/fhir/R4/composition.html
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from adapter.base.errors import Invalid, Problem
from adapter.base.ids import DEFAULT_KEY, opaque_id
from adapter.domain.parties import Organization
from adapter.domain.records import RecordContent
from adapter.domain.report import SecondOpinionReport
from adapter.fhir import bundles
from adapter.fhir.bundles import local_reference
from adapter.fhir.coding import CONFIRMATORY_CONSULTATION, concept
from adapter.fhir.models import checked
from adapter.fhir.resource import Resource
from adapter.fhir.systems import (
    EXT_CONCORDANCE,
    EXT_NECESSITY,
    EXT_QUESTION_NUMBER,
    EXT_URGENT_FINDING,
    MESSAGE_ID,
    REPORT_ID,
    SNOMED,
    TASK_OUTPUT,
    profile,
)
from adapter.mapping.from_fhir.request_view import RequestView, identifiers_of
from adapter.mapping.to_fhir.datatypes import present
from adapter.mapping.to_fhir.directory import organization_resource
from adapter.mapping.to_fhir.document_texts import title
from adapter.mapping.to_fhir.opinion_parts import (
    OPINION_TYPE,
    OpinionSource,
    alternatives_resource,
    answers_resource,
    author_resource,
    concordance_concept,
    necessity_concept,
    report_resource,
    request_reference,
    signed_document,
)
from adapter.mapping.to_fhir.opinion_sections import opinion_sections
from adapter.mapping.to_fhir.resource_text import narrated
from adapter.mapping.to_fhir.resource_words import tongue_of_country

_OF_A_REVIEWED_RECORD: Final = (
    *("resourceType", "id", "masterIdentifier", "identifier", "status", "docStatus"),
    *("type", "category", "date", "description", "securityLabel"),
)
"""What a document keeps of a DocumentReference that it cites; the rest points to what is not in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpressedOpinion:
    """A report as FHIR.

    Attributes:
        source: what was expressed.
        document: the document Bundle.
        composition: its Composition, references as `Type/id`.
        diagnostic_report: its DiagnosticReport, likewise.
        resources: the Composition and whatever else is new with this report, likewise; the patient and what the
            report cites are in the document only.
        outputs: for Task.output: the report, concordance and necessity where they are stated, an answer per question.
    """

    source: OpinionSource
    document: Resource
    composition: Resource
    diagnostic_report: Resource
    resources: tuple[Resource, ...]
    outputs: tuple[Resource, ...]


def report_problems(report: SecondOpinionReport, view: RequestView) -> list[Problem]:
    """Return what in a report does not fit the request that it answers, by the report's JSON pointers."""
    problems = []
    known = {record.record_id for record in view.records}
    for n, record in enumerate(report.reviewed):
        if record not in known:
            problems.append(Problem("the request announced no record with this id", f"/reviewed/{n}", "not-found"))
    seen: set[int] = set()
    for n, answer in enumerate(report.answers):
        where = f"/answers/{n}/question"
        if not 1 <= answer.question <= len(view.questions):
            text = f"the request has {len(view.questions)} questions; they are counted from 1"
            problems.append(Problem(text, where, "not-found"))
        if answer.question in seen:
            problems.append(Problem("this question is answered twice", where, "duplicate"))
        seen.add(answer.question)
    if report.case != view.case_number:
        problems.append(Problem("the report is about another case than the request", "/case", "not-found"))
    return problems


def express_report(
    report: SecondOpinionReport,
    *,
    view: RequestView,
    content: RecordContent | None,
    document: bytes | None,
    author: Organization,
    resources: Iterable[Resource] = (),
    id_key: bytes = DEFAULT_KEY,
) -> ExpressedOpinion:
    """Return the report as FHIR.

    Args:
        report: as its author states it.
        view: the request that it answers.
        content: what is known of the signed document's bytes; None = there is no document.
        document: the bytes; None = they stay where they are.
        author: the consulting organisation.
        resources: those of the case; the author's Organization is taken from them where it is among them.
        id_key: the key of the organisation's opaque ids.

    Raises:
        Invalid: the report does not fit the request (`report_problems`).
    """
    if problems := report_problems(report, view):
        raise Invalid("the report does not fit the request", problems=problems)
    known = _known(author, resources)
    made = organization_resource(author, opaque_id("Organization", view.task["id"], key=id_key))
    organisation = known or narrated(made, tongue_of_country(author.country))
    source = OpinionSource(
        report=report, view=view, organisation=organisation, content=content, document=document, id_key=id_key
    )
    parts = _parts(source)
    reviewed = [record for record in view.records if record.record_id in report.reviewed]
    composition = narrated(_composition(source, opinion_sections(source, reviewed, parts)), source.language)
    writer = author_resource(source)
    cited = [narrated(_cited(record.resource, source.subject), source.language) for record in reviewed]
    bundle = bundles.document(
        composition,
        [view.patient, organisation, writer, *parts.values(), *cited],
        id=source.id("Bundle"),
        identifier={"system": MESSAGE_ID, "value": report.message_id},
        timestamp=source.issued,
        meta=profile("SecondOpinionBundle"),
    )
    new = [composition, writer, *parts.values()]
    return ExpressedOpinion(
        source=source,
        document=bundle,
        composition=composition,
        diagnostic_report=parts["DiagnosticReport"],
        resources=tuple(new if known else [*new, organisation]),
        outputs=tuple(_outputs(source, bundle)),
    )


def _known(author: Organization, resources: Iterable[Resource]) -> Resource | None:
    """Return the Organization among `resources` that has an identifier of the author."""
    for resource in resources:
        if resource["resourceType"] == "Organization" and set(identifiers_of(resource)) & set(author.identifiers):
            return resource
    return None


def _parts(source: OpinionSource) -> dict[str, Resource]:
    parts = [report_resource(source)]
    if source.view.questions:
        parts.append(answers_resource(source))
    if source.report.alternatives:
        parts.append(alternatives_resource(source))
    return {part["resourceType"]: narrated(part, source.language) for part in [*parts, *signed_document(source)]}


def _composition(source: OpinionSource, sections: list[Resource]) -> Resource:
    report = source.report
    judged = ((EXT_CONCORDANCE, concordance_concept(report)), (EXT_NECESSITY, necessity_concept(report)))
    extensions: list[Resource] = [
        {"url": url, "valueCodeableConcept": stated} for url, stated in judged if stated is not None
    ]
    if report.urgent_finding:
        extensions.append({"url": EXT_URGENT_FINDING, "valueString": report.urgent_finding})
    replaced = [{"code": "replaces", "targetIdentifier": {"system": MESSAGE_ID, "value": report.replaces}}]
    attested = [{"mode": "professional", "time": source.issued, "party": source.author}]
    return checked(
        present(
            {
                "resourceType": "Composition",
                "id": source.id("Composition"),
                "meta": profile("SecondOpinionComposition"),
                "language": source.language,
                "extension": extensions,
                "identifier": {"system": REPORT_ID, "value": report.id},
                "status": report.status,
                "type": OPINION_TYPE,
                "subject": source.subject,
                "date": source.issued,
                "author": [source.author],
                "title": title("opinion", source.language),
                "attester": attested if report.status != "preliminary" else [],
                "custodian": source.custodian,
                "relatesTo": replaced if report.replaces else [],
                "event": [
                    {
                        "code": [concept(SNOMED, CONFIRMATORY_CONSULTATION)],
                        "detail": [request_reference(source.view, literal=False)],
                    }
                ],
                "section": sections,
            }
        )
    )


def _cited(document: Resource, subject: Resource) -> Resource:
    """Return what the opinion keeps of a record that it cites: which one it was, not where it lies."""
    kept: Resource = {name: document[name] for name in _OF_A_REVIEWED_RECORD if name in document}
    contents = [
        {**content, "attachment": {k: v for k, v in content["attachment"].items() if k not in ("url", "data")}}
        for content in document["content"]
    ]
    return checked({**kept, "subject": subject, "content": contents})


def _outputs(source: OpinionSource, document: Resource) -> list[Resource]:
    report = source.report
    outputs: list[Resource] = [
        _output("opinion-report", valueReference={"reference": local_reference(document)}),
        _output("opinion-report", valueReference={"reference": f"DiagnosticReport/{source.id('DiagnosticReport')}"}),
    ]
    for code, stated in (("concordance", concordance_concept(report)), ("necessity", necessity_concept(report))):
        if stated is not None:
            outputs.append(_output(code, valueCodeableConcept=stated))
    for answer in report.answers:
        numbered = [{"url": EXT_QUESTION_NUMBER, "valuePositiveInt": answer.question}]
        outputs.append({"extension": numbered, **_output("answer", valueString=answer.text)})
    return outputs


def _output(code: str, **value: object) -> Resource:
    return {"type": concept(TASK_OUTPUT, code), **value}
