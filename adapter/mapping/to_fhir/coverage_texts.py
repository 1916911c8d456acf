"""The sentences of a coverage answer that the rules do not bring along, in the languages of the packs."""

from typing import Final

from adapter.domain.coverage import CoverageOutcome, Texts

OUTCOMES: Final[dict[CoverageOutcome, Texts]] = {
    CoverageOutcome.OK: {"en": "Covered.", "de": "Wird übernommen.", "nl": "Wordt vergoed."},
    CoverageOutcome.PARTIAL: {
        "en": "Covered in part.",
        "de": "Wird teilweise übernommen.",
        "nl": "Wordt gedeeltelijk vergoed.",
    },
    CoverageOutcome.UNDETERMINED: {
        "en": "It cannot be said yet whether this is covered.",
        "de": "Ob das übernommen wird, lässt sich noch nicht sagen.",
        "nl": "Of dit wordt vergoed, is nog niet te zeggen.",
    },
    CoverageOutcome.ACTION: {
        "en": "Covered only once something has been done.",
        "de": "Wird erst übernommen, wenn noch etwas erledigt ist.",
        "nl": "Wordt pas vergoed als er nog iets is geregeld.",
    },
    CoverageOutcome.DENIED: {"en": "Not covered.", "de": "Wird nicht übernommen.", "nl": "Wordt niet vergoed."},
}

ESTIMATE: Final[Texts] = {
    "en": "Estimate, not a decision of the insurer; {insurer} gives the binding answer.",
    "de": "Einschätzung, keine Entscheidung des Kostenträgers; verbindlich antwortet {insurer}.",
    "nl": "Schatting, geen besluit van de verzekeraar; {insurer} geeft uitsluitsel.",
}

THE_INSURER: Final[Texts] = {"en": "the insurer", "de": "der Kostenträger", "nl": "de verzekeraar"}

MISSING: Final[Texts] = {
    "en": "Not known: {facts}.",
    "de": "Nicht bekannt: {facts}.",
    "nl": "Niet bekend: {facts}.",
}
