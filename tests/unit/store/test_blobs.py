import hashlib
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.base.errors import Invalid, NotFound, StaleVersion
from adapter.store.blobs import Blobs, CorruptBlob
from adapter.store.uploads import Uploads

DATA = b"the record" * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


def files(blobs):
    return [file for file in blobs._folder.rglob("*") if file.is_file()]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=5))
def test_what_is_written_is_read_however_it_comes_in(blobs, pieces):
    whole = b"".join(pieces)
    for source in (whole, io.BytesIO(whole), iter(pieces)):
        content = blobs.write("a", source)
        assert content.sha256 == hashlib.sha256(whole).hexdigest()
        assert content.sha1 == hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        assert content.size_bytes == len(whole) == blobs.size("a", content.sha256)
        assert blobs.read("a", content.sha256) == whole
        with blobs.open("a", content.sha256) as opened:
            assert opened.read() == whole


def test_the_same_bytes_are_stored_once_per_organisation(blobs):
    blobs.write("a", DATA)
    blobs.write("a", io.BytesIO(DATA))
    assert len(files(blobs)) == 1
    assert not blobs.exists("b", SHA256)
    assert blobs.path("b", SHA256) is None
    with pytest.raises(NotFound):
        blobs.read("b", SHA256)


def test_bytes_with_another_hash_than_stated_are_not_kept(blobs):
    with pytest.raises(Invalid):
        blobs.write("a", DATA[1:], sha256=SHA256)
    assert files(blobs) == []


def test_a_source_that_breaks_off_leaves_nothing(blobs):
    def pieces():
        yield DATA
        raise ConnectionError

    with pytest.raises(ConnectionError):
        blobs.write("a", pieces())
    assert files(blobs) == []


def test_a_flipped_bit_is_noticed(blobs):
    blobs.write("a", DATA)
    path = blobs.path("a", SHA256)
    path.write_bytes(bytes([DATA[0] ^ 1]) + DATA[1:])
    with pytest.raises(CorruptBlob):
        blobs.read("a", SHA256)


@pytest.mark.parametrize("org", ["..", "", "a/b", ".hidden", "a\0"])
def test_an_organisation_cannot_leave_its_folder(blobs, org):
    with pytest.raises(ValueError, match="organisation"):
        blobs.write(org, DATA)


@pytest.mark.parametrize("sha256", ["", "../" + "0" * 61, SHA256.upper(), SHA256 + "\n"])
def test_only_a_sha256_is_a_name(blobs, sha256):
    with pytest.raises(Invalid):
        blobs.path("a", sha256)


def test_an_upload_goes_on_where_it_stopped(blobs):
    uploads = Uploads(blobs)

    def breaks_off():
        yield DATA[:4000]
        raise ConnectionError

    assert uploads.received("a", SHA256) == 0
    with pytest.raises(ConnectionError):
        uploads.append("a", SHA256, 0, breaks_off())
    assert uploads.received("a", SHA256) == 4000
    assert not blobs.exists("a", SHA256)
    assert uploads.append("a", SHA256, 4000, io.BytesIO(DATA[4000:])) == len(DATA)
    assert uploads.complete("a", SHA256).size_bytes == len(DATA)
    assert uploads.received("a", SHA256) == len(DATA)
    assert blobs.read("a", SHA256) == DATA
    assert len(files(blobs)) == 1


def test_an_upload_at_the_wrong_offset_is_told_the_right_one(blobs):
    uploads = Uploads(blobs)
    uploads.append("a", SHA256, 0, [DATA[:10]])
    for offset in (0, 9, 11):
        with pytest.raises(StaleVersion, match="10 bytes"):
            uploads.append("a", SHA256, offset, [DATA])
    assert uploads.received("b", SHA256) == 0


def test_a_record_is_uploaded_by_one_at_a_time(blobs):
    uploads = Uploads(blobs)

    def meanwhile():
        yield DATA[:10]
        with pytest.raises(StaleVersion, match="right now"):
            uploads.append("a", SHA256, 0, [DATA])
        yield DATA[10:]

    assert uploads.append("a", SHA256, 0, meanwhile()) == len(DATA)


def test_an_upload_with_another_hash_is_thrown_away(blobs):
    uploads = Uploads(blobs)
    uploads.append("a", SHA256, 0, [DATA[:-1]])
    with pytest.raises(Invalid):
        uploads.complete("a", SHA256)
    assert files(blobs) == []
    with pytest.raises(NotFound):
        uploads.complete("a", SHA256)
