"""The JSON answer of `check --json` and its telling in words."""

from decimal import Decimal

import pytest

from adapter.rules.answer import answer_json, plain_number
from adapter.rules.evaluate import decide
from adapter.rules.explain import explain


@pytest.mark.parametrize(
    ("value", "number"),
    [(None, None), (Decimal("265.00"), 265), (Decimal("62.5"), 62.5), (Decimal(0), 0), (Decimal(100), 100)],
)
def test_numbers_are_whole_where_they_are_whole(value, number):
    assert plain_number(value) == number
    assert type(plain_number(value)) is type(number)


def test_the_members_stand_in_the_order_of_the_contract(packs, nl_facts):
    answer = answer_json(decide(packs, nl_facts), "de")
    assert list(answer) == [
        *("decision", "pack", "on", "basis", "reasons", "notices", "missing"),
        *("pct", "deductible", "deductible_remaining"),
    ]
    assert list(answer["reasons"][0]) == ["code", "rule", "text", "source"]
    assert answer["reasons"][0]["text"] == "Von der Basisversicherung gedeckt."
    assert (answer["on"], answer["deductible_remaining"]) == ("2026-09-01", 285)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Estimate", "Why", "What is missing", "ask: the treating provider", "Good to know")),
        ("de", ("Einschätzung", "Warum", "Was fehlt", "zu fragen: die behandelnde Stelle", "Gut zu wissen")),
        ("nl", ("Schatting", "Waarom", "Wat ontbreekt", "te vragen aan: de behandelaar", "Goed om te weten")),
    ],
)
def test_the_telling_says_what_is_missing_and_who_knows_it(packs, nl_facts, lang, words):
    del nl_facts["referral"]
    del nl_facts["supplementary"]
    told = "\n".join(explain(decide(packs, nl_facts), lang, packs.vocabulary))
    for word in words:
        assert word in told
    assert "(referral;" in told


def test_the_telling_names_percentage_and_deductible(packs, nl_facts):
    told = list(explain(decide(packs, nl_facts | {"contracted": "no"}), "en", packs.vocabulary))
    assert "Reimbursed: 75 %" in told
    assert "Deductible: applies, EUR 285 left this year" in told


def test_the_telling_of_an_unknown_insurer_says_that_no_pack_answers(packs):
    told = "\n".join(explain(decide(packs, {}), "en", packs.vocabulary))
    assert "Rules: none, as of unknown date" in told
    assert "NO-PACK" in told
