"""The small values of the canonical formats as FHIR data types.

https://hl7.org/fhir/R4/datatypes.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapter.domain.values import Address, Coding, HumanName, Identifier, Instant, Telecom
from adapter.fhir import systems
from adapter.fhir.coding import coding, concept
from adapter.fhir.resource import Resource

_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")

_V2: Final = systems.V2_IDENTIFIER_TYPE

_TYPES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    systems.KVNR: ((systems.IDENTIFIER_TYPE_DE, "KVZ10"), (_V2, "SB")),
    systems.KVNR_OID: ((systems.IDENTIFIER_TYPE_DE, "KVZ10"), (_V2, "SB")),
    systems.KVNR_PKV: ((systems.IDENTIFIER_TYPE_DE, "KVZ10"),),
    systems.LANR: ((_V2, "LANR"), (_V2, "PRN")),
    systems.BSNR: ((_V2, "BSNR"), (_V2, "PRN")),
    systems.IK: ((_V2, "XX"), (_V2, "PRN")),
    systems.URA: ((_V2, "PRN"),),
    systems.URA_OID: ((_V2, "PRN"),),
    systems.SITE: ((_V2, "FI"), (_V2, "PRN")),
    systems.UZOVI: ((_V2, "NIIP"),),
    systems.UZI_PERSON: ((_V2, "PRN"),),
    systems.AGB: ((_V2, "PRN"),),
    systems.TELEMATIK: ((_V2, "PRN"),),
    systems.EFN: ((_V2, "DN"), (_V2, "PRN")),
    systems.BIG: ((_V2, "MD"),),
}
"""The kinds of an identifier by its system, the national one first.

Identifier.type is bound extensibly (https://hl7.org/fhir/R4/valueset-identifier-type.html): where the German base
profiles ask for a code outside that list, the code of the list that fits stands beside it (none does for the number
of a private insurance). BSN and the number of the chamber of commerce have no code there that fits; the system says
what they are, as in nl-core.
"""

_UNTYPED: Final = frozenset({systems.BSN, systems.BSN_OID, systems.KVK})


_MAY_BE_EMPTY: Final = frozenset({str, list, dict, tuple})


def present(members: Mapping[str, Any]) -> Resource:
    """Return the members that have something to say; None, empty text and empty lists are left out."""
    return {
        name: value
        for name, value in members.items()
        if value or (value is not None and value.__class__ not in _MAY_BE_EMPTY)
    }


def reference(local: str, identifier: Identifier | None = None) -> Resource:
    """Return a Reference to `Type/id`, with the business identifier beside it if one is given."""
    return present({"reference": local, "identifier": identifier and as_identifier(identifier)})


def as_identifier(identifier: Identifier, *, otherwise: str | None = None) -> Resource:
    """Return an Identifier with its kind; `otherwise` is the v2-0203 kind of a system that nobody here knows."""
    kinds = _TYPES.get(identifier.system, ((_V2, otherwise),) if otherwise else ())
    if identifier.system in _UNTYPED:
        kinds = ()
    stated = {"type": {"coding": [coding(system, code) for system, code in kinds]}} if kinds else {}
    return {**stated, "system": identifier.system, "value": identifier.value}


def as_identifiers(identifiers: Sequence[Identifier], *, otherwise: str | None = None) -> list[Resource]:
    """Return Identifiers in their order."""
    return [as_identifier(identifier, otherwise=otherwise) for identifier in identifiers]


def as_names(name: HumanName | None) -> list[Resource]:
    """Return the HumanNames of a person: one, or none where no name is stated."""
    if name is None:
        return []
    stated = {
        "text": name.text,
        "family": name.family,
        "given": list(name.given),
        "prefix": list(name.prefix),
        "suffix": list(name.suffix),
    }
    return [present(stated)]


def as_address(address: Address, country: str | None = None) -> Resource:
    """Return an Address; `country` stands in where the address does not name its own."""
    return present(
        {
            "line": list(address.line),
            "city": address.city,
            "state": address.state,
            "postalCode": address.postal_code,
            "country": address.country or country,
        }
    )


def as_telecom(telecom: Sequence[Telecom]) -> list[Resource]:
    """Return ContactPoints in their order."""
    return [present({"system": item.system, "value": item.value, "use": item.use}) for item in telecom]


def as_concept(code: Coding | None, text: str | None = None) -> Resource:
    """Return a CodeableConcept of a code, of words, or of both."""
    if code is None:
        return present({"text": text})
    return concept(code.system, code.code, code.display, text=text, version=code.version)


def as_instant(moment: Instant) -> str:
    """Return a moment as FHIR `instant`, in the offset in which it was written; seconds are added where they lack."""
    return moment.text if _INSTANT.fullmatch(moment.text) else moment.at.isoformat()


def as_language(tag: str) -> Resource:
    """Return the CodeableConcept of a BCP 47 language tag."""
    return concept(systems.BCP47, tag)
