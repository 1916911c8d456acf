"""Requests and reports to read: the contract's samples, and one that uses every member."""

import copy
import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[3].parent / "shared" / "contract"

ORGANIZATION = {
    "identifiers": [{"system": "http://fhir.nl/fhir/NamingSystem/ura", "value": "00009002"}],
    "name": "Praxis B (TEST)",
    "country": "NL",
    "address": {"line": ["Weg 1"], "postalCode": "1234 AB", "city": "Utrecht", "state": "UT", "country": "NL"},
    "telecom": [{"system": "phone", "value": "+31 30 000 00 00", "use": "work"}],
}
PRACTITIONER = {
    "identifiers": [{"system": "http://fhir.nl/fhir/NamingSystem/uzi-nr-pers", "value": "900022222"}],
    "name": {"family": "Jansen", "given": ["Sofie"], "prefix": ["prof."], "suffix": ["jr."], "text": "prof. S. Jansen"},
    "telecom": [{"system": "email", "value": "s@example.org"}],
}
PROVIDER = {"organization": ORGANIZATION, "practitioner": PRACTITIONER, "role": "specialist", "specialty": "neurology"}
STATEMENT = {
    "given": True,
    "by": "representative",
    "on": "2026-04-09",
    "until": "9999-12-31",
    "records": ["DOC-1"],
    "document": "FORM",
}
FULL_REQUEST = {
    "format": "second-opinion-request/1",
    "id": "REQ-1",
    "messageId": "MSG-2",
    "replaces": "MSG-1",
    "case": "CASE-1",
    "sent": "2026-04-10T09:30:00.5Z",
    "patient": {
        "identifiers": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"}],
        "name": PRACTITIONER["name"],
        "birthDate": "1980",
        "gender": "female",
        "address": ORGANIZATION["address"],
        "telecom": ORGANIZATION["telecom"],
        "language": "nl-NL",
    },
    "proxy": {
        "relationship": "daughter",
        "name": PRACTITIONER["name"],
        "telecom": ORGANIZATION["telecom"],
        "birthDate": "1999-12",
        "identifiers": [{"system": "urn:example:person", "value": "7"}],
        "basis": "power-of-attorney",
        "patientAgrees": "yes",
    },
    "requestedBy": "representative",
    "initiatedBy": "patient",
    "referral": "gp",
    "referrer": {"practitioner": PRACTITIONER, "organization": ORGANIZATION, "role": "gp", "date": "2026-04"},
    "insurance": {
        "insurer": {"system": "http://fhir.nl/fhir/NamingSystem/uzovi", "value": "3343", "name": "PNOzorg"},
        "memberId": "410220931",
        "scheme": "zvw",
        "plan": "pnozorg",
        "policyType": "restitutie",
        "supplementary": False,
        "active": True,
        "deductibleUsed": {"value": "120.00", "currency": "EUR"},
    },
    "treating": PROVIDER,
    "consulting": PROVIDER
    | {
        "contracted": "no",
        "reimbursedPercent": 72.5,
        "approvedFor": ["spine"],
        "operates": False,
        "financialInterest": False,
        "linkedToTreating": False,
    },
    "care": {"type": "medical-specialist", "inBasicCover": True, "subjectInBasicCover": True},
    "diagnoses": [
        {
            "system": "http://hl7.org/fhir/sid/icd-10",
            "code": "M51.1",
            "version": "2026",
            "text": "Hernia",
            "laterality": "left",
            "bodySite": "L4-L5",
            "since": "2026-01",
        }
    ],
    "plannedProcedure": {
        "code": {
            "system": "http://fhir.de/CodeSystem/bfarm/ops",
            "code": "5-831",
            "version": "2026",
            "text": "Excision",
            "laterality": "left",
            "bodySite": "L4-L5",
        },
        "text": "Microdiscectomie L4-L5",
        "date": "2026-05-20",
        "informedOn": "2026-04-01",
        "indicatedOn": "2026-03-30",
        "urgency": "elective",
        "bodySite": "L4-L5",
        "laterality": "left",
        "performer": PROVIDER,
    },
    "questions": ["Is it needed?"],
    "notes": "A note\nof two lines.",
    "afterwards": "return",
    "consultation": {"mode": "video", "date": "2026-04-24", "interpreter": "pl"},
    "visits": 1,
    "priorOpinions": 0,
    "priority": "routine",
    "answerBy": "2026-05-10",
    "discussedWithTreating": True,
    "consent": {"shareRecords": STATEMENT, "returnReport": STATEMENT, "askInsurer": STATEMENT},
    "records": [
        {
            "id": "DOC-1",
            "type": {"system": "http://loinc.org", "code": "57133-1", "version": "2.80", "display": "Referral note"},
            "title": "Letter",
            "contentType": "text/plain; charset=utf-8",
            "date": "2026-04-02",
            "language": "nl",
            "author": "dr. P. Bakker",
            "confidentiality": "V",
            "sensitivity": ["PSY"],
            "data": "aGVsbG8=",
            "sha256": "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824",
        },
        {"id": "FORM", "path": "form.pdf"},
        {"id": "SCAN", "url": "https://pacs.example.org/1"},
        {"id": "UPLOAD", "sha256": "ab" * 32},
    ],
    "copyTo": [{"practitioner": PRACTITIONER, "organization": ORGANIZATION, "what": "report"}],
}
FULL_REPORT = {
    "format": "second-opinion-report/1",
    "id": "REP-1",
    "messageId": "MSG-9",
    "replaces": "MSG-8",
    "case": "CASE-1",
    "issued": "2026-04-28T15:00:00+02:00",
    "status": "amended",
    "author": PRACTITIONER,
    "reviewed": ["DOC-1"],
    "examined": {"talk": True, "mode": "video", "physical": False},
    "necessity": "no",
    "concordance": "alternative-recommended",
    "answers": [{"question": 1, "text": "No."}],
    "alternatives": ["Physiotherapy"],
    "summary": "Conservative.",
    "patientSummary": {"language": "nl", "text": "Niet nodig."},
    "urgentFinding": "Call the patient today.",
    "afterwards": "return",
    "document": {"contentType": "application/pdf", "language": "nl", "title": "Opinion", "data": "aGVsbG8="},
}


@pytest.fixture
def full_request():
    """A request that uses every member of the format."""
    return copy.deepcopy(FULL_REQUEST)


@pytest.fixture
def full_report():
    """A report that uses every member of the format."""
    return copy.deepcopy(FULL_REPORT)


@pytest.fixture
def sample():
    """Return a file of the contract by name: its bytes."""

    def read(name):
        if not SAMPLES.is_dir():
            pytest.skip("the contract's samples are not beside the project (../shared/contract)")
        return (SAMPLES / name).read_bytes()

    return read


@pytest.fixture
def samples_folder():
    """The folder of the contract's samples."""
    if not SAMPLES.is_dir():
        pytest.skip("the contract's samples are not beside the project (../shared/contract)")
    return SAMPLES


@pytest.fixture
def as_bytes():
    """Turn JSON data into what a sender would send."""
    return lambda raw: json.dumps(raw).encode()
