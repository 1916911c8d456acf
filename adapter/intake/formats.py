"""The formats that are read beside the canonical one: every folder of `mappings/intake` with a table, loaded once.

A hospital's own rows are heard before the shipped ones; see `mappings/README.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from adapter.base.errors import Problem, SetupError
from adapter.intake.hospitals.folder import Hospital
from adapter.intake.hospitals.register import FOLDER, Hospitals, load_hospitals
from adapter.intake.hospitals.sender import sender_of
from adapter.mapping.source import Node
from adapter.mapping.tables.library import Library, load_library
from adapter.mapping.tables.loading import load_table
from adapter.mapping.tables.table import Table

DEFAULT_ZONE: Final = "Europe/Berlin"
"""For moments without an offset where nobody says more; Germany and the Netherlands share it."""


@dataclass(frozen=True, slots=True)
class Formats:
    """The tables by their reader, those first that are asked first.

    Attributes:
        tables: by the name of the reader.
        library: codes and identifier systems.
        hospitals: those that have a folder.
        own: what is heard from a hospital, by its name.
    """

    tables: Mapping[str, tuple[Table, ...]]
    library: Library
    hospitals: Hospitals = field(default_factory=Hospitals)
    own: Mapping[str, "Formats"] = field(default_factory=dict)

    def hospital(self, name: str | None, reader: str, root: Node) -> Hospital | None:
        """Return the hospital whose way counts for a message; None = none has a folder here.

        Args:
            name: of the hospital, where the settings or the command line say it; None = the message's sender tells.
            reader: who made the tree.
            root: the tree.

        Raises:
            SetupError: there is no hospital of this name.
        """
        if name is not None:
            return self.hospitals.named(name)
        return self.hospitals.sending(sender_of(reader, root, self.library.systems)) if self.hospitals.by_name else None

    def heard_from(self, hospital: Hospital | None) -> "Formats":
        """Return the tables and codes as they are heard from a hospital; None = from anybody."""
        return self if hospital is None else self.own[hospital.name]

    def claiming(self, reader: str, root: Node) -> Table | None:
        """Return the table that a message is for; None = no table knows such a message."""
        return next((one for one in self.tables.get(reader, ()) if one.recognition.claims(root)), None)

    def every(self) -> tuple[Table, ...]:
        """Return all tables by their names."""
        return tuple(sorted((one for several in self.tables.values() for one in several), key=lambda one: one.format))


def load_formats(mappings: Path, private: Path | None = None) -> Formats:
    """Load every table beneath `mappings/intake`, and every hospital beneath `mappings/hospitals`.

    Args:
        mappings: the shipped folder.
        private: another folder of hospitals, which win over shipped ones of the same name; None = there is none.

    Raises:
        SetupError: a table or a hospital is wrong; all problems are named with their file and line.
    """
    library = load_library(mappings / "codes")
    intake = mappings / "intake"
    found: dict[str, list[Table]] = {}
    problems: list[Problem] = []
    for file in sorted(intake.glob("*/format.toml")):
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
    shipped = Formats({reader: tuple(several) for reader, several in found.items()}, library)
    return with_hospitals(shipped, mappings, private)


def with_hospitals(shipped: Formats, mappings: Path, private: Path | None) -> Formats:
    """Return the formats with every hospital beneath `mappings/hospitals`; the rest as `load_formats` says."""
    folders = [one for one in (mappings / FOLDER,) if one.is_dir()] + ([private] if private is not None else [])
    intake, library = mappings / "intake", shipped.library
    hospitals = load_hospitals(folders, intake=intake, tables=shipped.every(), library=library)
    own = {name: _heard_from(one, shipped) for name, one in hospitals.by_name.items()}
    return replace(shipped, hospitals=hospitals, own=own)


def _heard_from(hospital: Hospital, shipped: Formats) -> Formats:
    tables = {
        reader: tuple(hospital.tables.get(one.format, one) for one in several)
        for reader, several in shipped.tables.items()
    }
    return Formats(tables, hospital.library)
