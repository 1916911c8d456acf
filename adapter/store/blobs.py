"""Original bytes as files, by organisation and sha256; a file under its name is complete, fsynced and right."""

import errno
import hashlib
import os
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from adapter.base.errors import Invalid, NotFound, StoreUnavailable
from adapter.domain.records import RecordContent

CHUNK_BYTES = 1 << 20
_ORG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}


class CorruptBlob(Exception):
    """The bytes on disk do not have the hash under which they were stored; restore them from a backup.

    No AdapterError, because no sender can mend it.
    """


class Blobs:
    """The blob files of all organisations under one folder."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`; it is made if it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def write(
        self, org: str, source: bytes | BinaryIO | Iterable[bytes], *, sha256: str | None = None
    ) -> RecordContent:
        """Store bytes and return what they are; the same bytes twice are stored once.

        Args:
            org: whose they are.
            source: bytes, a binary file, or chunks; read once, in pieces, never all in memory.
            sha256: what the hash must be, where it is known beforehand.

        Raises:
            Invalid: the bytes have another hash; nothing was stored.
        """
        if isinstance(source, bytes):
            content = digest([source])
            if self.exists(org, content.sha256):
                return content
        with _told(), self._new_file(org) as file:
            name = Path(file.name)
            content = digest(_copied(chunks(source), file))
            file.flush()
            os.fsync(file.fileno())
            if sha256 is not None and content.sha256 != sha256:
                raise Invalid("the bytes do not have the sha256 that was stated; send them again", where="sha256")
            self.adopt(org, name, content.sha256)
        return content

    def adopt(self, org: str, file: Path, sha256: str) -> None:
        """Move a complete and fsynced file of the organisation's folder to its place; the name is fsynced too."""
        place = self._place(org, sha256)
        new_folder = not place.parent.exists()
        place.parent.mkdir(parents=True, exist_ok=True)
        file.rename(place)
        sync_folder(place.parent)
        if new_folder:
            sync_folder(place.parent.parent)

    def path(self, org: str, sha256: str) -> Path | None:
        """Return the file with these bytes; None where the organisation has none."""
        place = self._place(org, sha256)
        return place if place.is_file() else None

    def exists(self, org: str, sha256: str) -> bool:
        """Say whether the organisation has these bytes."""
        return self._place(org, sha256).is_file()

    def size(self, org: str, sha256: str) -> int:
        """Return the length in bytes; raises NotFound."""
        return self._found(org, sha256).stat().st_size

    def open(self, org: str, sha256: str) -> BinaryIO:
        """Open the bytes for reading in pieces; raises NotFound. Who sends them on checks the hash while reading."""
        return self._found(org, sha256).open("rb")

    def read(self, org: str, sha256: str) -> bytes:
        """Return the bytes, with their hash checked.

        Raises:
            NotFound: the organisation has no such bytes.
            CorruptBlob: the disk changed them.
        """
        data = self._found(org, sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise CorruptBlob(sha256)
        return data

    def folder_of(self, org: str) -> Path:
        """Return the organisation's own folder, the only one that its calls touch.

        Raises:
            ValueError: this cannot be the name of an organisation.
        """
        if not _ORG.fullmatch(org):
            raise ValueError("the name of an organisation is made of letters, digits, '-', '_' and '.'")
        return self._folder / org

    def _place(self, org: str, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise Invalid("a sha256 is 64 hexadecimal digits in lower case", where="sha256")
        return self.folder_of(org) / sha256[:2] / sha256

    def _found(self, org: str, sha256: str) -> Path:
        path = self.path(org, sha256)
        if path is None:
            raise NotFound("there is no record with this sha256; upload it first", where="sha256")
        return path

    @contextmanager
    def _new_file(self, org: str) -> Iterator[BinaryIO]:
        folder = self.folder_of(org) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / uuid.uuid4().hex
        try:
            with file.open("xb") as opened:
                yield opened
        finally:
            file.unlink(missing_ok=True)


def digest(parts: Iterable[bytes]) -> RecordContent:
    """Return what bytes are, hashed piece by piece."""
    sha256, sha1, size = hashlib.sha256(), hashlib.sha1(usedforsecurity=False), 0
    for part in parts:
        sha256.update(part)
        sha1.update(part)
        size += len(part)
    return RecordContent(sha256=sha256.hexdigest(), sha1=sha1.hexdigest(), size_bytes=size)


def chunks(source: bytes | BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    """Give the source in pieces."""
    if isinstance(source, bytes):
        yield source
    elif hasattr(source, "read"):
        while piece := source.read(CHUNK_BYTES):
            yield piece
    else:
        yield from source


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copied(pieces: Iterable[bytes], file: BinaryIO) -> Iterator[bytes]:
    for piece in pieces:
        file.write(piece)
        yield piece


@contextmanager
def _told() -> Iterator[None]:
    """Tell in our own terms that the disk is full or fails; nothing was stored then."""
    try:
        yield
    except OSError as failure:
        if failure.errno not in _DISK:
            raise  # the source broke off, not the disk
        raise StoreUnavailable("this node cannot store anything just now; try again later") from failure
