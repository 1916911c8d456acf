"""What `validate` is given to read: files, folders of them, lines of NDJSON, standard input; a resource at a time.

NDJSON: https://hl7.org/fhir/R4/nd-json.html
"""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SUFFIXES = (".json", ".xml", ".ndjson")
_MANIFEST = "package.json"
"""Of a FHIR package: no resource, though its name ends as one."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read; `path` None = standard input; `missing` says why there is nothing to read, None = there is."""

    name: str
    path: Path | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of one resource.

    Attributes:
        name: of the file, with the number of the line in NDJSON.
        data: one byte more than the limit stands for all that is too long.
        line: 1-based number of the line in NDJSON, None otherwise.
        missing: why it could not be read; None = it was.
    """

    name: str
    data: bytes = b""
    line: int | None = None
    missing: str | None = None


def find_sources(files: Iterable[str]) -> list[Source]:
    """Return what is to be read, the files of a folder in the order of their names.

    Of folders everything below is taken whose name ends in .json, .xml or .ndjson, but for what is hidden and the
    package.json of packages; links to folders are not followed.
    """
    found: list[Source] = []
    for name in files:
        if name == "-":
            found.append(Source(name))
        elif os.path.isdir(name):  # noqa: PTH112 - unlike that of a Path it says no where it may not look
            inside = list(_inside(Path(name)))
            found += inside or [Source(name, missing="there is no .json, .xml or .ndjson file in this folder")]
        else:
            found.append(Source(name, Path(name)))
    return found


def contents(source: Source, max_bytes: int) -> Iterator[Content]:
    """Give the resources of a source, read as they are asked for; at most `max_bytes` and one of each."""
    if source.missing is not None:
        yield Content(source.name, missing=source.missing)
        return
    if source.path is None:
        yield Content(source.name, sys.stdin.buffer.read(max_bytes + 1))
        return
    try:
        with source.path.open("rb") as file:
            if source.path.suffix.lower() == ".ndjson":
                yield from _lines(source.name, file, max_bytes)
            else:
                yield Content(source.name, file.read(max_bytes + 1))
    except OSError as error:
        yield Content(source.name, missing=f"cannot read the file: {error.strerror}")


def _inside(folder: Path) -> Iterator[Source]:
    refused: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and name != _MANIFEST:
                yield Source(str(path), path)
    for error in refused:
        yield Source(str(error.filename), missing=f"cannot read the folder: {error.strerror}")


def _lines(name: str, file: BinaryIO, max_bytes: int) -> Iterator[Content]:
    number = 0
    while data := file.readline(max_bytes + 2):
        number += 1
        rest = data
        while len(rest) > max_bytes and not rest.endswith(b"\n"):
            rest = file.readline(max_bytes + 2)  # the end of a line that is too long already
        if data.strip():
            yield Content(f"{name}:{number}", data.rstrip(b"\r\n"), number)
