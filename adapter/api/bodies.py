"""Reads a request's body up to a limit, and never more.

https://www.rfc-editor.org/rfc/rfc9110#name-413-content-too-large
"""

from fastapi import Request

from adapter.base.errors import TooLarge, UnknownFormat


async def limited_body(request: Request, limit: int) -> bytes:
    """Return the whole body.

    Raises:
        TooLarge: it is longer than `limit` bytes; at most that much was read.
        UnknownFormat: it is compressed, which is not taken here.
    """
    check_length(request, limit)
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > limit:
            raise TooLarge(_text(limit))
        parts.append(part)
    return b"".join(parts)


def check_length(request: Request, limit: int) -> None:
    """Refuse by the declared length and encoding, before anything is read."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnknownFormat("compressed bodies are not taken here; send it as it is")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise TooLarge(_text(limit))


def _text(limit: int) -> str:
    return f"the body is longer than {limit} bytes; upload large records first, by PUT intake/records/(sha256)"
