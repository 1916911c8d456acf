"""A load of HTTP/1.1 requests over kept connections, in little Python, so that it takes little of the cores."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

import uvloop


@dataclass(frozen=True, kw_only=True)
class Load:
    """What came of it: how long all took, and each request, in seconds."""

    seconds: float
    latencies: list[float]

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds


def post(port: int, path: str, bodies: Iterator[bytes], *, count: int, clients: int, expected: int = 202) -> Load:
    """Post `count` bodies; each client sends its next one when it has the answer to the one before.

    Raises:
        RuntimeError: an answer has another status than `expected`.
    """
    return uvloop.run(_post(port, path, [next(bodies) for _ in range(count)], clients, expected))


async def _post(port: int, path: str, bodies: list[bytes], clients: int, expected: int) -> Load:
    waiting = iter(bodies)
    latencies: list[float] = []
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in waiting:
            began = time.perf_counter()
            writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
            status, answer = await _answer(reader)
            latencies.append(time.perf_counter() - began)
            if status != expected:
                raise RuntimeError(f"{path} answered {status}: {answer[:500]!r}")
        writer.close()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    return Load(seconds=time.perf_counter() - began, latencies=latencies)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    return int(head[9:12]), await reader.readexactly(length)
