"""The fast way of reading JSON says the same as a slow one that looks at everything."""

import json

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapter.base.errors import AdapterError, TooLarge, Unreadable
from adapter.fhir.codec import MAX_DEPTH, parse_json, to_json
from adapter.fhir.codec.numbers import WrittenDecimal, number


class _RepeatedError(ValueError):
    pass


def _slow(text: bytes):
    """Read as the documentation of `parse_json` says, by the standard library alone; None where it is refused."""

    def once(pairs):
        if len({name for name, _ in pairs}) != len(pairs):
            raise _RepeatedError
        return dict(pairs)

    def whole(written):
        found = number(written)
        return WrittenDecimal(written) if found is None else found

    def refuse(_):
        raise ValueError

    try:
        tree = json.loads(
            text.decode(), object_pairs_hook=once, parse_float=WrittenDecimal, parse_int=whole, parse_constant=refuse
        )
        json.dumps(tree, ensure_ascii=False, default=str).encode()  # half of a surrogate pair cannot be encoded
    except (ValueError, RecursionError):
        return None
    if type(tree) is not dict or type(tree.get("resourceType")) is not str or _depth(tree) > MAX_DEPTH:
        return None
    return tree


def _depth(value) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _written(value):
    """Return a value with the types and digits of its numbers, as 1 == 1.0 == True to Python."""
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_written(one) for one in value]
    # 19 digits may be an int of 64 bits or a decimal without a point: both keep them
    return (
        type(value) if str(value) is bool or not str(value).lstrip("-")[18:] or type(value) is str else "number",
        str(value),
    )


def _fast(text: bytes):
    try:
        return parse_json(text)
    except AdapterError as error:
        refusal = error
    assert isinstance(refusal, TooLarge | Unreadable)
    assert refusal.problems
    assert all(problem.text for problem in refusal.problems)
    return None


SPACE = st.sampled_from(["", "", "", " ", "\n", "\t", "\r\n   "])
WORDS = st.sampled_from(
    [
        "a",
        "b",
        "resourceType",
        ":",
        "-0",
        "1.5",
        ', 1.5,"',
        '":1.5',
        "\\",
        '\\"',
        "\\\\",
        "{",
        "]",
        "[[",
        "é",
        "\U0001f600",
        "/",
    ]
)
_LITERALS = """
0 -0 1 -1 1.0 1.10 -0.0 1e5 1E+5 1e-7 1e999 1e-999 0.000 1e99999999999999999999 0e-99999999999999999999
12345678901234567890 123456789012345678 -9007199254740993
9223372036854775808 18446744073709551616 true false null NaN -Infinity 01 1. .5 +1 - 0x1 tru
"""
LITERALS = st.sampled_from(_LITERALS.split())


def _quoted(text: str, how: int) -> str:
    if how == 0:
        return json.dumps(text, ensure_ascii=False)
    if how == 1:
        return json.dumps(text)
    return '"' + "".join(f"\\u{unit:04x}" for unit in _units(text)) + '"'


def _units(text: str) -> list[int]:
    data = text.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


STRINGS = st.builds(_quoted, WORDS | st.text(max_size=4), st.integers(0, 2)) | st.sampled_from(
    ['"\\ud800"', '"\\ud83d\\ude00"', '"\\udc00\\ud800"', '"\\u003a"', '"\\/"', '"\\x"', '"\x01"', '"']
)


@st.composite
def _texts(draw, depth=4):
    kind = draw(st.integers(0, 5)) if depth else 5
    gap = lambda: draw(SPACE)  # noqa: E731 - drawn anew each time
    if kind <= 2:
        names = draw(st.lists(STRINGS, max_size=4))
        members = [f"{gap()}{name}{gap()}:{gap()}{draw(_texts(depth - 1))}{gap()}" for name in names]
        return "{" + ",".join(members) + "}"
    if kind == 3:
        return "[" + ",".join(f"{gap()}{draw(_texts(depth - 1))}{gap()}" for _ in range(draw(st.integers(0, 3)))) + "]"
    return draw(STRINGS if kind == 4 else LITERALS)


@settings(deadline=None, max_examples=300)
@given(_texts(), _texts(), st.integers(0, 3))
@example('"a":1,"a":2,"b" :3', "", 9)
@example('"\\u0061":1,"a":2,"b":"\\u003a"', "", 9)
@example('"a":-0,"b":"\\u002d0"', "", 9)
def test_the_fast_way_says_what_the_slow_one_says(inside, after, place):
    texts = {
        0: f'{{"resourceType":"Basic","x":{inside},"y":{after}}}',
        1: f'{{"x":{inside},"resourceType":"Basic","x":{after}}}',
        2: f'{{"resourceType":"Basic","long":"{"a:-0" * 200}","x":{inside}}}',
        3: inside,
    }
    text = texts.get(place, f'{{"resourceType":"Basic",{inside}}}').encode(errors="surrogatepass")
    fast = _fast(text)
    assert _written(fast) == _written(_slow(text))
    if fast is not None:
        again = parse_json(to_json(fast))
        assert _written(again) == _written(fast)
        assert to_json(again) == to_json(fast)


@settings(deadline=None, max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    ),
    st.sampled_from([None, 1, 2]),
    st.booleans(),
)
def test_any_json_is_read_as_the_slow_way_reads_it(value, indent, ascii_only):
    text = json.dumps({"resourceType": "Basic", "x": value}, indent=indent, ensure_ascii=ascii_only).encode()
    assert _written(_fast(text)) == _written(_slow(text))


def test_many_lines_are_read_as_few_are():
    for inside, refused in (
        ("1", False),
        ("-0", False),
        ("1.50", False),
        ('{"a":1,"a":1}', True),
        ("[" * 200 + "]" * 200, True),
    ):
        text = ('{"resourceType":"Basic","x":[' + "1," * 70_000 + inside + "]}").encode()
        assert (_fast(text) is None) == refused
        if not refused:
            assert str(parse_json(text)["x"][-1]) == inside


def test_depth_is_counted_to_the_level():
    for levels, taken in ((MAX_DEPTH - 1, True), (MAX_DEPTH, False)):
        for inner in ("", "1", "{}"):
            deep = "[" * (levels - (inner == "{}")) + inner + "]" * (levels - (inner == "{}"))
            text = f'{{"resourceType":"Basic","x":{deep}}}'.encode()
            assert (_fast(text) is not None) == taken
    assert orjson.loads(b"[" * 900 + b"]" * 900)  # the parser itself takes more
