"""The headings and standing phrases of the opinion and of the records package, in three languages."""

from typing import Final

LANGUAGES: Final = ("en", "de", "nl")

TITLES: Final[dict[str, dict[str, str]]] = {
    "opinion": {"en": "Second opinion", "de": "Ärztliche Zweitmeinung", "nl": "Second opinion"},
    "patient-copy": {"en": "Your second opinion", "de": "Ihre Zweitmeinung", "nl": "Uw second opinion"},
    "package": {
        "en": "Records for a second opinion",
        "de": "Unterlagen für eine Zweitmeinung",
        "nl": "Dossier voor een second opinion",
    },
    "urgent-finding": {"en": "Urgent finding", "de": "Dringender Befund", "nl": "Dringende bevinding"},
    "answers": {"en": "Questions and answers", "de": "Fragen und Antworten", "nl": "Vragen en antwoorden"},
    "documents-reviewed": {"en": "Documents reviewed", "de": "Gesichtete Unterlagen", "nl": "Beoordeelde stukken"},
    "examination": {"en": "Examination", "de": "Untersuchung", "nl": "Onderzoek"},
    "summary": {"en": "Findings and summary", "de": "Befund und Zusammenfassung", "nl": "Bevindingen en samenvatting"},
    "assessment": {"en": "Assessment", "de": "Beurteilung", "nl": "Beoordeling"},
    "alternatives": {"en": "Alternatives", "de": "Alternativen", "nl": "Alternatieven"},
    "for-the-patient": {"en": "For the patient", "de": "Für die Patientin, den Patienten", "nl": "Voor de patiënt"},
    "signed-document": {"en": "Original document", "de": "Originaldokument", "nl": "Origineel document"},
    "manifest": {"en": "Manifest", "de": "Verzeichnis", "nl": "Inhoudsopgave"},
    "documents": {"en": "Documents", "de": "Unterlagen", "nl": "Stukken"},
}
"""By code of so-section (or kind of document)."""

NECESSITY: Final[dict[str, dict[str, str]]] = {
    "yes": {
        "en": "The planned operation is needed.",
        "de": "Der geplante Eingriff ist nötig.",
        "nl": "De geplande operatie is nodig.",
    },
    "no": {
        "en": "The planned operation is not needed now.",
        "de": "Der geplante Eingriff ist derzeit nicht nötig.",
        "nl": "De geplande operatie is nu niet nodig.",
    },
    "undecided": {
        "en": "Whether the planned operation is needed is undecided.",
        "de": "Ob der geplante Eingriff nötig ist, ist offen.",
        "nl": "Of de geplande operatie nodig is, staat nog niet vast.",
    },
}

CONCORDANCE: Final[dict[str, dict[str, str]]] = {
    "agree": {
        "en": "Agrees with the first opinion.",
        "de": "Stimmt der Erstmeinung zu.",
        "nl": "Eens met de eerste mening.",
    },
    "agree-with-modification": {
        "en": "Agrees with the first opinion, with a change.",
        "de": "Stimmt der Erstmeinung mit einer Änderung zu.",
        "nl": "Eens met de eerste mening, met een wijziging.",
    },
    "disagree-diagnosis": {
        "en": "Does not agree with the diagnosis.",
        "de": "Stimmt der Diagnose nicht zu.",
        "nl": "Niet eens met de diagnose.",
    },
    "disagree-treatment": {
        "en": "Does not agree with the treatment.",
        "de": "Stimmt der Behandlung nicht zu.",
        "nl": "Niet eens met de behandeling.",
    },
    "alternative-recommended": {
        "en": "Recommends another treatment.",
        "de": "Empfiehlt eine andere Behandlung.",
        "nl": "Adviseert een andere behandeling.",
    },
    "more-diagnostics-needed": {
        "en": "Further diagnostics are needed first.",
        "de": "Zuerst ist weitere Diagnostik nötig.",
        "nl": "Eerst is meer onderzoek nodig.",
    },
    "insufficient-information": {
        "en": "The information is not sufficient for an opinion.",
        "de": "Die Angaben reichen für eine Meinung nicht aus.",
        "nl": "Er is te weinig informatie voor een oordeel.",
    },
}

PHRASES: Final[dict[str, dict[str, str]]] = {
    "question": {"en": "Question {number}", "de": "Frage {number}", "nl": "Vraag {number}"},
    "not-answered": {"en": "Not answered.", "de": "Nicht beantwortet.", "nl": "Niet beantwoord."},
    "not-answered-apart": {
        "en": "No answer of its own: see the report.",
        "de": "Nicht gesondert beantwortet: siehe Bericht.",
        "nl": "Niet apart beantwoord: zie het verslag.",
    },
    "necessity-not-stated": {
        "en": "Whether the planned operation is needed is not stated separately: see the report.",
        "de": "Ob der geplante Eingriff nötig ist, ist nicht gesondert angegeben: siehe Bericht.",
        "nl": "Of de geplande operatie nodig is, is niet apart vermeld: zie het verslag.",
    },
    "concordance-not-stated": {
        "en": "Whether it agrees with the first opinion is not stated separately: see the report.",
        "de": "Ob sie der Erstmeinung zustimmt, ist nicht gesondert angegeben: siehe Bericht.",
        "nl": "Of deze het eens is met de eerste mening, is niet apart vermeld: zie het verslag.",
    },
    "talk": {
        "en": "Spoke with the patient.",
        "de": "Es gab ein Gespräch mit der Patientin, dem Patienten.",
        "nl": "Er is met de patiënt gesproken.",
    },
    "no-talk": {
        "en": "Did not speak with the patient.",
        "de": "Es gab kein Gespräch mit der Patientin, dem Patienten.",
        "nl": "Er is niet met de patiënt gesproken.",
    },
    "physical": {
        "en": "Examined the patient physically.",
        "de": "Es gab eine körperliche Untersuchung.",
        "nl": "Er is lichamelijk onderzoek gedaan.",
    },
    "no-physical": {
        "en": "Did not examine the patient physically.",
        "de": "Es gab keine körperliche Untersuchung.",
        "nl": "Er is geen lichamelijk onderzoek gedaan.",
    },
    "in-person": {"en": "In person.", "de": "Vor Ort.", "nl": "Op locatie."},
    "phone": {"en": "By telephone.", "de": "Telefonisch.", "nl": "Telefonisch."},
    "video": {"en": "By video.", "de": "Per Video.", "nl": "Via beeldbellen."},
    "no-records": {"en": "No records.", "de": "Keine Unterlagen.", "nl": "Geen stukken."},
    "record": {"en": "Record", "de": "Unterlage", "nl": "Stuk"},
    "title": {"en": "Title", "de": "Titel", "nl": "Titel"},
    "media-type": {"en": "Media type", "de": "Medientyp", "nl": "Mediatype"},
    "language": {"en": "Language", "de": "Sprache", "nl": "Taal"},
    "size": {"en": "Bytes", "de": "Bytes", "nl": "Bytes"},
    "sha256": {"en": "SHA-256", "de": "SHA-256", "nl": "SHA-256"},
}


def tongue(*tags: str | None) -> str:
    """Return the language of our own words for the first BCP 47 tag that has them; "en" where none has."""
    primaries = ((tag or "").partition("-")[0].lower() for tag in tags)
    return next((primary for primary in primaries if primary in LANGUAGES), "en")


def title(code: str, language: str) -> str:
    """Return a heading."""
    return TITLES[code][language]


def phrase(code: str, language: str) -> str:
    """Return a standing phrase."""
    return PHRASES[code][language]
