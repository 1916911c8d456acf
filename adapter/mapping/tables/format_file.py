"""Reads `format.toml`: how a table is called, who makes its tree, what it makes, and which messages it is for."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from adapter.base.errors import Problem, SetupError
from adapter.mapping.tables.cells import known_as, read_text
from adapter.mapping.tables.recognition import Recognition
from adapter.mapping.tables.selector import Selector, parse_selector

READERS: Final = ("er7", "fhir", "cda")
PRODUCTS: Final = (
    "second-opinion-request/1",
    "second-opinion-report/1",
    "second-opinion-records/1",
    "second-opinion-event/1",
)
_KEYS: Final = {"format", "title", "reader", "produces", "extends", "tables", "recognise", "adopt"}
_RECOGNISE_KEYS: Final = {"when", "any", "priority", "version", "from", "to"}
_VERSION: Final = re.compile(r"[0-9]+(\.[0-9]+)*")


@dataclass(frozen=True, slots=True)
class FormatFile:
    """What the file says.

    Attributes:
        format: the name, that of the folder.
        title: what people call it.
        reader: who makes the tree, one of READERS.
        produces: what the table makes, one of PRODUCTS.
        extends: names of folders beside it, whose rows are heard after its own, in this order.
        tables: the CSV files in the order in which they are heard; none = all of the folder by name.
        recognition: which messages it is for.
        families: which nodes adopt which.
    """

    format: str
    title: str
    reader: str
    produces: str
    extends: tuple[str, ...]
    tables: tuple[str, ...]
    recognition: Recognition
    families: Mapping[str, frozenset[str]]


def read_format(folder: Path) -> FormatFile:
    """Read the `format.toml` of a folder.

    Raises:
        SetupError: it is missing or wrong; every problem is named.
    """
    file = folder / "format.toml"
    try:
        said = tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"the file is no TOML: {error}", where=known_as(file)) from error
    reading = _Reading(known_as(file))
    reading.refuse_unknown(said, _KEYS, "")
    name = reading.text(said, "format")
    if name and name != folder.name:
        reading.wrong(f"format is the name of the folder, {folder.name}")
    found = FormatFile(
        name,
        reading.text(said, "title"),
        reading.one_of(said, "reader", READERS),
        reading.one_of(said, "produces", PRODUCTS),
        reading.names(said, "extends"),
        reading.names(said, "tables"),
        _recognition(reading.table(said, "recognise"), reading),
        {name: frozenset(reading.names(said["adopt"], name)) for name in reading.table(said, "adopt")},
    )
    if circle := _circle(found.families):
        reading.wrong(f"adopt: {circle} would be beneath itself")
    for base in found.extends:
        if base == folder.name or not (folder.parent / base / "format.toml").exists():
            reading.wrong(f"extends: there is no folder {base} with a format.toml beside this one")
    if reading.problems:
        raise SetupError(f"the format {folder.name} is wrong", problems=reading.problems)
    return found


def _circle(families: Mapping[str, frozenset[str]]) -> str | None:
    """Return a name that could adopt itself, if only through others; None = there is none."""
    for name in families:
        below, found = [*families[name]], set[str]()
        while below:
            one = below.pop()
            if one not in found:
                found.add(one)
                below += families.get(one, ())
        if name in found:
            return name
    return None


def _recognition(said: Mapping[str, Any], reading: "_Reading") -> Recognition:
    reading.refuse_unknown(said, _RECOGNISE_KEYS, "recognise.")
    priority = said.get("priority", 0)
    if type(priority) is not int:
        reading.wrong("recognise.priority is a whole number")
        priority = 0
    versions = tuple(said.get(key) for key in ("from", "to"))
    if not all(one is None or (type(one) is str and _VERSION.fullmatch(one)) for one in versions):
        reading.wrong('recognise.from and recognise.to are versions such as "2.5.1"')
        versions = (None, None)
    at = reading.selectors([said["version"]], "version") if "version" in said else ()
    return Recognition(
        reading.selectors(reading.names(said, "when"), "when"),
        reading.selectors(reading.names(said, "any"), "any"),
        priority,
        at[0] if at else None,
        (versions[0], versions[1]),
    )


class _Reading:
    """Collects what is wrong while values are taken out."""

    def __init__(self, where: str) -> None:
        """Begin with nothing wrong."""
        self.problems: list[Problem] = []
        self._where = where

    def wrong(self, text: str) -> None:
        self.problems.append(Problem(text, self._where))

    def refuse_unknown(self, said: Mapping[str, Any], known: Iterable[str], before: str) -> None:
        for key in sorted(set(said) - set(known)):
            self.wrong(f"{before}{key} is no key here: {', '.join(sorted(known))}")

    def text(self, said: Mapping[str, Any], key: str) -> str:
        value = said.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.wrong(f"{key} is a text that must be there")
        return ""

    def one_of(self, said: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
        value = said.get(key)
        if value in known:
            return str(value)
        self.wrong(f"{key} is one of {', '.join(known)}")
        return known[0]

    def names(self, said: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = said.get(key, [])
        several = [value] if isinstance(value, str) else value
        if isinstance(several, list) and all(isinstance(one, str) and one for one in several):
            return tuple(several)
        self.wrong(f"{key} is a text or a list of texts")
        return ()

    def table(self, said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = said.get(key, {})
        if isinstance(value, dict):
            return value
        self.wrong(f"{key} is a table: [{key}]")
        return {}

    def selectors(self, texts: Iterable[Any], key: str) -> tuple[Selector, ...]:
        found = []
        for text in texts:
            try:
                found.append(parse_selector(str(text)))
            except ValueError as error:
                self.wrong(f"recognise.{key}: {error}")
        return tuple(found)
