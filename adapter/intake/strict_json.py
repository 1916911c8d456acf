"""JSON as the canonical formats need it: one reading only, nothing bent, refused before it can hurt.

Refused are: other encodings than UTF-8, lone surrogates, a member given twice, NaN and infinities, and more bytes,
levels or values than any request has. Numbers with a fraction become `Decimal`.
https://www.rfc-editor.org/rfc/rfc8259 https://www.rfc-editor.org/rfc/rfc6901 (pointers)
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import orjson

from adapter.base.errors import InputError, Problem, TooLarge, Unreadable

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_DEPTH: Final = 32
MAX_VALUES: Final = 20_000

_BOM: Final = b"\xef\xbb\xbf"
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+', re.DOTALL)
"""A string, also one that is never closed; possessive, so that no text makes it try again."""
_LONGEST_NAME: Final = 64


def read_json(data: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """Return what `data` says as plain Python values; a byte order mark is skipped.

    Raises:
        TooLarge: more than `max_bytes`, MAX_DEPTH levels or MAX_VALUES values.
        Unreadable: not UTF-8, not JSON, or a member given twice; with line and column where they are known.
    """
    if len(data) > max_bytes:
        raise TooLarge(f"{len(data)} bytes are more than the limit of {max_bytes} bytes", where="")
    text = data.removeprefix(_BOM)
    if text.count(b",") > MAX_VALUES and _STRING.sub(b"", text).count(b",") > MAX_VALUES:
        raise TooLarge(f"more than {MAX_VALUES} values: this cannot be one request", where="")
    try:
        tree = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _unreadable(text, error) from None
    _check_depth(tree)
    return _load(text)


def pointer(path: Iterable[str | int]) -> str:
    """Return a place as a JSON pointer (RFC 6901); the whole document is the empty string.

    A member name that is too long to be meant ends the pointer at its parent.
    """
    written = ""
    for step in path:
        name = str(step)
        if len(name) > _LONGEST_NAME:
            break
        written += "/" + name.replace("~", "~0").replace("/", "~1")
    return written


def _check_depth(tree: Any) -> None:
    level = [tree]
    for _ in range(MAX_DEPTH):
        inside: list[Any] = []
        for value in level:
            if type(value) is dict:
                inside.extend(value.values())
            elif type(value) is list:
                inside.extend(value)
        if not inside:
            return
        level = inside
    if any(type(value) in (dict, list) for value in level):
        raise TooLarge(f"nested deeper than {MAX_DEPTH} levels", where="")


def _load(text: bytes) -> Any:
    twice: list[tuple[dict[str, Any], list[str]]] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            counts = Counter(name for name, _ in pairs)
            twice.append((members, sorted(name for name, count in counts.items() if count > 1)))
        return members

    try:
        tree = json.loads(text, object_pairs_hook=collect, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise _unreadable(text, error) from None
    except (ValueError, InvalidOperation):
        raise Unreadable("a number is too long: no member needs it", where="") from None
    if twice:
        said = "a member is given twice in one object: remove all but one"
        problems = [Problem(said, pointer((*path, name))) for path, name in _places(tree, twice)]
        raise Unreadable(said, problems=problems)
    return tree


def _places(tree: Any, found: list[tuple[dict[str, Any], list[str]]]) -> list[tuple[tuple[str | int, ...], str]]:
    """Find where the objects with repeated members stand; one that was itself overwritten is nowhere any more."""
    names = {id(members): repeated for members, repeated in found}
    places: list[tuple[tuple[str | int, ...], str]] = []
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), tree)]
    while waiting:
        path, value = waiting.pop()
        if type(value) is dict:
            places.extend((path, name) for name in names.get(id(value), ()))
            waiting.extend(((*path, name), inner) for name, inner in value.items())
        elif type(value) is list:
            waiting.extend(((*path, index), inner) for index, inner in enumerate(value))
    return places


def _unreadable(text: bytes, error: json.JSONDecodeError) -> InputError:
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        line = text.count(b"\n", 0, wrong.start) + 1
        said = "the text is not UTF-8: send UTF-8"
        return Unreadable(said, problems=[Problem(said, "", line=line)])
    before = _STRING.sub(b"", text[: error.pos])
    if before.count(b"[") + before.count(b"{") - before.count(b"]") - before.count(b"}") > MAX_DEPTH:
        return TooLarge(f"nested deeper than {MAX_DEPTH} levels", where="")
    said = "this is not JSON: correct it at the place given"
    return Unreadable(said, problems=[Problem(said, "", line=error.lineno, column=error.colno)])
