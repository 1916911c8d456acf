"""Takes a stream of bytes apart into MLLP frames: start block, message, end block, carriage return.

HL7 Transport Specification MLLP, release 1: `<VT> message <FS> <CR>`. A message holds neither VT nor FS, so both can be
trusted to find the next frame after whatever went wrong before it. Nothing here waits or decodes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from adapter.exchange.mllp.library import CARRIAGE_RETURN, END_BLOCK, START_BLOCK

KEPT_OF_REFUSED: Final = 4096
"""How much of a message that is refused unread is kept, so that it can be answered and found again."""
MOST_NOISE: Final = 1024 * 1024
"""Who sends more than this between two frames does not speak MLLP."""

_AFTER_END: Final = frozenset(CARRIAGE_RETURN + b"\n" + START_BLOCK)
_HEADERS: Final = (b"MSH", b"FHS", b"BHS")
_BEGINNINGS: Final = (START_BLOCK, *_HEADERS)
_BEGUN_ANEW: Final = START_BLOCK + b"MSH"
_BLANK: Final = b" \t\r\n\0" + END_BLOCK


class Fault(StrEnum):
    """Why a frame cannot be taken."""

    TOO_LONG = "too-long"  # beyond the limit; the rest of it was skipped
    UNFRAMED = "unframed"  # a message without its start block


class NotMllp(Exception):
    """What arrives is no MLLP, and the connection is of no use; no AdapterError, because nobody can be answered."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stood between start and end block.

    Attributes:
        body: the message's bytes as they came; where there is a fault, their beginning.
        size_bytes: of the message as far as it came.
        fault: why it cannot be taken; None = it is whole.
    """

    body: bytes
    size_bytes: int
    fault: Fault | None = None


class Deframer:
    """The frames of one connection; holds at most one message and the piece that came last."""

    __slots__ = ("_beginning", "_headless", "_held", "_inside", "_max_bytes", "_searched", "_skipped", "unfinished")

    def __init__(self, *, max_bytes: int) -> None:
        """Begin between two frames; a message may have `max_bytes`."""
        self._max_bytes = max_bytes
        self._held = bytearray()
        self._inside = False
        self._headless = False  # inside a message that came without start block
        self._searched = 0  # no end block stands before this place
        self._skipped = 0  # bytes that were not kept, of the message under way or of noise
        self._beginning = b""  # of a message that is being skipped
        self.unfinished = 0
        """How many messages were given up by their sender, who began another one in their midst."""

    @property
    def amid(self) -> bool:
        """Whether a message is under way, or something that could become one."""
        return self._inside or bool(self._held)

    def feed(self, piece: bytes) -> Iterator[Frame]:
        """Take the next bytes, cut anywhere, and yield every frame that ends in them.

        Raises:
            NotMllp: there is far more noise than messages.
        """
        self._held += piece
        while self._held and (self._inside or self._begin()):
            end = self._end()
            if end < 0:
                self._shorten()
                return
            yield self._cut(end)

    def quiet(self) -> Iterator[Frame]:
        """Say that nothing more has come for a while, and yield what must be complete then.

        Some senders leave out the carriage return behind the end block, others all of the frame.
        """
        if self._inside and (self._headless or self._held.endswith(END_BLOCK)):
            yield self._cut(len(self._held) - self._held.endswith(END_BLOCK))

    def _begin(self) -> bool:
        """Skip what stands before the next message and return whether there is one."""
        held = self._held
        while held:
            self._drop(len(held) - len(held.lstrip(_BLANK)))
            if held.startswith(_BEGINNINGS):
                self._inside, self._headless = True, not held.startswith(START_BLOCK)
                self._searched = self._skipped = 0
                del held[: not self._headless]
                return True
            if any(one.startswith(bytes(held)) for one in _HEADERS):
                return False  # the first letters of a message without start block, perhaps
            start = held.find(START_BLOCK)
            self._drop(len(held) if start < 0 else start)
        return False

    def _drop(self, count: int) -> None:
        del self._held[:count]
        self._skipped += count
        if self._skipped > MOST_NOISE:
            raise NotMllp

    def _end(self) -> int:
        """Return where the message under way ends; -1 = not yet."""
        held = self._held
        start = held.find(START_BLOCK) if self._headless else -1
        while (end := held.find(END_BLOCK, self._searched, start if start >= 0 else len(held))) >= 0:
            self._searched = end
            if end + 1 == len(held):
                return -1  # what follows it tells whether it is the end
            if held[end + 1] in _AFTER_END:
                return end
            self._searched = end + 1  # not a message by the book, but no end either
        self._searched = len(held)
        return start

    def _shorten(self) -> None:
        """Keep no more than the beginning of a message that is too long already."""
        held = self._held
        gone = len(held) - held.endswith(END_BLOCK)
        if not self._skipped:
            if gone <= (KEPT_OF_REFUSED if self._headless else self._max_bytes):
                return
            self._beginning = bytes(held[: min(gone, KEPT_OF_REFUSED)])
        del held[:gone]
        self._skipped += gone
        self._searched = 0

    def _cut(self, end: int) -> Frame:
        """Return the message that ends at `end` and go behind its frame."""
        held = self._held
        size = self._skipped + end
        fault = Fault.UNFRAMED if self._headless else Fault.TOO_LONG if size > self._max_bytes else None
        if self._skipped:
            body = self._beginning
        else:
            with memoryview(held) as view:
                body = bytes(view[: min(end, KEPT_OF_REFUSED) if fault else end])
        del held[: end + (not held.startswith(START_BLOCK, end))]
        if held.startswith(CARRIAGE_RETURN):
            del held[:1]
        self._inside = self._headless = False
        self._searched = self._skipped = 0
        self._beginning = b""
        return Frame(body, size, fault) if fault else self._last_begun(body)

    def _last_begun(self, body: bytes) -> Frame:
        anew = body.rfind(_BEGUN_ANEW)
        if anew < 0:
            return Frame(body, len(body))
        self.unfinished += 1
        return Frame(body[anew + 1 :], len(body) - anew - 1)
