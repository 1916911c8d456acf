"""Accepts MLLP connections in a thread of its own, and ends them so that no message under way loses its answer."""

import asyncio
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from adapter.base.errors import SetupError
from adapter.base.logs import logger, place_of
from adapter.exchange.mllp.conversation import Conversation, Limits, Receive
from adapter.exchange.mllp.library import Writer, end, start_server

GRACE_SECONDS: Final = 10.0
"""How long messages under way may take when the listener stops."""


class Listener:
    """Listens on one socket; `start` and `stop` may be called from any thread, each once."""

    def __init__(
        self,
        name: str,
        listening: socket.socket,
        receive: Receive,
        *,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Take a socket that listens already; it is closed in the end.

        Args:
            name: for the log.
            listening: callers queue there until `start`.
            receive: what a message does; called from several threads at once, in the order of each connection.
            limits: None = the usual ones.
            tls: None = in clear.
        """
        self.name = name
        self._listening = listening
        self._receive = receive
        self._limits = limits or Limits()
        self._tls = tls
        self._open: dict[asyncio.Task[None], Conversation] = {}
        self._begun = threading.Event()
        self._fault: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name=f"mllp-{name}", daemon=True)
        self.address: tuple[str, int] = listening.getsockname()[:2]

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def start(self) -> None:
        """Accept connections from now on.

        Raises:
            SetupError: the socket cannot be used.
        """
        self._thread.start()
        self._begun.wait()
        if self._fault is not None:
            said = f"cannot accept connections there ({type(self._fault).__name__})"
            raise SetupError(said, where=f"mllp {self.name}") from self._fault

    def stop(self) -> None:
        """Accept nothing more, let messages under way have their answers, and end; does nothing the second time."""
        if not self._thread.is_alive():
            self._listening.close()
            return
        if self._loop is not None and self._end is not None:
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as fault:  # noqa: BLE001 - told to whoever starts it, or in the log
            self._fault = fault
            logger().error("mllp-down", node=self.name, error=type(fault).__name__, where=place_of(fault))
        finally:
            self._begun.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_log_fault)
        self._end = asyncio.Event()
        threads = ThreadPoolExecutor(self._limits.concurrency, thread_name_prefix=f"mllp-{self.name}")

        def connected(reader: asyncio.StreamReader, writer: Writer) -> None:
            if len(self._open) >= self._limits.max_connections:
                logger().warning("mllp-refused", node=self.name, reason="too many connections")
                writer.close()
                return
            conversation = Conversation(self.name, reader, writer, self._receive, threads, self._limits)
            task = asyncio.get_running_loop().create_task(conversation.run())
            self._open[task] = conversation
            task.add_done_callback(lambda done: self._open.pop(done, None))

        server = await start_server(connected, self._listening, self._tls)
        self._begun.set()
        await self._end.wait()
        server.close()
        await self._let_end()
        threads.shutdown(wait=True)

    async def _let_end(self) -> None:
        under_way = dict(self._open)
        for task, conversation in under_way.items():
            conversation.end_soon()
            if not conversation.busy:
                task.cancel()
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
        await asyncio.gather(*(end(one.writer) for one in under_way.values()))


def _log_fault(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell what went wrong below a connection, such as a handshake without TLS; never the data."""
    fault = context.get("exception")
    logger().info("mllp-fault", error=type(fault).__name__ if fault is not None else "unknown")
