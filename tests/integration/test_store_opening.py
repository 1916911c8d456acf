"""https://www.sqlite.org/wal.html"""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from adapter.base.errors import SetupError
from adapter.store import migrations
from adapter.store.store import Store
from adapter.store.tables import metadata

OPEN = """
import sys
from pathlib import Path
from adapter.store.store import Store
print("ready", flush=True)
sys.stdin.readline()
store = Store.open(sys.argv[1], blobs=Path(sys.argv[2]))
with store.read() as unit:
    unit.cases.list("a")
print("alembic" in sys.modules)
"""


def test_several_processes_open_an_empty_database_at_once(tmp_path):
    url = f"sqlite:///{tmp_path / 'deep' / 'node.db'}"
    command = [sys.executable, "-W", "error", "-c", OPEN, url, str(tmp_path / "blobs")]
    opening = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in opening:
        assert process.stdout.readline() == "ready\n"
    for process in opening:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in opening:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")


def test_a_database_that_is_up_to_date_opens_without_alembic(tmp_path):
    url = f"sqlite:///{tmp_path / 'node.db'}"
    Store.open(url, blobs=tmp_path / "blobs").close()
    command = [sys.executable, "-c", OPEN, url, str(tmp_path / "blobs")]
    done = subprocess.run(command, input="\n", capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["ready", "False"]


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'node.db'}", blobs=tmp_path / "blobs")
    with store._writer.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_a_database_of_a_newer_version_is_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path / 'node.db'}"
    store = Store.open(url, blobs=tmp_path / "blobs")
    with store._writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(SetupError, match="newer version"):
        Store.open(url, blobs=tmp_path / "blobs")


def test_a_migration_that_fails_leaves_nothing(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'node.db'}"
    with monkeypatch.context() as patched:
        patched.setattr("adapter.store.schema.HEAD", "no-such-revision")
        with pytest.raises(SetupError):
            Store.open(url, blobs=tmp_path / "blobs")
    store = Store.open(url, blobs=tmp_path / "blobs")
    with store.read() as unit:
        assert unit.cases.list("a") == []
    store.close()


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://host/db", "postgresql://host", "sqlite:////proc/x/y"],
)
def test_a_wrong_url_stops_the_start_with_what_to_write(tmp_path, url):
    with pytest.raises(SetupError, match="database"):
        Store.open(url, blobs=tmp_path / "blobs")


def test_the_password_of_the_database_is_not_shown(tmp_path):
    with pytest.raises(SetupError) as raised:
        Store.open("postgresql://user:sesame@127.0.0.1:1/none?connect_timeout=1", blobs=tmp_path / "blobs")
    assert "sesame" not in raised.value.text
