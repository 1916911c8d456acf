"""A store on files of its own for each test."""

import pytest

from adapter.store.store import Store


@pytest.fixture
def store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'data' / 'node.db'}", blobs=tmp_path / "blobs")
    yield opened
    opened.close()
