"""What the patient said: three separate permissions, each given, refused or not spoken of."""

from dataclasses import dataclass
from enum import StrEnum

from adapter.domain.values import Day


class Purpose(StrEnum):
    """What a permission is for."""

    SHARE_RECORDS = "share-records"  # the request and the records go to the consulting provider
    RETURN_REPORT = "return-report"  # the opinion goes back to the treating provider
    ASK_INSURER = "ask-insurer"  # the insurer is asked whether it pays


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentStatement:
    """One statement as the request has it.

    Attributes:
        given: True = agreed, False = refused; the absence of the whole statement = nothing said.
        by: "patient" or "representative"; None only where refused.
        on: the day of the statement; None = not stated.
        until: the last day on which it holds, included; None = no end stated.
        records: ids of the records meant; None = all.
        document: id of the record that is the signed form.
    """

    given: bool
    by: str | None = None
    on: Day | None = None
    until: Day | None = None
    records: tuple[str, ...] | None = None
    document: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentStatements:
    """The up to three statements of a request; None = nothing said."""

    share_records: ConsentStatement | None = None
    return_report: ConsentStatement | None = None
    ask_insurer: ConsentStatement | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentGrant:
    """A statement in force or not, with its recipient, ready for the gate.

    It is read from the canonical request and from a FHIR Consent alike, and both readings give the same grant.

    Attributes:
        purpose: what it is for.
        permits: False = a refusal.
        active: False once withdrawn, superseded or entered in error.
        recipients: identifiers of the allowed recipient as "system|value"; empty = recipient not identified.
        recipient_name: the exact name, used only where neither side has an identifier.
        by_representative: whether somebody spoke for the patient.
        representative_may: True where the representative's right to do so is stated (parent, guardian,
            power of attorney, or the patient's own agreement); meaningless when the patient spoke.
        since: first day; None = no beginning stated.
        until: last day, included; None = no end stated.
        records: the named records; None = all.
        reference: id of the Consent resource, for reasons and audit; None before it is expressed.
    """

    purpose: Purpose
    permits: bool
    active: bool = True
    recipients: frozenset[str] = frozenset()
    recipient_name: str | None = None
    by_representative: bool = False
    representative_may: bool = False
    since: Day | None = None
    until: Day | None = None
    records: frozenset[str] | None = None
    reference: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Whom something is to go to, as the gate compares it with what the patient said.

    Attributes:
        identifiers: "system|value" each; empty = not identified.
        name: the exact name, compared only where neither side has an identifier.
    """

    identifiers: frozenset[str] = frozenset()
    name: str | None = None

    @property
    def label(self) -> str:
        """One stable way to write it, for the record of what was decided; empty where nothing is known."""
        return min(self.identifiers, default=self.name or "")
