"""CapabilityStatement: what this server does, and nothing more.

https://hl7.org/fhir/R4/capabilitystatement.html
What profiles and messages there are is read from the package that ships with the adapter.
"""

import json
from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from adapter import __version__
from adapter.base.data import shipped
from adapter.domain.case import Role
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

_READS = ("read", "vread", "history-instance")
_VALIDATE = {"name": "validate", "definition": "http://hl7.org/fhir/OperationDefinition/Resource-validate"}
_VALIDATE_ANY = {"name": "validate", "definition": f"{CANONICAL}/OperationDefinition/so-validate"}
_PROCESS = {
    "name": "process-message",
    "definition": "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
}
_SIDES = {Role.TREATING: "so-treating-side", Role.CONSULTING: "so-consulting-side"}


def interactions(kind: str) -> Collection[str]:
    """Return the interactions that there are for a resource type."""
    return _READS if kind in READABLE else ()


def capability_statement(now: datetime, roles: Collection[Role] = ()) -> Resource:
    """Return the statement.

    Args:
        now: the node's time, aware.
        roles: of the organisations that the node has; they decide about messages. It is not told whose they are.
    """
    sides = sorted(_SIDES[role] for role in roles if role in _SIDES)
    messaging: Resource = {
        "documentation": "Events I12, I14, I15 (v2-0003); status, records, report, closed (so-message-event)",
        "supportedMessage": _messages(sides),
    }
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{CANONICAL}/CapabilityStatement/second-opinion-node",
        "version": __version__,
        "name": "SecondOpinionNode",
        "title": "Second-opinion adapter node",
        "status": "active",
        "date": now.date().isoformat(),
        "kind": "instance",
        **({"instantiates": [f"{CANONICAL}/CapabilityStatement/{side}" for side in sides]} if sides else {}),
        "software": {"name": "second-opinion-adapter", "version": __version__},
        "implementation": {"description": "A node that exchanges requests for medical second opinions"},
        "fhirVersion": "4.0.1",
        "format": ["json", "xml"],
        "implementationGuide": [f"{CANONICAL}/ImplementationGuide/secondopinion.r4"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "Bearer tokens from the node's settings"},
                "resource": [_resource(kind) for kind in sorted({*READABLE, *_profiles()})],
                "operation": [_PROCESS, _VALIDATE_ANY],
            }
        ],
        "messaging": [{name: value for name, value in messaging.items() if value}],
    }


def _resource(kind: str) -> Resource:
    """Return what there is for a type; every other type of R4 can be validated at the base."""
    stated: Resource = {"type": kind}
    if profiles := _profiles().get(kind):
        stated["supportedProfile"] = profiles
    if reads := interactions(kind):
        stated["interaction"] = [{"code": code} for code in reads]
        stated |= {"versioning": "versioned", "readHistory": True, "updateCreate": False}
    return {**stated, "operation": [_VALIDATE]}


@cache
def _profiles() -> dict[str, list[str]]:
    """Return our profiles of resources by their type."""
    found: dict[str, list[str]] = {}
    for one in _package(".index.json")["files"]:
        if one["resourceType"] == "StructureDefinition" and one.get("kind") == "resource":
            found.setdefault(one["type"], []).append(one["url"])
    return found


def _messages(sides: Collection[str]) -> list[Resource]:
    """Return what these sides send and take, each once."""
    told = [one for side in sides for part in _side(side)["messaging"] for one in part["supportedMessage"]]
    return list({(one["mode"], one["definition"]): one for one in told}.values())


@cache
def _side(name: str) -> Resource:
    side: Resource = _package(f"CapabilityStatement-{name}.json")
    return side


def _package(file: str) -> Any:
    return json.loads((shipped("profiles") / "package" / file).read_bytes())
