import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.tables.identifier_systems import IdentifierSystems, as_uri

BSN = "http://fhir.nl/fhir/NamingSystem/bsn"
SENDER = "hl7v2:APP|HOSPITAL"
SYSTEMS = IdentifierSystems(
    own={("adt", "mr"): "http://hospital.example/mrn", ("nlminbiza", "xx"): "http://hospital.example/own"},
    shipped={
        ("nlminbiza", ""): BSN,
        ("vektis", "uzovi"): "http://uzovi.example",
        ("vektis", ""): "http://agb.example",
        ("", "nnnld"): BSN,
        ("adt", "mr"): "http://shipped.example",
    },
)


@pytest.mark.parametrize(
    ("namespaces", "kind", "system"),
    [
        (["NLMINBIZA"], None, BSN),
        (["nlminbiza"], "NNNLD", BSN),
        (["NLMINBIZA"], "XX", "http://hospital.example/own"),
        (["VEKTIS"], "UZOVI", "http://uzovi.example"),
        (["VEKTIS"], "LOCAL", "http://agb.example"),
        (["", None], "NNNLD", BSN),
        (["ADT"], "MR", "http://hospital.example/mrn"),
        (["unknown", "NLMINBIZA"], None, BSN),
        (["unknown", "1.2.276.0.76.4.5"], None, "urn:oid:1.2.276.0.76.4.5"),
        (["7B9F8C5E-2C5B-4F0B-8E0A-3B5E8C1D2F3A"], None, "urn:uuid:7b9f8c5e-2c5b-4f0b-8e0a-3b5e8c1d2f3a"),
        (["https://hospital.example/id"], None, "https://hospital.example/id"),
    ],
)
def test_the_fullest_row_is_heard_first_and_the_hospitals_before_the_shipped(namespaces, kind, system):
    found = SYSTEMS.find(*namespaces, type=kind, sender=SENDER)
    assert (found.system, found.is_known, found.advice) == (system, True, "")


def test_a_namespace_that_nobody_knows_belongs_to_its_sender_and_says_which_row_to_add():
    found = SYSTEMS.find("LAB 7", type="PI", sender=SENDER)
    assert found.system == "https://second-opinion.example/fhir/sid/of/hl7v2%3AAPP%7CHOSPITAL/LAB%207"
    assert not found.is_known
    other = SYSTEMS.find("LAB7", type="PI", sender=SENDER)
    assert other.advice == "add the row `LAB7,PI,<URI>,<source>` to identifiers.csv of the hospital's folder"
    assert SYSTEMS.find("LAB7", sender="other").system != other.system


def test_a_number_without_a_namespace_is_the_senders_own():
    assert SYSTEMS.find(None, type="mr", sender="x").system.endswith("/sid/of/x/MR")
    assert SYSTEMS.find(sender="x").system.endswith("/sid/of/x/unnamed")


def test_a_very_long_namespace_still_gives_a_uri_that_the_formats_take_and_one_of_its_own():
    one, other = (SYSTEMS.find(f"{'ü' * 900}{end}", sender="ß" * 900) for end in "12")
    assert one.system != other.system
    assert len(one.system) < 2048
    assert "ü" not in one.advice


@given(st.lists(st.none() | st.text(max_size=400), max_size=3), st.none() | st.text(max_size=9), st.text(max_size=400))
def test_any_namespace_gives_a_uri_that_the_formats_take_and_advice_without_what_was_written(namespaces, kind, sender):
    found = SYSTEMS.find(*namespaces, type=kind, sender=sender)
    assert found.is_known or (len(found.system) <= 2048 and re.fullmatch(r"https:[^\s\x00-\x1f\x7f]+", found.system))
    assert len(found.advice) < 200


@pytest.mark.parametrize("text", ["", "1", "1.", "3.1", "1.02", "a.b", "mailto:x", "http:", "urn: x", "12-34"])
def test_what_is_no_oid_uuid_or_uri_is_none(text):
    assert as_uri(text) is None
