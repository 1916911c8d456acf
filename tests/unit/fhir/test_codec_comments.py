"""https://www.rfc-editor.org/rfc/rfc8259: comments are no part of JSON; who wants to allow them says so."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.fhir.codec.comments import blank_comments
from adapter.fhir.validate import is_valid, validate_bytes

CASES = Path(__file__).parents[4] / "shared" / "data" / "02-validator-cases" / "files"
JSON = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (b'{"a": 1} // end', b'{"a": 1}       '),
        (b'{/* x\ny */"a": 1}', b'{    \n    "a": 1}'),
        (b'{"a": "// no /* comment */"}', b'{"a": "// no /* comment */"}'),
        (b'{"a": "\\"// no"}', b'{"a": "\\"// no"}'),
        (b'{"a": 1} /* never closed', b'{"a": 1}                '),
    ],
)
def test_comments_become_blanks_and_strings_stay(text, left):
    assert blank_comments(text) == left


@given(JSON)
def test_json_without_comments_stays_as_it_is(value):
    data = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert blank_comments(data) == data


def test_a_megabyte_of_beginnings_takes_no_time():
    assert set(blank_comments(b"/* " * 400_000)) == {ord(" ")}


@pytest.mark.skipif(not CASES.is_dir(), reason="the validator cases are not here")
@pytest.mark.parametrize("name", ["json-comments-1.json", "json-comments-2.json"])
def test_the_official_cases_with_comments_are_valid_where_comments_are_allowed(name):
    data = (CASES / name).read_bytes()
    assert not is_valid(validate_bytes(data))
    assert is_valid(validate_bytes(blank_comments(data)))
