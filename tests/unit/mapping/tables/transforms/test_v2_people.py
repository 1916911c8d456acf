import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.intake.readers.er7 import read_message
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Given, Outcome
from adapter.mapping.tables.transforms import TRANSFORMS


def field(text: str) -> Node:
    data = f"MSH|^~\\&|A|B|C|D|20260312||REF^I12|1|T|2.5||||||UTF-8\rZZZ|{text}"
    found = read_message(data.encode()).root.first("ZZZ").first("1")
    return found or Node("1", "ZZZ-1", "")


@pytest.fixture
def made(context):
    def make(name: str, text: str) -> Outcome:
        return TRANSFORMS[name].bind(Given())(field(text), context)

    return make


NAMES = {
    "Müller^Jürgen^Karl": {"family": "Müller", "given": ["Jürgen", "Karl"]},
    "van Beethoven&van^Ludwig": {"family": "van Beethoven", "given": ["Ludwig"]},
    "Beethoven&van^Ludwig": {"family": "van Beethoven", "given": ["Ludwig"]},
    "&&van Houten^Z.Z.": {"family": "van Houten", "given": ["Z.Z."]},
    "&van der&Berg&de&Vries^A.": {"family": "van der Berg - de Vries", "given": ["A."]},
    "Jansen-de Vries&de&Vries&&Jansen^Anna": {"family": "Jansen-de Vries", "given": ["Anna"]},
    "Meier^Eva^^^Freifrau^Dr. med.": {"family": "Meier", "given": ["Eva"], "prefix": ["Freifrau", "Dr. med."]},
    "Powell^Robert^^III^DR^MD": {"family": "Powell", "given": ["Robert"], "prefix": ["DR"], "suffix": ["III", "MD"]},
    "Visser^^A.B.": {"family": "Visser", "given": ["A.B."]},
    "^Anna": {"text": "Anna", "given": ["Anna"]},
    "Smith": {"family": "Smith"},
    '""^""': None,
    "^^^Jr": None,
}


@pytest.mark.parametrize("sent", NAMES)
def test_a_name_is_told_as_its_owner_writes_it(made, sent):
    assert made("xpn", sent).value == NAMES[sent]


def test_every_part_of_a_name_is_accounted_for(made):
    used = made("xpn", "Jansen-de Vries&de&Vries&&Jansen^Anna^A.^jr.^Mw.^drs.^L").used
    assert used == {
        "ZZZ-1.1.1": "/family",
        "ZZZ-1.1.2": "/family",
        "ZZZ-1.1.3": "/family",
        "ZZZ-1.1.5": "/family",
        "ZZZ-1.2": "/given/0",
        "ZZZ-1.3": "/given/1",
        "ZZZ-1.4": "/suffix/0",
        "ZZZ-1.5": "/prefix/0",
        "ZZZ-1.6": "/prefix/1",
        "ZZZ-1.7": "",
    }


def test_a_partners_name_that_the_family_name_does_not_hold_is_left_to_be_told(made):
    assert "ZZZ-1.1.5" not in made("xpn", "EVERYMAN&&&&Aniston^ADAM").used


def test_a_practitioner_has_name_and_number(made):
    assert made("xcn", "01015464^&van den&Berg^C.^^^dr.^^^VEKTIS^L^^^AGB").value["name"] == {
        "family": "van den Berg",
        "given": ["C."],
        "prefix": ["dr."],
    }
    assert made("xcn", "^Jansen").value == {"name": {"family": "Jansen"}}
    assert list(made("xcn", "4711").value) == ["identifiers"]
    assert made("xcn", "^^^^Dr").value is None


def test_a_practitioner_of_subcomponents_is_read_too(made):
    name = made("cnn", "01016666&de Boer&Tess&&&dr.").value
    assert name is not None


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("4711^Topp^Hans^^jr.^Dr.^", "Dr. Hans Topp jr."),
        ("Hans Topp", "Hans Topp"),
        ("4711^^Hans", "4711"),
        ("^Topp", "Topp"),
    ],
)
def test_a_name_as_one_text_reads_as_it_is_spoken(made, sent, text):
    assert made("xcn-text", sent).value == text


ORGANIZATIONS = {
    ("xon", "Klinik A"): {"name": "Klinik A"},
    ("hd", "KLINIK A"): {"name": "KLINIK A"},
    ("hd", "GHH^1.2.3^ISO"): {
        "name": "GHH",
        "identifiers": [{"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}],
    },
    ("hd", "^hospital.example^DNS"): {"name": "hospital.example"},
    ("hd", "^1.Edu^ISO"): {"name": "1.Edu"},
    ("pl", "^^^GI FACILITY^^^^^RHH MEDICAL CENTER"): {"name": "GI FACILITY"},
    ("pl", "Ward 3^^^^^^^^East wing"): {"name": "East wing"},
    ("pl", "Ward 3"): None,
}


@pytest.mark.parametrize(("name", "sent"), ORGANIZATIONS)
def test_an_organisation_is_what_names_it(made, name, sent):
    assert made(name, sent).value == ORGANIZATIONS[name, sent]


def test_an_organisation_has_its_number_in_the_new_place_and_in_the_old(made):
    new, old = made("xon", "Klinik A^^^^^ARGE^IK^^^260000011"), made("xon", "Klinik A^^260000011^^^ARGE^IK")
    assert new.value == old.value
    assert new.value["identifiers"][0]["value"] == "260000011"


PARTS = st.lists(st.sampled_from(["", "a", "x y", '""', "1.2.3", "ISO", "&", "b&c", "&&d", " "]), max_size=22)


@given(parts=PARTS, name=st.sampled_from(["xpn", "xcn", "cnn", "xcn-text", "xon", "hd", "pl", "cx", "ei", "pln"]))
def test_every_field_is_taken_and_what_is_used_exists(context, parts, name):
    node = field("^".join(parts))
    outcome = TRANSFORMS[name].bind(Given())(node, context)
    places = {leaf.path for leaf in node.leaves()}
    assert set(outcome.used) <= places
    if outcome.value is not None:
        for pointer in outcome.used.values():
            value = outcome.value
            for step in pointer.split("/")[1:]:
                value = value[int(step)] if isinstance(value, list) else value[step]
            assert value
