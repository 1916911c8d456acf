"""Every requirement of the two hospitals' pages has its place: profile, checklist, rule, workflow, format or words."""

import csv
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.domain.lifecycle import TRANSITIONS
from adapter.intake.schemas import schema
from adapter.mapping.tables.target import parse_target
from adapter.rules.pack import load_packs

SHARED = Path(__file__).parents[4].parent / "shared" / "coverage" / "requirements.csv"
HOSPITALS = {"catharina": "C", "dijklander": "D"}
ITEM = """[[item]]
id = "letter"
before = "study"
by = ["treating"]
documents = ["http://loinc.org|57133-1"]
rows = ["N01"]
text = {en = "x", de = "x", nl = "x"}
"""
HEADER = "row,kind,place,says\n"


@pytest.fixture(scope="module")
def rules():
    packs = load_packs(shipped("mappings") / "coverage")
    return {f"{pack.id}#{rule.id}": rule for pack in packs.all for rule in pack.rules}


def requirements(formats, hospital):
    return formats.hospitals.named(hospital).requirements


@pytest.mark.parametrize(("hospital", "letter"), HOSPITALS.items())
def test_every_row_of_the_page_has_a_place_and_no_other_row_is_there(formats, hospital, letter):
    if not SHARED.exists():
        pytest.skip("the requirements are not beside the project (../shared/coverage)")
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = {row["id"] for row in csv.DictReader(file) if row["id"].startswith(letter)}
    assert {one.row for one in requirements(formats, hospital)} == rows


@pytest.mark.parametrize("hospital", HOSPITALS)
def test_a_place_among_the_rules_is_a_rule_of_a_pack(formats, rules, hospital):
    places = {one.place for one in requirements(formats, hospital) if one.kind == "rule"}
    assert places
    assert places <= rules.keys()


@pytest.mark.parametrize("hospital", HOSPITALS)
def test_a_place_in_the_workflow_is_a_state_that_a_case_can_reach(formats, hospital):
    states = {status for status, _event in TRANSITIONS} | {step.business_status for step in TRANSITIONS.values()}
    places = {one.place for one in requirements(formats, hospital) if one.kind == "workflow"}
    assert places
    assert places <= states


@pytest.mark.parametrize("hospital", HOSPITALS)
def test_a_place_in_the_format_is_a_member_of_the_request(formats, hospital):
    document = schema("second-opinion-request-1").document
    for one in requirements(formats, hospital):
        if one.kind == "format":
            assert parse_target(one.place, None, document).text == one.place


@pytest.mark.parametrize("hospital", HOSPITALS)
def test_the_rule_that_an_item_names_is_of_a_pack_and_rests_on_one_of_its_rows(formats, rules, hospital):
    for item in formats.hospitals.named(hospital).checklist:
        if item.rule is not None:
            assert set(item.rows) & set(rules[item.rule].reason.source), item.id


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("N01,chapter,x,y", "kind is one of"),
        ("N01,text,x,y", "has a place"),
        ("N01,profile,,y", "has a place"),
        ("N01,profile,way.talk,y", "no key way.talk"),
        ("N01,checklist,leter,y", "no item leter"),
        ("N02,checklist,letter,y", "no item letter that names N02"),
        ("N01,profile,way.talks,", "in a few words"),
    ],
)
def test_a_place_that_is_not_there_is_told_with_its_line(hospitals, told, write, line, words):
    write(hospitals / "north" / "checklist.toml", ITEM)
    write(hospitals / "north" / "requirements.csv", f"{HEADER}N01,checklist,letter,a letter\n{line}\n")
    found = [where for where, text in told() if words in text]
    assert found == ["north/requirements.csv:3"]


def test_an_item_whose_row_is_not_listed_is_told(hospitals, told, write):
    write(hospitals / "north" / "checklist.toml", ITEM)
    write(hospitals / "north" / "requirements.csv", f"{HEADER}N02,text,,words\n")
    assert told() == [("north/requirements.csv", "N01 of the item letter has no line here")]
