"""The acknowledgement of a message: MSH turned round, MSA with the code, ERR for what is wrong.

HL7 v2.8 chapter 2, section 2.9 "Message processing rules" and 2.14.8 "MSA". It says nothing of the message's content
but where something is wrong.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from textwrap import shorten
from typing import Final

from adapter.base.errors import (
    AccessError,
    AdapterError,
    InputError,
    Problem,
    StateError,
    TooLarge,
    UnknownFormat,
    Unreadable,
)
from adapter.mapping.to_v2.er7 import Writing
from adapter.mapping.to_v2.error_codes import TEXTS, condition_code
from adapter.mapping.to_v2.error_segments import ERR_AS_OF_2_5, error_segments
from adapter.mapping.to_v2.header import Header

_NAMED_BY_STRUCTURE: Final = 4  # MSH-9.3 is filled from version 2.4 on
_TEXT_UNTIL: Final = 6  # MSA-3 is gone from version 2.7 on
_LONGEST_TEXT: Final = 80
_HEADER: Final = frozenset({"MSH-9", "MSH-11", "MSH-12"})


class Code(StrEnum):
    """What MSA-1 says, table 0008 (https://terminology.hl7.org/CodeSystem-v2-0008.html)."""

    ACCEPT = "AA"
    ERROR = "AE"
    REJECT = "AR"
    COMMIT = "CA"
    COMMIT_ERROR = "CE"
    COMMIT_REJECT = "CR"


def refusal_code(error: AdapterError) -> Code:
    """Return AE where the content is at fault; AR where it is the kind of message, its frame, or our own trouble."""
    if isinstance(error, Unreadable | UnknownFormat | TooLarge | AccessError) or _of_the_header(error):
        return Code.REJECT
    return Code.ERROR if isinstance(error, InputError | StateError) else Code.REJECT


def commit_code(error: AdapterError) -> Code:
    """Return CR where such a message is never taken here, else CE."""
    never = isinstance(error, UnknownFormat | AccessError) or _of_the_header(error)
    return Code.COMMIT_REJECT if never else Code.COMMIT_ERROR


def _of_the_header(error: AdapterError) -> bool:
    """Say whether all that is wrong is the kind of message, its processing id or its version."""
    return all((one.where or "").partition(".")[0].partition("[")[0] in _HEADER for one in error.problems)


def write_acknowledgement(
    header: Header | None,
    code: Code,
    *,
    id: str,  # noqa: A002 - what MSH calls it
    at: datetime,
    problems: Sequence[Problem] = (),
    issue: str = "processing",
    final: bool = False,
    wants_commit: bool = False,
) -> bytes:
    """Return an acknowledgement.

    Args:
        header: of the message; None = it has none that could be read.
        code: what became of the message.
        id: MSH-10 of the acknowledgement, at most 20 characters.
        at: when, in the time zone of whoever answers.
        problems: what is wrong, or to be noted.
        issue: the issue type of problems that say none.
        final: whether it is the application's answer in enhanced mode, which asks for its own acknowledgement only if
            `wants_commit`.
        wants_commit: see there.
    """
    header = header or Header(Writing(), ())
    writing, version = header.writing, header.minor_version
    kind = writing.component.join(
        ("ACK", header.event, "ACK") if version >= _NAMED_BY_STRUCTURE and header.event else ("ACK", header.event)
    ).rstrip(writing.component)
    asks = ("AL" if wants_commit else "NE", "NE") if final else ("", "")
    msh = writing.segment(
        "MSH",
        writing.encoding,
        *(header.first(number) for number in (5, 6, 3, 4)),
        at.strftime("%Y%m%d%H%M%S%z"),
        "",
        kind,
        id,
        header.first(11) or "P",
        header.first(12) or "2.5.1",
        "",
        "",
        *asks,
        "",
        header.first(18) if writing.codec != "ascii" else "",
    )
    segments = [
        msh,
        _msa(writing, header, code, problems, issue),
        *error_segments(writing, problems, issue, version),
    ]
    return "".join(f"{one}\r" for one in segments).encode("latin-1")


def _msa(writing: Writing, header: Header, code: Code, problems: Sequence[Problem], issue: str) -> str:
    version = header.minor_version
    wrong = next((one for one in problems if one.severity in ("error", "fatal")), None)
    if wrong is None or version > _TEXT_UNTIL:
        return writing.segment("MSA", code, header.control_id)
    told = f"{wrong.where}: {wrong.text}" if wrong.where else wrong.text
    condition = condition_code(wrong, issue)
    coded = writing.component.join((condition, TEXTS[condition], "HL70357")) if version < ERR_AS_OF_2_5 else ""
    return writing.segment(
        "MSA", code, header.control_id, writing.text(shorten(told, _LONGEST_TEXT, placeholder="...")), "", "", coded
    )
