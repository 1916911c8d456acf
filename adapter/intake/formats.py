"""The formats that are read beside the canonical one: every folder of `mappings/intake` with a table, loaded once.

A hospital's own rows are heard before the shipped ones; see `mappings/README.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapter.base.errors import Problem, SetupError
from adapter.mapping.source import Node
from adapter.mapping.tables.library import Library, load_library
from adapter.mapping.tables.loading import load_table
from adapter.mapping.tables.table import Table

DEFAULT_ZONE: Final = "Europe/Berlin"
"""For moments without an offset where nobody says more; Germany and the Netherlands share it."""


@dataclass(frozen=True, slots=True)
class Formats:
    """The tables by their reader, those first that are asked first."""

    tables: Mapping[str, tuple[Table, ...]]
    library: Library

    def claiming(self, reader: str, root: Node) -> Table | None:
        """Return the table that a message is for; None = no table knows such a message."""
        return next((one for one in self.tables.get(reader, ()) if one.recognition.claims(root)), None)

    def every(self) -> tuple[Table, ...]:
        """Return all tables by their names."""
        return tuple(sorted((one for several in self.tables.values() for one in several), key=lambda one: one.format))


def load_formats(mappings: Path) -> Formats:
    """Load every table beneath `mappings/intake`.

    Raises:
        SetupError: a table is wrong; all problems of all tables are named with their file and line.
    """
    library = load_library(mappings / "codes")
    found: dict[str, list[Table]] = {}
    problems: list[Problem] = []
    for file in sorted((mappings / "intake").glob("*/format.toml")):
        try:
            table = load_table(file.parent, library=library)
        except SetupError as wrong:
            problems += wrong.problems
        else:
            found.setdefault(table.reader, []).append(table)
    if problems:
        raise SetupError("the tables of the formats are wrong", problems=problems)
    for several in found.values():
        several.sort(key=lambda one: (-one.recognition.priority, one.format))
    return Formats({reader: tuple(several) for reader, several in found.items()}, library)
