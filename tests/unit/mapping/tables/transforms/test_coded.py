import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.codes import CodeMap, Counterpart, Group
from adapter.mapping.tables.outcome import Given, Outcome
from adapter.mapping.tables.transforms.coded import TRANSFORMS

SYSTEM = "http://codes.example"


def _map(**codes: Counterpart) -> CodeMap:
    return CodeMap("known", (Group(None, codes, {}),))


@pytest.fixture
def made(context):
    def make(name: str, said: str, **given) -> Outcome:
        return TRANSFORMS[name].bind(Given(**given))(Node("8", "PID-8", said), context)

    return make


def test_a_code_becomes_that_of_the_map(made):
    assert made("code", " M ", codes=_map(M=Counterpart("male"))) == Outcome("male", {"PID-8": ""})


def test_a_code_that_is_only_near_is_remarked(made):
    outcome = made("code", "A", codes=_map(A=Counterpart("other", equivalence="wider", comment="ambiguous")))
    (remark,) = outcome.remarks
    assert (remark.kind, remark.target) == (RemarkKind.DEFAULTED, "")
    assert remark.text == "the nearest code there is (wider): ambiguous"


def test_an_unknown_code_gives_no_value_and_its_remark_does_not_repeat_it(made):
    outcome = made("code", "geheim", codes=_map(M=Counterpart("male")))
    (remark,) = outcome.remarks
    assert outcome.value is None
    assert remark.kind is RemarkKind.UNMAPPED
    assert "geheim" not in remark.text
    assert "known" in remark.text


def test_a_code_for_which_we_have_none_is_lost_with_the_reason_of_the_map(made):
    outcome = made("code", "Z", codes=_map(Z=Counterpart(None, equivalence="unmatched", comment="not ours")))
    assert [(one.kind, one.text) for one in outcome.remarks] == [(RemarkKind.LOST, "not taken over: not ours")]


def test_a_coding_has_system_and_display_where_there_is_one(made):
    codes = _map(A=Counterpart("a", SYSTEM, "The A"), B=Counterpart("b", SYSTEM))
    expected = {"system": SYSTEM, "code": "a", "display": "The A"}
    assert made("coding", "A", codes=codes) == Outcome(expected, {"PID-8": "/code"})
    assert made("coding", "B", codes=codes).value == {"system": SYSTEM, "code": "b"}
    assert made("coding", "A", codes=codes).value is not made("coding", "A", codes=codes).value


def test_a_coding_without_a_system_is_refused_when_the_table_is_loaded():
    with pytest.raises(ValueError, match="every group of the ConceptMap needs a target"):
        TRANSFORMS["coding"].bind(Given(codes=_map(A=Counterpart("a"))))


def test_a_code_of_the_targets_own_list_is_taken_as_it_is(made):
    assert made("same-code", "stat", allowed=("stat", "asap")) == Outcome("stat", {"PID-8": ""})
    assert made("same-code", "STAT", allowed=("stat", "asap")).remarks[0].kind is RemarkKind.UNMAPPED


@pytest.mark.parametrize("said", ["Y", "yes", "J", "Ja", "1", "TRUE", " t "])
def test_yes(made, said):
    assert made("boolean", said).value is True


@pytest.mark.parametrize("said", ["N", "no", "Nein", "nee", "0", "FALSE"])
def test_no(made, said):
    assert made("boolean", said).value is False


def test_neither_yes_nor_no_is_unreadable(made):
    assert [one.kind for one in made("boolean", "maybe").remarks] == [RemarkKind.UNREADABLE]


def test_a_map_decides_what_yes_is(made):
    codes = _map(P=Counterpart("true"), V=Counterpart("false"))
    assert made("boolean", "P", codes=codes).value is True
    assert made("boolean", "V", codes=codes) == Outcome(False, {"PID-8": ""})
    assert made("boolean", "Y", codes=codes).remarks[0].kind is RemarkKind.UNMAPPED


def test_a_map_of_something_else_cannot_decide_what_yes_is():
    with pytest.raises(ValueError, match="gives true and false"):
        TRANSFORMS["boolean"].bind(Given(codes=_map(P=Counterpart("maybe"))))


@pytest.mark.parametrize(("said", "tag"), [("NL", "nl"), ("de_DE", "de-DE"), ("de-ch", "de-CH"), ("deu", "deu")])
def test_a_language_is_a_tag(made, said, tag):
    assert made("language", said).value == tag


@pytest.mark.parametrize("said", ["Deutsch!", "d", "de-", "niederlaendisch"])
def test_what_is_no_tag_is_remarked(made, said):
    assert made("language", said).remarks[0].kind is RemarkKind.UNMAPPED


def test_a_map_of_languages_is_asked_first(made):
    codes = _map(D=Counterpart("de"), nl=Counterpart("nl-NL"))
    assert [made("language", said, codes=codes).value for said in ("D", "nl", "fr")] == ["de", "nl-NL", "fr"]


def test_a_country_has_two_letters(made):
    assert made("country", "de").value == "DE"
    assert made("country", "DEU").remarks[0].kind is RemarkKind.UNMAPPED


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
@given(said=st.text(max_size=12))
def test_any_text_is_taken_or_explained(context, name, said):
    given = Given(codes=_map(M=Counterpart("true", SYSTEM)), allowed=("x",))
    if name in ("same-code", "country"):
        given = Given(allowed=("x",))
    outcome = TRANSFORMS[name].bind(given)(Node("8", "PID-8", said), context)
    if said.strip() and said != '""':
        assert (outcome.value is None) == bool(outcome.remarks)
    else:
        assert outcome == Outcome()
