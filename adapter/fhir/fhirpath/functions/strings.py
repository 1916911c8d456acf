"""Strings: parts, search, regular expressions, encodings.

https://hl7.org/fhirpath/N1/#string-manipulation
"""

import base64
import binascii
import html
import json
import re
from collections.abc import Callable
from typing import Any

from adapter.fhir.fhirpath.functions.patterns import pattern_for
from adapter.fhir.fhirpath.functions.signature import Environment, Function, Items, answer
from adapter.fhir.fhirpath.model import Node
from adapter.fhir.fhirpath.operators import single
from adapter.fhir.fhirpath.syntax import FhirPathError
from adapter.fhir.fhirpath.values import Moment

_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')


def text_of(items: Items) -> str | None:
    """Return the one string, None for none.

    Raises:
        FhirPathError: several, or no string.
    """
    value = single(items)
    if isinstance(value, Moment):
        return value.text
    if (value is None and items and items[0].__class__ is Node and items[0].value.__class__ is dict) or not isinstance(
        value, str | None
    ):
        raise FhirPathError("a string is expected")
    return value


def _number(items: Items) -> int | None:
    value = single(items)
    if value is not None and value.__class__ is not int:
        raise FhirPathError("a whole number is expected")
    return value


def _with(found: Callable[..., Any], least: int, most: int | None = None) -> Function:
    """Return a function on a string whose arguments are strings; empty if one of them is."""

    def call(items: Items, _env: Environment, *arguments: Items) -> Items:
        texts = [text_of(items), *map(text_of, arguments)]
        return [] if None in texts else answer(found(*texts))

    return Function(least, least if most is None else most, call)


def _matches(text: str, source: str) -> bool:
    return pattern_for(text, source).search(text) is not None


def _matches_full(text: str, source: str) -> bool:
    return pattern_for(text, source).fullmatch(text) is not None


def _replace_matches(text: str, source: str, by: str) -> str:
    if not source:
        return text
    template = re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", by.replace("\\", "\\\\"))
    try:
        return pattern_for(text, source).sub(template, text)
    except (re.error, IndexError):
        raise FhirPathError("the replacement cannot be read") from None


def _substring(items: Items, _env: Environment, start: Items, length: Items | None = None) -> Items:
    text, first = text_of(items), _number(start)
    if text is None or first is None or not 0 <= first < len(text):
        return []
    count = None if length is None else _number(length)
    return [text[first:] if count is None else text[first : first + max(0, count)]]


def _encode(text: str, how: str) -> str | None:
    data = text.encode()
    if how == "hex":
        return data.hex()
    if how == "base64":
        return base64.b64encode(data).decode()
    return base64.urlsafe_b64encode(data).decode() if how == "urlbase64" else None


def _decode(text: str, how: str) -> str | None:
    try:
        if how == "hex":
            return bytes.fromhex(text).decode()
        if how in ("base64", "urlbase64"):
            return base64.b64decode(text, altchars=b"-_" if how == "urlbase64" else None).decode()
    except (ValueError, binascii.Error):
        return None
    return None


def _escape(text: str, how: str) -> str | None:
    if how == "html":
        return html.escape(text)
    return json.dumps(text, ensure_ascii=False)[1:-1] if how == "json" else None


def _unescape(text: str, how: str) -> str | None:
    if how == "html":
        return html.unescape(text)
    try:
        return _ESCAPE.sub(lambda match: str(json.loads(f'"{match[0]}"')), text) if how == "json" else None
    except ValueError:
        return None


def _join(items: Items, _env: Environment, separator: Items | None = None) -> Items:
    between = "" if separator is None else text_of(separator) or ""
    texts = [text_of([item]) for item in items]
    return [between.join(text for text in texts if text is not None)] if items else []


def _several(found: Callable[..., list[str]], arguments: int) -> Function:
    def call(items: Items, _env: Environment, *given: Items) -> Items:
        texts = [text_of(items), *map(text_of, given)]
        return [] if None in texts else found(*texts)

    return Function(arguments, arguments, call)


STRINGS: dict[str, Function] = {
    "indexOf": _with(lambda text, part: text.find(part), 1),
    "lastIndexOf": _with(lambda text, part: text.rfind(part), 1),
    "substring": Function(1, 2, _substring),
    "startsWith": _with(lambda text, part: text.startswith(part), 1),
    "endsWith": _with(lambda text, part: text.endswith(part), 1),
    "contains": _with(lambda text, part: part in text, 1),
    "upper": _with(lambda text: text.upper(), 0),
    "lower": _with(lambda text: text.lower(), 0),
    "replace": _with(lambda text, old, new: text.replace(old, new), 2),
    "matches": _with(_matches, 1),
    "matchesFull": _with(_matches_full, 1),
    "replaceMatches": _with(_replace_matches, 2),
    "length": _with(len, 0),
    "trim": _with(lambda text: text.strip(), 0),
    "encode": _with(_encode, 1),
    "decode": _with(_decode, 1),
    "escape": _with(_escape, 1),
    "unescape": _with(_unescape, 1),
    "toChars": _several(list, 0),
    "split": _several(lambda text, separator: text.split(separator) if separator else list(text), 1),
    "join": Function(0, 1, _join),
}
