import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.tables.outcome import Given
from adapter.mapping.tables.transforms import TRANSFORMS

NUMBERS = {
    "+49 711 555": ("phone", "+49 711 555", None),
    "(555) 555-2004^^PH": ("phone", "(555) 555-2004", None),
    "020-5551234^PRN^PH": ("phone", "020-5551234", "home"),
    "^PRN^PH^^49^711^5550111": ("phone", "+49 711 5550111", "home"),
    "^WPN^PH^^^^^030-2345678": ("phone", "030-2345678", "work"),
    "^WPN^PH^^^040^123456^77": ("phone", "040 123456 ext. 77", "work"),
    "^WPN^PH^^^^^^^^^0711 5550-0": ("phone", "0711 5550-0", "work"),
    "0612345678^ORN^CP": ("phone", "0612345678", "mobile"),
    "^PRS^CP^^31^6^12345678": ("phone", "+31 6 12345678", "mobile"),
    "06-12345678^Mobile Number^Tel": ("phone", "06-12345678", None),
    "^WPN^FX^^49^711^1": ("fax", "+49 711 1", "work"),
    "^NET^Internet^a@b.example": ("email", "a@b.example", None),
    "a@b.example^NET": ("email", "a@b.example", None),
    "a@b.example": ("email", "a@b.example", None),
    "^NET^Internet^https://b.example": ("url", "https://b.example", None),
    "^^^a@b.example": ("email", "a@b.example", None),
    "555^BPN^BP": ("pager", "555", None),
    "555^XXX^QQ": ("other", "555", None),
}


@pytest.fixture
def made(transformed):
    return transformed


@pytest.mark.parametrize("sent", NUMBERS)
def test_a_number_is_read_in_its_old_form_and_in_its_new_one(made, sent):
    system, value, use = NUMBERS[sent]
    expected = {"system": system, "value": value} | ({"use": use} if use else {})
    assert made("xtn", sent).value == expected


def test_the_fields_own_use_holds_where_the_number_names_none(made):
    assert made("xtn", "555", argument="home").value["use"] == "home"
    assert made("xtn", "555^WPN", argument="home").value["use"] == "work"
    assert "use" not in made("xtn", "a@b.example", argument="home").value


def test_codes_of_number_that_no_table_knows_are_told(made):
    kinds = [(remark.kind, remark.source) for remark in made("xtn", "555^XXX^QQ").remarks]
    assert kinds == [(RemarkKind.UNMAPPED, "ZZZ-1.3"), (RemarkKind.UNMAPPED, "ZZZ-1.2")]


@pytest.mark.parametrize("sent", ["", '""', "^PRN^PH", "^^^^49"])
def test_no_number_is_no_telecom(made, sent):
    assert made("xtn", sent).value is None


ADDRESSES = {
    "Lindenweg 3^^Stuttgart^^70173^DEU^H": {
        "line": ["Lindenweg 3"],
        "city": "Stuttgart",
        "postalCode": "70173",
        "country": "DE",
    },
    "Keizersgracht 117 a&Keizersgracht&117^a^Amsterdam^^1015CJ^NL": {
        "line": ["Keizersgracht 117 a"],
        "city": "Amsterdam",
        "postalCode": "1015CJ",
        "country": "NL",
    },
    "Keizersgracht&Keizersgracht&117": {"line": ["Keizersgracht 117"]},
    "&Hospital Lane&1000": {"line": ["Hospital Lane 1000"]},
    "^Ste. 123^Ann Arbor^MI": {"line": ["Ste. 123"], "city": "Ann Arbor", "state": "MI"},
    "Weg 1^^Ort^^^Deutschland": {"line": ["Weg 1"], "city": "Ort", "country": "DE"},
    "Weg 1^^Ort^^^Atlantis": {"line": ["Weg 1"], "city": "Ort"},
    "^^^^^^H": None,
    '""^^""': None,
}


@pytest.mark.parametrize("sent", ADDRESSES)
def test_an_address_is_told_in_lines_and_parts(made, sent):
    assert made("xad", sent).value == ADDRESSES[sent]


def test_a_country_that_no_table_knows_is_told(made):
    assert [remark.kind for remark in made("xad", "Weg 1^^Ort^^^Atlantis").remarks] == [RemarkKind.UNMAPPED]


PARTS = st.lists(
    st.sampled_from(["", "a", "PH", "NET", "Internet", "CP", "12345", '""', "x@y", "a&b", "DE"]), max_size=14
)


@given(parts=PARTS, name=st.sampled_from(["xtn", "xad", "v2-email"]))
def test_every_field_is_taken_and_what_is_used_exists(v2_field, shipped_context, parts, name):
    node = v2_field("^".join(parts))
    outcome = TRANSFORMS[name].bind(Given())(node, shipped_context)
    assert set(outcome.used) <= {leaf.path for leaf in node.leaves()}
    assert outcome.value is not None or not outcome.used
