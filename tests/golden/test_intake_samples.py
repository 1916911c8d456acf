"""The samples of every table and what they become, byte for byte; `GOLDEN=rewrite` writes the expected files.

Every field of every sample has its row in the trace, and what is made of a request is valid FHIR.
"""

import os
from functools import cache
from pathlib import Path

import orjson
import pytest

from adapter.base.data import shipped
from adapter.fhir.judgement import judge
from adapter.intake.formats import Formats, load_formats
from adapter.intake.taking import Taken, field_values, take
from adapter.mapping.to_fhir.bundles import transaction_bundle
from adapter.mapping.to_fhir.request import express_request

INTAKE = Path(__file__).parents[2] / "mappings" / "intake"
SAMPLES = sorted(INTAKE.glob("*/samples/*.*"))
REWRITE = os.environ.get("GOLDEN") == "rewrite"


@cache
def formats() -> Formats:
    return load_formats(shipped("mappings"))


CLAIMING = {one.format: one.produces for one in formats().every() if one.recognition.is_stated}
REQUESTS = [file for file in SAMPLES if CLAIMING.get(file.parts[-3]) == "second-opinion-request/1"]


def name(file: Path) -> str:
    return f"{file.parts[-3]}/{file.stem}"


def taken(sample: Path) -> Taken:
    return take(sample.read_bytes(), None, formats=formats)


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
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


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_every_field_of_a_sample_has_its_row(sample):
    assert sorted(row.source for row in taken(sample).account.rows) == sorted(field_values(sample.read_bytes()))


@pytest.mark.parametrize("sample", REQUESTS, ids=name)
def test_what_a_request_becomes_is_valid(sample):
    bundle = transaction_bundle(express_request(taken(sample).stated, contents={}, cleared=()), read=lambda _: b"")
    assert [one for one in judge(bundle) if one.severity in ("error", "fatal")] == []


def test_nothing_is_expected_that_no_sample_becomes():
    assert {name(file) for file in INTAKE.glob("*/expected/*.json")} == {name(file) for file in SAMPLES}


def test_every_table_that_claims_messages_has_a_sample():
    assert {file.parts[-3] for file in SAMPLES} == CLAIMING.keys()
