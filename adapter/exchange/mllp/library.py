"""The one door to python-hl7: its server, its connection and its writer for MLLP, with types; it does no reading.

Its reader drops a good message behind a stray byte, forgets what it has when a message is too long, and can then lose
the next one; `adapter.exchange.mllp.framing` reads instead. https://python-hl7.readthedocs.io/en/latest/mllp.html
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Final, Protocol

from hl7.mllp import open_hl7_connection, start_hl7_server
from hl7.mllp.streams import (
    CARRIAGE_RETURN as _CARRIAGE_RETURN,
)
from hl7.mllp.streams import END_BLOCK as _END_BLOCK
from hl7.mllp.streams import START_BLOCK as _START_BLOCK

START_BLOCK: Final[bytes] = _START_BLOCK
END_BLOCK: Final[bytes] = _END_BLOCK
CARRIAGE_RETURN: Final[bytes] = _CARRIAGE_RETURN

PIECE_BYTES: Final = 64 * 1024
"""How much is read at a time; twice as much waits in a connection before its sender is held back."""

FAREWELL_SECONDS: Final = 1.0


class Writer(Protocol):
    """What is used of the library's writer."""

    @property
    def transport(self) -> asyncio.WriteTransport:
        """What it writes to."""

    def writeblock(self, data: bytes) -> None:
        """Write a message with its frame; nothing in it is looked at."""

    async def drain(self) -> None:
        """Wait until the other side has taken most of what was written."""

    def close(self) -> None:
        """Close the connection."""

    def is_closing(self) -> bool:
        """Say whether it is closed, or being closed."""

    async def wait_closed(self) -> None:
        """Wait until it is closed."""


async def end(writer: Writer) -> None:
    """Close a connection and wait for the other side's farewell a little; without it the connection is cut."""
    writer.close()
    try:
        async with asyncio.timeout(FAREWELL_SECONDS):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        writer.transport.abort()
        await asyncio.sleep(0)


async def start_server(
    connected: Callable[[asyncio.StreamReader, Writer], None], listening: socket.socket, tls: ssl.SSLContext | None
) -> asyncio.Server:
    """Accept connections on a socket that listens already; `connected` is called with each.

    It must be a plain function: the library keeps no hold of the task that a coroutine would become.
    """
    more = {"ssl_handshake_timeout": 10.0, "ssl_shutdown_timeout": 5.0} if tls is not None else {}
    server: asyncio.Server = await start_hl7_server(connected, sock=listening, limit=PIECE_BYTES, ssl=tls, **more)
    return server


async def open_connection(host: str, port: int, tls: ssl.SSLContext | None) -> tuple[asyncio.StreamReader, Writer]:
    """Return a new connection; OSError where there is none."""
    name = host if tls is not None else None
    reader, writer = await open_hl7_connection(host, port, limit=PIECE_BYTES, ssl=tls, server_hostname=name)
    return reader, writer
