"""The limits that are checked before anything is parsed: size, and how deep JSON is nested."""

from typing import Any

from adapter.base.errors import TooLarge

MAX_BYTES = 50 * 1024 * 1024
"""Unless a caller says otherwise; larger records travel as bytes, not inside a resource."""

MAX_DEPTH = 160
"""Levels of arrays and objects in JSON; an XML element counts as two, as most elements repeat."""

MOST_PROBLEMS = 10_000
"""After so many places that the other format has no room for, conversion is given up."""

LINES_TO_INDENT = 60_000
"""JSON of more commas and brackets is not written with its indents, which may be 500 bytes each."""


def check_size(data: bytes, max_bytes: int) -> None:
    """Refuse more than `max_bytes`.

    Raises:
        TooLarge: the text names the limit.
    """
    if len(data) > max_bytes:
        raise TooLarge(f"{len(data)} bytes are more than the limit of {max_bytes} bytes")


def check_depth(tree: Any) -> None:
    """Refuse a parsed JSON that is nested deeper than MAX_DEPTH.

    Raises:
        TooLarge: nested too deep.
    """
    level = [tree]
    for _ in range(MAX_DEPTH):
        inside: list[Any] = []
        for value in level:
            if value.__class__ is dict:
                inside.extend(value.values())
            elif value.__class__ is list:
                inside.extend(value)
        if not inside:
            return
        level = [value for value in inside if value.__class__ is dict or value.__class__ is list]
    if level:
        raise TooLarge(f"nested deeper than the limit of {MAX_DEPTH} levels")
