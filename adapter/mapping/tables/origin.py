"""Where in the source a place of the canonical document comes from, to tell problems in the sender's terms."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from adapter.base.errors import Problem
from adapter.mapping.tables.account import Mapped
from adapter.mapping.tables.required import place
from adapter.mapping.tables.target import Kind, Target

_REQUIRED: Final = "required"
_ENTRY: Final = re.compile(r".*/[0-9]+(?=/|$)")
_HEAD: Final = re.compile(r"(?P<name>[^-./\[]+)(?:\[[0-9]+\])?")


def in_sender_terms(problems: Iterable[Problem], mapped: Mapped) -> list[Problem]:
    """Return problems of the canonical document as problems of the message that it was made of.

    What the table itself has told as missing already is not told again.

    Args:
        problems: their `where` are JSON pointers.
        mapped: the document's account.
    """
    told = []
    for problem in problems:
        pointer = problem.where
        if pointer is None:
            told.append(problem)
        elif problem.code != _REQUIRED or not any(_is_beneath(one, pointer) for one in mapped.missing):
            told.append(replace(problem, text=f"{pointer}: {problem.text}", where=origin(pointer, mapped) or pointer))
    return told


def origin(pointer: str, mapped: Mapped) -> str | None:
    """Return the place in the sender's terms that a JSON pointer of the canonical document comes from.

    Args:
        pointer: of something that is there, or that is missing.
        mapped: the document's account.

    Returns:
        The field that went there itself, or beneath it; where none did, the one that the table would have read; else
        the one that went nearest above. None = the table has nothing for it.
    """
    there = (row.source for row in mapped.rows if pointer in _targets(row.target))
    beneath = (row.source for row in mapped.rows if any(_is_beneath(one, pointer) for one in _targets(row.target)))
    return next(there, None) or next(beneath, None) or _expected(pointer, mapped) or _nearest(pointer, mapped)


def _targets(target: str | None) -> list[str]:
    return target.split("; ") if target else []


def _is_beneath(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer}/")


def _expected(pointer: str, mapped: Mapped) -> str | None:
    for row in mapped.table.rows:
        for target in row.targets:
            if _pattern(target).match(pointer + "/") is not None and row.selector is not None:
                return _in_entry(place(mapped.table, row), pointer, mapped)
    return None


def _in_entry(expected: str | None, pointer: str, mapped: Mapped) -> str | None:
    """Return an expected place with the number of the segment or element that the entry of the list comes from."""
    entry = _ENTRY.match(pointer)
    head = _HEAD.match(expected or "")
    if expected is None or entry is None or head is None:
        return expected
    for row in mapped.rows:
        if any(_is_beneath(one, entry[0]) for one in _targets(row.target)):
            found = _HEAD.match(row.source)
            if found is not None and found["name"] == head["name"]:
                return found[0] + expected[head.end() :]
    return expected


def _pattern(target: Target) -> re.Pattern[str]:
    """Return what matches a pointer, ended by a slash, that the target fills, or that is above it."""
    text = ""
    for step in reversed(target.steps):
        own = re.escape(step.name) if step.kind in (Kind.MEMBER, Kind.LINE) else "[0-9]+"
        text = f"/{own}(?:/$|{text})" if text else f"/{own}/$"
    return re.compile(text)


def _nearest(pointer: str, mapped: Mapped) -> str | None:
    above = pointer.rpartition("/")[0]
    while above:
        for row in mapped.rows:
            if any(_is_beneath(one, above) for one in _targets(row.target)):
                return row.source
        above = above.rpartition("/")[0]
    return None
