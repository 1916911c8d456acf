"""Original bytes of messages: kept once, found by their hash, and by their own organisation only."""

import hashlib
from datetime import UTC, datetime

import pytest

from adapter.base.errors import NotFound
from adapter.store.blobs import CorruptBlob
from adapter.store.originals import SMALL_BYTES
from adapter.store.tables import original

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def keep(store, org, body):
    with store.transaction() as unit:
        return unit.originals.keep(org, body, AT)


@pytest.mark.parametrize("length", [0, 1, SMALL_BYTES, SMALL_BYTES + 1])
def test_bytes_come_back_as_they_went_in_whatever_their_length(store, length):
    body = b"x" * length
    sha256 = keep(store, "a", body)
    assert sha256 == hashlib.sha256(body).hexdigest()
    assert store.original("a", sha256) == body


def test_only_long_bytes_become_a_file(store):
    short, long = keep(store, "a", b"short"), keep(store, "a", b"l" * (SMALL_BYTES + 1))
    assert not store.blobs.exists("a", short)
    assert store.blobs.exists("a", long)


def test_the_same_bytes_twice_are_kept_once(store):
    assert keep(store, "a", b"same") == keep(store, "a", b"same")


def test_another_organisation_does_not_find_them(store):
    sha256 = keep(store, "a", b"ours")
    with store.read() as unit:
        assert unit.originals.exists("a", sha256)
        assert not unit.originals.exists("b", sha256)
    with pytest.raises(NotFound):
        store.original("b", sha256)


def test_a_transaction_that_fails_leaves_nothing(store):
    def keep_and_fail():
        with store.transaction() as unit:
            unit.originals.keep("a", b"gone", AT)
            raise LookupError

    with pytest.raises(LookupError):
        keep_and_fail()
    with store.read() as unit:
        assert not unit.originals.exists("a", hashlib.sha256(b"gone").hexdigest())


def test_bytes_that_the_disk_changed_are_not_passed_on(store):
    sha256 = keep(store, "a", b"true")
    with store.transaction() as unit:
        unit.originals._connection.execute(original.update().values(body=b"false"))
    with pytest.raises(CorruptBlob):
        store.original("a", sha256)
