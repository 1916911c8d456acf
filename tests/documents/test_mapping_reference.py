"""docs/reference/mappings/ and the list of transforms are made from the shipped tables."""

import os
import re
from pathlib import Path

import pytest

from adapter.intake.formats import Formats, load_formats
from adapter.mapping.tables.pages import code_lines, folder_of, table_lines, transform_lines
from adapter.mapping.tables.transforms import GROUPS

ROOT = Path(__file__).parents[2]
PAGE = "docs/reference/mapping-tables.md"
PAGES = ROOT / "docs" / "reference" / "mappings"


@pytest.fixture(scope="module")
def formats() -> Formats:
    return load_formats(ROOT / "mappings")


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")


@pytest.mark.parametrize("group", GROUPS)
def test_every_transform_is_listed_with_what_it_takes_and_does(group, made):
    made(PAGE, f"transforms {_slug(group)}", transform_lines(group))


def test_every_group_of_transforms_has_its_part(parts):
    assert {part for part in parts(PAGE) if part.startswith("transforms")} == {
        f"transforms {_slug(one)}" for one in GROUPS
    }


def test_every_format_is_listed(made, formats):
    lines = ["| format | is | becomes | asks for |", "|---|---|---|---|"]
    for table in formats.every():
        asked = ", ".join(f"`{one.text}`".replace("|", "\\|") for one in table.recognition.when)
        asked = asked or ("one of several" if table.recognition.any else "nothing: other tables extend it")
        lines.append(f"| [{table.format}](mappings/{table.format}.md) | {table.title} | `{table.produces}` | {asked} |")
    made(PAGE, "formats", lines)


def test_every_table_has_its_page_and_no_page_is_left_over(formats):
    pages = {f"{table.format}.md": table_lines(table) for table in formats.every()}
    pages["codes.md"] = code_lines(formats.library.maps)
    wanted = {name: "\n".join(lines) + "\n" for name, lines in pages.items()}
    if os.environ.get("GOLDEN") == "rewrite":
        PAGES.mkdir(exist_ok=True)
        for name, text in wanted.items():
            (PAGES / name).write_text(text, encoding="utf-8")
        for file in PAGES.glob("*.md"):
            if file.name not in wanted:
                file.unlink()
    assert {file.name: file.read_text(encoding="utf-8") for file in PAGES.glob("*.md")} == wanted


def test_every_row_of_every_folder_stands_on_a_page(formats):
    shown = {row.cells.where for table in formats.every() for row in table.rows if folder_of(row) == table.format}
    used = {row.cells.where for table in formats.every() for row in table.rows}
    assert used <= shown


def test_links_within_the_pages_lead_somewhere():
    headings = set(re.findall(r"^## (.+)$", (PAGES / "codes.md").read_text(encoding="utf-8"), re.MULTILINE))
    for file in PAGES.glob("*.md"):
        assert set(re.findall(r"\(codes\.md#([^)]+)\)", file.read_text(encoding="utf-8"))) <= {
            _slug(one) for one in headings
        }
