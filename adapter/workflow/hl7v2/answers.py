"""Which acknowledgements a message gets: one in original mode, none to two in enhanced mode, by MSH-15 and MSH-16.

HL7 v2.8 chapter 2, sections 2.9.2 "Original mode" and 2.9.3 "Enhanced mode"; table 0155 for what is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from adapter.base.errors import AdapterError
from adapter.mapping.to_v2.acknowledgement import Code, commit_code, refusal_code, write_acknowledgement
from adapter.mapping.to_v2.header import Header
from adapter.workflow.hl7v2.door import Door
from adapter.workflow.hl7v2.verdict import Verdict

_ACKNOWLEDGEMENT: Final = "ACK"
_ALWAYS, _NEVER, _IF_REFUSED, _IF_TAKEN = "AL", "NE", "ER", "SU"


@dataclass(frozen=True, slots=True)
class Answers:
    """What goes back.

    Attributes:
        now: on the same connection, in this order.
        later: to the address that is set up for replies; None = nothing.
    """

    now: tuple[bytes, ...] = ()
    later: bytes | None = None


def is_acknowledgement(header: Header | None) -> bool:
    """Say whether a message is an acknowledgement itself; none is answered, or two nodes would never end."""
    return header is not None and header.part(9).upper() == _ACKNOWLEDGEMENT


def answers_to(
    header: Header | None, verdict: Verdict, door: Door, *, identify: Callable[[Code], str], zone: ZoneInfo
) -> Answers:
    """Return what a message gets.

    Args:
        header: of the message; None = it has none that could be read.
        verdict: what became of it.
        door: where it came in.
        identify: gives MSH-10 of the acknowledgement with a code.
        zone: of the organisation; MSH-7 is in it.
    """

    def write(code: Code, *, final: bool = False) -> bytes:
        refused = verdict.refused
        told = code not in (Code.COMMIT, Code.ACCEPT) and refused is not None
        return write_acknowledgement(
            header,
            code,
            id=identify(code),
            at=verdict.at.astimezone(zone),
            problems=refused.problems if told and refused is not None else () if code is Code.COMMIT else verdict.notes,
            issue=refused.issue if refused is not None else "informational",
            final=final,
            wants_commit=door.reply is not None and door.reply_acknowledged,
        )

    wishes = _wishes(header, door)
    if wishes is None:
        return Answers((write(Code.ACCEPT if verdict.refused is None else refusal_code(verdict.refused)),))
    commit, application = _codes(verdict.refused, *wishes)
    committed = (write(commit),) if commit else ()
    if application is None:
        return Answers(committed)
    last = write(application, final=True)
    return Answers((*committed, last)) if door.reply is None else Answers(committed, last)


def _wishes(header: Header | None, door: Door) -> tuple[str, str] | None:
    """Return what is asked for, commit and application acknowledgement; None = original mode."""
    asked = ("", "") if header is None else (header.part(15).upper(), header.part(16).upper())
    if door.mode == "original" or (door.mode == "auto" and asked == ("", "")):
        return None
    if asked == ("", ""):
        return _ALWAYS, _ALWAYS if door.reply is not None else _NEVER
    return asked[0] or _NEVER, asked[1] or _NEVER


def _codes(refused: AdapterError | None, commit: str, application: str) -> tuple[Code | None, Code | None]:
    """Return the codes of both acknowledgements; None = that one is not sent.

    A refusal is told in one of them if either may tell it: where the sender wants to hear of no application errors,
    the commit acknowledgement says that the message was not taken.
    """
    if refused is None:
        taken = Code.COMMIT if _wanted(commit, taken=True) else None
        return taken, Code.ACCEPT if _wanted(application, taken=True) else None
    final = refusal_code(refused)
    tells = _wanted(application, taken=False)
    if final is Code.ERROR and tells:  # committed to the quarantine, and refused by the application
        return Code.COMMIT if _wanted(commit, taken=True) else None, final
    if _wanted(commit, taken=False):
        return commit_code(refused), None
    return None, final if tells else None


def _wanted(wish: str, *, taken: bool) -> bool:
    """Say whether an acknowledgement is sent; an unknown wish of table 0155 is heard as "always"."""
    return {_NEVER: False, _IF_REFUSED: not taken, _IF_TAKEN: taken}.get(wish, True)
