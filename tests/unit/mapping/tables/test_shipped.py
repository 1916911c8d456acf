"""What is shipped fits together: tables, ConceptMaps and transforms name each other, and nothing is left over."""

import re
from pathlib import Path

import pytest

from adapter.intake.formats import Formats, load_formats
from adapter.mapping.tables import transforms

ROOT = Path(__file__).parents[4]
TRANSFORMS = ROOT / "adapter" / "mapping" / "tables" / "transforms"


@pytest.fixture(scope="module")
def formats() -> Formats:
    return load_formats(ROOT / "mappings")


@pytest.fixture(scope="module")
def asked_for() -> set[str]:
    """The ConceptMaps that transforms ask for by name."""
    sources = "".join(file.read_text(encoding="utf-8") for file in TRANSFORMS.glob("*.py"))
    return set(re.findall(r"\"((?:v2|fhir|cda)-[a-z0-9-]+|country|language)\"", sources)) - set(transforms.TRANSFORMS)


def test_every_map_that_a_transform_asks_for_is_there(formats, asked_for):
    assert asked_for - set(formats.library.maps) == set()


def test_every_map_is_used(formats, asked_for):
    rows = {row.cells.codes for table in formats.every() for row in table.rows}
    for_answers = {"v2-0283"}  # what we write, not what we read
    assert set(formats.library.maps) - rows - asked_for - for_answers == set()


def test_every_table_is_for_messages_or_extended(formats):
    folders = {
        row.cells.where.split("/")[-2] for table in formats.every() if table.recognition.is_stated for row in table.rows
    }
    assert {table.format for table in formats.every() if table.rows} <= folders


def test_no_two_tables_of_a_reader_claim_by_the_same_words(formats):
    claims = [
        (
            table.reader,
            table.recognition.priority,
            tuple(one.text for one in (*table.recognition.when, *table.recognition.any)),
        )
        for table in formats.every()
        if table.recognition.is_stated
    ]
    assert len(set(claims)) == len(claims)
