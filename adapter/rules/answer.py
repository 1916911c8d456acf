"""A coverage decision as the JSON answer of `check --json`, its sentences in one language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from adapter.domain.coverage import CoverageDecision, Reason


def answer_json(decision: CoverageDecision, lang: str) -> dict[str, Any]:
    """Return the answer, its members in their fixed order.

    Numbers are whole where they are whole; `on` is an ISO 8601 date. Null means: not established.

    Args:
        decision: what the packs say.
        lang: "en", "de" or "nl".
    """
    return {
        "decision": str(decision.outcome),
        "pack": decision.pack,
        "on": decision.on.isoformat() if decision.on else None,
        "basis": decision.basis,
        "reasons": [_reason(reason, lang) for reason in decision.reasons],
        "notices": [_reason(notice, lang) for notice in decision.notices],
        "missing": list(decision.missing),
        "pct": plain_number(decision.pct),
        "deductible": decision.deductible,
        "deductible_remaining": plain_number(decision.deductible_remaining),
    }


def _reason(reason: Reason, lang: str) -> Mapping[str, Any]:
    return {"code": reason.code, "rule": reason.rule, "text": reason.text[lang], "source": list(reason.source)}


def plain_number(value: Decimal | None) -> int | float | None:
    """Return the number as JSON and people write it: whole where it is whole; None stays."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
