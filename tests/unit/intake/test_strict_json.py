"""https://www.rfc-editor.org/rfc/rfc8259 and, for pointers, https://www.rfc-editor.org/rfc/rfc6901"""

import json
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import InputError, TooLarge, Unreadable
from adapter.intake.strict_json import MAX_DEPTH, MAX_VALUES, pointer, read_json


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{} {}",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 01}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'\xef\xbb\xbf\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a": ' + b"9" * 5000 + b"}",
        b'"tab\tinside"',
    ],
    ids=lambda one: str(one)[:30],
)
def test_what_is_no_strict_json_is_unreadable(data):
    with pytest.raises(Unreadable) as caught:
        read_json(data)
    assert {problem.where for problem in caught.value.problems} == {""}


def test_the_place_of_a_syntax_error_is_told():
    with pytest.raises(Unreadable) as caught:
        read_json(b'{"a": 1,\n "b": }')
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 7)


def test_a_member_given_twice_is_found_at_any_depth():
    with pytest.raises(Unreadable) as caught:
        read_json(b'{"a": [{"b": 1, "c/d": 2, "b": 3, "c/d": 4}], "e": 1, "e": 2}')
    assert {problem.where for problem in caught.value.problems} == {"/e", "/a/0/b", "/a/0/c~1d"}


def test_a_member_given_twice_inside_one_that_was_overwritten_is_still_refused():
    with pytest.raises(Unreadable) as caught:
        read_json(b'{"a": {"b": 1, "b": 2}, "a": 3}')
    assert {problem.where for problem in caught.value.problems} == {"/a"}


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 500, 5000])
def test_deep_nesting_is_too_large(opening, depth):
    with pytest.raises(TooLarge, match="nested"):
        read_json(opening * depth + b"[]" + (b"]" if opening == b"[" else b"}") * depth)


def test_the_deepest_level_that_is_read():
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_more_values_than_any_request_has_are_too_large_but_commas_in_text_are_none():
    with pytest.raises(TooLarge, match="values"):
        read_json(b"[" + b"1," * (MAX_VALUES + 1) + b"1]")
    text = '\\",' * (MAX_VALUES + 1)
    assert read_json(json.dumps([text]).encode()) == [text]


def test_digits_of_a_fraction_are_kept():
    assert str(read_json(b"[1.10]")[0]) == "1.10"


@pytest.mark.parametrize(
    ("path", "written"), [((), ""), (("a", 0), "/a/0"), (("a/b", "c~d"), "/a~1b/c~0d"), (("a", "x" * 65, "b"), "/a")]
)
def test_pointers(path, written):
    assert pointer(path) == written


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_is_json_comes_back_as_it_was_said(value):
    text = json.dumps(value, default=lambda number: {"number": str(number)})
    assert read_json(text.encode()) == json.loads(text, parse_float=Decimal)


@given(st.binary(max_size=60) | st.text('{}[]",:\\ 1ab', max_size=30).map(str.encode))
def test_any_bytes_are_read_as_the_standard_library_reads_them_or_refused(data):
    try:
        found = read_json(data)
    except InputError:
        return
    assert found == json.loads(data.removeprefix(b"\xef\xbb\xbf"), parse_float=Decimal)


@pytest.mark.parametrize("data", [b'"' + b"\\" * 200_001, b'"' + b'\\"' * 200_000, b'["' + b"," * 300_000], ids=len)
def test_a_string_that_never_ends_is_refused_without_trying_again(data):
    started = time.perf_counter()
    with pytest.raises(Unreadable):
        read_json(data)
    assert time.perf_counter() - started < 5
