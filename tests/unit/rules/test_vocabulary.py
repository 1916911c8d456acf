"""Flat facts as a caller gives them: https://www.rfc-editor.org/rfc/rfc6901 for the places."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import Invalid


@pytest.fixture(scope="session")
def vocabulary(packs):
    return packs.vocabulary


def refused(vocabulary, facts):
    with pytest.raises(Invalid) as wrong:
        vocabulary.read_facts(facts)
    return {problem.where: problem.text for problem in wrong.value.problems}


def test_facts_come_out_typed(vocabulary):
    given_facts = {
        "service_date": "2026-03-19",
        "deductible_used": 120.1,
        "visits": 1,
        "takeover": False,
        "codes": ["ops:5-822.g1"],
        "contracted": "yes",
    }
    assert vocabulary.read_facts(given_facts) == {
        "service_date": date(2026, 3, 19),
        "deductible_used": Decimal("120.1"),
        "visits": 1,
        "takeover": False,
        "codes": ("ops:5-822.g1",),
        "contracted": "yes",
    }


def test_null_is_unknown(vocabulary):
    assert vocabulary.read_facts({"referral": None}) == {}


@pytest.mark.parametrize(
    ("fact", "value", "says"),
    [
        ("takeover", "yes", "true or false"),
        ("takeover", 1, "true or false"),
        ("visits", True, "whole number"),
        ("visits", 1.0, "whole number"),
        ("visits", -1, "below 0"),
        ("copy_number", 0, "below 1"),
        ("noncontracted_pct", 101, "above 100"),
        ("noncontracted_pct", "75", "a number"),
        ("deductible_used", float("nan"), "a number"),
        ("service_date", "2026-02-30", "calendar"),
        ("service_date", "2026-03", "full date"),
        ("service_date", "19-03-2026", "full date"),
        ("service_date", 20260319, "full date"),
        ("referral", "GP", "one of none, first-provider"),
        ("referral", "", "text"),
        ("codes", "ops:5-822", "list of texts"),
        ("codes", [1], "list of texts"),
        ("codes", ["5-822"], "form"),
        ("records_language", ["nl-NL"], "form"),
        ("first_country", "nl", "form"),
        ("payer", 3343, "text"),
    ],
)
def test_a_wrong_type_is_refused_at_its_place(vocabulary, fact, value, says):
    found = refused(vocabulary, {fact: value})
    assert list(found) == [f"/{fact}"]
    assert says in found[f"/{fact}"]


def test_everything_that_is_wrong_is_told_at_once(vocabulary):
    found = refused(vocabulary, {"takeover": "no", "colour": "red", "age": 40, "visits": 1, "a/b~c": 1})
    assert list(found) == ["/takeover", "/colour", "/age", "/a~1b~0c"]
    assert "no fact has this name" in found["/colour"]
    assert "give service_date, birth_date instead" in found["/age"]


def test_what_was_sent_is_not_repeated_in_the_error(vocabulary):
    assert "Müller" not in str(refused(vocabulary, {"referral": "Müller", "codes": ["Müller"]}))


@pytest.mark.parametrize("document", [[], "payer", 3, None])
def test_facts_that_are_no_object_are_refused(vocabulary, document):
    with pytest.raises(Invalid, match="flat JSON object"):
        vocabulary.read_facts(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@given(data=st.data())
def test_any_value_for_any_fact_is_taken_or_refused_but_never_breaks(vocabulary, data):
    name = data.draw(st.sampled_from(sorted(vocabulary.facts)))
    value = data.draw(JSON)
    try:
        places = set(vocabulary.read_facts({name: value}))
    except Invalid as wrong:
        places = {problem.where.removeprefix("/") for problem in wrong.problems}
    assert places == ({name} if value is not None else set())
