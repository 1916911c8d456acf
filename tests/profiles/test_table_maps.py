"""https://hl7.org/fhir/R4/conceptmap.html: the tables of HL7 v2 as ConceptMaps, for whoever maps referrals elsewhere."""

import json
import os
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.fhir.validate import validate
from adapter.intake.formats import load_formats
from adapter.mapping.tables.concept_map import concept_map
from adapter.mapping.trace_table import load_trace_table

HERE = Path(__file__).parents[2] / "profiles" / "tables"
FORMATS = load_formats(shipped("mappings"))
ELEMENTS = load_trace_table(shipped("mappings") / "intake" / "second-opinion-request-1")
TABLES = {one.format: one for one in FORMATS.every() if one.reader == "er7" and one.recognition.is_stated}


def made(name):
    table = TABLES[name]
    return concept_map(table, ELEMENTS if table.produces == "second-opinion-request/1" else None)


@pytest.mark.parametrize("name", TABLES)
def test_the_published_map_is_that_of_the_table(name):
    file = HERE / f"ConceptMap-so-{name}.json"
    text = json.dumps(made(name), separators=(",", ":"), ensure_ascii=False).replace('{"code":', '\n{"code":') + "\n"
    if os.environ.get("GOLDEN") == "rewrite":
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", TABLES)
def test_it_is_valid(name):
    assert [one for one in validate(made(name)) if one.severity in ("error", "fatal")] == []


def test_no_map_is_left_of_a_table_that_is_gone():
    assert {file.name for file in HERE.glob("ConceptMap-*.json")} == {f"ConceptMap-so-{name}.json" for name in TABLES}
