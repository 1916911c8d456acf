"""Finds line and column of problems in the bytes that they were found in, by their FHIRPaths.

Only what leads to a problem is looked at in Python; the rest of the text is skipped by parsers written in C, so that a
resource without problems costs nothing, and one with a few costs less than it took to parse it.
https://hl7.org/fhir/R4/operationoutcome-definitions.html#OperationOutcome.issue.expression
"""

import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from json.decoder import scanstring  # type: ignore[attr-defined] # not public, but there in every CPython
from typing import Any
from xml.parsers import expat

from adapter.base.errors import AdapterError, Problem
from adapter.fhir.codec import media_type_of

_STEP = re.compile(r"\.([A-Za-z0-9]+)(?:\[([0-9]{1,9})\])?")
_SPACE = re.compile(r"[ \t\r\n]*")
_BOM = "\ufeff"
_skip = json.JSONDecoder(parse_int=len, parse_float=len, object_pairs_hook=len).scan_once  # type: ignore[attr-defined] # as above
"""Parses a value at C's speed; what it makes of it is thrown away."""

Position = tuple[int, int]
"""Line and column, both from 1 on; columns count characters."""


def located(problems: Sequence[Problem], data: bytes, media_type: str | None = None) -> list[Problem]:
    """Return the problems with line and column: where the element begins, or the nearest one around it that is there.

    Args:
        problems: with FHIRPaths; one without a path, or with a column already, stays as it is.
        data: JSON or XML that could be parsed.
        media_type: None = look at the bytes.
    """
    top = _Wanted()
    sought = [None if one.where is None or one.column is not None else _placed(top, one.where) for one in problems]
    if all(one is None for one in sought):
        return list(problems)
    try:
        if media_type_of(data, media_type) == "application/fhir+json":
            _search_json(data.decode("utf-8").removeprefix(_BOM), top)
        else:
            _search_xml(data, top)
    except (AdapterError, ValueError, StopIteration, IndexError, RecursionError, expat.ExpatError):
        return list(problems)  # it was not parsed before; a place is not worth a failure
    return [_with_position(one, place) for one, place in zip(problems, sought, strict=True)]


class _Wanted:
    """A place that is sought, or lies on the way to one; `below` by name, and by number in an array."""

    __slots__ = ("above", "below", "found")

    def __init__(self, above: "_Wanted | None" = None) -> None:
        self.above = above
        self.below: dict[str | int, _Wanted] = {}
        self.found: Position | int | None = None

    def step(self, key: str | int) -> "_Wanted":
        known = self.below.get(key)
        if known is None:
            known = self.below[key] = _Wanted(self)
        return known


def _placed(top: _Wanted, path: str) -> _Wanted:
    here, at = top, len(path.partition(".")[0])
    while (match := _STEP.match(path, at)) is not None:
        here, at = here.step(match[1]), match.end()
        if match[2] is not None:
            here = here.step(int(match[2]))
    return here


def _with_position(problem: Problem, place: _Wanted | None) -> Problem:
    while place is not None and place.found is None:
        place = place.above
    if place is None or not isinstance(place.found, tuple):
        return problem
    line, column = place.found
    # a line that the reader noted is more exact: of two elements with one path it knows which
    return replace(problem, line=line, column=column) if problem.line in (None, line) else problem


def _search_json(text: str, top: _Wanted) -> None:
    reached: list[_Wanted] = [top]
    start = _after_space(text, 0)
    top.found = start
    _enter(text, start, top, reached)
    breaks = [match.start() for match in re.finditer("\n", text)]
    for place in reached:
        if isinstance(place.found, int):
            line = bisect_left(breaks, place.found)
            place.found = line + 1, place.found - (breaks[line - 1] if line else -1)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()


def _enter(text: str, at: int, place: _Wanted, reached: list[_Wanted]) -> int:
    """Look for what is sought below a value; return where the value ends."""
    if place.below and text[at] == "{":
        return _enter_object(text, at, place, reached)
    if place.below and text[at] == "[":
        return _enter_array(text, at, place, reached)
    only = place.below.get(0)  # no array, though its path has a number: it is the mistake that was found
    if only is not None:
        _reach(only, at, reached)
    return int(_skip(text, at)[1])


def _enter_object(text: str, at: int, place: _Wanted, reached: list[_Wanted]) -> int:
    at = _after_space(text, at + 1)
    while text[at] != "}":
        key_at = at
        key, at = scanstring(text, at + 1)
        at = _after_space(text, _after_space(text, at) + 1)
        inner = place.below.get(key.removeprefix("_"))
        if inner is None:
            at = _skip(text, at)[1]
        else:
            _reach(inner, key_at, reached)
            at = _enter(text, at, inner, reached)
        at = _after_space(text, at)
        if text[at] == ",":
            at = _after_space(text, at + 1)
    return at + 1


def _enter_array(text: str, at: int, place: _Wanted, reached: list[_Wanted]) -> int:
    at, number = _after_space(text, at + 1), 0
    while text[at] != "]":
        inner = place.below.get(number)
        if inner is None:
            at = _skip(text, at)[1]
        else:
            _reach(inner, at, reached)
            at = _enter(text, at, inner, reached)
        number += 1
        at = _after_space(text, at)
        if text[at] == ",":
            at = _after_space(text, at + 1)
    return at + 1


def _reach(place: _Wanted, at: int, reached: list[_Wanted]) -> None:
    if place.found is None:  # `name` and `_name` are one element: the first counts
        place.found = at
        reached.append(place)


def _search_xml(data: bytes, top: _Wanted) -> None:
    parser = expat.ParserCreate()
    above: list[tuple[list[_Wanted], dict[str, int]]] = []
    nothing: tuple[list[_Wanted], dict[str, int]] = ([], {})

    def start(tag: str, _attributes: Any) -> None:
        position = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        name = tag.rpartition(":")[2]
        if not above:
            top.found = position
            above.append(([top], {}))
            return
        places, counts = above[-1]
        if not places or name[:1].isupper():  # a resource: its element is one level more than its path
            above.append((places, {}) if places else nothing)
            return
        number = counts[name] = counts.get(name, -1) + 1
        here: list[_Wanted] = []
        for place in places:
            inner = place.below.get(name)
            for one in (inner, inner.below.get(number)) if inner is not None else ():
                if one is not None:
                    one.found = one.found or position
                    here.append(one)
        above.append((here, {}) if here else nothing)

    def end(_tag: str) -> None:
        above.pop()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
