"""The two nodes of the examples, with PostgreSQL under them: TEST_POSTGRESQL=postgresql://postgres@127.0.0.1:5432.

The server is one where databases may be made; they are removed at the end.
"""

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SERVER = os.environ.get("TEST_POSTGRESQL", "")

pytestmark = pytest.mark.skipif(not SERVER, reason="TEST_POSTGRESQL names no PostgreSQL server")


@pytest.fixture
def databases():
    """Return the addresses of two empty databases, removed afterwards."""
    import psycopg

    names = [f"second_opinion_{side}_{uuid.uuid4().hex}" for side in ("treating", "consulting")]
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        for name in names:
            server.execute(f"CREATE DATABASE {name}")
        yield [f"{SERVER}/{name}" for name in names]
        for name in names:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_case_goes_through_two_nodes_on_postgresql(databases, tmp_path):
    home = tmp_path / "examples"
    shutil.copytree(EXAMPLES, home, ignore=shutil.ignore_patterns("out"))
    example = home / "04-two-nodes"
    for side, address in zip(("treating", "consulting"), databases, strict=True):
        settings = example / f"{side}.toml"
        text = settings.read_text(encoding="utf-8")
        assert f"sqlite:///var/{side}.db" in text
        settings.write_text(text.replace(f"sqlite:///var/{side}.db", address), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECOND_OPINION")}
    ended = subprocess.run(
        [example / "run.sh"],
        env={**kept, "SECOND_OPINION": str(Path(sys.executable).with_name("second-opinion"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.stdout == (EXAMPLES / "04-two-nodes" / "expected.txt").read_text(encoding="utf-8")
    assert list((example / "out" / "var").glob("*.db")) == []
