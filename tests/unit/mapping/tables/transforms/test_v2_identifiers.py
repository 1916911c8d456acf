import pytest

from adapter.fhir import systems
from adapter.mapping.remarks import RemarkKind

NUMBERS = {
    ("cx", "999990007^^^NLMINBIZA^NNNLD"): systems.BSN,
    ("cx", "999990007^^^&2.16.840.1.113883.2.4.6.3&ISO"): systems.BSN,
    ("cx", "7029^^^VEKTIS^UZOVI"): systems.UZOVI,
    ("cx", "06010713^^^VEKTIS^AGB"): systems.AGB,
    ("cx", "06010713^^^VEKTIS"): systems.AGB,
    ("cx", "T000111223^^^GKV^NH"): systems.KVNR,
    ("cx", "109575004^^^ARGE-IK^NIIP"): systems.IK,
    ("cx", "1^^^A&1.2.3&ISO^MR"): "urn:oid:1.2.3",
    ("cx", "1^^^A&2c2bb4b6-9f4e-4a6c-8d8d-1b1f3a6d1f11&GUID"): "urn:uuid:2c2bb4b6-9f4e-4a6c-8d8d-1b1f3a6d1f11",
    ("cx", "123456789^^^^^USSSA"): "http://hl7.org/fhir/sid/us-ssn",
    ("pln", "123456601^LANR"): systems.LANR,
    ("pln", "380000000^BSNR"): systems.BSNR,
    ("pln", "01015464^AGB"): systems.AGB,
    ("ei", "R1^A^1.2.3^ISO"): "urn:oid:1.2.3",
}


@pytest.mark.parametrize(("name", "sent"), NUMBERS)
def test_a_number_belongs_to_the_system_of_who_issued_it(transformed, name, sent):
    made = transformed(name, sent)
    assert made.value == {"system": NUMBERS[name, sent], "value": sent.partition("^")[0]}
    assert made.remarks == ()


def test_the_rows_type_holds_where_the_number_names_none(transformed):
    assert transformed("cx", "7029^^^VEKTIS", argument="NIIP").value["system"] == systems.UZOVI


def test_who_is_not_known_becomes_a_system_of_that_sender_and_is_told(transformed):
    made = transformed("cx", "4711^^^KIS^PI")
    assert made.value["system"].startswith(systems.CANONICAL)
    assert [(one.kind, "KIS,PI" in one.text) for one in made.remarks] == [(RemarkKind.UNMAPPED, True)]


def test_a_number_of_which_nothing_is_said_is_told_without_a_row_to_add(transformed):
    made = transformed("cx", "4711")
    assert [(one.kind, "add the row" in one.text) for one in made.remarks] == [(RemarkKind.UNMAPPED, False)]


@pytest.mark.parametrize("sent", ["", "^^^NLMINBIZA^NNNLD", '""^^^NLMINBIZA'])
def test_without_a_value_there_is_no_number(transformed, sent):
    assert transformed("cx", sent).value is None


def test_a_key_is_visible_characters_and_single_blanks(transformed):
    assert transformed("v2-key", "  R 1   2 ^EPIC").value == "R 1 2"
    assert transformed("v2-key", "R1", argument="why").remarks[0].kind is RemarkKind.DEFAULTED
