"""A hospital's folder: what stops the start, with file and line, and what is heard of it."""

import json

import pytest

from adapter.base.errors import InputError, SetupError
from adapter.intake.taking import take

MAP = {
    "resourceType": "ConceptMap",
    "group": [{"element": [{"code": "N1", "target": [{"code": "gp", "equivalence": "equivalent"}]}]}],
}
HEADER = "source,target,transform,codes,required,spec\n"


def changed(hospitals, before, after):
    file = hospitals / "north" / "profile.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('name = "north"', 'name = "south"', 1, "name of the folder, north"),
        ('title = "Hospital North (TEST)"', "", 1, "title is a text that must be there"),
        ('title = "Hospital North (TEST)"', 'titel = "x"', 2, "titel is no key here"),
        ('roles = ["treating"]', "roles = []", 3, "roles names at least one"),
        ('roles = ["treating"]', 'roles = ["insurer"]', 3, "roles has only treating, consulting"),
        ('country = "NL"', 'country = "FR"', 4, "country is one of BE, DE, NL"),
        ("Europe/Amsterdam", "Europe/Atlantis", 5, "IANA"),
        ('language = "nl"', 'language = "fr"', 6, "language is one of en, de, nl"),
        ('"urn:oid:2.999.77"', '"2.999.77"', 10, "system|value"),
        ('"EPD-N|", "|NORTH-WEST"', '"EPD-N"', 11, "application|facility"),
        ('"EPD-N|", "|NORTH-WEST"', '"|"', 11, "application|facility"),
        ("[in.hl7v2-orm]", "[in.hl7v9-orm]", 13, "no format of a message"),
        ("[in.hl7v2-orm]", "[in.hl7v2-letter]", 13, "no format of a message"),
        ("[in.hl7v2-orm]", "[in.hl7v2-records]", 14, "claims every message of its kind already"),
        ("OBR-4[3=99N]", "OBR-4[3", 14, "character"),
        ("also =", "alos =", 14, "in.hl7v2-orm.alos is no key here"),
        ('talks = ["phone"]', 'talks = ["fax"]', 17, "way.talks has only in-person, phone, video"),
        ('talks = ["phone"]', 'talks = ["phone", "phone"]', 17, "says something twice"),
        ('talks = ["phone"]', 'foreign_languages = ["Dutch"]', 17, "languages such as nl"),
        ('talks = ["phone"]', "talks = 3", 17, "way.talks is a list of texts"),
        ("[way]", '[out]\nreport = "PDF"\n[way]', 17, "out.report is one of MDM^T02"),
        ("[way]", '[hl7v2]\nversion = "9"\n[way]', 17, "hl7v2.version is one of 2.3"),
        ("[way]", '[hl7v2]\ndelimiters = "||~&"\n[way]', 17, "five different signs"),
    ],
)
def test_a_wrong_profile_stops_the_start_with_file_and_line(hospitals, told, before, after, line, words):
    changed(hospitals, before, after)
    found = [(where, text) for where, text in told() if words in text]
    assert [where for where, _ in found] == [f"north/profile.toml:{line}"]


def test_every_fault_of_every_hospital_is_told_at_once(hospitals, told, write):
    changed(hospitals, 'country = "NL"', 'country = "FR"')
    write(hospitals / "south" / "profile.toml", 'name = "south"\n')
    assert {where.split("/")[0] for where, _ in told()} == {"north", "south"}


def test_a_profile_that_is_no_toml_is_told(hospitals, told):
    changed(hospitals, "[way]", "[way")
    ((where, text),) = told()
    assert where == "north/profile.toml"
    assert "no TOML" in text


def test_a_folder_that_is_not_there_is_told(loaded, hospitals):
    (hospitals / "north" / "profile.toml").unlink()
    (hospitals / "north").rmdir()
    hospitals.rmdir()
    with pytest.raises(SetupError, match="no such folder"):
        loaded()


def test_a_file_that_nobody_reads_is_told(hospitals, told, write):
    write(hospitals / "north" / "identifers.csv", "")
    ((where, text),) = told()
    assert where == "north/identifers.csv"
    assert "nobody reads this" in text


