"""What is checked fast says what is checked slowly: shapes, glances and what is decided by the names of members."""

import copy
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapter.fhir.codec import parse_json
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath import Environment, FhirPathError, Node, compile_expression
from adapter.fhir.fhirpath.narrative import ELEMENTS, narrative_problems
from adapter.fhir.fhirpath.narrative_glance import is_plainly_good
from adapter.fhir.fhirpath.presence import holds_for_all
from adapter.fhir.validate import compiler, content_rules, shapes, slots, validate

OURS = sorted((Path(__file__).parents[3] / "profiles" / "package" / "example").glob("*.json"))
ODD: list[Any] = [
    *(None, "", {}, [], [None], 1, 1.5, True, -1, " x", "a b", "banana", "2020-02-30", "\x01", "\x85", "é", "x" * 70),
    *("Patient/1", "#x", "urn:uuid:x", "http://a.example/b", "http://a.example/Patient/1", {"id": "a"}, [{}]),
    *({"coding": 1}, {"coding": [{"system": "a:b", "code": "c"}]}, {"coding": []}, {"reference": "Patient/1"}),
    *({"reference": "Patient/1", "display": ""}, {"reference": "Group/a/b"}, {"reference": 1, "type": "Patient"}),
    [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}],
]


@contextmanager
def _compiled_anew(monkeypatch: pytest.MonkeyPatch, *, fast: bool) -> Iterator[None]:
    """Compile all types anew: with a shape at its first sight and all glances, or without any of both."""
    with monkeypatch.context() as patched:
        patched.setattr(shapes, "_MET_BEFORE", 1)
        patched.setattr(shapes, "_MOST", 100_000 if fast else 0)
        if not fast:
            patched.setattr(slots, "glance_of", lambda *_: None)
            patched.setattr(content_rules, "is_plainly_good", lambda _: False)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for cached in (compiler.check_of, compiler._checks_of, compiler._lookup):
        cached.cache_clear()
    shapes.Shapes.total = 0


def _said(resource: Any) -> list[Any]:
    return [
        [(one.severity, one.code, one.where, one.text) for one in validate(resource, invariants=invariants)]
        for invariants in (True, False)
    ]


def _changed(resource: Any, chance: random.Random) -> Any:
    """Return a copy with one to three members changed, taken away, doubled, moved or added."""
    changed = copy.deepcopy(resource)
    for _ in range(chance.randint(1, 3)):
        spots = [
            (owner, key) for owner in _owners(changed) for key in (owner if type(owner) is dict else range(len(owner)))
        ]
        if not spots:
            break
        owner, key = chance.choice(spots)
        act = chance.randrange(6)
        if act == 0:
            del owner[key]
        elif act == 1:
            owner[key] = [owner[key]]
        elif act == 2 and type(owner) is dict:  # another order is another shape
            owner[key] = owner.pop(key)
        elif act == 3 and type(owner) is dict:
            owner[chance.choice(["extension", "id", f"_{key}", "bogus", "text", "display", "resourceType"])] = (
                chance.choice(ODD)
            )
        else:
            owner[key] = copy.deepcopy(chance.choice(ODD))
    return changed


def _owners(value: Any) -> Iterator[Any]:
    if type(value) in (dict, list):
        yield value
        for one in value.values() if type(value) is dict else value:
            yield from _owners(one)


def _both(monkeypatch: pytest.MonkeyPatch, resources: list[Any]) -> Iterator[tuple[Any, Any]]:
    with _compiled_anew(monkeypatch, fast=False):
        slowly = [_said(one) for one in resources]
    with _compiled_anew(monkeypatch, fast=True):
        # the second time every shape is compiled and every word of a vocabulary known
        first, second = [_said(one) for one in resources], [_said(one) for one in resources]
    assert first == second
    yield from zip(slowly, second, strict=True)


