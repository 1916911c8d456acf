"""Bring the database to this version's tables, also when several processes start at once.

https://alembic.sqlalchemy.org/en/latest/cookbook.html#sharing-a-connection-across-one-or-more-programmatic-migration-commands
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from adapter.base.errors import SetupError
from adapter.store.migrations import HEAD

_ADVISORY_LOCK = 0x5EC0_0D09  # any number that no other program in this database uses


def upgrade(writer: Engine) -> None:
    """Run the migrations that are missing, all in one transaction.

    Raises:
        SetupError: the database was written by a newer version of the adapter.
    """
    if _revision(writer) == HEAD:  # the usual start; spares the import of Alembic
        return
    with writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        _migrate(connection)


def _revision(writer: Engine) -> str | None:
    with writer.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - 0.1 s that only the first start after an update pays
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise SetupError("the database belongs to a newer version of the adapter; install that version") from error
