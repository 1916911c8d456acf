"""https://yaml.org/spec/1.2.2/ext/changes/"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import SetupError
from adapter.rules.located import Findings, read_located


def read(text):
    findings = Findings()
    value = read_located(text, "a.yaml", findings)
    findings.raise_as(SetupError, "wrong")
    return value


def faults(text):
    with pytest.raises(SetupError) as refused:
        read(text)
    return [(problem.where, problem.text) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("385", 385),
        ("-3", -3),
        ("62.50", Decimal("62.50")),
        ("2026-01-31", date(2026, 1, 31)),
        ("true", True),
        ("null", None),
        ("~", None),
        ('"yes"', "yes"),
        ('"0101"', "0101"),
        ('"2026-01-31"', "2026-01-31"),
        ("5-822.g1", "5-822.g1"),
        ("12:30", "12:30"),
        ("1e3", "1e3"),
        ("gp", "gp"),
    ],
)
def test_a_plain_value_has_one_meaning(text, value):
    found = read(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["yes", "No", "on", "OFF", "y", "0101", "-07", "01.5"])
def test_what_readers_of_yaml_disagree_about_must_be_quoted(text):
    [(where, says)] = faults(f"a: 1\nb: {text}")
    assert where == "a.yaml:2"
    assert f"put {text} into quotes" in says


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("a: 1\nb: 2\na: 3", "a.yaml:3", "'a' stands here twice"),
        ("a: !!python/object:os.system x", "a.yaml:1", "tags are not used"),
        ("a: 2026-02-30", "a.yaml:1", "not in the calendar"),
        ("? [a, b]\n: 1", "a.yaml:1", "single word"),
        ("a: &x\n  b: *x", "a.yaml:1", "contains itself"),
        ("a: [1\nb: 2", "a.yaml:2", "not YAML"),
        ("a: 1\n\tb: 2", "a.yaml:2", "not YAML"),
        ("a: 'x\x00'", "a.yaml", "not YAML"),
    ],
)
def test_a_fault_is_told_with_its_line(text, where, says):
    found = faults(text)
    assert where in {place for place, _ in found}
    assert any(says in told for _, told in found)


def test_too_deep_nesting_is_a_fault_and_no_crash():
    assert faults("[" * 20_000 + "]" * 20_000)


def test_every_member_knows_its_line():
    document = read("a: 1\nb:\n  - x\n  - {z: 2}\n")
    assert document.lines == {"a": 1, "b": 2}
    assert document["b"].lines == [3, 4]
    assert document["b"][1].line == 4


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    findings = Findings()
    read_located(text, "a.yaml", findings)
