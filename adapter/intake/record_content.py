"""Where the bytes of a record are, and their hashes; files are read in pieces, never as a whole.

`path` is for files on this machine and only where a folder is given; over HTTP there is none. An uploaded record is
found by its hash. Nothing is fetched from a `url` here.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from adapter.base.errors import Invalid, Problem
from adapter.domain.records import Record, RecordContent
from adapter.domain.report import ReportDocument, SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.standing_alone import RecordsAlone

_PIECE_BYTES: Final = 1024 * 1024

Uploaded = Callable[[str], Path | None]
"""Finds the file of an uploaded record by its SHA-256 in lower-case hex; None = there is none."""


@dataclass(frozen=True, slots=True)
class ResolvedRecord:
    """A record's content: what is known of it, and the bytes themselves or the file that has them."""

    content: RecordContent
    source: Path | bytes


def resolve_contents(
    request: SecondOpinionRequest | RecordsAlone,
    *,
    base: Path | None,
    uploaded: Uploaded,
    files_only: bool = False,
    announced: bool = False,
) -> dict[str, ResolvedRecord]:
    """Return the content of every record of the request, by record id.

    Args:
        request: what was read.
        base: the folder of the request's file, to which `path` is relative; None = `path` is not allowed (HTTP).
        uploaded: where uploaded records are.
        files_only: pass over what has no `path`.
        announced: pass over what is named by its hash alone and is not here; its content then is not known.

    Raises:
        Invalid: content that is missing, not readable, not allowed here or not the one that was hashed; all of it.
    """
    found: dict[str, ResolvedRecord] = {}
    problems: list[Problem] = []
    for index, record in enumerate(request.records):
        if files_only and record.path is None:
            continue
        if announced and _is_elsewhere(record, uploaded):
            continue
        resolved = _resolve(record, f"/records/{index}", base, uploaded)
        if isinstance(resolved, Problem):
            problems.append(resolved)
        else:
            found[record.id] = resolved
    _refuse(problems)
    return found


def resolve_document(report: SecondOpinionReport, *, base: Path | None, uploaded: Uploaded) -> ResolvedRecord | None:
    """Return the content of the report's document; None where it has none. Arguments and errors as above."""
    if report.document is None:
        return None
    resolved = _resolve(report.document, "/document", base, uploaded)
    if isinstance(resolved, Problem):
        _refuse([resolved])
        return None
    return resolved


def _is_elsewhere(record: Record, uploaded: Uploaded) -> bool:
    if record.sha256 is None or (record.path, record.url, record.data) != (None, None, None):
        return False
    return uploaded(record.sha256) is None


def measure(stream: BinaryIO) -> RecordContent:
    """Return the hashes and the length of what is left in `stream`."""
    sha256, sha1, size = hashlib.sha256(), hashlib.sha1(usedforsecurity=False), 0
    while piece := stream.read(_PIECE_BYTES):
        sha256.update(piece)
        sha1.update(piece)
        size += len(piece)
    return RecordContent(sha256=sha256.hexdigest(), sha1=sha1.hexdigest(), size_bytes=size)


def _resolve(
    record: Record | ReportDocument, where: str, base: Path | None, uploaded: Uploaded
) -> ResolvedRecord | Problem:
    if record.url is not None:
        return Problem("`url` is only for configured hosts, and none is: upload the record", f"{where}/url", "value")
    if record.data is not None:
        data = base64.b64decode(record.data)
        return _checked(ResolvedRecord(measure(BytesIO(data)), data), record.sha256, where)
    if record.path is not None:
        if base is None:
            said = "`path` is never read over HTTP: upload the record and give its `sha256`"
            return Problem(said, f"{where}/path", "value")
        return _from_file(base / record.path, record.sha256, where, f"{where}/path")
    file = uploaded(record.sha256) if record.sha256 is not None else None
    if file is None:
        said = "no record with this hash was uploaded: upload it first, then send this again"
        return Problem(said, f"{where}/sha256", "not-found")
    return _from_file(file, record.sha256, where, f"{where}/sha256")


def _from_file(file: Path, expected: str | None, where: str, member: str) -> ResolvedRecord | Problem:
    try:
        if not file.is_file():
            return Problem(
                "there is no such file: correct the path, relative to this file's folder", member, "not-found"
            )
        with file.open("rb") as stream:
            return _checked(ResolvedRecord(measure(stream), file), expected, where)
    except OSError:
        return Problem("the file cannot be read: allow reading it, or correct the path", member, "processing")


def _checked(resolved: ResolvedRecord, expected: str | None, where: str) -> ResolvedRecord | Problem:
    if expected is not None and resolved.content.sha256 != expected:
        said = "the bytes have another SHA-256: the file was changed or mixed up, or the hash is wrong"
        return Problem(said, f"{where}/sha256", "value")
    return resolved


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise Invalid("the content of some records cannot be used: correct what is named", problems=found)
