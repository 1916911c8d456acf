"""The peer of the accept bench: a FastAPI handler that stores the body durably and does nothing else.

It reads the body, hashes it, and commits one transaction to SQLite (WAL, synchronous=FULL), plain sqlite3 behind a
lock: `/one-row` one row with the body, `/same-rows` also as many rows of the same sizes as the adapter commits for
one request. No JSON is parsed, nothing is checked, no other work runs, no SQLAlchemy. Same server as ours: uvicorn,
uvloop, httptools.
"""

import hashlib
import json
import os
import socket
import sqlite3
import sys
import threading
import uuid
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from bench.processes import tell_ready


class Store:
    """One SQLite file."""

    def __init__(self, folder: Path, row_sizes: list[int]) -> None:
        folder.mkdir()
        self._bodies = [os.urandom(size // 2).hex().encode() for size in row_sizes]
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(folder / "bare.db", isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE message (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, body BLOB NOT NULL)",
            "CREATE TABLE part (message TEXT, number INT, body BLOB NOT NULL, PRIMARY KEY (message, number))",
        ):
            self._connection.execute(statement)

    def keep(self, body: bytes, *, parts: bool) -> None:
        sha256 = hashlib.sha256(body).hexdigest()
        id_ = uuid.uuid4().hex
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT INTO message VALUES (?, ?, ?)", (id_, sha256, body))
            if parts:
                rows = [(id_, number, part) for number, part in enumerate(self._bodies)]
                self._connection.executemany("INSERT INTO part VALUES (?, ?, ?)", rows)
            self._connection.execute("COMMIT")


def main() -> None:
    folder, ready, sizes = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    store = Store(folder, sizes)
    app = FastAPI()

    @app.post("/one-row")
    async def one_row(request: Request) -> Response:
        await run_in_threadpool(store.keep, await request.body(), parts=False)
        return Response(b"{}", 202)

    @app.post("/same-rows")
    async def same_rows(request: Request) -> Response:
        await run_in_threadpool(store.keep, await request.body(), parts=True)
        return Response(b"{}", 202)

    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    tell_ready(ready, {"port": listening.getsockname()[1]})
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main()
