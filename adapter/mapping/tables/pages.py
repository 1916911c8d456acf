"""Tables, ConceptMaps and the list of transforms as pages for people, in Markdown; a test keeps them up to date."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from adapter.mapping.tables.codes import CodeMap
from adapter.mapping.tables.outcome import Entry, Need
from adapter.mapping.tables.row import Row
from adapter.mapping.tables.table import Table
from adapter.mapping.tables.transforms import GROUPS

_NEEDS: Final[Mapping[Need, str]] = {"no": "", "may": "may", "must": "must"}
_READERS: Final = {"er7": "HL7 v2 (ER7)", "fhir": "FHIR R4", "cda": "CDA R2"}


def transform_lines(group: str) -> list[str]:
    """Return the table of a group of transforms."""
    lines = ["| transform | argument | codes | makes | does |", "|---|---|---|---|---|"]
    return lines + [_transform(name, entry) for name, entry in sorted(GROUPS[group].items())]


def _transform(name: str, entry: Entry) -> str:
    makes = (entry.makes or ("anything" if entry.targets else "nothing")).replace(";", ", ")
    return f"| `{name}` | {_NEEDS[entry.argument]} | {_NEEDS[entry.codes]} | {makes} | {_cell(entry.says)} |"


def table_lines(table: Table) -> list[str]:
    """Return the page of a table: what it is for, and its own rows; those of other folders have pages of their own."""
    by_folder: dict[str, list[Row]] = {}
    for row in table.rows:
        by_folder.setdefault(folder_of(row), []).append(row)
    own = by_folder.pop(table.format, [])
    lines = [f"# {table.title}", "", *_about(table), ""]
    if by_folder:
        others = ", ".join(f"[{name}]({name}.md) ({len(rows)})" for name, rows in sorted(by_folder.items()))
        lines += [f"After the rows below, those of {others} are heard, as far as they are not replaced.", ""]
    return [*lines, *row_lines(own)]


def folder_of(row: Row) -> str:
    """Return the name of the folder that a row stands in."""
    return row.cells.where.split("/")[-2]


def row_lines(rows: Iterable[Row]) -> list[str]:
    """Return rows as a table."""
    lines = ["| from | to | by | codes | required | why |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = row.cells
        codes = f"[{cells.codes}](codes.md#{_anchor(cells.codes)})" if cells.codes else ""
        to = "; ".join(f"`{target.text}`" for target in row.targets)
        lines.append(
            f"| {_code(cells.source) or 'the message'} | {_cell(to)} | {_code(cells.transform)} | {codes} "
            f"| {cells.required} | {_cell(cells.spec)} |"
        )
    return lines


def _about(table: Table) -> Iterator[str]:
    yield f"Format `{table.format}`: {_READERS[table.reader]}, becomes `{table.produces}`."
    recognition = table.recognition
    if not recognition.is_stated:
        yield "It claims no message by itself; other tables extend it."
    if recognition.when:
        yield f"It claims messages where all of these say something: {_listed(one.text for one in recognition.when)}."
    if recognition.any:
        yield f"It claims messages where one of these says something: {_listed(one.text for one in recognition.any)}."
    if recognition.version_at is not None:
        lowest, highest = recognition.versions
        yield f"Versions {lowest or 'from the first'} to {highest or 'the last'}, by `{recognition.version_at.text}`."
    if table.families:
        taken = (f"{', '.join(sorted(names))} behind {name}" for name, names in sorted(table.families.items()))
        yield f"What follows belongs to the one before it: {'; '.join(taken)}."


def code_lines(maps: Mapping[str, CodeMap]) -> list[str]:
    """Return the page of the ConceptMaps."""
    lines = [
        "# The ConceptMaps of the tables",
        "",
        "Made from `mappings/codes`. A code that is not listed gives no value and a remark, never a guess.",
    ]
    for name, one in sorted(maps.items()):
        lines += ["", f"## {name}", "", one.title or name, "", *_map(one)]
    return lines


def _map(one: CodeMap) -> Iterator[str]:
    yield "| code | becomes | how near | remark |"
    yield "|---|---|---|---|"
    for group in one.groups:
        for code, ours in group.entries.items():
            becomes = _code(ours.code) if ours.code is not None else "nothing"
            yield f"| {_code(code)} | {becomes} | {ours.equivalence} | {_cell(ours.comment)} |"
        if group.keeps:
            yield "| any other | the same | equivalent | |"
        elif group.otherwise is not None:
            yield f"| any other | {_code(group.otherwise.code or '')} | {group.otherwise.equivalence} | |"


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(_code(text) for text in texts)


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(name: str) -> str:
    return name.lower()
