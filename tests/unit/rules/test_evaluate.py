"""The semantics of mappings/coverage/README.md."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.domain.coverage import CoverageOutcome
from adapter.rules.evaluate import decide

DAY = date(2026, 9, 1)
# The fixtures used here hold no state that one example could leave for the next.
shared_fixtures = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def codes(reasons):
    return [reason.code for reason in reasons]


def objections(decision):
    return {row.rule for row in decision.trace if (row.effect or "").startswith(("denied", "action"))}


@shared_fixtures
@given(data=st.data())
def test_knowing_less_never_adds_an_objection(packs, random_facts, data):
    facts = data.draw(random_facts)
    gone = data.draw(st.sampled_from(sorted(facts)))
    more = decide(packs, facts)
    less = decide(packs, {name: value for name, value in facts.items() if name != gone})
    if less.pack == more.pack:
        assert objections(less) <= objections(more)


@shared_fixtures
@given(data=st.data())
def test_removing_a_fact_never_turns_undetermined_into_a_denial(packs, random_facts, data):
    facts = data.draw(random_facts)
    gone = data.draw(st.sampled_from(sorted(facts)))
    more = decide(packs, facts)
    less = decide(packs, {name: value for name, value in facts.items() if name != gone})
    if more.outcome is CoverageOutcome.UNDETERMINED and less.pack == more.pack:
        assert less.outcome is not CoverageOutcome.DENIED


@shared_fixtures
@given(data=st.data())
def test_every_answer_is_whole(packs, random_facts, data):
    facts = data.draw(random_facts)
    decision = decide(packs, facts)
    assert decision.reasons
    assert set(decision.missing).isdisjoint(facts)
    if decision.outcome in {CoverageOutcome.OK, CoverageOutcome.PARTIAL}:
        assert decision.missing == ()
        assert (decision.outcome is CoverageOutcome.PARTIAL) == (decision.pct is not None and decision.pct < 100)
    if decision.pack is not None:
        pack = packs.by_id(decision.pack)[0]
        assert [row.rule for row in decision.trace] == [rule.id for rule in pack.rules]


@shared_fixtures
@given(data=st.data())
def test_a_hospital_never_names_a_fact_as_missing_that_is_there(packs, random_facts, data):
    facts = data.draw(random_facts) | {"second_org": "catharina"}
    decision = decide(packs, facts, kind="intake")
    assert decision.pack == ("nl.provider.catharina" if facts["service_date"].year >= 2024 else None)
    assert set(decision.missing).isdisjoint(facts)


def test_an_unknown_insurer_is_undetermined_and_says_whom_to_ask(packs, nl_facts):
    decision = decide(packs, nl_facts | {"payer": "iknr:101575519"})
    assert (decision.outcome, decision.pack, decision.on) == (CoverageOutcome.UNDETERMINED, None, DAY)
    assert codes(decision.reasons) == ["NO-PACK"]
    assert decision.reasons[0].rule is None
    assert set(decision.reasons[0].text) == {"en", "de", "nl"}
    assert "insurer" in decision.reasons[0].text["en"]
    assert decision.missing == ()


@pytest.mark.parametrize("gone", ["payer", "service_date"])
def test_without_payer_or_date_no_pack_answers_and_the_fact_is_named(packs, nl_facts, gone):
    del nl_facts[gone]
    decision = decide(packs, nl_facts)
    assert (decision.outcome, decision.pack) == (CoverageOutcome.UNDETERMINED, None)
    assert codes(decision.reasons) == ["NO-PACK"]
    assert decision.missing == (gone,)


def test_without_payer_and_date_both_are_named(packs):
    assert decide(packs, {}).missing == ("service_date", "payer")


def test_a_missing_fact_is_named_by_its_inputs_once_and_in_order(packs, nl_facts):
    for gone in ("first_org", "second_org", "second_role"):
        del nl_facts[gone]
    assert decide(packs, nl_facts).missing == ("second_role", "first_org", "second_org")


def test_a_birth_date_after_the_service_date_leaves_the_deductible_open(packs, nl_facts):
    decision = decide(packs, nl_facts | {"birth_date": date(2030, 1, 1)})
    assert (decision.deductible, decision.outcome) == (None, CoverageOutcome.OK)


def test_denied_is_stronger_than_action_and_missing_facts_are_told_all_the_same(packs, nl_facts):
    del nl_facts["supplementary"]
    decision = decide(packs, nl_facts | {"takeover": True, "visits": 2, "referral": "none"})
    assert codes(decision.reasons) == ["NL-NOT-SECOND-OPINION"]
    assert decision.missing == ("supplementary",)
    assert (decision.pct, decision.deductible, decision.deductible_remaining) == (None, None, None)


def test_an_action_says_what_would_be_paid_then(packs, nl_facts):
    decision = decide(packs, nl_facts | {"visits": 2})
    assert (decision.outcome, decision.pct, decision.deductible) == (CoverageOutcome.ACTION, Decimal(100), "applies")


def test_the_policy_s_own_percentage_stands_over_the_pack_s(packs, nl_facts):
    decision = decide(packs, nl_facts | {"contracted": "no", "noncontracted_pct": Decimal("62.5")})
    assert (decision.outcome, decision.pct) == (CoverageOutcome.PARTIAL, Decimal("62.5"))


def test_what_remains_of_the_deductible_is_exact(packs, nl_facts):
    decision = decide(packs, nl_facts | {"deductible_used": Decimal("120.35")})
    assert decision.deductible_remaining == Decimal("264.65")


def test_the_trace_shows_what_each_rule_saw_and_did(packs, nl_facts):
    decision = decide(packs, nl_facts | {"contracted": "unknown"})
    rows = {row.rule: row for row in decision.trace}
    assert rows["nl-zvw-contract-known"].result is False
    assert rows["nl-zvw-contract-known"].seen == {"contracted": "unknown", "policy_type": "natura"}
    assert rows["nl-zvw-contract-known"].effect == "action: NL-CONTRACT-CHECK"
    assert rows["nl-so-independent"].seen == {"same_org": False, "second_linked": False}
    assert rows["nl-so-repeat"].result is None
    assert rows["nl-so-repeat"].effect is None


def test_a_hospital_answers_for_itself_alone(packs):
    facts = {"first_org": "dijklander", "second_org": "catharina", "service_date": DAY}
    assert decide(packs, facts, kind="intake", provider="dijklander").pack == "nl.provider.dijklander"
    assert decide(packs, facts, kind="intake", provider="catharina").pack == "nl.provider.catharina"
    assert decide(packs, facts, kind="intake", provider="elsewhere").pack is None


def test_the_facts_that_are_handed_in_are_left_alone(packs, nl_facts):
    before = dict(nl_facts)
    decide(packs, nl_facts)
    assert nl_facts == before
