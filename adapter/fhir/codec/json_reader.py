"""Reads a resource from JSON.

https://hl7.org/fhir/R4/json.html
orjson does the work. What it would bend in silence, repeated keys and the digits of decimals, shows when the result is
written again: a key that got lost takes its colon along, and a number that was bent is written otherwise. Only then
the slower parser of the standard library is asked.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

import orjson

from adapter.base.errors import AdapterError, Problem, TooLarge, Unreadable
from adapter.fhir.codec.limits import LINES_TO_INDENT, MAX_BYTES, MAX_DEPTH, check_depth, check_size
from adapter.fhir.codec.names import repeated, shown
from adapter.fhir.codec.numbers import WrittenDecimal, number
from adapter.fhir.resource import Resource

BOM = b"\xef\xbb\xbf"
_DECIMAL_AHEAD = re.compile(rb'": ?-?[0-9]+[.eE]')
_FLOAT_OF_MEMBER = re.compile(rb'":-?[0-9]+[.e]')
_FLOAT_IN_LINE = re.compile(rb"\n-?[0-9]+[.e]")
_FLOAT_IN_ARRAY = re.compile(rb"[\[,]-?[0-9]+[.e]")
_ASCII_ESCAPED = re.compile(rb"\\u00[0-7]")
_MOST_NAMES = 100
_LONG = 64
_TOO_DEEP = b"\n" + b"  " * MAX_DEPTH


def parse_json(data: bytes, *, max_bytes: int = MAX_BYTES) -> Resource:
    """Return the resource; numbers with a fraction or an exponent become decimals that keep their digits.

    A byte order mark is skipped.

    Raises:
        Unreadable: not UTF-8, not JSON, a key twice, a number beyond a double, or no `resourceType`;
            line and column where they are known.
        TooLarge: more than `max_bytes`, or nested too deep.
    """
    check_size(data, max_bytes)
    text = data.removeprefix(BOM)
    tree = _load_unbent(text)
    if type(tree) is not dict:
        raise Unreadable("the JSON is no object: a FHIR resource is an object with a `resourceType`")
    if type(tree.get("resourceType")) is not str:
        raise Unreadable("`resourceType` is missing: this is no FHIR resource", where="resourceType")
    return tree


def _load_unbent(text: bytes) -> Any:
    long_strings = len(text) > _LONG * text.count(b'"')
    bare = _emptied(text) if long_strings else text
    exact = _DECIMAL_AHEAD.search(bare) is not None
    tree = _load_exactly(text) if exact else _load(text)
    again, indented = _written_again(bare, tree)
    if long_strings:
        again = _emptied(again)
    if indented:
        if _TOO_DEEP in again:
            check_depth(tree)
        again = again.translate(None, b" ")
    if b"\\u00" in text and _ASCII_ESCAPED.search(text):
        # a colon or a digit may be written as an escape: counting says nothing
        _refuse_repeated_keys(text)
        return tree if exact else _load_exactly(text)
    if bare.count(b":") != again.count(b":"):
        _refuse_repeated_keys(text)
    if exact:
        return tree
    in_arrays = _FLOAT_IN_LINE if indented else _FLOAT_IN_ARRAY
    # -0 is written as 0
    bent = bare.count(b"-") != again.count(b"-") or _FLOAT_OF_MEMBER.search(again) or in_arrays.search(again)
    return _load_exactly(text) if bent else tree


def _emptied(text: bytes) -> bytes:
    """Return JSON with nothing in its strings: what is long, an attachment, is then passed over once only."""
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b'""'.join(text.split(b'"')[::2])


def _written_again(bare: bytes, tree: Any) -> tuple[bytes, bool]:
    """Return the tree as JSON, and whether it is indented, which shows its depth in the same pass.

    Raises:
        TooLarge: nested too deep.
    """
    indented = bare.count(b",") + bare.count(b"[") + bare.count(b"{") <= LINES_TO_INDENT
    if not indented:
        check_depth(tree)
    try:
        return orjson.dumps(tree, default=_zero, option=orjson.OPT_INDENT_2 if indented else 0), indented
    except orjson.JSONEncodeError:  # no string can be the cause, so it is the depth
        check_depth(tree)
        raise


def _zero(_: Any) -> int:
    return 0


def _load(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _unreadable(text, error) from None


def _load_exactly(text: bytes) -> Any:
    if b"\\u" in text:
        _load(text)  # refuses a surrogate that stands alone
    try:
        return json.loads(
            text.decode(), parse_float=WrittenDecimal, parse_int=_integer, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        _load(text)  # its errors have the better places; what it takes is a number beyond a double
        raise Unreadable(f"not readable as JSON: {error}") from None


def _integer(text: str) -> Any:
    # "-0" and what an int of 64 bits cannot hold stay as they are written
    found = number(text)
    return WrittenDecimal(text) if found is None else found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _refuse_repeated_keys(text: bytes) -> None:
    found: set[str] = set()

    def collect(pairs: list[tuple[str, Any]]) -> int:
        if len({name for name, _ in pairs}) != len(pairs):
            found.update(repeated(name for name, _ in pairs))
        return 0

    keep: Callable[[str], str] = str
    json.loads(text.decode(), object_pairs_hook=collect, parse_float=keep, parse_int=keep)
    if found:
        names = sorted({shown(name) for name in found})[:_MOST_NAMES]
        problems = [Problem(f"the key `{name}` stands more than once in one object") for name in names]
        raise Unreadable("a key stands more than once in one object: remove all but one", problems=problems)


def _unreadable(text: bytes, error: json.JSONDecodeError) -> AdapterError:
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        line = text.count(b"\n", 0, wrong.start) + 1
        said = f"the text is not UTF-8 (byte {wrong.start}): send UTF-8"
        return Unreadable(said, problems=[Problem(said, line=line)])
    if "depth limit" in error.msg:
        return TooLarge(f"nested deeper than the limit of {MAX_DEPTH} levels")
    said = f"not readable as JSON: {error.msg}"
    if error.doc[error.pos : error.pos + 1] in ("/", "#"):
        said = "JSON has no comments: take them out"
    return Unreadable(said, problems=[Problem(said, line=error.lineno, column=error.colno)])
