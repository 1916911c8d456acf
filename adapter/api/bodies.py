"""Reads a request's body up to a limit, and never more.

https://www.rfc-editor.org/rfc/rfc9110#name-413-content-too-large
"""

from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from adapter.base.errors import Invalid, Problem, TooLarge, UnknownFormat, Unreadable

SMALL_BYTES = 16 * 1024
_LONGEST_NUMBER = 19  # digits; Python refuses to read absurdly long ones
Model = TypeVar("Model", bound=BaseModel)


async def limited_body(request: Request, limit: int) -> bytes:
    """Return the whole body.

    Raises:
        TooLarge: it is longer than `limit` bytes; at most that much was read.
        UnknownFormat: it is compressed, which is not taken here.
    """
    check_length(request, limit)
    parts: list[bytes] = []
    length = 0
    try:
        async for part in request.stream():
            length += len(part)
            if length > limit:
                raise TooLarge(_text(limit))
            parts.append(part)
    except ClientDisconnect as gone:
        raise Unreadable("the body broke off") from gone
    return b"".join(parts)


async def small_body(request: Request, model: type[Model]) -> Model:
    """Return the members of a small JSON body; no body at all counts as an empty object.

    FastAPI would read the body before it asks who calls; here it is read afterwards, and only so much of it.

    Raises:
        TooLarge: it is longer than a few kilobytes.
        Invalid: it is not JSON, or a member is wrong or unknown.
    """
    body = await limited_body(request, SMALL_BYTES)
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_context=False, include_input=False)
        problems = [Problem(one["msg"], "".join(f"/{part}" for part in one["loc"])) for one in found]
        raise Invalid("the body is wrong", problems=problems) from None


def body_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return what OpenAPI says of a body that `small_body` reads."""
    return {"requestBody": {"content": {"application/json": {"schema": model.model_json_schema()}}}}


def check_length(request: Request, limit: int) -> None:
    """Refuse by the declared length and encoding, before anything is read."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnknownFormat("compressed bodies are not taken here; send it as it is")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > _LONGEST_NUMBER or int(declared) > limit):
        raise TooLarge(_text(limit))


def _text(limit: int) -> str:
    return f"the body is longer than {limit} bytes; upload large records first, by PUT intake/records/(sha256)"
