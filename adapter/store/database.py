"""Connections to SQLite (WAL, synchronous=FULL) or PostgreSQL, set up so that a commit that returned has been fsynced.

https://www.sqlite.org/wal.html
https://www.sqlite.org/pragma.html#pragma_synchronous
"""

import sqlite3
import time
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from adapter.base.errors import SetupError

BUSY_MS = 30_000
"""How long a connection waits for another process's write lock before it gives up."""
_PAUSE_SECONDS = 0.02


def database_url(text: str) -> URL:
    """Return the node's database URL, with the driver that is used here.

    Raises:
        SetupError: it is neither SQLite on a file nor PostgreSQL.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise SetupError("the database URL cannot be read; write sqlite:///FILE or postgresql://HOST/NAME") from None
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database not in {None, "", ":memory:"}:
        return url.set(drivername="sqlite")
    if backend == "postgresql" and url.database:
        return url.set(drivername="postgresql+psycopg")
    raise SetupError("the database must be a SQLite file (sqlite:///FILE) or PostgreSQL (postgresql://HOST/NAME)")


def beside(url: URL, part: str) -> URL:
    """Return the URL of a file beside a SQLite database (`node.db` gives `node.<part>.db`); PostgreSQL as it is."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        return url
    file = Path(url.database)
    return url.set(database=str(file.with_name(f"{file.stem}.{part}{file.suffix or '.db'}")))


def open_writer(url: URL) -> Engine:
    """Return the engine for transactions that write; on SQLite each takes the write lock when it begins."""
    return _open(url, begin="BEGIN IMMEDIATE")


def open_reader(url: URL) -> Engine:
    """Return the engine for snapshots; the database itself refuses a write."""
    if url.get_backend_name() == "sqlite":
        return _open(url, "PRAGMA query_only=ON", begin="BEGIN")
    return _open(url).execution_options(postgresql_readonly=True)


def open_for_dbos(url: URL) -> Engine | None:
    """Return the engine for the system database of DBOS; None = DBOS opens it itself (PostgreSQL).

    DBOS begins its own transactions the way the sqlite3 module does, so the lock mode is set there.
    """
    if url.get_backend_name() != "sqlite":
        return None
    return _open(url)


def _open(url: URL, *pragmas: str, begin: str | None = None) -> Engine:
    codec: dict[str, Any] = {"json_serializer": _dump, "json_deserializer": orjson.loads}
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, **codec)
    engine = create_engine(url, pool_size=16, max_overflow=16, **codec)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None if begin else "IMMEDIATE"
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        _use_wal(connection)
        for pragma in ("PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", *pragmas):
            connection.execute(pragma)

    if begin:

        @event.listens_for(engine, "begin")
        def begin_transaction(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL, trying again: while several processes switch a new file, SQLite does not wait by itself."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()
