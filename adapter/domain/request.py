"""The canonical request for a second opinion, format `second-opinion-request/1`; every reader ends here.

None and empty mean: not said. Nothing is filled in by guessing.
"""

from dataclasses import dataclass, field

from adapter.domain.consent import ConsentStatements
from adapter.domain.parties import ConsultingProvider, CopyRecipient, Insurance, Patient, Provider, Proxy, Referrer
from adapter.domain.records import Record
from adapter.domain.values import Coding, Day, Instant, PartialDate

FORMAT = "second-opinion-request/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Care:
    """What kind of care the opinion is about, for the insurer's rules.

    Attributes:
        type: as the fact `care_type` ("medical-specialist", "gp", ...).
        in_basic_cover: the opinion itself is care of a kind under basic cover.
        subject_in_basic_cover: what is judged is under basic cover.
    """

    type: str | None = None
    in_basic_cover: bool | None = None
    subject_in_basic_cover: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """A diagnosis under review; `laterality` is "left", "right" or "both"."""

    system: str | None = None
    code: str | None = None
    version: str | None = None
    text: str | None = None
    laterality: str | None = None
    body_site: str | None = None
    since: PartialDate | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedProcedure:
    """The operation that is planned; it is never changed or cancelled from here.

    Attributes:
        informed_on: when the patient was told orally of the right to a second opinion.
        indicated_on: when the operation was recommended.
        urgency: "elective", "urgent" or "emergency".
        performer: who is to operate, where stated.
    """

    code: Coding | None = None
    text: str | None = None
    date: Day | None = None
    informed_on: Day | None = None
    indicated_on: Day | None = None
    urgency: str | None = None
    body_site: str | None = None
    laterality: str | None = None
    performer: Provider | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Consultation:
    """How and when the second doctor and the patient talk; `interpreter` is a language."""

    mode: str | None = None
    date: Day | None = None
    interpreter: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondOpinionRequest:
    """One request as its sender states it.

    Attributes:
        id: the request's business key; the same in every later message about it.
        message_id: this message; equals `id` where the sender gave none.
        replaces: the message that this one corrects.
        case: the case number shared by all artefacts; equals `id` where the sender gave none.
        sent: when it was sent; its local date counts for rules.
        requested_by: "patient", "representative", "family", "gp" or "specialist".
        initiated_by: "patient", "gp" or "specialist".
        referral: "none", "first-provider", "gp", "other-physician" or "non-physician"; None = unknown.
        diagnoses: empty = none stated.
        planned_procedure: None where nothing is planned.
        afterwards: "return", "transfer" or "report-only".
        priority: "routine", "urgent", "asap" or "stat".
        answer_by: the day by which the answer is wanted.
    """

    id: str
    message_id: str
    case: str
    sent: Instant
    patient: Patient
    treating: Provider
    consulting: ConsultingProvider
    replaces: str | None = None
    proxy: Proxy | None = None
    requested_by: str | None = None
    initiated_by: str | None = None
    referral: str | None = None
    referrer: Referrer | None = None
    insurance: Insurance | None = None
    care: Care | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    planned_procedure: PlannedProcedure | None = None
    questions: tuple[str, ...] = ()
    notes: str | None = None
    afterwards: str | None = None
    consultation: Consultation | None = None
    visits: int | None = None
    prior_opinions: int | None = None
    priority: str | None = None
    answer_by: Day | None = None
    discussed_with_treating: bool | None = None
    consent: ConsentStatements = field(default_factory=ConsentStatements)
    records: tuple[Record, ...] = ()
    copy_to: tuple[CopyRecipient, ...] = ()
