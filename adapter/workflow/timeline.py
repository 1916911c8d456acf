"""The story of a case as a clinician would tell it: when, who, what, and why it was decided so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapter.domain.case import Case
from adapter.rules.consent_gate import REFUSAL_TEXTS
from adapter.store.events import StoredEvent
from adapter.store.unit import Unit

Detail = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the story.

    Attributes:
        at: when, aware, UTC.
        who: the actor as events name it ("client:ehr", "partner:catharina-kliniek", "gate", "node").
        kind: the event's stable name.
        what: the sentence.
        why: the reason, None where there is none to give.
    """

    at: datetime
    who: str
    kind: str
    what: str
    why: str | None = None


def timeline(unit: Unit, case: Case, language: str = "en") -> list[Line]:
    """Return the story of a case, oldest first; reasons of the insurer's rules in `language` ("en", "de", "nl")."""
    return [_line(event, language) for event in unit.events.of_case(case.org, case.id)]


def _line(event: StoredEvent, language: str) -> Line:
    sentence = SENTENCES.get(event.kind)
    what = sentence(event.detail) if sentence else event.kind.replace("-", " ")
    return Line(at=event.at, who=event.actor, kind=event.kind, what=what, why=_why(event, language))


def _why(event: StoredEvent, language: str) -> str | None:
    if event.kind == "coverage-decided":
        told = [one["text"][language] for one in [*event.detail["reasons"], *event.detail["notices"]]]
        return " ".join(told) or None
    if "error" in event.detail:
        return str(event.detail["error"])
    reason = event.detail.get("reason") or event.detail.get("code")
    return None if reason is None else REFUSAL_TEXTS.get(str(reason), str(reason).replace("-", " "))


def _names(detail: Detail, key: str) -> str:
    found = [one["record"] if isinstance(one, Mapping) else one for one in detail.get(key, ())]
    return ", ".join(str(one) for one in found) or "none"


def _coverage(detail: Detail) -> str:
    words = {
        "ok": "covered",
        "partial": f"covered in part ({detail.get('pct')} %)",
        "action": "not yet: something must be done first",
        "undetermined": "cannot be said yet",
        "denied": "not covered",
    }
    pack = detail.get("pack") or "no rule pack"
    return f"Coverage: {words[detail['outcome']]} (an estimate by {pack}, not a decision of the insurer)"


def _opinion(detail: Detail) -> str:
    """Tell what the opinion states; who does not get the opinion has neither member, and learns nothing of it."""
    said = "The opinion is there"
    if "necessity" not in detail:
        return said
    necessity, concordance = detail["necessity"], detail["concordance"]
    if necessity is None and concordance is None:
        return f"{said}; the report does not state whether the operation is necessary, nor how it stands to the first"
    needed = (
        "the report does not state whether the operation is necessary"
        if necessity is None
        else f"operation necessary: {necessity}"
    )
    stands = (
        "the report does not state how it stands to the first"
        if concordance is None
        else str(concordance).replace("-", " ")
    )
    return f"{said}: {needed}; {stands}"


SENTENCES: Mapping[str, Callable[[Detail], str]] = {
    "requested": lambda d: "Second opinion requested" + (f" by the {d['by']}" if d.get("by") else ""),
    "corrected": lambda _: "The request was corrected",
    "coverage-decided": _coverage,
    "coverage-not-asked": lambda _: "Coverage was not asked: the patient has not agreed to ask the insurer",
    "records-judged": lambda d: f"Records that may leave: {_names(d, 'cleared')}; withheld: {_names(d, 'withheld')}",
    "waiting-for-consent": lambda _: "Nothing leaves: the case waits for the patient's consent",
    "sent": lambda _: "The request is on its way",
    "received": lambda _: "The consulting side has received the request",
    "information-requested": lambda _: "The consulting side asks for more information",
    "accepted": lambda _: "The consulting side has accepted",
    "rejected": lambda _: "The consulting side has declined",
    "records-received": lambda d: f"Records delivered and verified: {_names(d, 'records')}",
    "no-records-sent": lambda d: f"No records were sent; withheld: {_names(d, 'withheld')}",
    "started": lambda _: "The review has begun",
    "appointment": lambda _: "An appointment was made",
    "missed": lambda _: "The patient did not come",
    "reported": _opinion,
    "patient-copy-made": lambda _: "The patient's own copy was made",
    "report-sent": lambda _: "The report went back to the treating side",
    "report-withheld": lambda _: (
        "The report does not go to the treating side; it learns only that the opinion is given"
    ),
    "status-sent": lambda d: f"The state was told to {d.get('to')}",
    "closed-sent": lambda d: f"The closing was told to {d.get('to')}",
    "cancel-sent": lambda d: f"The cancellation was told to {d.get('to')}",
    "system-told": lambda d: f"Where the case stands was told to {d.get('to', 'the own system')} by HL7 v2",
    "report-to-system": lambda d: f"The report went to {d.get('to', 'the own system')} by HL7 v2",
    "report-kept-from-system": lambda _: "The report does not go to the own system: the patient has not agreed to it",
    "discussed": lambda _: "The opinion was discussed with the patient: the loop is closed",
    "handed-over": lambda _: "The patient has received and discussed the report: the loop is closed",
    "taken-over": lambda _: "The consulting side has taken over the care: the loop is closed",
    "coverage-check-offered": lambda _: "A coverage check for the treatment is offered",
    "not-sent": lambda _: "The request was taken back; it is not sent any more",
    "cancelled": lambda _: "The request was cancelled",
    "abort-requested": lambda _: "The treating side asks to stop",
    "failed": lambda _: "The consulting side could not complete it",
    "copied-to-server": lambda _: "The case was copied to the organisation's FHIR server",
    "work-failed": lambda d: f"Not done, and kept for the operator: {str(d.get('kind')).replace('-', ' ')}",
}
"""A sentence for each kind of event."""
