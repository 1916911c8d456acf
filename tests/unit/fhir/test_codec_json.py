"""https://hl7.org/fhir/R4/json.html."""

import contextlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import InputError, TooLarge, UnknownFormat, Unreadable
from adapter.fhir.codec import MAX_DEPTH, media_type_of, parse, parse_json, to_json


def _patient(members: str) -> bytes:
    return f'{{"resourceType":"Patient",{members}}}'.encode()


@pytest.mark.parametrize("digits", ["1.10", "0.010", "12345678901234567.89", "1.0E-2", "1e2", "-0", "-0.0", "1E+3"])
def test_a_number_keeps_the_digits_it_was_written_with(digits):
    data = _patient(f'"multipleBirthInteger":{digits}')
    parsed = parse_json(data)
    assert isinstance(parsed["multipleBirthInteger"], Decimal)
    assert to_json(parsed) == data


@pytest.mark.parametrize("number", ["18446744073709551616", "123456789012345678901234567890"])
def test_a_whole_number_beyond_64_bits_is_kept(number):
    data = _patient(f'"multipleBirthInteger":{number}')
    assert to_json(parse_json(data)) == data


def test_plain_integers_stay_integers():
    assert parse_json(_patient('"multipleBirthInteger":2,"x":1.5'))["multipleBirthInteger"].__class__ is int


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1e-999", "9" * 400, "9" * 5000])
def test_a_number_that_no_double_holds_is_refused(number):
    with pytest.raises(Unreadable):
        parse_json(_patient(f'"x":{number}'))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "01", "1.", ".5", "+1", "0x1"])
def test_what_json_does_not_call_a_number_is_refused(number):
    with pytest.raises(Unreadable):
        parse_json(_patient(f'"x":{number}'))
    with pytest.raises(Unreadable):
        parse_json(_patient(f'"y":1.5,"x":{number}'))


@pytest.mark.parametrize(
    "members",
    [
        '"active":true,"active":false',
        '"x":1.5,"active":true,"active":true',
        '"name":[{"family":"a","family":"b"}]',
        '"a":1,"\\u0061":2',
        '"a\\"":":","b":"\\\\","c":{"d":1,"d":1}',
    ],
)
def test_a_key_that_stands_twice_is_refused(members):
    with pytest.raises(Unreadable, match="more than once"):
        parse_json(_patient(members))


def test_a_repeated_key_is_named_only_where_it_looks_like_an_element():
    with pytest.raises(Unreadable) as caught:
        parse_json(_patient('"family":1,"family":2,"Jane Doe":1,"Jane Doe":2'))
    texts = [problem.text for problem in caught.value.problems]
    assert any("`family`" in text for text in texts)
    assert not any("Jane" in text for text in texts)


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b'{\n "a": }', 2, 7), (b'{"resourceType":"Patient"\n // no\n}', 2, 2), (b'{"a":"\n"}', 1, 7)],
)
def test_a_syntax_error_has_its_line_and_column(data, line, column):
    with pytest.raises(Unreadable) as caught:
        parse_json(data)
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (line, column)


@pytest.mark.parametrize("data", [b'{"a":"\xff"}', b"\xff\xfe{\x00}\x00", b'{\n"a":"\xed\xa0\x80"}'])
def test_text_that_is_not_utf_8_is_refused(data):
    with pytest.raises(Unreadable, match="UTF-8"):
        parse_json(data)


@pytest.mark.parametrize("members", ['"a":"\\ud800"', '"a":"\\udc00x"', '"x":1.5,"a":"\\ud800"', '"\\ud800":1'])
def test_lone_surrogates_are_refused(members):
    with pytest.raises(Unreadable):
        parse_json(_patient(members))


def test_a_byte_order_mark_is_skipped():
    assert parse_json(b"\xef\xbb\xbf" + _patient('"id":"a"'))["id"] == "a"


