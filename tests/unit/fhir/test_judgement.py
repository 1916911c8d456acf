"""One judgement of R4 and profiles: what is parsed once, in which order it is told, and what it never does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.fhir import judgement
from adapter.fhir.codec import to_xml
from adapter.fhir.judgement import judge, judge_bytes
from adapter.fhir.profiles import claimed_problems
from adapter.fhir.systems import CANONICAL
from adapter.fhir.validate import MOST_PROBLEMS, is_valid, validate, validate_bytes

CORE = "http://hl7.org/fhir/StructureDefinition/"
TASK = f"{CANONICAL}/StructureDefinition/SecondOpinionTask"
WRONG = {"resourceType": "Patient", "meta": {"profile": [TASK]}, "gender": "x"}


def test_r4_comes_first_and_then_what_is_named_and_claimed_each_once():
    found = judge(WRONG, profiles=[TASK, f"{CORE}Group"])
    assert [(one.where, one.code) for one in found if one.severity == "error"] == [
        ("Patient.gender", "code-invalid"),
        ("Patient", "structure"),
        ("Patient", "structure"),
    ]
    assert found == [*validate(WRONG), *found[len(validate(WRONG)) :]]
    assert claimed_problems(WRONG)[0] in found


def test_bytes_are_parsed_once_and_have_positions(monkeypatch):
    calls = []
    parse = judgement.parse_json
    monkeypatch.setattr(judgement, "parse_json", lambda data, **more: calls.append(1) or parse(data, **more))
    found = judge_bytes(json.dumps(WRONG, indent=1).encode(), profiles=[f"{CORE}Group"])
    assert calls == [1]
    assert {one.where: one.line for one in found if one.severity == "error"} == {"Patient": 1, "Patient.gender": 8}


def test_xml_and_json_are_told_the_same():
    plain = [(one.where, one.text) for one in judge_bytes(json.dumps(WRONG).encode())]
    assert [(one.where, one.text) for one in judge_bytes(to_xml(WRONG))] == plain


@pytest.mark.parametrize("data", [b"", b"x", b"{", b"<a", b'{"resourceType":1}', b"\x00\xff", b"[" * 500 + b"]" * 500])
def test_what_cannot_be_read_is_fatal(data):
    found = judge_bytes(data)
    assert not is_valid(found)
    assert {one.severity for one in found} == {"fatal"}
    assert all(one.code for one in found)


def test_what_is_too_long_is_not_read():
    assert [(one.code, one.severity) for one in judge_bytes(b'{"resourceType":"Patient"}', max_bytes=5)] == [
        ("too-long", "fatal")
    ]


def test_there_are_never_more_than_the_limit_and_one():
    many = {**WRONG, "name": [{"family": ""}] * 1200}
    for found in (judge(many), judge_bytes(json.dumps(many).encode())):
        assert len(found) == MOST_PROBLEMS + 1
        assert int(found[-1].text.split()[0]) > 150
        assert not is_valid(found)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(members=st.dictionaries(st.sampled_from(["meta", "name", "contained", "extension", "entry", "id"]), VALUES))
def test_nothing_that_is_sent_raises(members):
    data = json.dumps({"resourceType": "Patient", **members}).encode()
    assert is_valid(judge_bytes(data)) <= is_valid(validate_bytes(data))


@given(data=st.binary(max_size=60))
def test_no_bytes_raise(data):
    assert all(one.text and one.severity for one in judge_bytes(data))
