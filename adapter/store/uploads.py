"""Uploads that were interrupted and go on where they stopped, until the whole has the stated sha256."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from adapter.base.errors import Invalid, NotFound, StaleVersion
from adapter.domain.records import RecordContent
from adapter.store.blobs import Blobs, chunks, digest


class Uploads:
    """The unfinished uploads of all organisations; each is a file that only one upload at a time may hold."""

    def __init__(self, blobs: Blobs) -> None:
        """Put what is complete into `blobs`."""
        self._blobs = blobs

    def received(self, org: str, sha256: str) -> int:
        """Return how many bytes are here: the offset to go on from; the full length once it is complete."""
        if self._blobs.exists(org, sha256):
            return self._blobs.size(org, sha256)
        file = self._file(org, sha256)
        return file.stat().st_size if file.exists() else 0

    def append(self, org: str, sha256: str, offset: int, source: BinaryIO | Iterable[bytes]) -> int:
        """Add bytes from `offset` on and return how many are here then; they are on disk when this returns.

        What came before a source failed stays, so that the sender can go on from `received`.

        Raises:
            StaleVersion: the upload is not at this offset, or somebody else is uploading the same record.
        """
        with self._hold(org, sha256) as file:
            here = file.seek(0, os.SEEK_END)
            if here != offset:
                raise StaleVersion(f"{here} bytes of this record are here; go on from there", where="sha256")
            try:
                for piece in chunks(source):
                    file.write(piece)
            finally:
                file.flush()
                os.fsync(file.fileno())
            return file.tell()

    def complete(self, org: str, sha256: str) -> RecordContent:
        """Check the whole and keep it as a blob.

        Raises:
            NotFound: nothing was uploaded.
            Invalid: the bytes have another sha256; they were thrown away.
        """
        path = self._file(org, sha256)
        if not path.exists():
            raise NotFound("nothing was uploaded under this sha256", where="sha256")
        with self._hold(org, sha256) as file:
            file.seek(0)
            content = digest(chunks(file))
            if content.sha256 != sha256:
                path.unlink()
                raise Invalid("the bytes do not have the sha256 of the address; upload them again", where="sha256")
            self._blobs.adopt(org, path, sha256)
        return content

    def _file(self, org: str, sha256: str) -> Path:
        self._blobs.path(org, sha256)  # refuses what is no sha256
        return self._blobs.folder_of(org) / "uploads" / sha256

    @contextmanager
    def _hold(self, org: str, sha256: str) -> Iterator[BinaryIO]:
        path = self._file(org, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StaleVersion("this record is being uploaded right now; ask for its offset later") from None
            yield file
