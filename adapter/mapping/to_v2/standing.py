"""RRI^I12: where a case stands, as the answer to a referral; REF^I14 and RRI^I14: it is taken back.

HL7 v2.8 chapter 11.3 "Patient referral and response", 11.8.1.1 "Referral status" with table 0283.
"""

from dataclasses import dataclass
from typing import Final

from adapter.domain.case import TaskStatus
from adapter.domain.request import SecondOpinionRequest
from adapter.mapping.to_v2.counterparts import Counterparts
from adapter.mapping.to_v2.facts import SYSTEM, Observations
from adapter.mapping.to_v2.people import cx, xpn
from adapter.mapping.to_v2.providers import REFERRED_TO, REFERRING, add_provider
from adapter.mapping.to_v2.script import Letterhead, Script, digits
from adapter.mapping.to_v2.stated import Stated, document_of

ACCEPTED: Final = ("A", "Accepted")
PENDING: Final = ("P", "Pending")
REJECTED: Final = ("R", "Rejected")
EXPIRED: Final = ("E", "Expired")
REFERRAL_STATUS: Final = {
    TaskStatus.REQUESTED: PENDING,
    TaskStatus.RECEIVED: PENDING,
    TaskStatus.ACCEPTED: ACCEPTED,
    TaskStatus.IN_PROGRESS: ACCEPTED,
    TaskStatus.COMPLETED: ACCEPTED,
    TaskStatus.REJECTED: REJECTED,
    TaskStatus.CANCELLED: EXPIRED,
    TaskStatus.FAILED: EXPIRED,
}
"""Table 0283 has four words; what it cannot say stands in observations of the system 99SO."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a case stands.

    Attributes:
        status: Task.status.
        business_status: the finer state; None = nothing finer.
        reason: a code of so-status-reason; None = none.
        number: the consulting side's own number; None = not told.
        text: the same for people, in their language.
        day: when it came to stand so, YYYY-MM-DD in the organisation's time zone.
    """

    status: TaskStatus
    business_status: str | None
    reason: str | None
    number: str | None
    text: str
    day: str


def write_standing(
    request: SecondOpinionRequest, standing: Standing, *, letterhead: Letterhead, codes: Counterparts
) -> bytes:
    """Return RRI^I12, or RRI^I14 for a case that was taken back.

    Args:
        request: what was asked, by whom and of whom; nothing clinical of it is repeated.
        standing: where it stands.
        letterhead: what MSH says, with the message that is answered.
        codes: the tables.
    """
    document = Stated(document_of(request))
    script = Script(letterhead, codes)
    script.begin("RRI", "I14" if standing.status is TaskStatus.CANCELLED else "I12", "RRI_I12")
    if letterhead.answers:
        script.add("MSA", {1: "AA", 2: script.escaped(letterhead.answers)})
    _add_rf1(script, document, standing)
    _add_people(script, document)
    script.add(
        "OBR",
        {1: "1", 2: script.text(document, "id"), 3: script.escaped(standing.number or ""), 4: _named(script, "STATUS")},
    )
    observations = Observations(script)
    for name, value in (
        ("status", standing.status.value),
        ("business-status", standing.business_status),
        ("reason", standing.reason),
    ):
        observations.add(_named(script, name), "ST", script.escaped(value or ""))
    if standing.text:
        script.add("NTE", {1: "1", 3: script.escaped(standing.text, formatted=True)})
    return script.written(document).message


def write_cancellation(request: SecondOpinionRequest, *, letterhead: Letterhead, codes: Counterparts) -> bytes:
    """Return REF^I14: a referral is taken back."""
    document = Stated(document_of(request))
    script = Script(letterhead, codes)
    script.begin("REF", "I14", "REF_I12")
    script.add("RF1", {1: script.parts(*EXPIRED, "HL70283"), 6: script.text(document, "id")})
    _add_people(script, document)
    return script.written(document).message


def _add_rf1(script: Script, document: Stated, standing: Standing) -> None:
    disposition = script.code(document, "v2-0282", "afterwards")
    script.add(
        "RF1",
        {
            1: script.parts(*REFERRAL_STATUS[standing.status], "HL70283"),
            4: script.repeated(
                (script.parts("SO", "", "HL70282"), f"{disposition}" and script.parts(disposition, "", "HL70282"))
            ),
            6: script.text(document, "id"),
            9: digits(standing.day),
            10: script.parts("S", "Second Opinion", "HL70336"),
            11: script.escaped(standing.number or ""),
        },
    )


def _add_people(script: Script, document: Stated) -> None:
    """Add who refers, who is asked, and of the patient what identifies the person."""
    add_provider(script, document.part("treating"), REFERRING)
    add_provider(script, document.part("consulting"), REFERRED_TO)
    add_identity(script, document.part("patient"))


def add_identity(script: Script, patient: Stated | None) -> None:
    """Add PID with the numbers, the name, the date of birth and the gender alone."""
    if patient is None:
        return
    script.add(
        "PID",
        {
            1: "1",
            3: script.repeated(cx(script, one) for one in patient.parts("identifiers")),
            5: xpn(script, patient.part("name"), "L"),
            7: digits(patient.take("birthDate")),
            8: script.code(patient, "v2-0001", "gender"),
        },
    )


def _named(script: Script, name: str) -> str:
    return script.parts(name, "", SYSTEM)
