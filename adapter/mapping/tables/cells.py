"""Reads the CSV files of tables: one row a line, so that every fault has its line; `#` begins a comment line."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from adapter.base.errors import Problem, SetupError


def known_as(file: Path) -> str:
    """Return how a file of `mappings/` is called in errors: from that folder on, else with its folder."""
    parts = file.parts
    start = len(parts) - parts[::-1].index("mappings") if "mappings" in parts else -2
    return "/".join(parts[start:])


def read_text(file: Path) -> str:
    """Return a file of a table as text.

    Raises:
        SetupError: it is not there, or is no UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SetupError("the file is missing", where=known_as(file)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError("the file cannot be read as UTF-8 text", where=known_as(file)) from error


def read_cells(file: Path, columns: Sequence[str], problems: list[Problem]) -> Iterator[tuple[str, list[str]]]:
    """Yield each row of a CSV file with its place ("hl7v2/pid.csv:12"), its cells without white space around them.

    Args:
        file: the file.
        columns: what its first line must be; missing cells at the end of a row are empty.
        problems: lines that cannot be read are added here.

    Raises:
        SetupError: the file cannot be read.
    """
    name, has_header = known_as(file), False
    for number, line in enumerate(read_text(file).splitlines(), start=1):
        if not line.strip(" ,\t") or line.lstrip().startswith("#"):
            continue
        where = f"{name}:{number}"
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], strict=True))]
        except csv.Error:
            problems.append(Problem("the line is no CSV: close the quotes, and keep a row on one line", where))
            continue
        if not has_header:
            has_header = True
            if cells != list(columns):
                problems.append(Problem(f"the first line is {','.join(columns)}", where))
                return
            continue
        if len(cells) > len(columns):
            problems.append(Problem(f"a row has {len(columns)} cells: put cells with a comma in quotes", where))
            continue
        yield where, cells + [""] * (len(columns) - len(cells))
    if not has_header:
        problems.append(Problem(f"the first line is {','.join(columns)}", f"{name}:1"))
