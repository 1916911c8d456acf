"""Which messages carry nothing clinical: a status, its actors and an outcome, member by member; all else is clinical.

The list is closed on purpose: a member that nobody vetted makes the message clinical. A narrative could say anything:
it may go where it is, character by character, the one that we make of the other members.
https://hl7.org/fhir/R4/task.html https://hl7.org/fhir/R4/messageheader.html
"""

from collections.abc import Mapping
from typing import Any, Final

from adapter.fhir import systems
from adapter.fhir.resource import Resource
from adapter.mapping.to_fhir.resource_text import narrated, tongue_of

_MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "MessageHeader": frozenset(
        {
            "resourceType",
            "id",
            "meta",
            "extension",
            "eventCoding",
            "destination",
            "sender",
            "source",
            "reason",
            "response",
            "focus",
            "definition",
        }
    ),
    "OperationOutcome": frozenset({"resourceType", "id", "meta", "extension", "issue"}),
    "Organization": frozenset(
        {"resourceType", "id", "meta", "extension", "identifier", "active", "type", "name", "address", "telecom"}
    ),
    "Task": frozenset(
        {
            "resourceType",
            "id",
            "meta",
            "extension",
            "identifier",
            "basedOn",
            "groupIdentifier",
            "partOf",
            "status",
            "statusReason",
            "businessStatus",
            "intent",
            "priority",
            "code",
            "focus",
            "for",
            "authoredOn",
            "lastModified",
            "requester",
            "performerType",
            "owner",
            "restriction",
        }
    ),
}
_CODED: Final = frozenset({"statusReason", "businessStatus", "code", "reason"})
_NESTED_EXTENSIONS: Final = frozenset({"extension", "modifierExtension", "contained"})
_EXTENSIONS: Final = frozenset({systems.EXT_CLOCK, systems.EXT_REPLACES_MESSAGE})
_ENTRY: Final = frozenset({"fullUrl", "resource"})


def is_administrative(message: Resource) -> bool:
    """Tell whether a Bundle or a single resource carries a status and nothing clinical; never raises."""
    if message.get("resourceType") != "Bundle":
        return _is_vetted(message)
    entries = message.get("entry")
    if not isinstance(entries, list) or not entries:
        return False
    return all(
        isinstance(entry, dict) and entry.keys() <= _ENTRY and _is_vetted(entry.get("resource")) for entry in entries
    )


def _is_vetted(resource: Any) -> bool:
    if not isinstance(resource, dict):
        return False
    kind = resource.get("resourceType")
    allowed = _MEMBERS.get(kind) if isinstance(kind, str) else None
    if allowed is None or not resource.keys() - {"text"} <= allowed or not _extensions_vetted(resource):
        return False
    if "text" in resource and not _is_made_of_the_rest(resource):
        return False
    inner = (value for name, value in resource.items() if name != "extension")
    return _only_codes(resource) and _only_points_to_patient(resource) and not any(map(_hides_something, inner))


def _is_made_of_the_rest(resource: Resource) -> bool:
    """Tell whether the narrative is what we make of the other members; what we cannot make one of has none of ours."""
    try:
        return bool(narrated(resource, tongue_of(resource)).get("text") == resource["text"])
    except (KeyError, TypeError, AttributeError, ValueError):
        return False


def _extensions_vetted(resource: Resource) -> bool:
    extensions = resource.get("extension", [])
    return isinstance(extensions, list) and all(
        isinstance(one, dict) and one.get("url") in _EXTENSIONS for one in extensions
    )


def _only_codes(resource: Resource) -> bool:
    """Reasons as codes only: a text could say anything."""
    stated = (value for name, value in resource.items() if name in _CODED)
    return all(isinstance(value, dict) and value.keys() <= {"coding"} for value in stated)


def _only_points_to_patient(resource: Resource) -> bool:
    subject = resource.get("for", {})
    return isinstance(subject, dict) and subject.keys() <= {"reference", "type"}


def _hides_something(value: Any) -> bool:
    """Look for extensions below the top, where nobody vets them."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            if not _NESTED_EXTENSIONS.isdisjoint(inner):
                return True
            waiting.extend(inner.values())
        elif isinstance(inner, list):
            waiting.extend(inner)
    return False
