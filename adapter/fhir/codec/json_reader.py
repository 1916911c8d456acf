"""Reads a resource from JSON.

https://hl7.org/fhir/R4/json.html
orjson does the work; what it would bend in silence (repeated keys, digits of decimals) is found by looking at the text
outside strings, and only then the slower parser of the standard library is asked.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

import orjson

from adapter.base.errors import AdapterError, Problem, Unreadable
from adapter.fhir.codec.limits import MAX_BYTES, check_depth, check_size
from adapter.fhir.codec.numbers import WrittenDecimal, number
from adapter.fhir.resource import Resource

BOM = b"\xef\xbb\xbf"
_PUNCTUATION = b' \t\r\n[]{}:"'
_BENT_NUMBER = re.compile(rb"[0-9][.eE]|-0|[0-9]{19}")


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
    outside = _outside_strings(text)
    check_depth(outside)
    exact = _BENT_NUMBER.search(outside.translate(None, _PUNCTUATION)) is not None
    tree = _load_exactly(text) if exact else _load(text)
    if outside.count(b":") != _outside_strings(orjson.dumps(tree, default=lambda _: 0)).count(b":"):
        _refuse_repeated_keys(text)  # fewer keys came out than went in
    if type(tree) is not dict:
        raise Unreadable("the JSON is no object: a FHIR resource is an object with a `resourceType`")
    if type(tree.get("resourceType")) is not str:
        raise Unreadable("`resourceType` is missing: this is no FHIR resource", where="resourceType")
    return tree


def _outside_strings(text: bytes) -> bytes:
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(text.split(b'"')[::2])


def _load(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _unreadable(text, error) from None


def _load_exactly(text: bytes) -> Any:
    _load(text)  # stricter about the encoding; its errors have the better places
    try:
        return json.loads(text, parse_float=WrittenDecimal, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _unreadable(text, error) from None
    except ValueError as error:
        raise Unreadable(f"not readable as JSON: {error}") from None


def _integer(text: str) -> Any:
    # "-0" and what an int of 64 bits cannot hold stay as they are written
    found = number(text)
    return WrittenDecimal(text) if found is None else found


def _refuse_repeated_keys(text: bytes) -> NoReturn:
    repeated: list[str] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            repeated.extend(sorted({name for name in names if names.count(name) > 1}))
        return found

    keep: Callable[[str], str] = str
    json.loads(text, object_pairs_hook=collect, parse_float=keep, parse_int=keep)
    problems = [Problem(f"the key `{_short(name)}` stands more than once in one object") for name in repeated]
    raise Unreadable("a key stands more than once in one object: remove all but one", problems=problems[:100])


def _short(name: str) -> str:
    # a key may be anything; only what looks like an element name is shown
    return name if re.fullmatch(r"_?[A-Za-z]{1,64}", name) else "?"


def _unreadable(text: bytes, error: json.JSONDecodeError) -> AdapterError:
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        line = text.count(b"\n", 0, wrong.start) + 1
        said = f"the text is not UTF-8 (byte {wrong.start}): send UTF-8"
        return Unreadable(said, problems=[Problem(said, line=line)])
    said = f"not readable as JSON: {error.msg}"
    return Unreadable(said, problems=[Problem(said, line=error.lineno, column=error.colno)])