@pytest.mark.parametrize("data", [b"", b"[]", b'"x"', b"1", b"{}", b'{"resourceType":1}', b"null"])
def test_what_is_no_resource_is_refused(data):
    with pytest.raises(Unreadable):
        parse_json(data)


@pytest.mark.parametrize("deep", [MAX_DEPTH + 1, 500, 100_000])
def test_deep_nesting_is_refused_before_parsing(deep):
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        data = _patient(f'"a":{opening * deep}1{closing * deep}')
        with pytest.raises(TooLarge, match="deeper"):
            parse_json(data)


def test_brackets_in_strings_and_many_shallow_arrays_are_not_deep():
    brackets = "[{" * 1000
    assert parse_json(_patient(f'"a":"{brackets}","b":"\\"[","c":[{"[]," * 1000}[]]'))["a"] == brackets


def test_deep_nesting_is_seen_behind_brackets_in_strings():
    data = _patient('"s":"' + "]" * 500 + '","a":' + "[" * 300 + "]" * 300 + ',"t":"' + "[" * 500 + '"')
    with pytest.raises(TooLarge):
        parse_json(data)


def test_more_bytes_than_the_limit_are_refused():
    data = _patient('"id":"a"')
    assert parse_json(data, max_bytes=len(data))
    with pytest.raises(TooLarge, match="limit"):
        parse_json(data, max_bytes=len(data) - 1)


def test_only_what_has_a_place_in_a_resource_is_written():
    with pytest.raises(TypeError):
        to_json({"resourceType": "Patient", "x": object()})
    with pytest.raises(TypeError):
        to_json({"resourceType": "Patient", "x": Decimal("NaN")})


@pytest.mark.parametrize(
    ("media_type", "data", "expected"),
    [
        ("application/fhir+json; charset=utf-8", b"<", "application/fhir+json"),
        ("text/xml", b"{", "application/fhir+xml"),
        ("application/fhir+json;fhirVersion=4.0", b"", "application/fhir+json"),
        (None, b" \n{", "application/fhir+json"),
        (None, b"\xef\xbb\xbf<", "application/fhir+xml"),
    ],
)
def test_the_media_type_counts_and_without_it_the_first_character(media_type, data, expected):
    assert media_type_of(data, media_type) == expected


@pytest.mark.parametrize(
    ("media_type", "data"),
    [("text/plain", b"{}"), ("application/fhir+json; fhirVersion=5.0", b"{}"), (None, b"MSH|^~"), (None, b"")],
)
def test_other_formats_are_refused(media_type, data):
    with pytest.raises(UnknownFormat):
        parse(data, media_type)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), _JSON, max_size=5), st.booleans())
def test_any_json_object_comes_back_as_it_went_in(members, pretty):
    resource = {**members, "resourceType": "Patient"}
    assert parse_json(to_json(resource, pretty=pretty)) == resource
    assert parse_json(json.dumps(resource, indent=1).encode()) == resource


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1E300"), max_value=Decimal("1E300")))
def test_any_decimal_comes_back_with_its_digits(value):
    data = to_json({"resourceType": "Patient", "x": value})
    try:
        parsed = parse_json(data)
    except Unreadable:  # closer to zero than a double can be
        assert float(value) == 0.0
        return
    assert to_json(parsed) == data
    assert Decimal(parsed["x"]).compare_total(value) == 0


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass")))
def test_no_bytes_whatever_raise_anything_but_an_input_error(data):
    for media_type in ("application/json", "application/xml", None):
        with contextlib.suppress(InputError):
            assert parse(data, media_type)["resourceType"]


@pytest.mark.parametrize(
    "text", ['{"a": 1, // b\n"c": 2}', '{/* a */ "b": 1}', '{"resourceType": "Basic"} // a', "// a\n{}"]
)
def test_comments_are_refused_by_their_name(text):
    with pytest.raises(InputError, match=r"no comments|has none"):
        parse(text.encode())
