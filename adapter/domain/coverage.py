"""The answer to "does the insurer pay?": one of five decisions, with reasons, notices and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from adapter.domain.values import Day

Texts = Mapping[str, str]
"""The same sentence by language: "en", "de" and "nl" are always there."""


class CoverageOutcome(StrEnum):
    """The five decisions, strongest last."""

    OK = "ok"
    PARTIAL = "partial"
    UNDETERMINED = "undetermined"
    ACTION = "action"
    DENIED = "denied"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why, or what else to know.

    Attributes:
        code: a stable code such as "NL-REFERRAL-MISSING".
        rule: id of the rule that says so, None for the evaluator's own ("FACT-MISSING", "NO-PACK").
        text: for people, by language.
        source: ids of the requirement rows that the rule rests on.
        law: the legal reference, None where the source page alone stands.
        confidence: how sure the rule's entry is, as the pack says.
    """

    code: str
    rule: str | None
    text: Texts
    source: tuple[str, ...] = ()
    law: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceRow:
    """One rule as it was evaluated: `result` is True, False or None (unknown); `seen` has the facts it looked at."""

    rule: str
    kind: str
    result: bool | None
    seen: Mapping[str, object]
    effect: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverageDecision:
    """What the rules say about one request on one date.

    Attributes:
        outcome: one of the five.
        pack: id of the pack that answered, None where no pack covers this insurer on this date.
        on: the date that counts (service date), None where it is unknown.
        basis: "estimate" from packs; only an insurer's own node says "insurer".
        reasons: those of the winning level.
        notices: advice that decides nothing.
        missing: facts that somebody can supply.
        pct: percent reimbursed, None = not established.
        deductible: "applies", "exempt", "none", or None = not established.
        deductible_amount: in EUR for the calendar year of `on`, None = not established.
        deductible_remaining: in EUR for the calendar year of `on`, None = not established.
        trace: every rule, in the pack's order.
    """

    outcome: CoverageOutcome
    pack: str | None
    on: Day | None
    basis: str = "estimate"
    reasons: tuple[Reason, ...] = ()
    notices: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    pct: Decimal | None = None
    deductible: str | None = None
    deductible_remaining: Decimal | None = None
    deductible_amount: Decimal | None = None
    trace: tuple[TraceRow, ...] = ()
