"""Takes in a message of any format: what it asks or reports in canonical form, and what became of each of its fields.

The canonical JSON is what later steps read; whoever sent something else finds the way of every field in the account.
"""

from dataclasses import dataclass
from typing import Any, Literal

import orjson

from adapter.base.errors import UnknownFormat
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.intake.canonical import kind_of, report_from, request_from
from adapter.intake.strict_json import MAX_BYTES, read_json
from adapter.intake.syntax import Syntax, syntax_of

Kind = Literal["request", "report", "record"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A message that was understood.

    Attributes:
        canonical: the canonical JSON document as bytes; the message itself, the same object, where it came so.
        stated: what it says; None for a record alone, which belongs to no request by itself.
        account: where every field went and what was lost; None where the message was canonical itself.
        sender: which system sent it, where message ids are its own ("hl7v2:APP|FACILITY"); None = the house.
    """

    canonical: bytes
    stated: SecondOpinionRequest | SecondOpinionReport | None
    account: Any = None
    sender: str | None = None


def take(body: bytes, media_type: str | None, *, expected: Literal["request", "report"] = "request") -> Taken:
    """Return what a message says.

    Args:
        body: the message.
        media_type: what its sender called it; None = not said.
        expected: what is taken here, for the words of a refusal where the message does not say what it is.

    Raises:
        InputError: it cannot be read, or is wrong; every problem in the sender's own terms.
    """
    syntax = syntax_of(body, media_type)
    if syntax is Syntax.JSON and not _is_fhir(body):
        return _canonical(body, expected)
    raise UnknownFormat(f"{syntax.value} is not read here yet: send {expected} in the canonical format", where="")


def _is_fhir(body: bytes) -> bool:
    try:
        raw = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return False  # its reader says what is wrong with it
    return isinstance(raw, dict) and "resourceType" in raw and "format" not in raw


def _canonical(body: bytes, expected: Literal["request", "report"]) -> Taken:
    raw = read_json(body, max_bytes=MAX_BYTES)
    kind = kind_of(raw) or expected
    return Taken(canonical=body, stated=request_from(raw) if kind == "request" else report_from(raw))
