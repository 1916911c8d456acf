"""The canonical report of the second opinion, format `second-opinion-report/1`."""

from dataclasses import dataclass

from adapter.domain.parties import PatientIdentity, Practitioner
from adapter.domain.values import Instant

FORMAT = "second-opinion-report/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """How the second doctor came to the opinion; `mode` is "in-person", "phone" or "video"."""

    talk: bool | None = None
    mode: str | None = None
    physical: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The answer to one question of the request; `question` counts from 1."""

    question: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientSummary:
    """The part written for the patient, in the patient's language (BCP 47)."""

    language: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportDocument:
    """The signed document itself; its content by one of the four, as for a record."""

    content_type: str
    language: str | None = None
    title: str | None = None
    path: str | None = None
    url: str | None = None
    data: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondOpinionReport:
    """One report as its author states it.

    Attributes:
        id: the report's business key.
        message_id: this message; equals `id` where none was given.
        replaces: the message that this one corrects.
        case: the case that it answers.
        status: "preliminary", "final" or "amended".
        reviewed: ids of the records that were looked at.
        necessity: "yes", "no" or "undecided": is the planned operation needed now? None = not stated in a code.
        concordance: a code of so-concordance; None = not stated in a code.
        patient: whom it is about, to be compared with the patient of the case and for nothing else; None = not stated.
        urgent_finding: something that cannot wait; None = nothing.
        afterwards: "return", "transfer" or "report-only"; None = as the request said.
    """

    id: str
    message_id: str
    case: str
    issued: Instant
    status: str
    author: Practitioner
    necessity: str | None = None
    concordance: str | None = None
    patient: PatientIdentity | None = None
    replaces: str | None = None
    reviewed: tuple[str, ...] = ()
    examined: Examined | None = None
    answers: tuple[Answer, ...] = ()
    alternatives: tuple[str, ...] = ()
    summary: str | None = None
    patient_summary: PatientSummary | None = None
    urgent_finding: str | None = None
    afterwards: str | None = None
    document: ReportDocument | None = None
