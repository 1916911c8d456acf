"""Who sent a message, as far as a hospital could be known by it: names, identifiers, and HL7 v2's pair of names.

HL7 v2.8 2.14.9.3 and 2.14.9.4; FHIR R4 MessageHeader.sender, Composition.custodian; CDA R2 custodian.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from adapter.intake.hospitals.profile import Recognised, folded
from adapter.mapping.source import Node
from adapter.mapping.tables.identifier_systems import IdentifierSystems, as_uri
from adapter.mapping.tables.selector import Scope, parse_selector


@dataclass(frozen=True, slots=True)
class Sender:
    """What a message says of its sender.

    Attributes:
        names: of the organisation, folded.
        identifiers: "system|value" or a URI.
        hl7v2: application and facility; None = it is no HL7 v2.
    """

    names: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    hl7v2: tuple[str, str] | None = None

    def is_known_by(self, recognised: Recognised) -> bool:
        """Tell whether this is the hospital that is known so."""
        if self.names & recognised.names or self.identifiers & recognised.identifiers:
            return True
        if self.hl7v2 is None:
            return False
        application, facility = self.hl7v2
        pairs = ((application, facility), ("", facility), (application, ""))
        return any(pair in recognised.hl7v2 for pair in pairs if pair != ("", ""))


def sender_of(reader: str, root: Node, systems: IdentifierSystems) -> Sender:
    """Return who sent a message.

    Args:
        reader: who made the tree: "er7", "fhir" or "cda".
        root: the tree.
        systems: which URI an OID stands for.
    """
    if reader == "er7":
        facility = next(iter(_found(root, _FACILITY)), None)
        universal = as_uri(facility.value("2") or "") if facility is not None else None
        pair = (_said(root, _APPLICATION), (facility.leading() or "").strip() if facility is not None else "")
        return Sender(_names([pair[1]]), frozenset(filter(None, [universal])), pair)
    for selector in _ORGANISATIONS[reader]:
        found = _found(root, selector)
        names = _names(one.value(name) or "" for one in found for name in ("name", "display"))
        identifiers = frozenset(mark for one in found for mark in _identifiers(reader, one, systems))
        if names or identifiers:
            return Sender(names, identifiers)
    return Sender()


def marks_of(system: str, value: str, systems: IdentifierSystems) -> Iterator[str]:
    """Yield "system|value" for an identifier, and the same with the URI of its system where that is an OID."""
    yield f"{system}|{value}"
    if (known := systems.shipped.get((system.removeprefix("urn:oid:").lower(), ""))) is not None:
        yield f"{known}|{value}"


def _identifiers(reader: str, organisation: Node, systems: IdentifierSystems) -> Iterator[str]:
    if reader == "cda":
        for one in organisation.every("id"):
            root, extension = as_uri(one.value("@root") or ""), one.value("@extension")
            if root is not None:
                yield from marks_of(root, extension, systems) if extension else (root,)
        return
    for one in organisation.every("identifier"):
        system, value = one.value("system"), one.value("value")
        if system and value:
            yield from marks_of(system, value, systems)


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(one) for one in names if one.strip())


def _said(root: Node, selector: str) -> str:
    return next((one.leading() or "" for one in _found(root, selector)), "").strip()


def _found(root: Node, selector: str) -> Iterable[Node]:
    return _SELECTORS[selector].find(root, Scope(root))


_APPLICATION: Final = "MSH-3"
_FACILITY: Final = "MSH-4"
_ORGANISATIONS: Final = {
    "fhir": ("Sender.Organization", "Sender", "Custodian.Organization", "Custodian", "Requester.Organization"),
    "cda": ("custodian/assignedCustodian/representedCustodianOrganization",),
}
"""Where each says who sends, best first; the roles of FHIR are those that its reader names."""
_SELECTORS: Final = {
    text: parse_selector(text)
    for text in (_APPLICATION, _FACILITY, *(one for several in _ORGANISATIONS.values() for one in several))
}