def test_fast_and_slow_checks_agree_on_our_examples_and_on_what_is_made_of_them(monkeypatch):
    chance = random.Random(2026)  # noqa: S311 - chooses test data
    resources = [json.loads(file.read_bytes()) for file in OURS]
    assert len(resources) > 20
    wrong = [_changed(one, chance) for one in resources for _ in range(25)]
    errors = 0
    for slow, fast in _both(monkeypatch, resources + wrong):
        assert slow == fast
        errors += any(severity == "error" for severity, *_ in slow[0])
    assert errors > 200


def test_fast_and_slow_checks_agree_on_the_official_examples_and_on_what_is_made_of_them(monkeypatch, official):
    chance = random.Random(4)  # noqa: S311 - as above
    files = sorted((official / "01-r4-official-examples").rglob("*.json"))
    resources = [parse_json(file.read_bytes()) for file in files if file.stat().st_size < 40_000]
    for slow, fast in _both(monkeypatch, resources + [_changed(one, chance) for one in resources for _ in range(3)]):
        assert slow == fast


def test_no_word_of_a_sender_gets_into_source(monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(shapes, "compile", lambda text, *rest: seen.append(text) or compile(text, *rest), raising=False)
    with _compiled_anew(monkeypatch, fast=True):
        validate({"resourceType": "Basic", "code": {"text": "secret-text"}, "id": "secret-id"})
        validate({"resourceType": "Basic", "code": {"text": "a"}, "secret\"'\nname": 1, "_secret": {}})
    assert len(seen) > 1
    assert all("secret" not in text for text in seen)


def test_only_so_many_shapes_are_compiled_and_the_rest_is_checked_as_well(monkeypatch):
    names = [one.name for one in definitions().type("Patient").elements if one.name not in ("id", "name", "active")]
    with _compiled_anew(monkeypatch, fast=True):
        monkeypatch.setattr(shapes, "_MOST", 10)
        for name in names:
            said = validate({"resourceType": "Patient", "active": "no", name: None})
            assert "Patient.active" in [one.where for one in said]
        assert shapes.Shapes.total == 10


def test_odd_shapes_are_not_counted_for_ever():
    kept = shapes.Shapes()
    for number in range(5000):
        kept.is_due((str(number),))
    assert len(kept._met) <= 256


TAGS = st.sampled_from([*sorted(ELEMENTS)[:20], "div", "script", "x:p", "img", "P"])
ATTRIBUTES = st.sampled_from(
    [
        *("", ' class="a"', ' style="color:red"', ' style="x:url(http://a)"', ' href="#a"', ' href="javascript:a"'),
        *(
            ' src="a"',
            ' onclick="a"',
            ' xml:lang="nl"',
            ' title="x>y"',
            " title='a'",
            ' lang="a"  dir="ltr" ',
            ' title="&lt;"',
            ' xmlns="a:b"',
            ' xmlns:q="a:b"',
            ' q:a="b"',
            " a",
            ' id="a" id="b"',
        ),
    ]
)
TEXTS = st.sampled_from(
    [
        "",
        " ",
        "a",
        "&amp;",
        "&nbsp;",
        "&#160;",
        "&#1;",
        "&#xFFFF;",
        "<!-- a -->",
        "<![CDATA[a]]>",
        "]]>",
        "\x0b",
        "é",
        ">",
        "\ufffe",
        "\uffff",
        "\x7f",
        "\x85",
        "\0",
        "\U0001f642",
    ]
)
XHTML = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        lambda tag, attribute, content, end: f"<{tag}{attribute}>{''.join(content)}</{end or tag}>",
        TAGS,
        ATTRIBUTES,
        st.lists(inner, max_size=3),
        st.sampled_from(["", "", "", "", "", "p"]),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=1500)
@given(
    XHTML,
    st.sampled_from(
        ['<div xmlns="http://www.w3.org/1999/xhtml">', "<div>", '<p xmlns="http://www.w3.org/1999/xhtml">']
    ),
)
@example("<b>" * 240 + "a" + "</b>" * 240, '<div xmlns="http://www.w3.org/1999/xhtml">')
@example("\ud800", '<div xmlns="http://www.w3.org/1999/xhtml">')
def test_a_narrative_that_is_plainly_good_has_no_problems(inside, opening):
    div = f"{opening}{inside}</{opening[1:4].strip()}>"
    if is_plainly_good(div):
        assert list(narrative_problems(div)) == []


