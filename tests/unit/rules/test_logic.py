"""https://plato.stanford.edu/entries/logic-manyvalued/ (Kleene): false < unknown < true, and, or, not as min, max, 1 - x."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.rules.derived import Setting, Values
from adapter.rules.logic import comparison, conjunction, disjunction, negation, presence

NAMES = ("a", "b", "c")
RANK = {False: 0, None: 1, True: 2}
TRUTH = {rank: truth for truth, rank in RANK.items()}


def leaf(name):
    return comparison(name, "eq", "y", lambda _values: (name,))


def values(**facts):
    return Values(
        {name: fact for name, fact in facts.items() if fact is not None}, Setting(procedures={}, deductible={})
    )


def conditions():
    leaves = st.sampled_from(NAMES).map(lambda name: (leaf(name), lambda ranks: ranks[name]))
    return st.recursive(leaves, lambda inner: st.one_of(_negated(inner), _joined(inner)), max_leaves=8)


def _negated(inner):
    return inner.map(lambda pair: (negation(pair[0]), lambda ranks: 2 - pair[1](ranks)))


def _joined(inner):
    def both(pairs):
        parts, oracles = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        return st.sampled_from(
            [
                (conjunction(parts), lambda ranks: min(oracle(ranks) for oracle in oracles)),
                (disjunction(parts), lambda ranks: max(oracle(ranks) for oracle in oracles)),
            ]
        )

    return st.lists(inner, min_size=1, max_size=3).flatmap(both)


FACTS = st.fixed_dictionaries({name: st.sampled_from(["y", "n", None]) for name in NAMES})


def truth_of(fact):
    return None if fact is None else fact == "y"


@given(pair=conditions(), facts=FACTS)
def test_conditions_follow_the_strong_kleene_tables(pair, facts):
    condition, oracle = pair
    ranks = {name: RANK[truth_of(fact)] for name, fact in facts.items()}
    assert condition.holds(values(**facts)) is TRUTH[oracle(ranks)]


@given(pair=conditions(), facts=FACTS, gone=st.sampled_from(NAMES))
def test_knowing_less_never_turns_an_answer_into_another(pair, facts, gone):
    condition, _ = pair
    before, after = condition.holds(values(**facts)), condition.holds(values(**(facts | {gone: None})))
    assert after is before or after is None


@given(pair=conditions(), facts=FACTS)
def test_an_unknown_condition_names_what_is_absent_and_nothing_else(pair, facts):
    condition, _ = pair
    seen = values(**facts)
    if condition.holds(seen) is None:
        gaps = condition.gaps(seen)
        assert gaps
        assert {name for name in gaps if facts[name] is not None} == set()


@given(first=FACTS, pair=conditions(), other=conditions())
def test_de_morgan_holds_in_three_values(first, pair, other):
    one, two = pair[0], other[0]
    seen = values(**first)
    assert negation(conjunction([one, two])).holds(seen) is disjunction([negation(one), negation(two)]).holds(seen)


@pytest.mark.parametrize(
    ("operator", "expected", "seen", "result"),
    [
        ("ne", "y", "y", False),
        ("in", ["x", "y"], "y", True),
        ("in", ["x"], "y", False),
        ("nin", ["x"], "y", True),
        ("nin", ["y"], "y", False),
        ("lt", 10, 9, True),
        ("lt", 10, 10, False),
        ("le", 10, 10, True),
        ("gt", 0, Decimal("0.1"), True),
        ("gt", 0, 0, False),
        ("ge", 18, 18, True),
        ("ge", 18, 17, False),
    ],
)
def test_an_operator_at_its_edge(operator, expected, seen, result):
    condition = comparison("a", operator, expected, lambda _values: ("a",))
    assert condition.holds(values(a=seen)) is result
    assert condition.holds(values()) is None


@pytest.mark.parametrize(("seen", "present"), [("y", True), (None, False)])
def test_presence_is_never_unknown(seen, present):
    assert presence("a", present=True).holds(values(a=seen)) is present
    assert presence("a", present=False).holds(values(a=seen)) is not present
