"""ORU^R01, MDM^T02 and RRI^I12 with the report of a second opinion: its document, its coded judgements and its answers.

HL7 v2.8 chapters 7.3.1 "ORU" and 9.6 "MDM"; LOINC 24611-6 is the report.
"""

from collections.abc import Mapping
from typing import Final, Literal

from adapter.domain.parties import Patient
from adapter.domain.report import SecondOpinionReport
from adapter.domain.values import Instant
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.to_v2.counterparts import Counterparts
from adapter.mapping.to_v2.documents import ed
from adapter.mapping.to_v2.facts import OF_REPORT, Observations
from adapter.mapping.to_v2.people import cnn, pln, xcn, xpn
from adapter.mapping.to_v2.providers import REFERRED_TO
from adapter.mapping.to_v2.script import Letterhead, Script, Written, moment
from adapter.mapping.to_v2.standing import ACCEPTED, add_identity
from adapter.mapping.to_v2.stated import Stated, document_of

ReportFormat = Literal["oru", "mdm", "rri"]
FORMATS: Final[Mapping[str, ReportFormat]] = {"ORU^R01": "oru", "MDM^T02": "mdm", "RRI^I12": "rri"}
"""By what settings and hospitals' folders call them."""
CODE: Final = ("24611-6", "Outpatient Consultation 2nd opinion", "LN")
_RESULT_STATUS: Final[Mapping[str, str]] = {"final": "F", "preliminary": "P", "amended": "C"}
_COMPLETION: Final[Mapping[str, str]] = {"final": "AU", "preliminary": "DO", "amended": "AU"}
_AUTHORSHIP_COMPONENTS: Final = 13
_TITLE: Final = "Second opinion"
_EVENT_UNTIL: Final = 7
"""EVN-1 is withdrawn from version 2.7 on."""
_CODED_SINCE: Final = 7
"""TXA-2 is one word before version 2.7."""


def write_report(
    report: SecondOpinionReport,
    patient: Patient,
    *,
    format: ReportFormat,  # noqa: A002 - the setting's own word
    order: str,
    data: str | None,
    letterhead: Letterhead,
    codes: Counterparts,
) -> Written:
    """Return the report, with what HL7 v2 cannot carry of it.

    Args:
        report: what the second doctor says; that it may go there was decided before.
        patient: whom it is about.
        format: ORU^R01; MDM^T02, T10 for an amended report; or RRI^I12.
        order: the number by which the receiver knows the request.
        data: the signed document in base64; None = there is none.
        letterhead: what MSH says.
        codes: the tables.
    """
    document = Stated(document_of(report))
    script = Script(letterhead, codes)
    if document.take("messageId") != letterhead.id:
        document.remark(RemarkKind.DEFAULTED, "the message has an id of its own", "messageId")
    if document.take("case") != order:
        document.remark(RemarkKind.DEFAULTED, "the receiver knows the case by the number of its order", "case")
    facts = _BEGIN[format](script, document, Stated(document_of(patient)), report.issued, script.escaped(order))
    observations = Observations(script)
    observations.add_facts(document, tuple(one for one in OF_REPORT if one.path != ("replaces",) or facts))
    for answer in document.parts("answers"):
        observations.add_text("answer", answer, "text", str(answer.take("question")))
    _add_document(script, document, observations, data)
    document.lose("the patient is named as the request names the patient", "patient")
    return script.written(document)


def _begin_result(script: Script, document: Stated, patient: Stated, issued: Instant, order: str) -> bool:
    """Add everything up to OBR; return whether what it replaces is told by an observation."""
    script.begin("ORU", "R01", "ORU_R01")
    add_identity(script, patient)
    number = script.text(document, "id")
    document.take("issued")
    _tell_of_moment(document)
    script.add(
        "OBR",
        {
            1: "1",
            2: order,
            3: number,
            4: script.parts(*CODE),
            7: f"{issued.local_date:%Y%m%d}",
            22: moment(issued.at),
            25: _RESULT_STATUS[str(document.take("status"))],
            32: cnn(script, document.part("author") or document),
        },
    )
    return True


def _begin_document(script: Script, document: Stated, patient: Stated, issued: Instant, order: str) -> bool:
    """Add everything up to TXA; return whether what it replaces is told by an observation."""
    amends = document.value["status"] == "amended"
    event = "T10" if amends else "T02"
    script.begin("MDM", event, "MDM_T02")
    document.take("issued")
    _tell_of_moment(document)
    script.add("EVN", {1: event if script.minor < _EVENT_UNTIL else "", 2: moment(script.letterhead.at)})
    add_identity(script, patient)
    script.add("PV1", {1: "1", 2: "N"})
    author = [*xcn(script, document.part("author") or document)]
    signed = [*author, *[""] * (_AUTHORSHIP_COMPONENTS - len(author)), "", moment(issued.at)]
    script.add(
        "TXA",
        {
            1: "1",
            2: script.parts(*CODE) if script.minor >= _CODED_SINCE else CODE[0],
            3: "AP",
            6: f"{issued.local_date:%Y%m%d}",
            9: script.parts(*author),
            12: script.text(document, "id"),
            13: script.text(document, "replaces") if amends else "",
            14: order,
            17: _COMPLETION[str(document.take("status"))],
            22: script.parts(*signed),
        },
    )
    return not amends


def _begin_answer(script: Script, document: Stated, patient: Stated, issued: Instant, order: str) -> bool:
    """Add everything up to OBR; return whether what it replaces is told by an observation."""
    script.begin("RRI", "I12", "RRI_I12")
    if script.letterhead.answers:
        script.add("MSA", {1: "AA", 2: script.escaped(script.letterhead.answers)})
    number = script.text(document, "id")
    document.take("issued")
    _tell_of_moment(document)
    script.add("RF1", {1: script.parts(*ACCEPTED, "HL70283"), 6: order, 11: number})
    author = document.part("author") or document
    script.add(
        "PRD",
        {
            1: script.parts(*REFERRED_TO, "HL70286"),
            2: xpn(script, author.part("name")),
            7: script.repeated(pln(script, one) for one in author.parts("identifiers")),
        },
    )
    add_identity(script, patient)
    status = _RESULT_STATUS[str(document.take("status"))]
    day = f"{issued.local_date:%Y%m%d}"
    fields = {1: "1", 2: order, 3: number, 4: script.parts(*CODE), 7: day, 22: moment(issued.at), 25: status}
    script.add("OBR", fields)
    return True


_BEGIN: Final = {"oru": _begin_result, "mdm": _begin_document, "rri": _begin_answer}


def _tell_of_moment(document: Stated) -> None:
    if document.value["issued"].endswith("Z"):
        document.remark(RemarkKind.DEFAULTED, "the moment goes with its offset in digits", "issued")


def _add_document(script: Script, document: Stated, observations: Observations, data: str | None) -> None:
    signed = document.part("document")
    if signed is None or data is None:
        return
    title = script.text(signed, "title")
    if not title:
        title = _TITLE
        signed.remark(RemarkKind.DEFAULTED, "an observation must be named: Second opinion", "title")
    observations.add(script.parts(CODE[0], title, CODE[2]), "ED", ed(script, signed, data))
    for name in ("data", "sha256", "path", "url"):
        signed.take(name)
