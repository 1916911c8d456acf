"""The trace tables, and the mistakes that stop the start."""

import json
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.base.errors import SetupError
from adapter.mapping.trace_table import load_trace_table

FOLDER = shipped("mappings") / "intake" / "second-opinion-request-1"


def members(schema, rule, path=""):
    """Every member of the format that holds a value, as the table writes it."""
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
    if "properties" in rule:
        for name, inner in rule["properties"].items():
            yield from members(schema, inner, f"{path}/{name}")
    elif rule.get("type") == "array":
        yield from members(schema, rule["items"], f"{path}/*")
    else:
        yield path


def test_the_table_has_exactly_the_members_of_the_format():
    schema = json.loads((FOLDER / "schema.json").read_bytes())
    assert set(load_trace_table(FOLDER).rows) == set(members(schema, schema))


def problems(tmp_path: Path, *rows: str):
    (tmp_path / "fields.csv").write_text("\n".join(("source,target,note", *rows)), encoding="utf-8")
    with pytest.raises(SetupError) as refused:
        load_trace_table(tmp_path)
    return [(one.where, one.text) for one in refused.value.problems]


@pytest.mark.parametrize(
    "row",
    [
        "id,Task.id,",
        "/id,,",
        "/id,Task,",
        "/id,Task.extension('no-such'),",
        "/id,Task.id; nonsense,",
        "/id,Condition({0}).id,",
        "/a/*/b,Condition({1}).id,",
        "/id,Task.id",
        "/id,Task.id,note,more",
    ],
)
def test_a_bad_row_is_named_with_file_and_line(tmp_path, row):
    [(where, text)] = problems(tmp_path, "/ok,Task.id,", row)
    assert where == "fields.csv:3"
    assert text


def test_all_bad_rows_are_named_at_once(tmp_path):
    assert [where for where, _ in problems(tmp_path, "x,,", "/a,Task.id,", "/a,Task.id,", "/b,,")] == [
        "fields.csv:2",
        "fields.csv:4",
        "fields.csv:5",
    ]


def test_a_file_with_other_columns_is_refused(tmp_path):
    (tmp_path / "fields.csv").write_text("from,to\n")
    with pytest.raises(SetupError) as refused:
        load_trace_table(tmp_path)
    assert refused.value.problems[0].where == "fields.csv:1"


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b'source,target,note\n"open'])
def test_a_file_that_is_missing_or_unreadable_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "fields.csv").write_bytes(content)
    with pytest.raises(SetupError):
        load_trace_table(tmp_path)
