"""The limits that are checked before anything is parsed: size, and how deep JSON is nested."""

from itertools import accumulate

from adapter.base.errors import TooLarge

MAX_BYTES = 50 * 1024 * 1024
"""Unless a caller says otherwise; larger records travel as bytes, not inside a resource."""

MAX_DEPTH = 160
"""Levels of arrays and objects in JSON; an XML element counts as two, as most elements repeat."""

_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def check_size(data: bytes, max_bytes: int) -> None:
    """Refuse more than `max_bytes`.

    Raises:
        TooLarge: the text names the limit.
    """
    if len(data) > max_bytes:
        raise TooLarge(f"{len(data)} bytes are more than the limit of {max_bytes} bytes")


def check_depth(outside_strings: bytes) -> None:
    """Refuse JSON (given without its strings) that is nested deeper than MAX_DEPTH.

    Raises:
        TooLarge: nested too deep.
    """
    brackets = outside_strings.translate(None, _NOT_BRACKETS)
    rest = brackets
    for _ in range(MAX_DEPTH // 4):  # a round takes away one or two levels, so what vanishes here is shallow enough
        rest = rest.replace(b"{}", b"").replace(b"[]", b"")
        if not rest:
            return
    for depth in accumulate(map(_STEP.__getitem__, brackets)):
        if depth > MAX_DEPTH:
            raise TooLarge(f"nested deeper than the limit of {MAX_DEPTH} levels")