def test_a_row_of_the_hospital_is_heard_before_the_formats_own(hospitals, loaded, write, order):
    write(hospitals / "north" / "overrides" / "hl7v2-orm.csv", HEADER + "ORC-2,/case,v2-key,,,our number is the case\n")
    assert take(order(), None, formats=loaded).stated.case == "N-ORD-1"


def test_rows_of_one_hospital_are_not_heard_from_others(hospitals, loaded, write, order):
    write(hospitals / "north" / "overrides" / "hl7v2-orm.csv", HEADER + "PID-5[7=L],,lost,,,not from here\n")
    elsewhere = order(application="OTHER", facility="OTHER", code="SO^Second opinion^99X")
    assert take(elsewhere, None, formats=loaded).stated.patient.name.family == "de Vries-TEST"
    with pytest.raises(InputError) as refused:
        take(order(), None, formats=loaded)
    assert [one.where for one in refused.value.problems] == ["PID-5"]


def test_rows_for_a_format_that_is_not_there_are_told(hospitals, told, write):
    write(hospitals / "north" / "overrides" / "hl7v2-omr.csv", HEADER)
    ((where, text),) = told()
    assert (where, text) == ("overrides/hl7v2-omr.csv", "there is no such format in mappings/intake")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ORC-2,/case,v2-kye,,,x", "no transform"),
        ("ORC-2,/case,v2-code,no-map,,x", "no ConceptMap"),
        ("ORC-2,/cases,v2-key,,,x", "no such member"),
        ("ORC-2,,v2-key,,,", "why nowhere"),
    ],
)
def test_a_wrong_row_is_told_with_file_and_line(hospitals, told, write, row, words):
    write(hospitals / "north" / "overrides" / "hl7v2-orm.csv", f"{HEADER}# ours\n{row}\n")
    ((where, text),) = told()
    assert where == "overrides/hl7v2-orm.csv:3"
    assert words in text


def test_codes_of_the_hospital_are_heard_before_the_shipped_ones_which_stay(hospitals, loaded, write, order):
    one = {**MAP, "group": [{"element": [
        {"code": "V", "target": [{"code": "female", "equivalence": "equivalent"}]},
    ]}]}  # fmt: skip
    write(hospitals / "north" / "codes" / "ConceptMap-v2-0001.json", json.dumps(one))
    dutch = order().replace(b"|19711224|F", b"|19711224|V")
    assert take(dutch, None, formats=loaded).stated.patient.gender == "female"
    assert take(order(), None, formats=loaded).stated.patient.gender == "female"


def test_a_map_that_gives_what_the_format_does_not_take_is_told(hospitals, told, write):
    write(hospitals / "north" / "codes" / "ConceptMap-own.json", json.dumps(MAP | {"group": [{"element": []}]}))
    write(hospitals / "north" / "codes" / "ConceptMap-bad.json", "{")
    ((where, text),) = told()
    assert (where, text) == ("codes/ConceptMap-bad.json", "the file is no JSON")


def test_identifier_systems_of_the_hospital_count_for_it(hospitals, loaded, write, order):
    write(hospitals / "north" / "identifiers.csv", "namespace,type,system,note\nNRT,PI,urn:oid:2.999.77.1,test\n")
    taken = take(order(), None, formats=loaded)
    assert [one.system for one in taken.stated.patient.identifiers] == ["urn:oid:2.999.77.1"]
    assert not [one for one in taken.account.remarks if one.kind.value == "unmapped"]


def test_a_wrong_identifier_system_is_told(hospitals, told, write):
    write(hospitals / "north" / "identifiers.csv", "namespace,type,system,note\nNRT,PI,our numbers,test\n")
    ((where, _),) = told()
    assert where == "north/identifiers.csv:2"


def test_a_sample_without_what_it_becomes_is_told_and_the_other_way_round(hospitals, told, write):
    write(hospitals / "north" / "samples" / "one.hl7", "MSH|")
    write(hospitals / "north" / "expected" / "two.json", "{}")
    assert [where for where, _ in told()] == ["samples/one.hl7", "expected/two.json"]
