"""Names, addresses and telecoms of FHIR R4, and the people and organisations that have them.

https://hl7.org/fhir/R4/datatypes.html#HumanName https://hl7.org/fhir/R4/datatypes.html#Address
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Entry, Outcome, entry
from adapter.mapping.tables.transforms.fhir_identifiers import identifiers_into
from adapter.mapping.tables.transforms.fhir_parts import Collected, said

COUNTRIES: Final = "country"
_TELECOM_SYSTEMS: Final = frozenset({"phone", "fax", "email", "pager", "url", "sms", "other"})
_NAME_USES: Final = ("official", "usual", None, "temp", "nickname", "anonymous", "maiden", "old")
_ADDRESS_USES: Final = ("home", None, "work", "temp", "billing", "old")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_PERSONS: Final = ("Practitioner/", "PractitionerRole/")
_PEOPLE: Final = frozenset({"Practitioner", "PractitionerRole"})
_OTHERS: Final = frozenset({"Patient", "RelatedPerson", "Device"})


def read_name(node: Node, _context: Context) -> Outcome:
    """Give a name."""
    reading = Collected()
    made: dict[str, Any] = {}
    if (family := reading.take(node.first("family"), "/family")) is not None:
        made["family"] = family
    for part in ("given", "prefix", "suffix"):
        texts: list[str] = []
        for one in node.every(part):
            if (text := reading.take(one, f"/{part}/{len(texts)}")) is not None:
                texts.append(text)
        if texts:
            made[part] = texts
    if (text := reading.take(node.first("text"), "/text")) is not None:
        made["text"] = text
    if made and "family" not in made and "text" not in made:
        made["text"] = " ".join(word for part in ("prefix", "given", "suffix") for word in made.get(part, ()))
    for part in ("family", "given", "prefix", "suffix"):
        for one in node.every(f"_{part}"):
            reading.note_all(one, f"/{part}")
    reading.note(node.first("use"), "")
    return reading.outcome(made or None)


def read_address(node: Node, context: Context) -> Outcome:
    """Give an address; one that is a text alone becomes its lines."""
    reading = Collected()
    made: dict[str, Any] = {}
    lines = [text for at, one in enumerate(node.every("line")) if (text := reading.take(one, f"/line/{at}"))]
    if not lines and (text := reading.take(node.first("text"), "/line/0")) is not None:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines:
        made["line"] = lines
    for part in ("postalCode", "city", "state"):
        if (text := reading.take(node.first(part), f"/{part}")) is not None:
            made[part] = text
    if (country := _country(reading, node, context, "/country")) is not None:
        made["country"] = country
    for one in node.every("_line"):
        reading.note_all(one, "/line/0")
    for name in ("text", "use", "type") if made else ():
        reading.note(node.first(name), "")
    return reading.outcome(made or None)


def read_telecom(node: Node, _context: Context) -> Outcome:
    """Give a telecom; what has no system is of another kind, with a remark."""
    reading = Collected()
    value = reading.take(node.first("value"), "/value")
    if value is None:
        return reading.outcome()
    system = reading.take(node.first("system"), "/system")
    if system not in _TELECOM_SYSTEMS:
        reading.remark(RemarkKind.DEFAULTED, node.first("value"), "its kind is not said: other", "/system")
        system = "other"
    made = {"system": system, "value": value}
    if (use := reading.take(node.first("use"), "/use")) is not None:
        made["use"] = use
    return reading.outcome(made)


def read_organization(node: Node, context: Context) -> Outcome:
    """Give the organisation of an Organization, of a role, or of a reference that says who it is."""
    if node.name == "Organization":
        return _organization(node, context)
    found = node.first("Organization")
    if found is not None:
        return _organization(found, context)
    role = node.first("PractitionerRole")
    if role is not None:
        place = role.first("organization")
        return _named(place, context, "name") if place is not None else Outcome()
    if _is_resolved(node) or _is_person(node):
        return Outcome()
    outcome = _named(node, context, "name")
    if outcome.value is None or _kind(node) is not None:
        return outcome
    reading = Collected()
    reading.include(outcome, "")
    told = "the reference does not say who this is: taken for an organisation"
    reading.remark(RemarkKind.DEFAULTED, node.first("display") or node.first("identifier"), told, "")
    return reading.outcome(outcome.value)


def read_practitioner(node: Node, context: Context) -> Outcome:
    """Give the person of a Practitioner, of a role, or of a reference that says who it is."""
    if node.name == "Practitioner":
        return _practitioner(node, context)
    found = node.first("Practitioner")
    if found is not None:
        return _practitioner(found, context)
    role = node.first("PractitionerRole")
    if role is not None:
        place = role.first("practitioner")
        return _named(place, context, "person") if place is not None else Outcome()
    return _named(node, context, "person") if _is_person(node) and not _is_resolved(node) else Outcome()


def read_party_text(node: Node, context: Context) -> Outcome:
    """Give who is meant in words: the display of a reference, else the name of whom it leads to."""
    reading = Collected()
    for name in ("reference", "type"):
        reading.note(node.first(name), "")
    if (text := reading.take(node.first("display"), "")) is not None:
        return reading.outcome(text)
    for name in ("Practitioner", "Patient", "RelatedPerson"):
        person = node.first(name)
        if person is not None:
            outcome = _best_name(person, context)
            if outcome.value is not None:
                words = _words(outcome.value)
                return Outcome(words, {**reading.used, **dict.fromkeys(outcome.used, "")}) if words else Outcome()
    organization = node.first("Organization")
    return reading.outcome(reading.take(organization.first("name"), "") if organization is not None else None)


def _organization(node: Node, context: Context) -> Outcome:
    reading = Collected()
    made: dict[str, Any] = {}
    if numbers := identifiers_into(reading, node, context):
        made["identifiers"] = numbers
    if (name := reading.take(node.first("name"), "/name")) is not None:
        made["name"] = name
    address = min(node.every("address"), key=lambda one: _rank(one, _ADDRESS_USES), default=None)
    if address is not None:
        _place(reading, made, address, context)
    _telecoms(reading, made, node, context)
    return reading.outcome(made if "name" in made or "identifiers" in made else None)


def _place(reading: Collected, made: dict[str, Any], address: Node, context: Context) -> None:
    """Take the address of an organisation; a country alone is where it works."""
    outcome = read_address(address, context)
    if outcome.value is None:
        return
    if (country := outcome.value.get("country")) is not None:
        made["country"] = country
    if set(outcome.value) == {"country"}:
        reading.include(outcome, "")
        return
    made["address"] = reading.include(outcome, "/address")


def _practitioner(node: Node, context: Context) -> Outcome:
    reading = Collected()
    made: dict[str, Any] = {}
    if numbers := identifiers_into(reading, node, context):
        made["identifiers"] = numbers
    if (name := reading.include(_best_name(node, context), "/name")) is not None:
        made["name"] = name
    _telecoms(reading, made, node, context)
    return reading.outcome(made if "name" in made or "identifiers" in made else None)


def _telecoms(reading: Collected, made: dict[str, Any], node: Node, context: Context) -> None:
    several: list[Any] = []
    for one in node.every("telecom"):
        value = reading.include(read_telecom(one, context), f"/telecom/{len(several)}")
        if value is not None:
            several.append(value)
    if several:
        made["telecom"] = several


def _best_name(node: Node, context: Context) -> Outcome:
    best = min(node.every("name"), key=lambda one: _rank(one, _NAME_USES), default=None)
    return read_name(best, context) if best is not None else Outcome()


def _named(reference: Node, context: Context, kind: str) -> Outcome:
    """Return what a reference itself says of somebody who is not in the message."""
    reading = Collected()
    made: dict[str, Any] = {}
    if numbers := identifiers_into(reading, reference, context):
        made["identifiers"] = numbers
    pointer = "/name" if kind == "name" else "/name/text"
    if (text := reading.take(reference.first("display"), pointer)) is not None:
        made["name"] = text if kind == "name" else {"text": text}
    if not made:
        return reading.outcome()
    told = "this is not in the message: what the reference itself says is taken"
    reading.remark(RemarkKind.DEFAULTED, reference.first("display") or reference.first("identifier"), told, "")
    reading.note(reference.first("reference"), "")
    reading.note(reference.first("type"), "")
    return reading.outcome(made)


def _is_resolved(node: Node) -> bool:
    return any(node.first(name) is not None for name in (*_PEOPLE, *_OTHERS))


def _is_person(node: Node) -> bool:
    return (_kind(node) or "") in _PEOPLE


def _kind(reference: Node) -> str | None:
    """Return the type of what a reference leads to, as it says itself; None = it does not."""
    stated = reference.value("type")
    if stated is not None:
        return stated
    head, separator, _id = (reference.value("reference") or "").rpartition("/")
    kind = head.rpartition("/")[2]
    return kind if separator and kind[:1].isupper() else None


def _country(reading: Collected, node: Node, context: Context, pointer: str) -> str | None:
    place = node.first("country")
    text = said(place)
    if text is None:
        return None
    if _COUNTRY.fullmatch(text.upper()):
        reading.note(place, pointer)
        return text.upper()
    found = context.codes(COUNTRIES).find(text)
    if found is None or found.code is None:
        reading.remark(RemarkKind.UNMAPPED, place, "this is no country code of two letters: not taken over")
        return None
    reading.note(place, pointer)
    return found.code


def _rank(node: Node, uses: tuple[str | None, ...]) -> int:
    use = node.value("use")
    return uses.index(use) if use in uses else len(uses)


def _words(name: Mapping[str, Any]) -> str:
    parts = [*name.get("prefix", ()), *name.get("given", ()), name.get("family", ""), *name.get("suffix", ())]
    return str(name.get("text") or " ".join(filter(None, parts)))


TRANSFORMS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "fhir-name": entry("A HumanName; given names alone become its text.", read_name, makes="humanName"),
        "fhir-address": entry("An Address; a text alone becomes its lines.", read_address, makes="address"),
        "fhir-telecom": entry(
            "A ContactPoint; its kind is `other` where it is not said.", read_telecom, makes="telecom"
        ),
        "fhir-organization": entry(
            "The organisation of an Organization or a role; of one that is not in the message what the reference says.",
            read_organization,
            makes="organization",
        ),
        "fhir-practitioner": entry(
            "The person of a Practitioner or a role; of one who is not in the message what the reference says.",
            read_practitioner,
            makes="practitioner",
        ),
        "fhir-party-text": entry(
            "Who is meant, in words: the display of a reference, else the name of whom it leads to.",
            read_party_text,
            makes="string",
        ),
    }
)
