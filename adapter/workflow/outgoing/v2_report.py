"""tell-report-by-v2: the report goes to the system that asked by HL7 v2, if return consent still allows it."""

import base64

from adapter.domain.case import Case
from adapter.domain.clearance import Refusal
from adapter.domain.consent import Purpose
from adapter.domain.report import Answer, ReportDocument, SecondOpinionReport
from adapter.domain.values import Instant
from adapter.mapping.from_fhir.opinion import ReceivedOpinion, read_opinion
from adapter.mapping.to_v2.report import FORMATS, ReportFormat, write_report
from adapter.rules.consent_gate import clear
from adapter.store.work import WorkItem
from adapter.workflow.grants import grants_of_case
from adapter.workflow.node import Node
from adapter.workflow.outgoing.v2_letter import Letter, letter_for


def tell_report_by_v2(node: Node, item: WorkItem) -> None:
    """Ask the gate again, then send the report in the format that its receiver takes.

    Raises:
        PeerError: as the sender.
        SetupError: the door, or its address for replies, is no longer in the settings.
    """
    letter = letter_for(node, item)
    format_ = FORMATS.get(letter.report or "")
    organisation = node.organisation(item.org)
    with node.store.read() as unit:
        stored = unit.resources.get(item.org, "Bundle", item.detail["opinion"])
        grants = grants_of_case(unit, letter.case)
    if stored is None:
        raise LookupError(f"case {item.case_id} has no opinion")
    verdict = clear(
        stored.resource,
        grants=grants,
        purpose=Purpose.RETURN_REPORT,
        recipient=organisation.recipient,
        moment=node.clock.now(),
        time_zone=organisation.zone,
    )
    told: dict[str, object]
    kind, told = "report-to-system", {"to": letter.door.id, "format": letter.report}
    if isinstance(verdict, Refusal):
        kind, told = "report-kept-from-system", {"to": letter.door.id, "code": verdict.code}
    elif format_ is not None:
        told["remarks"] = _send(letter, format_, read_opinion(verdict.item))
    at = node.clock.now()
    with node.store.transaction() as unit:
        if format_ is not None:
            unit.events.append(item.org, item.case_id, kind, "node", at, told)
        unit.work.finish(item.id, at)


def _send(letter: Letter, written_as: ReportFormat, opinion: ReceivedOpinion) -> list[dict[str, str | None]]:
    """Send the report and return what HL7 v2 cannot carry of it."""
    written = write_report(
        _stated(opinion, letter.case),
        letter.request.patient,
        format=written_as,
        order=letter.request.id,
        data=base64.b64encode(opinion.document).decode() if opinion.document is not None else None,
        letterhead=letter.letterhead,
        codes=letter.codes,
    )
    letter.send(written.message)
    return [{"kind": one.kind.value, "where": one.source, "text": one.text} for one in written.remarks]


def _stated(opinion: ReceivedOpinion, case: Case) -> SecondOpinionReport:
    """Return an opinion as the report that it expresses."""
    document = None
    if opinion.document is not None:
        document = ReportDocument(content_type=opinion.document_type or "application/octet-stream")
    return SecondOpinionReport(
        id=opinion.report_id,
        message_id=opinion.message_id or opinion.report_id,
        replaces=opinion.replaces,
        case=case.number,
        issued=Instant(opinion.issued),
        status=opinion.status,
        author=opinion.author,
        necessity=opinion.necessity,
        concordance=opinion.concordance,
        reviewed=opinion.reviewed,
        answers=tuple(Answer(question=number, text=text) for number, text in sorted(opinion.answers.items())),
        alternatives=opinion.alternatives,
        summary=opinion.summary,
        patient_summary=opinion.patient_summary,
        urgent_finding=opinion.urgent_finding,
        document=document,
    )
