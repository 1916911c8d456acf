"""Case files, format `second-opinion-cases/1`: mappings/coverage/README.md."""

import pytest

from adapter.base.errors import Invalid
from adapter.rules.cases import read_cases, run_case

HEAD = "format: second-opinion-cases/1\nbases:\n  b: {payer: 'uzovi:7095', service_date: 2026-09-01, item: second-opinion}\ncases:\n"


def the_case(packs, text):
    [case] = read_cases(HEAD + text, "c.yaml", packs.vocabulary)
    return case


def faults(packs, text):
    with pytest.raises(Invalid) as refused:
        read_cases(text, "c.yaml", packs.vocabulary)
    return [(problem.where, problem.text) for problem in refused.value.problems]


def test_facts_stand_over_the_base_and_absent_takes_away(packs):
    case = the_case(packs, '  - {id: A, base: b, facts: {visits: 2, payer: "__absent__"}, expect: {pack: none}}\n')
    assert set(case.facts) == {"service_date", "item", "visits"}
    assert run_case(packs, case) == []


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("decision: ok", "decision: expected ok, found undetermined"),
        ("pack: none", "pack: expected none, found nl.zvw.default"),
        ("pct: 75", "pct: expected 75, found None"),
        ("reasons: []", "reasons: expected [], found ['FACT-MISSING']"),
        ("notices: [NO-SUCH]", "notices: NO-SUCH is not there"),
        ("no_notices: [NL-INFORM-FIRST]", "notices: NL-INFORM-FIRST is there"),
    ],
)
def test_a_difference_is_told(packs, expect, difference):
    case = the_case(packs, f"  - {{id: A, base: b, expect: {{{expect}}}}}\n")
    assert run_case(packs, case) == [difference]


def test_missing_is_an_exact_set(packs):
    case = the_case(packs, "  - {id: A, base: b, expect: {missing: [referral]}}\n")
    [difference] = run_case(packs, case)
    assert difference.startswith("missing: expected ['referral'], found ['care_in_basic'")


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (HEAD + "  - {id: A, base: c, expect: {pct: 1}}\n", "c.yaml:5", "no base is called 'c'"),
        (HEAD + "  - {id: A, base: b, expect: {result: ok}}\n", "c.yaml:5", "'result' is not known"),
        (HEAD + "  - {id: A, base: b}\n", "c.yaml:5", "expect is missing"),
        (HEAD + "  - {id: A, facts: {visits: many}, expect: {pct: 1}}\n", "c.yaml:5", "fact /visits"),
        (HEAD + "  - {id: A, kind: other, expect: {pct: 1}}\n", "c.yaml:5", "kind is 'other'"),
        (HEAD + "  - {id: A, expect: {pct: 1}}\n  - {id: A, expect: {pct: 1}}\n", "c.yaml:4", "stands here twice"),
        (HEAD, "c.yaml:4", "there is no case here"),
        ("format: second-opinion-cases/2\ncases: []\n", "c.yaml:1", "format must be"),
        ("[]", "c.yaml", "is no second-opinion-cases/1 document"),
        ("a: [}", "c.yaml:1", "not YAML"),
    ],
)
def test_a_case_file_with_a_fault_is_refused_with_its_line(packs, text, where, says):
    assert any(place == where and says in told for place, told in faults(packs, text)), faults(packs, text)
