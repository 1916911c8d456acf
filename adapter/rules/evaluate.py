"""Facts → CoverageDecision, by the pack that answers for the insurer on that day; pure and without side effects.

The semantics are those of mappings/coverage/README.md. Nothing is covered by default: a coverage pack that has no
objection, but also no benefit that says what is paid, leaves the answer undetermined.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from adapter.domain.coverage import CoverageDecision, CoverageOutcome, Reason, TraceRow
from adapter.rules.derived import Values
from adapter.rules.pack_model import Pack, Packs, Rule
from adapter.rules.standing import FACT_MISSING, NOT_ESTABLISHED, no_pack

_HUNDRED = Decimal(100)
_NOTHING = Decimal(0)


def decide(
    packs: Packs,
    facts: Mapping[str, object],
    *,
    kind: str = "coverage",
    provider: str | None = None,
) -> CoverageDecision:
    """Answer whether the insurer pays (or, for kind "intake", whether the hospital's own conditions are met).

    Args:
        packs: all packs of this node.
        facts: typed as `Vocabulary.read_facts` and `facts_from_request` give them; absent means unknown.
        kind: "coverage" or "intake".
        provider: for intake, the hospital that asks (as the pack's `provider`); None = whichever pack fits.

    Returns:
        A decision in every case: an insurer without a pack, or an unknown one, is undetermined with pack None.
    """
    stated = facts.get("service_date")
    on = stated if isinstance(stated, date) else None
    payer = facts.get("payer")
    for pack in _candidates(packs, kind, payer, provider):
        if _is_current(pack, on):
            values = Values(facts, pack.setting)
            chosen = pack.select_when.holds(values)
            if chosen or (chosen is None and pack.select_if_unknown):
                return _Answer(pack, values, on).decision()
    return no_pack(kind, on=on, payer=payer)


def _candidates(packs: Packs, kind: str, payer: object, provider: str | None) -> tuple[Pack, ...]:
    if kind == "intake":
        return packs.intake_of(provider)
    return packs.coverage_of(payer) if isinstance(payer, str) else ()


def _is_current(pack: Pack, on: date | None) -> bool:
    """Tell whether the pack counts: on its days, or, for a hospital that is asked before a date is set, while open."""
    if on is not None:
        return pack.is_valid_on(on)
    return pack.kind == "intake" and pack.valid_to is None


class _Answer:
    """Gathers what the rules of one pack say about one request."""

    def __init__(self, pack: Pack, values: Values, on: date | None) -> None:
        self._pack = pack
        self._values = values
        self._on = on
        self._standing: dict[CoverageOutcome | None, list[Reason]] = {
            CoverageOutcome.DENIED: [],
            CoverageOutcome.ACTION: [],
            CoverageOutcome.UNDETERMINED: [],
        }
        self._benefits: list[Reason] = []
        self._notices: list[Reason] = []
        self._missing: dict[str, None] = {}
        self._trace: list[TraceRow] = []
        self._paid = False
        self._pct: Decimal | None = None
        self._deductible: str | None = None

    def decision(self) -> CoverageDecision:
        for rule in self._pack.rules:
            self._apply(rule)
        outcome, reasons = self._strongest()
        denied = outcome is CoverageOutcome.DENIED
        unknown = outcome is CoverageOutcome.UNDETERMINED
        deductible = None if denied else self._deductible
        return CoverageDecision(
            outcome=outcome,
            pack=self._pack.id,
            on=self._on,
            reasons=tuple(reasons),
            notices=tuple(self._notices),
            missing=tuple(self._missing),
            pct=None if denied or unknown else self._pct,
            deductible=deductible,
            deductible_remaining=self._remaining() if deductible == "applies" else None,
            deductible_amount=self._amount() if deductible == "applies" else None,
            trace=tuple(self._trace),
        )

    def _apply(self, rule: Rule) -> None:
        values = self._values
        result = rule.when.holds(values)
        effect = None
        if rule.kind == "notice":
            if result or (result is None and rule.when.advice):
                self._notices.append(rule.reason)
                effect = rule.effect
        elif rule.kind == "benefit":
            if result:
                self._grant(rule)
                effect = rule.effect
        elif result is None:
            if not rule.ignores_unknown:
                gaps = rule.when.gaps(values)
                self._missing.update(dict.fromkeys(gaps))
                effect = f"missing: {', '.join(gaps)}"
        elif result is (rule.kind == "exclude"):
            self._standing[rule.level].append(rule.reason)
            effect = rule.effect
        seen = {name: values[name] for name in rule.when.facts}
        self._trace.append(TraceRow(rule=rule.id, kind=rule.kind, result=result, seen=seen, effect=effect))

    def _grant(self, rule: Rule) -> None:
        self._benefits.append(rule.reason)
        if rule.pays:
            self._paid = True
            self._pct = self._values[rule.pct_from] if rule.pct_from else rule.pct
        if rule.deductible is not None:
            self._deductible = rule.deductible

    def _strongest(self) -> tuple[CoverageOutcome, list[Reason]]:
        for outcome in (CoverageOutcome.DENIED, CoverageOutcome.ACTION, CoverageOutcome.UNDETERMINED):
            if self._standing[outcome]:
                return outcome, self._standing[outcome]
        if not self._missing and self._pack.kind == "coverage" and not self._paid:
            self._missing.update(dict.fromkeys(self._unsettled()))
            if not self._missing:
                return CoverageOutcome.UNDETERMINED, [NOT_ESTABLISHED]
        if self._missing:
            return CoverageOutcome.UNDETERMINED, [FACT_MISSING]
        if self._pct is not None and self._pct < _HUNDRED:
            return CoverageOutcome.PARTIAL, self._benefits
        return CoverageOutcome.OK, self._benefits

    def _unsettled(self) -> list[str]:
        """Name the facts for want of which no benefit that pays could be granted."""
        values = self._values
        open_benefits = [rule for rule in self._pack.rules if rule.pays and rule.when.holds(values) is None]
        return [name for rule in open_benefits for name in rule.when.gaps(values)]

    def _amount(self) -> Decimal | None:
        return None if self._on is None else self._pack.setting.deductible.get(self._on.year)

    def _remaining(self) -> Decimal | None:
        amount = self._amount()
        used: Decimal | None = self._values["deductible_used"]
        return None if amount is None or used is None else max(amount - used, _NOTHING)
