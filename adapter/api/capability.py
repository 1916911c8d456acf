"""CapabilityStatement: what this server does, and nothing more.

https://hl7.org/fhir/R4/capabilitystatement.html
"""

from datetime import datetime

from adapter import __version__
from adapter.fhir.resource import Resource
from adapter.fhir.systems import CANONICAL

READABLE = (
    "Binary",
    "Bundle",
    "CarePlan",
    "Communication",
    "Composition",
    "Condition",
    "Consent",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DiagnosticReport",
    "DocumentReference",
    "List",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Provenance",
    "QuestionnaireResponse",
    "RelatedPerson",
    "ServiceRequest",
    "Task",
)
"""The resource types that can be read here."""

_INTERACTIONS = [{"code": code} for code in ("read", "vread", "history-instance")]


def capability_statement(now: datetime) -> Resource:
    """Return the statement; `now` is the node's time, aware."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{CANONICAL}/CapabilityStatement/second-opinion-node",
        "version": __version__,
        "name": "SecondOpinionNode",
        "title": "Second-opinion adapter node",
        "status": "active",
        "date": now.date().isoformat(),
        "kind": "instance",
        "software": {"name": "second-opinion-adapter", "version": __version__},
        "implementation": {"description": "A node that exchanges requests for medical second opinions"},
        "fhirVersion": "4.0.1",
        "format": ["json", "xml"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "Bearer tokens from the node's settings"},
                "resource": [
                    {
                        "type": kind,
                        "interaction": _INTERACTIONS,
                        "versioning": "versioned",
                        "readHistory": True,
                        "updateCreate": False,
                    }
                    for kind in READABLE
                ],
                "operation": [
                    {
                        "name": "process-message",
                        "definition": "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
                    }
                ],
            }
        ],
        "messaging": [
            {"documentation": "Events I12, I14, I15 (v2-0003); status, records, report, closed (so-message-event)"}
        ],
    }
