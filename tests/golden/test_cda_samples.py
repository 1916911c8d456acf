"""The CDA samples of every table and what they become, byte for byte; `GOLDEN=rewrite` writes the expected files.

Every attribute and every text of every sample has its row in the trace.
"""

import os
from functools import cache
from pathlib import Path

import orjson
import pytest

from adapter.base.data import shipped
from adapter.intake.formats import Formats, load_formats
from adapter.intake.readers.cda import read_cda
from adapter.intake.taking import Taken, take

INTAKE = Path(__file__).parents[2] / "mappings" / "intake"
SAMPLES = sorted(INTAKE.glob("cda*/samples/*.xml"))
REWRITE = os.environ.get("GOLDEN") == "rewrite"


@cache
def formats() -> Formats:
    return load_formats(shipped("mappings"))


def taken(sample: Path) -> Taken:
    return take(sample.read_bytes(), None, formats=formats)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
def test_a_sample_becomes_what_it_became(sample):
    read = taken(sample)
    assert read.account.format == sample.parts[-3]
    said = {
        "document": read.mapped.document,
        "remarks": [[one.kind.value, one.source, one.target, one.text] for one in read.account.remarks],
    }
    made = orjson.dumps(said, option=orjson.OPT_INDENT_2, default=str) + b"\n"
    expected = sample.parents[1] / "expected" / f"{sample.stem}.json"
    if REWRITE:
        expected.parent.mkdir(exist_ok=True)
        expected.write_bytes(made)
    assert expected.exists(), "there is nothing to compare with yet: make golden"
    assert made.decode() == expected.read_text()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
def test_every_field_of_a_sample_has_its_row(sample):
    places = [leaf.path for leaf in read_cda(sample.read_bytes()).root.leaves()]
    assert sorted(row.source for row in taken(sample).account.rows) == sorted(places)


def test_nothing_is_expected_that_no_sample_becomes():
    names = {(file.parts[-3], file.stem) for file in SAMPLES}
    assert {(file.parts[-3], file.stem) for file in INTAKE.glob("cda*/expected/*.json")} <= names


def test_every_table_that_claims_documents_has_a_sample():
    claiming = {one.format for one in formats().every() if one.reader == "cda" and one.recognition.is_stated}
    assert claiming == {file.parts[-3] for file in SAMPLES}
