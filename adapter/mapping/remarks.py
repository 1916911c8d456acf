"""What is to be said of a mapping beside its result: what was lost, filled in, not mapped, or cut off."""

from dataclasses import dataclass
from enum import StrEnum


class RemarkKind(StrEnum):
    """Why a remark is made; the loss report of an intake groups by it."""

    LOST = "lost"  # the source says it, and what we made of it does not
    DEFAULTED = "defaulted"  # the source does not say it in so many words; the text tells where it comes from
    UNMAPPED = "unmapped"  # a code or a namespace that no table knows; it is never guessed
    TRUNCATED = "truncated"  # only a part of it fits
    UNREADABLE = "unreadable"  # what stands there cannot be what it should be; it is not taken
    DOUBTED = "doubted"  # the source itself is not quite right here; it is taken as it is


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark.

    Attributes:
        source: the place in the sender's terms ("PID-3[2].4"); None = the source as a whole.
        target: JSON pointer in the canonical document; None = nowhere.
        text: what happened and, where somebody can do something about it, what; never a value of the source.
    """

    kind: RemarkKind
    source: str | None
    target: str | None
    text: str
