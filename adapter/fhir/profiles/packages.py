"""FHIR packages as found in a folder or a .tgz: their resources by canonical URL, each read when first asked for.

https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
"""

import tarfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import orjson

from adapter.base.data import shipped
from adapter.base.errors import Invalid, Problem
from adapter.fhir.resource import Resource

_KINDS = frozenset({"StructureDefinition", "ValueSet", "CodeSystem"})
_MOST_BYTES = 512 * 1024 * 1024
_INDEX = ".index.json"

Read = Callable[[], bytes]


class Packages:
    """The profiles, extensions, value sets and code systems of some packages; of two with one URL the first counts."""

    def __init__(self, sources: Iterable[Path]) -> None:
        """Index the packages; each is a folder (the package or what holds `package/`) or a .tgz.

        Raises:
            Invalid: a source is no FHIR package.
        """
        self._files: dict[str, Read] = {}
        self.trees: dict[str, Any] = {}
        """What was made of profiles and value sets, by URL: it lives as long as the packages do."""
        for source in sources:
            for url, read in _indexed(source):
                self._files.setdefault(url, read)

    def __contains__(self, url: str) -> bool:
        return url.partition("|")[0] in self._files

    def urls(self) -> list[str]:
        """Return the URLs of all that is here."""
        return list(self._files)

    def resource(self, url: str) -> Resource | None:
        """Return the resource with a canonical URL, whose version is not looked at; None = it is not here."""
        url = url.partition("|")[0]
        read = self._files.get(url)
        return None if read is None else orjson.loads(read())


@cache
def shipped_packages() -> Packages:
    """Return the package of the second-opinion profiles, which ships with the adapter."""
    return Packages([shipped("profiles") / "package"])


def with_packages(sources: Iterable[Path]) -> Packages:
    """Return the shipped package and others.

    Raises:
        Invalid: a source is no FHIR package.
    """
    return Packages([shipped("profiles") / "package", *sources])


def _indexed(source: Path) -> Iterator[tuple[str, Read]]:
    try:
        found = list(_of_folder(source) if source.is_dir() else _of_archive(source))
    except (OSError, tarfile.TarError, orjson.JSONDecodeError, EOFError) as error:
        raise Invalid(
            "a FHIR package cannot be read", problems=[Problem("is no FHIR package", where=str(source))]
        ) from error
    if not found:
        said = "has no profiles, value sets or code systems: name the .tgz or the folder with its package.json"
        raise Invalid("a FHIR package is empty", problems=[Problem(said, where=str(source))])
    return iter(found)


def _of_folder(folder: Path) -> Iterator[tuple[str, Read]]:
    folder = folder / "package" if (folder / "package").is_dir() else folder
    index = folder / _INDEX
    if index.is_file():
        for entry in orjson.loads(index.read_bytes()).get("files", ()):
            if entry.get("resourceType") in _KINDS and "url" in entry:
                yield entry["url"], (folder / entry["filename"]).read_bytes
        return
    for file in sorted(folder.glob("*.json")):
        data = file.read_bytes()
        if (url := _canonical(data)) is not None:
            yield url, file.read_bytes


def _of_archive(file: Path) -> Iterator[tuple[str, Read]]:
    total = 0
    with tarfile.open(file) as archive:
        for member in archive:
            folder, _, name = member.name.rpartition("/")
            if not member.isfile() or folder not in ("package", "./package") or not name.endswith(".json"):
                continue
            total += member.size
            if total > _MOST_BYTES:
                raise tarfile.TarError("too large")
            content = archive.extractfile(member)
            data = b"" if content is None else content.read()
            if (url := _canonical(data)) is not None:
                yield url, partial(bytes, data)


def _canonical(data: bytes) -> str | None:
    resource = orjson.loads(data)
    if type(resource) is not dict or resource.get("resourceType") not in _KINDS:
        return None
    url = resource.get("url")
    return url if type(url) is str else None
