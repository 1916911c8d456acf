"""Reads a TOML file of a hospital's folder strictly; every fault is told with its file and line.

https://toml.io/en/v1.0.0
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from adapter.base.errors import Problem, SetupError
from adapter.mapping.tables.cells import known_as, read_text

_NAME: Final = r'(?:[A-Za-z0-9_-]+|"[^"]*")'
_HEADER: Final = re.compile(rf"\s*(?P<several>\[?)\[\s*(?P<path>{_NAME}(?:\s*\.\s*{_NAME})*)\s*\]")
_KEY: Final = re.compile(rf"\s*(?P<path>{_NAME}(?:\s*\.\s*{_NAME})*)\s*=")

Place = tuple[str | int, ...]


class Part:
    """A table of the file; what is wrong with what is taken out is added to `problems`."""

    def __init__(self, said: Mapping[str, Any], at: Place, file: str, lines: Mapping[Place, int]) -> None:
        """Stand at one table; the file's own part has the place ()."""
        self.said = said
        self.at = at
        self.problems: list[Problem] = []
        self._file = file
        self._lines = lines

    def wrong(self, text: str, *key: str | int) -> None:
        """Add a problem at a key, or at the table itself."""
        self.problems.append(Problem(text, self.where(*key)))

    def where(self, *key: str | int) -> str:
        """Return the place of a key as "hospitals/a/profile.toml:7"; the nearest line that is known."""
        place = (*self.at, *key)
        while place and place not in self._lines:
            place = place[:-1]
        return f"{self._file}:{self._lines.get(place, 1)}"

    def _called(self, *key: str | int) -> str:
        return ".".join(str(one) for one in (*self.at, *key) if isinstance(one, str))

    def only(self, known: Iterable[str]) -> None:
        """Refuse every other key."""
        for key in sorted(set(self.said) - set(known)):
            self.wrong(f"{self._called(key)} is no key here: {', '.join(sorted(known))}", key)

    def text(self, key: str, *, required: bool = True) -> str:
        """Return a text; "" where it is absent and may be."""
        value = self.said.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if key in self.said or required:
            self.wrong(f"{self._called(key)} is a text" + (" that must be there" if required else ""), key)
        return ""

    def one_of(self, key: str, known: Iterable[str], *, required: bool = True) -> str:
        """Return one of these words; "" where it is absent and may be."""
        value = self.text(key, required=required)
        if value and value not in known:
            self.wrong(f"{self._called(key)} is one of {', '.join(known)}", key)
        return value

    def texts(self, key: str, known: Iterable[str] | None = None, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of texts, each one of `known` where that is given."""
        value = self.said.get(key, [])
        if not (isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)):
            self.wrong(f"{self._called(key)} is a list of texts", key)
            return ()
        if required and not value:
            self.wrong(f"{self._called(key)} names at least one", key)
        if len(set(value)) < len(value):
            self.wrong(f"{self._called(key)} says something twice", key)
        if known is not None and any(one not in known for one in value):
            self.wrong(f"{self._called(key)} has only {', '.join(known)}", key)
        return tuple(value)

    def part(self, key: str) -> "Part":
        """Return a table in this one; an empty one where it is absent."""
        value = self.said.get(key, {})
        if not isinstance(value, dict):
            self.wrong(f"{self._called(key)} is a table: [{self._called(key)}]", key)
            value = {}
        return self._below(value, key)

    def parts(self, key: str) -> list["Part"]:
        """Return the tables of a list; none where it is absent."""
        value = self.said.get(key, [])
        if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
            self.wrong(f"{self._called(key)} is a list of tables: [[{self._called(key)}]]", key)
            return []
        return [self._below(one, key, number) for number, one in enumerate(value)]

    def _below(self, said: Mapping[str, Any], *key: str | int) -> "Part":
        below = Part(said, (*self.at, *key), self._file, self._lines)
        below.problems = self.problems
        return below


def read_toml(file: Path) -> Part:
    """Return a file as a whole.

    Raises:
        SetupError: it is missing, no UTF-8, or no TOML.
    """
    text = read_text(file)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"the file is no TOML: {error}", where=known_as(file)) from error
    return Part(said, (), known_as(file), _lines(text))


def _lines(text: str) -> Mapping[Place, int]:
    """Return on which line each table and key begins, as far as it is written plainly."""
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if (header := _HEADER.match(line)) is not None:
            table = _resolved(_path(header["path"]), counts, opens=bool(header["several"]))
            found.setdefault(table, number)
        elif (key := _KEY.match(line)) is not None:
            path = _path(key["path"])
            for length in range(1, len(path) + 1):
                found.setdefault((*table, *path[:length]), number)
    return found


def _resolved(path: Place, counts: dict[Place, int], *, opens: bool) -> Place:
    """Return the path of a header with the number of the entry behind the name of each list on its way."""
    resolved: Place = ()
    for position, name in enumerate(path, start=1):
        resolved = (*resolved, name)
        if opens and position == len(path):
            counts[resolved] = counts.get(resolved, -1) + 1
        if resolved in counts:
            resolved = (*resolved, counts[resolved])
    return resolved


def _path(text: str) -> Place:
    return tuple(one.strip('"') for one in re.findall(_NAME, text))
