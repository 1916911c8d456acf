"""An opinion as it arrives: a document Bundle with a Composition LOINC 24611-6.

https://hl7.org/fhir/R4/composition.html, https://hl7.org/fhir/R4/diagnosticreport.html
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapter.base.errors import Invalid, Problem
from adapter.domain.parties import Practitioner
from adapter.domain.report import PatientSummary
from adapter.domain.values import HumanName, Identifier
from adapter.fhir.coding import DISPLAYS, OPINION_REPORT, codes_of
from adapter.fhir.resource import Resource
from adapter.fhir.systems import (
    CONCORDANCE,
    EXT_CONCORDANCE,
    EXT_NECESSITY,
    EXT_URGENT_FINDING,
    MESSAGE_ID,
    NECESSITY,
    REPORT_ID,
    SECTION,
)
from adapter.mapping.from_fhir.document import ReceivedDocument, disagreements
from adapter.mapping.from_fhir.request_view import identifiers_of, record_id_of
from adapter.mapping.narrative import language_of, plain_text

_QUESTION = re.compile("[1-9][0-9]{0,5}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedOpinion:
    """What an opinion says; None = not stated.

    Attributes:
        report_id: the report's business key.
        message_id: of the message that brought this version of it.
        replaces: the message whose report this one takes the place of.
        status: "preliminary", "final" or "amended".
        issued: as written.
        author: who wrote it.
        necessity: "yes", "no" or "undecided", where it is stated in a code.
        concordance: a code of so-concordance, where there is one.
        answers: by the number of the question, from 1; a question without an answer is absent.
        alternatives: in their order.
        reviewed: the ids of the records that were looked at.
        document: the bytes of the signed document.
        document_type: its media type.
        sha256: of those bytes, in lower-case hex.
    """

    report_id: str
    message_id: str | None
    replaces: str | None
    status: str
    issued: str
    author: Practitioner
    necessity: str | None
    concordance: str | None
    answers: Mapping[int, str]
    alternatives: tuple[str, ...]
    reviewed: tuple[str, ...]
    summary: str | None
    patient_summary: PatientSummary | None
    urgent_finding: str | None
    document: bytes | None
    document_type: str | None
    sha256: str | None


def read_opinion(bundle: Resource) -> ReceivedOpinion:
    """Read an opinion.

    Raises:
        Invalid: it is no opinion; or with everything that is missing, unknown, or not borne out by the bytes.
    """
    document = ReceivedDocument(bundle, OPINION_REPORT)
    composition, problems = document.composition, list[Problem]()
    reports = document.of_type("DiagnosticReport")
    if len(reports) != 1:
        problems.append(Problem("an opinion has one DiagnosticReport", "Bundle.entry.resource", "required"))
    report = reports[0] if reports else {}
    necessity = _judgement(composition, report, EXT_NECESSITY, NECESSITY, problems)
    concordance = _judgement(composition, report, EXT_CONCORDANCE, CONCORDANCE, problems)
    report_id = _report_id(composition, problems)
    status = _status(composition, problems)
    author = _author(document, problems)
    signed = _signed(document, report, problems)
    answers = _answers(document, problems)
    if problems:
        raise Invalid("the opinion cannot be taken", problems=problems)
    return ReceivedOpinion(
        report_id=report_id,
        message_id=document.identifier.get("value"),
        replaces=_replaces(composition),
        status=status,
        issued=report.get("issued") or composition.get("date", ""),
        author=author,
        necessity=necessity,
        concordance=concordance,
        answers=answers,
        alternatives=_alternatives(document),
        reviewed=_reviewed(document),
        summary=report.get("conclusion"),
        patient_summary=_patient_summary(composition),
        urgent_finding=_extension(composition, EXT_URGENT_FINDING).get("valueString"),
        document=signed[0] if signed else None,
        document_type=signed[1] if signed else None,
        sha256=hashlib.sha256(signed[0]).hexdigest() if signed else None,
    )


def _judgement(composition: Resource, report: Resource, url: str, system: str, problems: list[Problem]) -> str | None:
    """Return the coded judgement, None where none is stated; Composition and DiagnosticReport must not contradict."""
    attested = codes_of(_extension(composition, url).get("valueCodeableConcept"), system)
    concluded = [code for one in report.get("conclusionCode", ()) for code in codes_of(one, system)]
    found = set(attested) | set(concluded)
    where = "DiagnosticReport.conclusionCode"
    if len(found) > 1:
        problems.append(Problem(f"there are different codes of {system}", where, "business-rule"))
    elif not found <= DISPLAYS[system].keys():
        text = f"the code is none of {', '.join(DISPLAYS[system])}"
        problems.append(Problem(text, where, "code-invalid"))
    return min(found, default=None)


def _report_id(composition: Resource, problems: list[Problem]) -> str:
    identifier = composition.get("identifier", {})
    if identifier.get("system") != REPORT_ID or not identifier.get("value"):
        text = f"the report's number (system {REPORT_ID}) is missing"
        problems.append(Problem(text, "Composition.identifier", "required"))
    return str(identifier.get("value", ""))


def _status(composition: Resource, problems: list[Problem]) -> str:
    status = composition.get("status")
    if status not in ("preliminary", "final", "amended"):
        text = "the status of an opinion is preliminary, final or amended"
        problems.append(Problem(text, "Composition.status", "code-invalid"))
    return str(status)


def _author(document: ReceivedDocument, problems: list[Problem]) -> Practitioner:
    written = [document.target(one) for one in document.composition.get("author", ())]
    people = [one for one in written if one is not None and one["resourceType"] == "Practitioner"]
    if not people:
        problems.append(Problem("the doctor who wrote the opinion is missing", "Composition.author", "required"))
        return Practitioner()
    stated = next(iter(people[0].get("name", ())), None)
    name = stated and HumanName(
        family=stated.get("family"),
        given=tuple(stated.get("given", ())),
        prefix=tuple(stated.get("prefix", ())),
        suffix=tuple(stated.get("suffix", ())),
        text=stated.get("text"),
    )
    identifiers: tuple[Identifier, ...] = identifiers_of(people[0])
    return Practitioner(name=name, identifiers=identifiers)


def _signed(document: ReceivedDocument, report: Resource, problems: list[Problem]) -> tuple[bytes, str] | None:
    """Return the signed document and its media type; None = there is none in the Bundle."""
    for n, attachment in enumerate(report.get("presentedForm", ())):
        where = f"DiagnosticReport.presentedForm[{n}]"
        data, _ = document.data_of(attachment)
        if data is None:
            if "url" in attachment or "data" in attachment:
                problems.append(Problem("the bytes of the signed document are missing", where, "not-found"))
            continue
        problems.extend(disagreements(attachment, data, where))
        return data, attachment.get("contentType", "application/octet-stream")
    return None


def _answers(document: ReceivedDocument, problems: list[Problem]) -> dict[int, str]:
    answers: dict[int, str] = {}
    for response in document.of_type("QuestionnaireResponse"):
        for n, item in enumerate(response.get("item", ())):
            where = f"QuestionnaireResponse.item[{n}]"
            number = _number(item.get("linkId"))
            if number is None:
                problems.append(Problem("linkId is the number of the question, from 1", f"{where}.linkId", "value"))
                continue
            if number in answers:
                problems.append(Problem("this question is answered twice", f"{where}.linkId", "duplicate"))
            words = [one["valueString"] for one in item.get("answer", ()) if "valueString" in one]
            if words:
                answers[number] = "\n".join(words)
    return answers


def _number(link: object) -> int | None:
    return int(link) if isinstance(link, str) and _QUESTION.fullmatch(link) else None


def _alternatives(document: ReceivedDocument) -> tuple[str, ...]:
    proposals = [plan for plan in document.of_type("CarePlan") if plan.get("intent") == "proposal"]
    details = [one.get("detail", {}) for plan in proposals for one in plan.get("activity", ())]
    texts = [detail.get("code", {}).get("text") or detail.get("description") for detail in details]
    return tuple(text for text in texts if text)


def _reviewed(document: ReceivedDocument) -> tuple[str, ...]:
    section = _section(document.composition, "documents-reviewed")
    cited = [document.target(entry) for entry in section.get("entry", ())]
    ids = [record_id_of(one) for one in cited if one is not None]
    return tuple(one for one in ids if one is not None)


def _patient_summary(composition: Resource) -> PatientSummary | None:
    text = _section(composition, "for-the-patient").get("text")
    words = plain_text(text)
    if words is None:
        return None
    return PatientSummary(language=language_of(text) or composition.get("language", "und"), text=words)


def _replaces(composition: Resource) -> str | None:
    for related in composition.get("relatesTo", ()):
        target = related.get("targetIdentifier", {})
        if related.get("code") == "replaces" and target.get("system") == MESSAGE_ID:
            return str(target.get("value"))
    return None


def _section(composition: Resource, code: str) -> Resource:
    sections = (one for one in composition.get("section", ()) if code in codes_of(one.get("code"), SECTION))
    return next(sections, {})


def _extension(resource: Resource, url: str) -> Resource:
    return next((one for one in resource.get("extension", ()) if one.get("url") == url), {})
