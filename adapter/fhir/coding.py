"""Codes with their displays, and the small constructors that put them into Coding and CodeableConcept.

https://hl7.org/fhir/R4/datatypes.html#Coding
"""

from collections.abc import Mapping
from typing import Final

from adapter.fhir import systems
from adapter.fhir.resource import Resource

CONFIRMATORY_CONSULTATION: Final = "77406008"
"""SNOMED CT "Confirmatory medical consultation", synonym "Second or third medical opinion"; never 281036007,
which is *Follow-up consultation* although public code calls it second opinion."""

PATIENT_REFERRAL: Final = "3457005"  # SNOMED CT
OPINION_REPORT: Final = "24611-6"  # LOINC, https://hl7.org/fhir/R4/valueset-c80-doc-typecodes.html
CONSULT_NOTE: Final = "11488-4"
REFERRAL_NOTE: Final = "57133-1"
CONSENT_DOCUMENT: Final = "59284-0"

DISPLAYS: Final[Mapping[str, Mapping[str, str]]] = {
    systems.SNOMED: {
        CONFIRMATORY_CONSULTATION: "Confirmatory medical consultation",
        PATIENT_REFERRAL: "Patient referral",
        "7771000": "Left",
        "24028007": "Right",
        "51440002": "Right and left",
    },
    systems.LOINC: {
        OPINION_REPORT: "Outpatient Consultation 2nd opinion",
        CONSULT_NOTE: "Consult note",
        REFERRAL_NOTE: "Referral note",
        CONSENT_DOCUMENT: "Consent Document",
        "64292-6": "Release of information consent",
        "60591-5": "Patient summary Document",
        "42349-1": "Reason for referral",
        "11450-4": "Problem list",
        "30954-2": "Relevant diagnostic tests/laboratory data",
        "18748-4": "Diagnostic imaging study",
        "18776-5": "Plan of care note",
        "51848-0": "Evaluation note",
    },
    systems.V2_EVENT: {
        "I12": "REF/RRI - Patient referral",
        "I13": "REF/RRI - Modify patient referral",
        "I14": "REF/RRI - Cancel patient referral",
        "I15": "REF/RRI - Request patient referral status",
    },
    systems.V2_IDENTIFIER_TYPE: {
        "BSNR": "Primary physician office number",
        "DN": "Doctor number",
        "FI": "Facility ID",
        "FILL": "Filler Identifier",
        "LANR": "Lifelong physician number",
        "MB": "Member Number",
        "MD": "Medical License number",
        "MR": "Medical record number",
        "NIIP": "National Insurance Payor Identifier (Payor)",
        "PLAC": "Placer Identifier",
        "PRN": "Provider number",
        "SB": "Social Beneficiary Identifier",
        "XX": "Organization identifier",
    },
    systems.V2_DISPOSITION: {
        "SO": "Second Opinion",
        "RP": "Return Patient After Evaluation",
        "AM": "Assume Management",
        "WR": "Send Written Report",
    },
    systems.V2_REFERRAL_REASON: {
        "S": "Second Opinion",
        "P": "Patient Preference",
        "O": "Provider Ordered",
        "W": "Work Load",
    },
    systems.V3_ACT_CODE: {"IDSCL": "information disclosure"},
    systems.V3_ACT_REASON: {"TREAT": "treatment", "HPAYMT": "healthcare payment", "HTEST": "test health data"},
    systems.V3_CONFIDENTIALITY: {"N": "normal", "R": "restricted", "V": "very restricted"},
    systems.V3_PARTICIPATION: {"IRCP": "information recipient"},
    systems.V3_ROLE: {
        "PRN": "parent",
        "GUARD": "guardian",
        "POWATT": "power of attorney",
        "SPS": "spouse",
    },
    systems.V3_DATA_OPERATION: {"CREATE": "create"},
    systems.TASK_CODE: {
        "fulfill": "Fulfill the focal request",
        "abort": "Mark the focal resource as no longer active",
        "change": "Change the focal resource",
    },
    systems.CONSENT_SCOPE: {"patient-privacy": "Privacy Consent"},
    systems.CONDITION_CLINICAL: {"active": "Active"},
    systems.CONDITION_CATEGORY: {"encounter-diagnosis": "Encounter Diagnosis"},
    systems.COVERAGE_CLASS: {"plan": "Plan", "class": "Class"},
    systems.BENEFIT_CATEGORY: {"3": "Consultation"},
    systems.ORGANIZATION_TYPE: {"prov": "Healthcare Provider", "ins": "Insurance Company"},
    systems.PRACTITIONER_ROLE: {"doctor": "Doctor", "nurse": "Nurse"},
    systems.PROCESS_PRIORITY: {"normal": "Normal", "stat": "Immediate"},
    systems.PROVENANCE_PARTICIPANT: {"author": "Author", "assembler": "Assembler"},
    systems.INSURANCE_KIND_DE: {"GKV": "gesetzliche Krankenversicherung", "PKV": "private Krankenversicherung"},
    systems.SIDE_DE: {"L": "links", "R": "rechts", "B": "beiderseits"},
    systems.BUSINESS_STATUS: {
        "new": "New",
        "sent": "Sent",
        "awaiting-decision": "Waiting for the consulting provider's decision",
        "rejected": "Rejected",
        "cancelled": "Cancelled",
        "cancellation-requested": "Cancellation asked for",
        "failed": "Failed",
        "awaiting-consent": "Waiting for the patient's consent",
        "awaiting-records": "Waiting for the records",
        "awaiting-information": "Waiting for further information",
        "accepted": "Accepted",
        "records-complete": "Records complete",
        "under-review": "Under review",
        "appointment-booked": "Appointment booked",
        "appointment-no-show": "Patient did not come",
        "examination-needed": "Further examination needed",
        "preliminary-opinion": "Preliminary opinion given",
        "consent-revoked": "Consent withdrawn",
        "report-issued": "Report issued",
        "report-delivered-treating": "Report delivered to the treating provider",
        "report-delivered-patient": "Report delivered to the patient",
        "discussed-with-patient": "Discussed with the patient",
        "care-taken-over": "Care taken over by the consulting provider",
        "closed": "Closed",
    },
    systems.TASK_INPUT: {
        "question": "Question to the consulting provider",
        "consent": "Consent",
        "eligibility": "Coverage eligibility",
        "records-package": "Records package",
        "record": "Record",
        "supplemental-query": "Query for further data",
        "consultation-mode": "How doctor and patient meet",
        "interpreter": "Interpreter needed for this language",
        "prior-opinions": "Earlier second opinions on the same question",
        "discussed-with-treating": "Wish for a second opinion discussed with the treating provider",
    },
    systems.TASK_OUTPUT: {
        "opinion-report": "Opinion report",
        "concordance": "Concordance with the first opinion",
        "necessity": "Necessity of the planned operation",
        "answer": "Answer to a question",
    },
    systems.CONCORDANCE: {
        "agree": "Agrees",
        "agree-with-modification": "Agrees with a modification",
        "disagree-diagnosis": "Disagrees with the diagnosis",
        "disagree-treatment": "Disagrees with the treatment",
        "alternative-recommended": "Recommends an alternative",
        "more-diagnostics-needed": "More diagnostics needed",
        "insufficient-information": "Information insufficient",
    },
    systems.NECESSITY: {"yes": "Needed", "no": "Not needed now", "undecided": "Undecided"},
    systems.STATUS_REASON: {
        "conflict-of-interest": "Conflict of interest",
        "wrong-specialty": "Wrong specialty",
        "no-capacity": "No capacity",
        "out-of-scope": "Out of scope",
        "already-first-opinion-provider": "Has given the first opinion",
        "patient-withdrew": "Patient withdrew",
        "consent-revoked": "Consent withdrawn",
        "not-needed": "No longer needed",
        "records-insufficient": "Records insufficient",
        "patient-deceased": "Patient has died",
        "other": "Other reason",
    },
    systems.MESSAGE_EVENT: {
        "status": "Status of the request",
        "information-request": "Further information wanted",
        "records": "Records package",
        "report": "Opinion report",
        "addendum": "Addition to or replacement of a report",
        "closed": "Loop closed",
    },
    systems.PROVIDER_ROLE: {
        "specialist": "Medical specialist",
        "gp": "General practitioner",
        "dentist": "Dentist",
        "midwife": "Midwife",
        "nurse": "Nurse",
        "therapist": "Therapist",
    },
    systems.CONSULTATION_MODE: {"in-person": "In person", "phone": "By telephone", "video": "By video"},
    systems.INSURANCE_SCHEME: {
        "gkv": "Statutory health insurance, Germany",
        "pkv": "Private health insurance, Germany",
        "zvw": "Basic health insurance, Netherlands",
    },
    systems.SECTION: {
        "urgent-finding": "Urgent finding",
        "answers": "Questions and answers",
        "documents-reviewed": "Documents reviewed",
        "examination": "Examination",
        "summary": "Findings and summary",
        "assessment": "Assessment",
        "alternatives": "Alternatives",
        "for-the-patient": "Part for the patient",
        "signed-document": "Signed document",
        "manifest": "Manifest of the records",
        "documents": "Documents",
    },
    systems.BENEFIT_TYPE: {"benefit": "Benefit", "deductible": "Deductible"},
    systems.BENEFIT_UNIT: {"individual": "Individual"},
    systems.COMMUNICATION_CATEGORY: {"notification": "Notification"},
    systems.COVERAGE_FINDING: {
        "covered": "Covered",
        "not-covered": "Not covered",
        "conditional": "Covered under a condition",
        "indeterminate": "Cannot be determined",
    },
}
"""For a system, the displays of the codes that we write; a code without a display here is written without one."""


def coding(system: str, code: str, display: str | None = None, *, version: str | None = None) -> Resource:
    """Return a Coding; `display` None = the one known here, if any."""
    stated: Resource = {"system": system}
    if version is not None:
        stated["version"] = version
    stated["code"] = code
    if (shown := display or DISPLAYS.get(system, {}).get(code)) is not None:
        stated["display"] = shown
    return stated


def concept(
    system: str, code: str, display: str | None = None, *, text: str | None = None, version: str | None = None
) -> Resource:
    """Return a CodeableConcept of one coding; `text` None = without."""
    stated: Resource = {"coding": [coding(system, code, display, version=version)]}
    if text is not None:
        stated["text"] = text
    return stated


def text_concept(text: str) -> Resource:
    """Return a CodeableConcept that has words only."""
    return {"text": text}


def codes_of(stated: Resource | None, system: str) -> list[str]:
    """Return the codes of one system that a CodeableConcept has, in order; None has none."""
    return [
        item["code"] for item in (stated or {}).get("coding", ()) if item.get("system") == system and "code" in item
    ]
