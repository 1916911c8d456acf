"""Loads one hospital's folder: profile, identifier systems, codes, rows, checklist, list of its requirements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from adapter.base.errors import Problem, SetupError
from adapter.intake.hospitals.checklist import Item, read_checklist
from adapter.intake.hospitals.profile import Profile, read_profile
from adapter.intake.hospitals.requirements import Requirement, read_requirements
from adapter.intake.hospitals.toml_file import Part, read_toml
from adapter.intake.schemas import schema
from adapter.mapping.tables.cells import known_as
from adapter.mapping.tables.codes import CodeMap
from adapter.mapping.tables.library import Library, load_library, with_own_systems
from adapter.mapping.tables.loading import load_table
from adapter.mapping.tables.row import Surroundings, compile_row
from adapter.mapping.tables.selector import Selector
from adapter.mapping.tables.table import Table
from adapter.mapping.tables.transforms import TRANSFORMS

PROFILE: Final = "profile.toml"
CHECKLIST: Final = "checklist.toml"
IDENTIFIERS: Final = "identifiers.csv"
REQUIREMENTS: Final = "requirements.csv"
_FILES: Final = frozenset({PROFILE, CHECKLIST, IDENTIFIERS, REQUIREMENTS, "SOURCES.md"})
_FOLDERS: Final = frozenset({"overrides", "codes", "samples", "expected"})
_REQUEST: Final = "second-opinion-request-1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hospital:
    """A hospital's folder, loaded.

    Attributes:
        profile: what it is.
        checklist: what must be there before which step.
        requirements: where the requirements of its source page have their places.
        tables: of the formats that it has its own way in, by format; others are as they are shipped.
        library: the shared codes and identifier systems with its own before them.
        folder: where it lies.
    """

    profile: Profile
    checklist: tuple[Item, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    tables: Mapping[str, Table]
    library: Library
    folder: Path

    @property
    def name(self) -> str:
        """What settings and the command line call it."""
        return self.profile.name


def load_hospital(folder: Path, intake: Path, tables: Iterable[Table], library: Library) -> Hospital:
    """Load a folder of `mappings/hospitals`.

    Args:
        folder: the hospital's.
        intake: `mappings/intake`, where the formats lie.
        tables: the shipped ones.
        library: the shared codes and identifier systems.

    Raises:
        SetupError: something is wrong; every problem is named with its file and line.
    """
    said = read_toml(folder / PROFILE)
    profile = read_profile(said, folder.name)
    problems = said.problems
    _refuse_strangers(folder, problems)
    shipped = {one.format: one for one in tables}
    for name, also in profile.formats.items():
        if name not in shipped or not shipped[name].recognition.is_stated:
            text = f"{name} is no format of a message: they are in mappings/intake"
            problems.append(Problem(text, said.where("in", name)))
        elif also and not shipped[name].recognition.any:
            text = f"{name} claims every message of its kind already: leave `also` out"
            problems.append(Problem(text, said.where("in", name, "also")))
    checklist = _checklist(folder, problems)
    requirements = _requirements(folder, said, checklist, problems)
    library = _own_library(folder, library, problems)
    own = _own_tables(folder, intake, shipped, library, problems)
    if not problems:
        own |= {name: _claiming(own.get(name, shipped[name]), also) for name, also in profile.formats.items() if also}
    problems += _unpaired(folder)
    if problems:
        raise SetupError(f"the hospital {folder.name} is wrong", problems=problems)
    return Hospital(
        profile=profile, checklist=checklist, requirements=requirements, tables=own, library=library, folder=folder
    )


def _refuse_strangers(folder: Path, problems: list[Problem]) -> None:
    """Refuse files and folders that nobody reads: a misspelt name would be silently without effect."""
    for one in sorted(folder.iterdir()):
        known = _FOLDERS if one.is_dir() else _FILES
        if one.name not in known and not one.name.startswith("."):
            problems.append(Problem(f"nobody reads this; there are {', '.join(sorted(known))}", known_as(one)))


def _checklist(folder: Path, problems: list[Problem]) -> tuple[Item, ...]:
    if not (folder / CHECKLIST).exists():
        return ()
    part = read_toml(folder / CHECKLIST)
    items = read_checklist(part, schema(_REQUEST).document)
    problems += part.problems
    return items


def _requirements(
    folder: Path, profile: Part, checklist: tuple[Item, ...], problems: list[Problem]
) -> tuple[Requirement, ...]:
    file = folder / REQUIREMENTS
    return read_requirements(file, profile, checklist, problems) if file.exists() else ()


def _own_library(folder: Path, library: Library, problems: list[Problem]) -> Library:
    try:
        own = load_library(folder / "codes").maps
        maps = {name: _before(one, library.maps.get(name)) for name, one in own.items()}
        systems = library.systems
        if (folder / IDENTIFIERS).exists():
            systems = with_own_systems(library, folder / IDENTIFIERS)
        return Library({**library.maps, **maps}, systems)
    except SetupError as wrong:
        problems += wrong.problems
        return library


def _before(own: CodeMap, shipped: CodeMap | None) -> CodeMap:
    """Return a hospital's ConceptMap with the shipped one of the same name behind it: what it does not have stays."""
    return replace(own, groups=own.groups + shipped.groups) if shipped is not None else own


