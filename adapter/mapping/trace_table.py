"""The table that says, for every member of an intake format, where it goes in FHIR or why nowhere.

`mappings/intake/<format>/fields.csv`: `source` is a JSON pointer (RFC 6901) with `*` for array indexes, `target` is one
or more element paths separated by "; ", `note` is for people. A row without a note says that the value is copied as it
is; with one, that the element renders it. A row without a target says why the member goes nowhere.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapter.base.errors import Problem, SetupError
from adapter.mapping.element_path import ElementPath, parse_path

_COLUMNS: Final = ["source", "target", "note"]
_SOURCE: Final = re.compile(r"(/(\*|[A-Za-z][A-Za-z0-9]*))+")
_INDEX: Final = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One row; no targets = nowhere, empty note = copied as it is."""

    source: str
    targets: tuple[ElementPath, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TraceTable:
    """The rows by their source pattern."""

    rows: Mapping[str, TraceRow]

    def row_for(self, path: Sequence[str | int]) -> TraceRow | None:
        """Return the row of a member, given its names and indexes; None = the table does not know it."""
        return self.rows.get("".join("/*" if isinstance(step, int) else f"/{step}" for step in path))


def load_trace_table(folder: Path) -> TraceTable:
    """Load `fields.csv` of an intake format's folder.

    Raises:
        SetupError: the file is missing, or rows are wrong; every one is named with its line.
    """
    file = folder / "fields.csv"
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return _read(csv.reader(lines, strict=True), file.name)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SetupError(f"the trace table cannot be read: {error}", where=str(file)) from error


def _read(lines: Iterator[list[str]], name: str) -> TraceTable:
    if next(lines, None) != _COLUMNS:
        raise SetupError(f"the first line of a trace table is {','.join(_COLUMNS)}", where=f"{name}:1")
    rows: dict[str, TraceRow] = {}
    problems: list[Problem] = []
    for number, cells in enumerate(lines, start=2):
        try:
            row = _row(cells)
            if row.source in rows:
                raise ValueError(f"{row.source} has a row already")  # noqa: TRY301 -- one place collects them
            rows[row.source] = row
        except ValueError as error:
            problems.append(Problem(str(error), f"{name}:{number}"))
    if problems:
        raise SetupError("the trace table is wrong", problems=problems)
    return TraceTable(rows)


def _row(cells: Sequence[str]) -> TraceRow:
    if len(cells) != len(_COLUMNS):
        raise ValueError(f"a row has {len(_COLUMNS)} cells")
    source, target, note = (cell.strip() for cell in cells)
    if not _SOURCE.fullmatch(source):
        raise ValueError("the source is a JSON pointer with * for indexes")
    if not target and not note:
        raise ValueError("say where it goes, or in the note why nowhere")
    indexes = {int(index) for index in _INDEX.findall(target)}
    if indexes - set(range(source.count("/*"))):
        raise ValueError("the target asks for an array index that the source has not")
    return TraceRow(source, tuple(_targets(target.split(";"))), note)


def _targets(texts: Iterable[str]) -> Iterator[ElementPath]:
    yield from (parse_path(text.strip()) for text in texts if text.strip())
