"""The evaluator's own reasons, which belong to no rule: a fact is missing, no pack answers, nothing is established."""

from datetime import date

from adapter.domain.coverage import CoverageDecision, CoverageOutcome, Reason, Texts

FACT_MISSING = Reason(
    code="FACT-MISSING",
    rule=None,
    text={
        "en": "A fact that decides is not known; see what is missing.",
        "de": "Eine entscheidende Angabe fehlt; siehe die fehlenden Angaben.",
        "nl": "Een gegeven dat beslist is niet bekend; zie wat er ontbreekt.",
    },
)

NOT_ESTABLISHED = Reason(
    code="NOT-ESTABLISHED",
    rule=None,
    text={
        "en": "No rule known here says that this is reimbursed; ask the insurer.",
        "de": "Keine hier bekannte Regel sagt, dass dies erstattet wird; bitte den Versicherer fragen.",
        "nl": "Geen regel die hier bekend is zegt dat dit wordt vergoed; vraag de verzekeraar.",
    },
)

_NO_DATE: Texts = {
    "en": "The date of the second opinion is not known; the rules of that day decide. Ask the treating provider.",
    "de": "Das Datum der Zweitmeinung ist nicht bekannt; es gelten die Regeln dieses Tages. Bitte die Praxis fragen.",
    "nl": "De datum van de second opinion is niet bekend; de regels van die dag beslissen. Vraag de zorgverlener.",
}
_NO_PAYER: Texts = {
    "en": "The insurer is not stated by its number (IK or UZOVI); see the insurance card, then ask the insurer.",
    "de": "Der Versicherer ist nicht mit seiner Nummer (IK oder UZOVI) angegeben; siehe Versichertenkarte, dann den "
    "Versicherer fragen.",
    "nl": "De verzekeraar is niet met zijn nummer (IK of UZOVI) genoemd; zie de verzekeringspas en vraag dan de "
    "verzekeraar.",
}
_NO_RULES: Texts = {
    "en": "No rules of this insurer for this date are known here. Ask the insurer whether it pays.",
    "de": "Für diesen Versicherer sind hier zu diesem Datum keine Regeln bekannt. Bitte den Versicherer fragen, ob er "
    "zahlt.",
    "nl": "Van deze verzekeraar zijn hier voor deze datum geen regels bekend. Vraag de verzekeraar of hij vergoedt.",
}
_NO_CONDITIONS: Texts = {
    "en": "No intake conditions of this hospital for this date are known here. Ask the hospital.",
    "de": "Für dieses Krankenhaus sind hier zu diesem Datum keine Aufnahmebedingungen bekannt. Bitte das Krankenhaus "
    "fragen.",
    "nl": "Van dit ziekenhuis zijn hier voor deze datum geen aanmeldvoorwaarden bekend. Vraag het ziekenhuis.",
}


def no_pack(kind: str, *, on: date | None, payer: object) -> CoverageDecision:
    """Return the decision where no pack answers: undetermined, with whom to ask.

    Args:
        kind: "coverage" or "intake".
        on: the date that counts, None where it is unknown.
        payer: the payer's token, None where it is unknown; meaningless for intake.
    """
    missing = [name for name, value in (("service_date", on), ("payer", payer)) if value is None]
    text = _NO_RULES if on is not None else _NO_DATE
    if kind == "intake":
        missing, text = [], _NO_CONDITIONS
    elif payer is None:
        text = _NO_PAYER
    return CoverageDecision(
        outcome=CoverageOutcome.UNDETERMINED,
        pack=None,
        on=on,
        reasons=(Reason(code="NO-PACK", rule=None, text=text),),
        missing=tuple(missing),
    )
