"""Sends messages over MLLP, one at a time on a connection that is kept for each partner, and waits for their answers.

HL7 v2.8 chapter 2, section 2.9.2: a message counts as taken when its acknowledgement says so, not when it was written.
"""

import asyncio
import ssl
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from adapter.base.errors import PeerRejected, PeerTimeout, PeerUnavailable
from adapter.exchange.mllp.framing import Deframer, NotMllp
from adapter.exchange.mllp.library import PIECE_BYTES, Writer, end, open_connection
from adapter.mapping.to_v2.acknowledged import Acknowledged, read_acknowledgement
from adapter.mapping.to_v2.header import read_header

CONNECT_SECONDS: Final = 5.0
MAX_ANSWER_BYTES: Final = 1024 * 1024
_MOST_STRAY: Final = 100

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Line:
    """Where a partner listens.

    Attributes:
        tls: None = in clear.
        timeout_seconds: how long one message may take, with its answer.
    """

    host: str
    port: int
    tls: ssl.SSLContext | None = field(default=None, hash=False, compare=False)
    timeout_seconds: float = 30.0


@dataclass(slots=True)
class _Connection:
    """A kept connection; `turn` lets one message after the other onto it."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    reader: asyncio.StreamReader | None = None
    writer: Writer | None = None
    frames: Deframer = field(default_factory=lambda: Deframer(max_bytes=MAX_ANSWER_BYTES))

    def close(self) -> None:
        """Close, and begin anew with the next message."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
        self.frames = Deframer(max_bytes=MAX_ANSWER_BYTES)

    async def end(self) -> None:
        """Close for good."""
        if (writer := self.writer) is not None:
            self.close()
            await end(writer)


class MllpSender:
    """The outgoing lines of a node; safe to share between threads."""

    def __init__(self) -> None:
        """Hold no connection yet."""
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._connections: dict[tuple[str, int, ssl.SSLContext | None], _Connection] = {}

    def send(self, message: bytes, line: Line, *, answered: bool = True) -> Acknowledged | None:
        """Send a message and return its acknowledgement, which says that it was taken.

        Args:
            message: without its frame; with MSH-10.
            line: where to; messages to one line go out in the order of the calls.
            answered: False = the message asks for no answer (MSH-15 NE): None is returned once it is written.

        Raises:
            PeerUnavailable: no connection, it broke off, the answer is none, or a trouble of the partner's own.
            PeerTimeout: no answer in time; the partner may have taken the message.
            PeerRejected: the partner refused it, with its own reasons made safe.
        """
        return self._run(self._send(message, line, answered=answered))

    def close(self) -> None:
        """Close all connections; the sender is of no use afterwards."""
        with self._starting:
            if self._loop is None or self._thread is None:
                return
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop = self._thread = None

    def _run(self, task: Coroutine[Any, Any, _T]) -> _T:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._live, args=(self._loop,), name="mllp-out", daemon=True)
                self._thread.start()
            loop = self._loop
        try:
            return asyncio.run_coroutine_threadsafe(task, loop).result()
        except CancelledError as ended:
            raise PeerUnavailable("this node is stopping") from ended

    def _live(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_forever()
        loop.run_until_complete(self._end())
        loop.close()

    async def _end(self) -> None:
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        for one in self._connections.values():
            await one.end()

    async def _send(self, message: bytes, line: Line, *, answered: bool) -> Acknowledged | None:
        connection = self._connections.setdefault((line.host, line.port, line.tls), _Connection())
        async with connection.turn:
            try:
                async with asyncio.timeout(line.timeout_seconds):
                    said = await _exchange(connection, message, line, answered=answered)
            except TimeoutError as late:
                connection.close()  # a late answer must not meet the next message
                raise PeerTimeout("the partner did not acknowledge the message in time") from late
            except (OSError, NotMllp, asyncio.IncompleteReadError) as broken:
                connection.close()
                raise PeerUnavailable(f"the line to the partner broke off ({type(broken).__name__})") from broken
            except BaseException:
                connection.close()
                raise
        return None if said is None else _checked(said)


async def _exchange(connection: _Connection, message: bytes, line: Line, *, answered: bool) -> Acknowledged | None:
    reader, writer = await _connected(connection, line)
    writer.writeblock(message)
    await writer.drain()
    if not answered:
        return None
    header = read_header(message)
    wanted = header.control_id if header is not None else ""
    frames = connection.frames
    for _ in range(_MOST_STRAY):
        piece = await reader.read(PIECE_BYTES)
        for frame in frames.feed(piece) if piece else frames.quiet():
            said = read_acknowledgement(frame.body)
            if said is not None and (said.control_id == wanted or not said.control_id):
                return said
        if not piece:
            break
    raise asyncio.IncompleteReadError(b"", None)


async def _connected(connection: _Connection, line: Line) -> tuple[asyncio.StreamReader, Writer]:
    """Return the kept connection if it still stands, else a new one."""
    reader, writer = connection.reader, connection.writer
    if reader is not None and writer is not None:
        if not reader.at_eof() and not writer.is_closing():
            return reader, writer
        connection.close()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await open_connection(line.host, line.port, line.tls)
    except (OSError, TimeoutError) as refused:
        raise PeerUnavailable(f"the partner cannot be reached ({type(refused).__name__})") from refused
    connection.reader, connection.writer = reader, writer
    return reader, writer


def _checked(said: Acknowledged) -> Acknowledged:
    if said.accepted:
        return said
    if said.passing:
        raise PeerUnavailable(f"the partner answered {said.code.value}: try again later", problems=said.problems)
    raise PeerRejected(f"the partner answered {said.code.value}", problems=said.problems)
