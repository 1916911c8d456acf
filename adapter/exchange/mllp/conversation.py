"""One connection of a listener: reads frames, lets each be answered, writes the answers, in the order of the frames."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from adapter.base.logs import logger, place_of
from adapter.exchange.mllp.framing import Deframer, Frame, NotMllp
from adapter.exchange.mllp.library import PIECE_BYTES, Writer

Receive = Callable[[Frame], Sequence[bytes]]
"""Takes a frame, in a thread of its own, and returns the messages that answer it; none where no answer is wanted.

It does not raise: what goes wrong with a message is an answer.
"""

QUIET_SECONDS: Final = 1.0
"""After this a frame that lacks its last byte is taken for complete."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a connection may take.

    Attributes:
        max_message_bytes: the longest message.
        max_connections: how many there may be at once; another one is closed at once.
        idle_seconds: how long a connection may be quiet between messages.
        message_seconds: how long a message may take from its first byte to its last, and an answer to be taken.
        concurrency: how many messages are worked on at once, of all connections; more would only wait for each other
            at the database, and unfairly.
    """

    max_message_bytes: int = 64 * 1024 * 1024
    max_connections: int = 256
    idle_seconds: float = 3600.0
    message_seconds: float = 120.0
    concurrency: int = 2


class Conversation:
    """One connection with a sender."""

    def __init__(
        self,
        name: str,
        reader: asyncio.StreamReader,
        writer: Writer,
        receive: Receive,
        threads: Executor,
        limits: Limits,
    ) -> None:
        """Speak with one sender; `name` is the listener's, for the log."""
        self._log = logger().bind(node=name)
        self._reader = reader
        self.writer = writer
        self._receive = receive
        self._threads = threads
        self._limits = limits
        self._frames = Deframer(max_bytes=limits.max_message_bytes)
        self._ending = False
        self.busy = False
        """Whether a message is being worked on; it gets its answer before the connection ends."""

    def end_soon(self) -> None:
        """Take no further message."""
        self._ending = True

    async def run(self) -> None:
        """Speak until the sender has gone, is too slow, or nothing more is taken."""
        try:
            await self._speak()
        except TimeoutError:
            self._log.info("mllp-ended", reason="too slow in sending or in taking its answer")
        except NotMllp:
            self._log.warning("mllp-ended", reason="what arrives is not MLLP")
        except OSError as broken:  # reset, or TLS gone wrong
            self._log.info("mllp-ended", reason=type(broken).__name__)
        except Exception as bug:  # noqa: BLE001 - the other connections go on, and the sender comes again
            self._log.error("mllp-broken", error=type(bug).__name__, where=place_of(bug))
        finally:
            if self._frames.unfinished:
                self._log.warning("mllp-unfinished", count=self._frames.unfinished)
            self.writer.close()

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limits.idle_seconds
        while not self._ending:
            amid = self._frames.amid
            patience = deadline - loop.time()
            if patience <= 0:
                raise TimeoutError
            piece = await self._piece(min(patience, QUIET_SECONDS) if amid else patience)
            answered = await self._answer(self._frames.feed(piece) if piece else self._frames.quiet())
            if piece == b"":
                return
            if self._frames.amid and (answered or not amid):
                deadline = loop.time() + self._limits.message_seconds
            elif answered:
                deadline = loop.time() + self._limits.idle_seconds

    async def _piece(self, patience: float) -> bytes | None:
        """Return what comes next: b"" = the sender has ended, None = nothing came in time."""
        try:
            async with asyncio.timeout(patience):
                return await self._reader.read(PIECE_BYTES)
        except TimeoutError:
            return None

    async def _answer(self, frames: Iterable[Frame]) -> bool:
        """Answer each frame and return whether there was one."""
        answered = False
        for frame in frames:
            answered = self.busy = True
            try:
                loop = asyncio.get_running_loop()
                answers = await loop.run_in_executor(self._threads, self._receive, frame)
                for message in answers:
                    self.writer.writeblock(message)
                async with asyncio.timeout(self._limits.message_seconds):
                    await self.writer.drain()
            finally:
                self.busy = False
            if self._ending:
                break
        return answered
