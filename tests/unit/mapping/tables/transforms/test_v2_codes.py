import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.fhir import systems
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.tables.outcome import Given
from adapter.mapping.tables.transforms import TRANSFORMS

ICD = systems.ICD10_GM
CODED = {
    "M17.1^Gonarthrose^ICD10GM2026": (ICD, "M17.1", "2026", "Gonarthrose"),
    "M17.1^Gonarthrose^I10G-2026": (ICD, "M17.1", "2026", "Gonarthrose"),
    "M17.1^Gonarthrose^I10": (systems.ICD10, "M17.1", None, "Gonarthrose"),
    "M17.1^Gonarthrose^I10^^^^2019": (systems.ICD10, "M17.1", "2019", "Gonarthrose"),
    "5-822.g1^TEP^O301": (systems.OPS, "5-822.g1", None, "TEP"),
    "X1^Haus^99KLINIK^239873005^OA knee^SCT": (systems.SNOMED, "239873005", None, "Haus"),
    "22310-7^^LN": (systems.LOINC, "22310-7", None, None),
    "S^Second^HL70336": ("http://terminology.hl7.org/CodeSystem/v2-0336", "S", None, "Second"),
    "1^a^1.2.3": ("urn:oid:1.2.3", "1", None, "a"),
    "1^a^^^^^^^^^^^^2.16.840.1.113883.6.96": ("urn:oid:2.16.840.1.113883.6.96", "1", None, "a"),
    "1^a^L^^^^^^as written": (None, None, None, "as written"),
    "M17.1": (None, None, None, "M17.1"),
    "^Gonarthrose": (None, None, None, "Gonarthrose"),
    '""': (None, None, None, None),
}


@pytest.mark.parametrize("sent", CODED)
def test_a_code_goes_with_its_system_or_not_at_all(transformed, sent):
    first = transformed("cwe", sent)
    assert (first.value, *(one.value for one in first.also)) == CODED[sent]


def test_a_code_without_a_known_system_is_told(transformed):
    for sent in ("X1^Haus^99KLINIK", "X1"):
        assert [remark.kind for remark in transformed("cwe", sent).remarks] == [RemarkKind.UNMAPPED]


def test_a_coding_is_an_object(transformed):
    assert transformed("cwe-coding", "718-7^Hb^LN").value == {
        "system": systems.LOINC,
        "code": "718-7",
        "display": "Hb",
    }
    assert transformed("cwe-coding", "X^Y^Z").value is None


def test_words_are_as_the_sender_put_them(transformed):
    assert transformed("cwe-text", "1^short^L^2^other^M^^^in full").value == "in full"
    assert transformed("cwe-text", "1^^L^2^other").value == "other"
    assert transformed("cwe-text", "1").value == "1"


MAPPED = {
    ("v2-0001", "F"): "female",
    ("v2-0001", "f^Female^HL70001"): "female",
    ("v2-0001", "Female"): "female",
    ("v2-0001", "A"): "other",
    ("v2-0280", "Q^^^A"): "asap",
    ("v2-0282", "RP^Return"): "return",
    ("v2-0282", "SO"): None,
    ("v2-0336", "ZZ^own^L"): None,
    ("language", "DEU^German^HL70296"): "de",
    ("language", "ger"): "de",
    ("language", "EN"): "en",
    ("language", "nl-NL"): "nl-NL",
    ("language", "NLD^Dutch"): "nl",
    ("language", "qq"): None,
    ("country", "DEU"): "DE",
    ("country", "nl"): "NL",
}


@pytest.mark.parametrize(("codes", "sent"), MAPPED)
def test_a_code_is_mapped_by_its_table_and_never_guessed(transformed, codes, sent):
    assert transformed("v2-code", sent, codes=codes).value == MAPPED[codes, sent]


def test_what_a_code_says_less_exactly_is_told(transformed):
    assert [one.kind for one in transformed("v2-code", "A", codes="v2-0001").remarks] == [RemarkKind.DEFAULTED]


def test_a_code_that_means_nothing_here_is_told_with_the_reason_and_its_words_too(transformed):
    told = transformed("v2-code", "O^Provider Ordered^HL70336", codes="v2-0336").remarks
    assert {one.source for one in told} == {"ZZZ-1.1", "ZZZ-1.2", "ZZZ-1.3"}
    assert len({one.text for one in told}) == 1


@pytest.mark.parametrize(
    ("sent", "codes", "value"),
    [("Y", None, True), ("n", None, False), ("x", None, None), ("A^Active", "v2-0498", True), ("R", "v2-0498", False)],
)
def test_yes_and_no_are_told_apart(transformed, sent, codes, value):
    assert transformed("v2-truth", sent, codes=codes).value is value


@pytest.mark.parametrize(("sent", "value"), [("3", 3), ("03", 3), ("2.0", 2), ("2.5", None), ("two", None), ("", None)])
def test_a_whole_number_is_one(transformed, sent, value):
    assert transformed("v2-number", sent).value == value


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ("120.50^EUR", {"value": "120.50", "currency": "EUR"}),
        ("120&EUR^TP", {"value": "120", "currency": "EUR"}),
        ("120", None),
        ("-1^EUR", None),
    ],
)
def test_an_amount_has_a_currency(transformed, sent, value):
    assert transformed("money", sent).value == value


def test_text_is_all_of_a_field(transformed):
    assert transformed("v2-text", "a \\.br\\b").value == "a\nb"
    assert transformed("v2-text", "a^b&c").value == "a b c"


def test_a_note_begins_with_what_it_is(transformed):
    assert transformed("v2-note", "P^Penicillin^L", argument="Allergy").value == "Allergy: Penicillin"
    assert transformed("v2-note", "4711", argument="Number").value == "Number: 4711"
    assert transformed("v2-note", "", argument="Number").value is None


def test_a_doubt_is_a_remark_and_nothing_else(transformed):
    made = transformed("doubt", "REF", argument="not said")
    assert (made.value, [(one.kind, one.text) for one in made.remarks]) == (None, [(RemarkKind.DEFAULTED, "not said")])


PARTS = st.lists(
    st.sampled_from(["", "a", "M17.1", "I10", "LN", '""', "1.2.3", "a&b", "ICD10GM2026", "Y", "12"]), max_size=18
)
PLAIN = ["cwe", "cwe-coding", "cwe-text", "v2-text", "v2-number", "money", "v2-truth"]


@given(parts=PARTS, name=st.sampled_from(PLAIN))
def test_every_field_is_taken_and_what_is_used_exists(v2_field, shipped_context, parts, name):
    node = v2_field("^".join(parts))
    first = TRANSFORMS[name].bind(Given())(node, shipped_context)
    for outcome in (first, *first.also):
        assert set(outcome.used) <= {leaf.path for leaf in node.leaves()}
        assert outcome.value is not None or not outcome.used