def test_text_that_stands_only_behind_elements_is_content():
    assert list(narrative_problems('<div xmlns="http://www.w3.org/1999/xhtml"><br/>a</div>')) == []
    assert list(narrative_problems('<div xmlns="http://www.w3.org/1999/xhtml"><p><b> </b></p> </div>')) != []


def test_common_narratives_are_plainly_good():
    for inside in (
        "a",
        "<p>a</p>",
        '<table class="grid"><tr><td colspan="2">a</td></tr></table>',
        '<a href="#b">c</a><br/>',
    ):
        assert is_plainly_good(f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>')
    assert not is_plainly_good('<div xmlns="http://www.w3.org/1999/xhtml"> </div>')


@pytest.mark.parametrize(
    ("expression", "type_name", "present", "holds"),
    [
        ("value.empty() or system.exists()", "ContactPoint", {"value", "system"}, True),
        ("value.empty() or system.exists()", "ContactPoint", {"value"}, False),
        ("value.empty() or system = 'phone'", "ContactPoint", {"use"}, True),
        ("value.exists() implies system.exists()", "ContactPoint", {"use"}, True),
        ("(name.count() + alias.count()) > 0", "Organization", {"alias"}, True),
        ("(name.count() + alias.count()) > 1", "Organization", {"alias"}, False),
        ("where(use = 'home').empty()", "Address", {"city"}, False),
        ("value.empty()", "Observation", {"_valueString"}, False),
        ("value.exists()", "Observation", {"_valueString"}, True),
        ("value.empty() xor status.exists()", "Observation", {"status"}, False),
        ("use = 'home' or value.empty()", "ContactPoint", {"use"}, True),
        ("use < 'home' or value.empty()", "ContactPoint", {"use"}, False),
        ("use in ('home' | 'work') or value.empty()", "ContactPoint", {"use"}, True),
        ("given in ('a' | 'b') or family.empty()", "HumanName", {"given"}, False),
        ("use = 'home' and value.exists()", "ContactPoint", {"use"}, False),
        ("use = 'home' implies value.empty()", "ContactPoint", {"use"}, True),
        ("(use.count() + value.count()) = 1", "ContactPoint", {"use"}, True),
        ("(use.count() + value.count()) <= 1", "ContactPoint", {"use", "value"}, False),
        ("(use.count() + value.count()) != 1", "ContactPoint", {"use", "value"}, True),
        ("given.count() = 1", "HumanName", {"given"}, False),
        ("given.count() < 1", "HumanName", {"family"}, True),
        ("(given.empty() and use = 'a') or given.exists()", "HumanName", {"given", "use"}, True),
    ],
)
def test_what_names_decide(expression, type_name, present, holds):
    assert holds_for_all(expression, type_name, frozenset(present)) is holds


def _elements(value: Any, type_name: str) -> Iterator[tuple[Any, str]]:
    yield value, type_name
    for element in definitions().type(type_name).elements:
        for key, code in element.properties():
            members = value.get(key)
            for one in members if type(members) is list else [members]:
                if type(one) is dict and code in definitions() and code != "Resource":
                    yield from _elements(one, code)


def test_no_invariant_is_decided_by_names_against_its_expression(official):
    decided = 0
    for file in sorted((official / "01-r4-official-examples" / "core").rglob("*.json")):
        if file.stat().st_size > 100_000 or (resource := json.loads(file.read_bytes()))["resourceType"] == "Bundle":
            continue
        for value, type_name in _elements(resource, resource["resourceType"]):
            for constraint in definitions().type(type_name).constraints:
                if holds_for_all(constraint.expression, type_name, frozenset(value)):
                    this = [Node(value, type_name)]
                    assert compile_expression(constraint.expression).truth(this, Environment(this, this[0])) is True
                    decided += 1
    assert decided > 1000


def test_an_expression_that_cannot_be_read_is_not_decided():
    with pytest.raises(FhirPathError):
        holds_for_all("value.(", "Observation", frozenset())
