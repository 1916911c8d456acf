"""Loads a table from its folder: `format.toml` and CSV files; a fault stops the start and names file and line."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from adapter.base.errors import Problem, SetupError
from adapter.mapping.tables.cells import known_as, read_cells, read_text
from adapter.mapping.tables.format_file import FormatFile, read_format
from adapter.mapping.tables.library import Library, load_library
from adapter.mapping.tables.matching import Matcher
from adapter.mapping.tables.row import COLUMNS, Cells, Row, Surroundings, compile_row
from adapter.mapping.tables.table import Required, Table
from adapter.mapping.tables.transforms import TRANSFORMS


def load_table(folder: Path, *, library: Library | None = None, overrides: Path | None = None) -> Table:
    """Load the table in a folder of `mappings/intake`.

    Args:
        folder: `mappings/intake/<format>`.
        library: ConceptMaps and identifier systems; None = those of `mappings/codes` beside `mappings/intake`.
        overrides: a CSV file of a hospital, whose rows are heard first; None, or a file that is not there = none.

    Raises:
        SetupError: files are missing or wrong; every problem is named with its file and line.
    """
    problems: list[Problem] = []
    library = library or load_library(folder.parent.parent / "codes")
    said = read_format(folder)
    around = Surroundings(_schema(folder, said.produces), library.maps, TRANSFORMS, said.produces)
    families: dict[str, frozenset[str]] = {}
    sheets = _Sheets(library.kept, problems)
    own = _rows(folder, said, sheets)
    layers = [own, *_bases(folder, said, families, sheets, (folder.name,))]
    if overrides is not None and overrides.exists():
        layers.insert(0, sheets.rows(overrides))
        own = layers[0] + own
    rows = tuple(_compiled(_layered(layers), {cells.where for cells in own}, around, sheets))
    if problems:
        raise SetupError(f"the table {folder.name} is wrong", problems=problems)
    return Table(
        format=said.format,
        title=said.title,
        reader=said.reader,
        produces=said.produces,
        recognition=said.recognition,
        families=families,
        rows=rows,
        matcher=Matcher((number, row.selector) for number, row in enumerate(rows) if row.selector is not None),
        sourceless=tuple(number for number, row in enumerate(rows) if row.selector is None),
        required=tuple(_required(rows)),
        schema=around.schema,
    )


class _Sheets:
    """Reads CSV files and compiles rows, each once for all tables of a library: most are shared by several formats."""

    def __init__(self, kept: dict[Any, Any], problems: list[Problem]) -> None:
        """Collect what is wrong in `problems`."""
        self._kept = kept
        self.problems = problems

    def rows(self, file: Path) -> list[Cells]:
        """Return the rows of a file."""
        state = file.stat() if file.exists() else None
        key = (file, state and (state.st_mtime_ns, state.st_size))
        if key not in self._kept:
            wrong: list[Problem] = []
            self._kept[key] = _rows_of(file, wrong), wrong
        rows, wrong = self._kept[key]
        self.problems += wrong
        return list(rows)

    def compiled(self, cells: Cells, around: Surroundings, *, is_own: bool) -> Row:
        """Return a row, compiled; raises ValueError as `compile_row` does."""
        key = (cells, around.produces, is_own)
        if key not in self._kept:
            self._kept[key] = compile_row(cells, around, is_own=is_own)
        row: Row = self._kept[key]
        return row


def _rows(folder: Path, said: FormatFile, sheets: _Sheets) -> list[Cells]:
    files = [folder / name for name in said.tables] or sorted(folder.glob("*.csv"))
    return [cells for file in files for cells in sheets.rows(file)]


def _bases(
    folder: Path,
    said: FormatFile,
    families: dict[str, frozenset[str]],
    sheets: _Sheets,
    below: tuple[str, ...],
) -> list[list[Cells]]:
    """Return the rows of the tables that are extended, one layer each, and add what they adopt; the nearest wins.

    Raises:
        SetupError: tables extend each other in a circle.
    """
    layers: list[list[Cells]] = []
    for name in said.extends:
        if name in below:
            raise SetupError(
                f"{' extends '.join((*below, name))}: this is a circle", where=f"{folder.name}/format.toml"
            )
        base = read_format(folder.parent / name)
        layers.append(_rows(folder.parent / name, base, sheets))
        layers += _bases(folder.parent / name, base, families, sheets, (*below, name))
    families |= said.families
    return layers


def _rows_of(file: Path, problems: list[Problem]) -> list[Cells]:
    rows: list[Cells] = []
    seen: set[tuple[str, str]] = set()
    for where, cells in read_cells(file, COLUMNS, problems):
        row = Cells(where, *cells)
        if (row.source, row.target) in seen:
            problems.append(Problem("there is a row with this source and target already", where))
        else:
            seen.add((row.source, row.target))
            rows.append(row)
    return rows


def _layered(layers: Iterable[Sequence[Cells]]) -> list[Cells]:
    """Return the rows of all layers, the uppermost first, without those that an upper one replaces."""
    heard: list[Cells] = []
    for layer in layers:
        uppers: dict[str, list[Cells]] = {}
        for row in heard:
            uppers.setdefault(row.source, []).append(row)
        heard += [row for row in layer if not any(upper.replaces(row) for upper in uppers.get(row.source, ()))]
    return heard


def _compiled(rows: Iterable[Cells], own: set[str], around: Surroundings, sheets: _Sheets) -> Iterable[Row]:
    problems = sheets.problems
    constants: dict[str, str] = {}
    for cells in rows:
        try:
            row = sheets.compiled(cells, around, is_own=cells.where in own)
        except ValueError as error:
            problems.append(Problem(str(error), cells.where))
            continue
        for target in row.targets:
            if target.text in constants and target.names is not None and cells.where in own:
                said = f"no value can come here: {constants[target.text]} has filled {target.text} always"
                problems.append(Problem(said, cells.where))
            if row.selector is None:
                constants.setdefault(target.text, cells.where)
        yield row


def _required(rows: Sequence[Row]) -> Iterable[Required]:
    wanted: dict[str, list[Row]] = {t.text: [] for row in rows if row.cells.required for t in row.targets}
    for row in rows if wanted else ():
        for text in {target.text for target in row.targets} & wanted.keys():
            wanted[text].append(row)
    for text, giving in wanted.items():
        giving.sort(key=lambda row: not row.cells.required)
        yield Required(next(one for one in giving[0].targets if one.text == text), tuple(giving))


def _schema(folder: Path, produces: str) -> Mapping[str, Any]:
    file = folder.parent / produces.replace("/", "-") / "schema.json"
    try:
        schema: Mapping[str, Any] = orjson.loads(read_text(file))
    except orjson.JSONDecodeError as error:
        raise SetupError("the schema is no JSON", where=known_as(file)) from error
    return schema
