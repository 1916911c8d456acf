"""The words of the short narratives in three languages; words of our own codes stand in the package's CodeSystems."""

from typing import Final

LABELS: Final[dict[str, dict[str, str]]] = {
    "Patient": {"en": "Patient", "de": "Patientin oder Patient", "nl": "Patiënt"},
    "RelatedPerson": {"en": "Representative", "de": "Vertretung", "nl": "Vertegenwoordiger"},
    "Organization": {"en": "Organisation", "de": "Einrichtung", "nl": "Organisatie"},
    "Practitioner": {"en": "Practitioner", "de": "Behandelnde Person", "nl": "Zorgverlener"},
    "PractitionerRole": {"en": "Role", "de": "Funktion", "nl": "Functie"},
    "Coverage": {"en": "Insurance", "de": "Versicherung", "nl": "Verzekering"},
    "Condition": {"en": "Diagnosis", "de": "Diagnose", "nl": "Diagnose"},
    "request": {
        "en": "Request for a second opinion",
        "de": "Anforderung einer Zweitmeinung",
        "nl": "Aanvraag voor een second opinion",
    },
    "plan": {"en": "Planned operation", "de": "Geplanter Eingriff", "nl": "Geplande operatie"},
    "DocumentReference": {"en": "Record", "de": "Unterlage", "nl": "Stuk"},
    "CoverageEligibilityRequest": {
        "en": "Is a second opinion covered?",
        "de": "Wird eine Zweitmeinung übernommen?",
        "nl": "Wordt een second opinion vergoed?",
    },
    "Task": {"en": "Second opinion", "de": "Zweitmeinung", "nl": "Second opinion"},
    "Provenance": {
        "en": "Made from the request as received",
        "de": "Erstellt aus der eingegangenen Anforderung",
        "nl": "Gemaakt uit de ontvangen aanvraag",
    },
    "answer": {"en": "Answer", "de": "Antwort", "nl": "Antwoord"},
    "AuditEvent": {"en": "Event", "de": "Ereignis", "nl": "Gebeurtenis"},
}
"""What a narrative begins with, by resource type or by what the resource is."""

REFERRAL_EVENTS: Final[dict[str, dict[str, str]]] = {
    "I12": LABELS["request"],
    "I13": {"en": "Changed request", "de": "Geänderte Anforderung", "nl": "Gewijzigde aanvraag"},
    "I14": {"en": "Cancellation", "de": "Rücknahme", "nl": "Annulering"},
    "I15": {"en": "Query of the state", "de": "Frage nach dem Stand", "nl": "Vraag naar de stand"},
}
"""The events of v2-0003."""

TASK_STATES: Final[dict[str, dict[str, str]]] = {
    "requested": {"en": "Requested", "de": "Angefragt", "nl": "Aangevraagd"},
    "received": {"en": "Received", "de": "Eingegangen", "nl": "Ontvangen"},
    "accepted": {"en": "Accepted", "de": "Angenommen", "nl": "Aangenomen"},
    "rejected": {"en": "Rejected", "de": "Abgelehnt", "nl": "Afgewezen"},
    "in-progress": {"en": "In progress", "de": "In Arbeit", "nl": "In behandeling"},
    "completed": {"en": "Completed", "de": "Abgeschlossen", "nl": "Afgerond"},
    "cancelled": {"en": "Cancelled", "de": "Zurückgenommen", "nl": "Geannuleerd"},
    "failed": {"en": "Failed", "de": "Gescheitert", "nl": "Mislukt"},
}

GENDERS: Final[dict[str, dict[str, str]]] = {
    "female": {"en": "female", "de": "weiblich", "nl": "vrouw"},
    "male": {"en": "male", "de": "männlich", "nl": "man"},
    "other": {"en": "other", "de": "divers", "nl": "anders"},
    "unknown": {"en": "gender unknown", "de": "Geschlecht unbekannt", "nl": "geslacht onbekend"},
}

CONSENTS: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("share-records", "permit"): {
        "en": "The records may go to the consulting provider.",
        "de": "Die Unterlagen dürfen an die Stelle der Zweitmeinung gehen.",
        "nl": "De stukken mogen naar de zorgaanbieder van de second opinion.",
    },
    ("share-records", "deny"): {
        "en": "The records may not go to the consulting provider.",
        "de": "Die Unterlagen dürfen nicht an die Stelle der Zweitmeinung gehen.",
        "nl": "De stukken mogen niet naar de zorgaanbieder van de second opinion.",
    },
    ("return-report", "permit"): {
        "en": "The report may go back to the treating provider.",
        "de": "Der Bericht darf an die behandelnde Stelle zurückgehen.",
        "nl": "Het verslag mag terug naar de behandelende zorgaanbieder.",
    },
    ("return-report", "deny"): {
        "en": "The report may not go back to the treating provider.",
        "de": "Der Bericht darf nicht an die behandelnde Stelle zurückgehen.",
        "nl": "Het verslag mag niet terug naar de behandelende zorgaanbieder.",
    },
    ("ask-insurer", "permit"): {
        "en": "The insurer may be asked.",
        "de": "Der Kostenträger darf gefragt werden.",
        "nl": "De verzekeraar mag worden gevraagd.",
    },
    ("ask-insurer", "deny"): {
        "en": "The insurer may not be asked.",
        "de": "Der Kostenträger darf nicht gefragt werden.",
        "nl": "De verzekeraar mag niet worden gevraagd.",
    },
}
"""By the direction of the policy and the type of the provision."""

NAMED_ONLY: Final = {
    "en": "This is about the named records alone.",
    "de": "Das gilt allein für die genannten Unterlagen.",
    "nl": "Dit geldt alleen voor de genoemde stukken.",
}
UNTIL: Final = {"en": "Until {day}.", "de": "Bis {day}.", "nl": "Tot en met {day}."}

_COUNTRY_TONGUES: Final = {"DE": "de", "NL": "nl"}


def tongue_of_country(country: str | None) -> str | None:
    """Return the language of an organisation by where it is, ISO 3166-1 alpha-2; None = not known from that."""
    return _COUNTRY_TONGUES.get((country or "").upper())