def _own_tables(
    folder: Path, intake: Path, shipped: Mapping[str, Table], library: Library, problems: list[Problem]
) -> dict[str, Table]:
    """Return the tables that are heard otherwise here: with rows of the hospital, or with codes of its own."""
    overrides = {file.stem: file for file in sorted((folder / "overrides").glob("*.csv"))}
    strangers = [file for name, file in overrides.items() if name not in shipped]
    problems += [Problem("there is no such format in mappings/intake", known_as(file)) for file in strangers]
    maps = {file.stem.removeprefix("ConceptMap-") for file in (folder / "codes").glob("ConceptMap-*.json")}
    own: dict[str, Table] = {}
    for name, table in shipped.items():
        try:
            if name in overrides:
                own[name] = load_table(intake / name, library=library, overrides=overrides[name])
            elif any(row.cells.codes in maps for row in table.rows):
                own[name] = _with_codes(table, maps, library)
        except SetupError as wrong:
            problems += wrong.problems
    return own


def _with_codes(table: Table, maps: Collection[str], library: Library) -> Table:
    """Return a table in which the rows with these ConceptMaps use the hospital's; the others stay as they are.

    Raises:
        SetupError: a row cannot use the hospital's map; every one is named.
    """
    around = Surroundings(table.schema, library.maps, TRANSFORMS, table.produces)
    rows, problems = list(table.rows), list[Problem]()
    for number, row in enumerate(rows):
        if row.cells.codes in maps:
            try:
                rows[number] = compile_row(row.cells, around, is_own=True)
            except ValueError as error:
                problems.append(Problem(f"{row.cells.where}: {error}", f"codes/ConceptMap-{row.cells.codes}.json"))
    if problems:
        raise SetupError("a ConceptMap of the hospital does not fit", problems=problems)
    return replace(table, rows=tuple(rows))


def _claiming(table: Table, also: tuple[Selector, ...]) -> Table:
    """Return a table that claims a message by what is told here, too."""
    return replace(table, recognition=replace(table.recognition, any=(*table.recognition.any, *also)))


def _unpaired(folder: Path) -> list[Problem]:
    """Return samples without what they become, and results without a sample."""
    samples = {file.stem: file for file in sorted((folder / "samples").glob("*.*"))}
    expected = {file.stem: file for file in sorted((folder / "expected").glob("*.json"))}
    without = [file for name, file in samples.items() if name not in expected]
    left = [file for name, file in expected.items() if name not in samples]
    return [
        *(Problem(f"there is no expected/{one.stem}.json that says what it becomes", known_as(one)) for one in without),
        *(Problem(f"there is no sample {one.stem} that becomes this", known_as(one)) for one in left),
    ]
