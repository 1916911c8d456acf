"""A coverage decision in sentences for people: the answer, why, what is missing and who knows it, what else to know."""

from collections.abc import Iterable, Iterator

from adapter.domain.coverage import CoverageDecision, Reason, Texts
from adapter.mapping.to_fhir.coverage_texts import ESTIMATE, OUTCOMES, THE_INSURER
from adapter.rules.answer import plain_number
from adapter.rules.vocabulary import Vocabulary

_RULES: Texts = {
    "en": "Rules: {pack}, as of {on}",
    "de": "Regeln: {pack}, Stand {on}",
    "nl": "Regels: {pack}, per {on}",
}
_NONE: Texts = {"en": "none", "de": "keine", "nl": "geen"}
_NO_DATE: Texts = {"en": "unknown date", "de": "unbekanntes Datum", "nl": "onbekende datum"}
_WHY: Texts = {"en": "Why", "de": "Warum", "nl": "Waarom"}
_MISSING: Texts = {"en": "What is missing", "de": "Was fehlt", "nl": "Wat ontbreekt"}
_NOTICES: Texts = {"en": "Good to know", "de": "Gut zu wissen", "nl": "Goed om te weten"}
_SOURCE: Texts = {"en": "source", "de": "Quelle", "nl": "bron"}
_ASK: Texts = {"en": "ask", "de": "zu fragen", "nl": "te vragen aan"}
_PCT: Texts = {"en": "Reimbursed: {pct} %", "de": "Erstattet: {pct} %", "nl": "Vergoed: {pct}%"}
_DEDUCTIBLE: dict[str, Texts] = {
    "applies": {"en": "Deductible: applies", "de": "Selbstbehalt: gilt", "nl": "Eigen risico: geldt"},
    "exempt": {"en": "Deductible: exempt", "de": "Selbstbehalt: befreit", "nl": "Eigen risico: vrijgesteld"},
    "none": {"en": "Deductible: none", "de": "Selbstbehalt: keiner", "nl": "Eigen risico: geen"},
}
_LEFT: Texts = {
    "en": ", EUR {left} left this year",
    "de": ", dieses Jahr noch {left} EUR",
    "nl": ", dit jaar nog {left} euro",
}
_WHO: dict[str, Texts] = {
    "patient": {"en": "the patient", "de": "die Patientin oder der Patient", "nl": "de patiënt"},
    "treating": {"en": "the treating provider", "de": "die behandelnde Stelle", "nl": "de behandelaar"},
    "consulting": {
        "en": "the provider of the second opinion",
        "de": "die zweitmeinende Stelle",
        "nl": "de zorgverlener van de second opinion",
    },
    "insurer": {"en": "the insurer", "de": "der Versicherer", "nl": "de verzekeraar"},
}


def explain(decision: CoverageDecision, lang: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Give the lines of the explanation.

    Args:
        decision: what the packs say.
        lang: "en", "de" or "nl".
        vocabulary: names the missing facts and who can supply them.
    """
    yield f"{OUTCOMES[decision.outcome][lang]} [{decision.outcome}]"
    yield _RULES[lang].format(pack=decision.pack or _NONE[lang], on=decision.on or _NO_DATE[lang])
    if decision.basis == "estimate":
        yield ESTIMATE[lang].format(insurer=THE_INSURER[lang])
    if decision.pct is not None:
        yield _PCT[lang].format(pct=plain_number(decision.pct))
    if decision.deductible is not None:
        left = decision.deductible_remaining
        more = "" if left is None else _LEFT[lang].format(left=plain_number(left))
        yield _DEDUCTIBLE[decision.deductible][lang] + more
    yield from _list(_WHY[lang], (_sentence(reason, lang) for reason in decision.reasons))
    yield from _list(_MISSING[lang], (_gap(name, lang, vocabulary) for name in decision.missing))
    yield from _list(_NOTICES[lang], (_sentence(notice, lang) for notice in decision.notices))


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = [f"  - {line}" for line in lines]
    if found:
        yield ""
        yield f"{title}:"
        yield from found


def _sentence(reason: Reason, lang: str) -> str:
    grounds = [*reason.source, reason.law] if reason.law else list(reason.source)
    source = f"; {_SOURCE[lang]}: {', '.join(grounds)}" if grounds else ""
    return f"{reason.text[lang]} ({reason.code}{source})"


def _gap(name: str, lang: str, vocabulary: Vocabulary) -> str:
    fact = vocabulary.facts[name]
    return f"{fact.label[lang]} ({name}; {_ASK[lang]}: {_WHO[fact.ask][lang]})"
