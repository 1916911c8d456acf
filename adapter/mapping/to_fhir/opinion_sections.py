"""The sections of an opinion: what a person reads, with the resources that say the same to a machine.

https://hl7.org/fhir/R4/composition-definitions.html#Composition.section
"""

from adapter.fhir.bundles import local_reference
from adapter.fhir.coding import concept
from adapter.fhir.resource import Resource
from adapter.fhir.systems import SECTION
from adapter.mapping.from_fhir.request_view import AnnouncedRecord
from adapter.mapping.narrative import items, narrative, paragraph
from adapter.mapping.to_fhir.document_texts import CONCORDANCE, NECESSITY, phrase, title
from adapter.mapping.to_fhir.opinion_parts import OpinionSource, answered


def section(
    code: str, language: str, *blocks: str, entries: list[Resource] | None = None, spoken: str | None = None
) -> Resource:
    """Return a section.

    Args:
        code: of so-section.
        language: of the heading.
        blocks: XHTML made by `adapter.mapping.narrative`.
        entries: resources that the section refers to.
        spoken: the language of the blocks, where it is another one.
    """
    stated: Resource = {
        "title": title(code, language),
        "code": concept(SECTION, code),
        "text": narrative(*blocks, language=spoken or language),
    }
    if entries:
        stated["entry"] = [{"reference": local_reference(entry)} for entry in entries]
    return stated


def opinion_sections(
    source: OpinionSource, reviewed: list[AnnouncedRecord], parts: dict[str, Resource]
) -> list[Resource]:
    """Return the sections of the whole opinion, what is urgent first.

    Args:
        source: what is expressed.
        reviewed: the records that were looked at.
        parts: the resources of the opinion by type.
    """
    language, report = source.language, source.report
    sections = []
    if report.urgent_finding:
        sections.append(section("urgent-finding", language, paragraph(report.urgent_finding)))
    if source.view.questions:
        sections.append(answers_section(source, entries=[parts["QuestionnaireResponse"]]))
    titles = [record.title or record.record_id for record in reviewed]
    seen = items(titles) if titles else paragraph(phrase("no-records", language))
    sections.append(section("documents-reviewed", language, seen, entries=[record.resource for record in reviewed]))
    if examined := _examined(source):
        sections.append(section("examination", language, items(examined)))
    if report.summary:
        sections.append(section("summary", language, paragraph(report.summary)))
    judged = items(judgements_in_words(source))
    sections.append(section("assessment", language, judged, entries=[parts["DiagnosticReport"]]))
    if report.alternatives:
        sections.append(section("alternatives", language, items(report.alternatives), entries=[parts["CarePlan"]]))
    sections += patient_section(source)
    return sections + signed_section(source, parts)


def answers_section(source: OpinionSource, *, entries: list[Resource] | None = None) -> Resource:
    """Return the questions, each with its answer."""
    blocks = []
    for number, (question, answer) in enumerate(answered(source), start=1):
        heading = phrase("question", source.language).format(number=number)
        blocks.append(paragraph(f"{heading}: {question}") + paragraph(answer))
    return section("answers", source.language, *blocks, entries=entries)


def patient_section(source: OpinionSource) -> list[Resource]:
    """Return the part for the patient in the patient's language; empty where none was written."""
    summary = source.report.patient_summary
    if summary is None:
        return []
    return [section("for-the-patient", source.language, paragraph(summary.text), spoken=summary.language)]


def signed_section(source: OpinionSource, parts: dict[str, Resource]) -> list[Resource]:
    """Return the section that leads to the signed document; empty where there is none."""
    described = parts.get("DocumentReference")
    if described is None:
        return []
    name = described["content"][0]["attachment"]["title"]
    return [section("signed-document", source.language, paragraph(name), entries=[described])]


def judgements_in_words(source: OpinionSource) -> list[str]:
    """Return what the report states of necessity and concordance, or that it does not state it."""
    report, language = source.report, source.language
    return [
        NECESSITY[report.necessity][language] if report.necessity else phrase("necessity-not-stated", language),
        CONCORDANCE[report.concordance][language] if report.concordance else phrase("concordance-not-stated", language),
    ]


def _examined(source: OpinionSource) -> list[str]:
    examined = source.report.examined
    if examined is None:
        return []
    said = []
    if examined.talk is not None:
        said.append("talk" if examined.talk else "no-talk")
    if examined.mode is not None:
        said.append(examined.mode)
    if examined.physical is not None:
        said.append("physical" if examined.physical else "no-physical")
    return [phrase(code, source.language) for code in said]
