"""Who sent a message, in each format: header, sender, custodian, requester; the first that says something."""

import pytest

from adapter.intake.hospitals.sender import sender_of
from adapter.mapping.source import Node
from adapter.mapping.tables.identifier_systems import IdentifierSystems

SYSTEMS = IdentifierSystems(shipped={("2.999.1", ""): "http://ura.example"})


def tree(name, said):
    """Give a node from nested dicts, lists for repeated names, and texts."""
    if isinstance(said, dict):
        children = tuple(
            tree(key, one) for key, value in said.items() for one in (value if isinstance(value, list) else [value])
        )
        return Node(name, name, None, children)
    return Node(name, name, said)


def sender(reader, said):
    return sender_of(reader, tree("", said), SYSTEMS)


@pytest.mark.parametrize(
    ("facility", "name", "identifiers"),
    [
        ("Zorg  A", "zorg a", set()),
        ({"1": "Zorg A", "2": "2.999.5", "3": "ISO"}, "zorg a", {"urn:oid:2.999.5"}),
        ({"1": "Zorg A", "2": "no oid", "3": "L"}, "zorg a", set()),
    ],
)
def test_hl7_v2_says_it_in_its_header(facility, name, identifiers):
    found = sender("er7", {"MSH": {"3": "EPD", "4": facility}})
    assert (found.names, found.identifiers) == ({name}, identifiers)
    assert found.hl7v2 == ("EPD", "Zorg  A" if isinstance(facility, str) else "Zorg A")


def test_hl7_v2_without_a_facility_has_no_name():
    assert sender("er7", {"MSH": {"3": "EPD"}}).names == frozenset()


ORGANIZATION = {"name": "Zorg A", "identifier": [{"system": "urn:oid:2.999.1", "value": "7"}, {"value": "8"}]}
MARKS = {"urn:oid:2.999.1|7", "http://ura.example|7"}


@pytest.mark.parametrize("role", ["Sender", "Custodian", "Requester"])
def test_fhir_says_it_in_the_header_the_document_or_the_request(role):
    found = sender("fhir", {role: {"Organization": ORGANIZATION}})
    assert (found.names, found.identifiers, found.hl7v2) == ({"zorg a"}, MARKS, None)


def test_in_fhir_the_header_counts_more_than_who_asks():
    found = sender("fhir", {"Requester": {"Organization": {"name": "Other"}}, "Sender": {"Organization": ORGANIZATION}})
    assert found.names == {"zorg a"}


def test_fhir_may_name_the_sender_by_a_reference_alone():
    found = sender("fhir", {"Sender": {"display": "Zorg A", "identifier": ORGANIZATION["identifier"]}})
    assert (found.names, found.identifiers) == ({"zorg a"}, MARKS)


def test_cda_says_it_in_its_custodian():
    organization = {
        "name": "Zorg A",
        "id": [{"@root": "2.999.1", "@extension": "7"}, {"@root": "2.999.8"}, {"@x": "y"}],
    }
    found = sender("cda", {"custodian": {"assignedCustodian": {"representedCustodianOrganization": organization}}})
    assert (found.names, found.identifiers) == ({"zorg a"}, {*MARKS, "urn:oid:2.999.8"})


@pytest.mark.parametrize("reader", ["er7", "fhir", "cda"])
def test_a_message_that_does_not_say_it_is_nobodys(reader):
    found = sender(reader, {"PID": "x"})
    assert (found.names, found.identifiers) == (frozenset(), frozenset())
