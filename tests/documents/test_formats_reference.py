"""docs/reference/formats.md is made from the published JSON Schemas; its examples are read by the reader itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapter.intake.canonical import read_report, read_request

ROOT = Path(__file__).parents[2]
PAGE = "docs/reference/formats.md"
SCHEMAS = {
    kind: json.loads((ROOT / "mappings" / "intake" / f"second-opinion-{kind}-1" / "schema.json").read_text())
    for kind in ("request", "report")
}


def _slug(title: str) -> str:
    return re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))


def _is_simple(definition: dict[str, Any]) -> bool:
    return definition.get("type") not in ("object", "array") and "enum" not in definition


def _value(schema: dict[str, Any], kind: str) -> str:
    """Say in a cell what a member may hold."""
    if "$ref" in schema:
        schema = SCHEMAS[kind]["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        if _is_simple(schema):
            return f"[{schema['title']}](#kinds-of-values)"
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema["type"] == "array":
        return f"list of {_value(schema['items'], kind)}"
    if schema["type"] == "object":
        return f"[{schema['title']}](#{_slug(schema['title'])})"
    return {"boolean": "`true`, `false`", "integer": "whole number", "number": "number", "string": "text"}[
        schema["type"]
    ]


def _members(schema: dict[str, Any], kind: str) -> Iterator[str]:
    yield "| member | | value | means |"
    yield "|---|---|---|---|"
    for name, member in schema["properties"].items():
        must = "required" if name in schema.get("required", ()) else ""
        told = member.get("description", "").replace("|", "/")
        yield f"| `{name}` | {must} | {_value(member, kind)} | {told} |"


def _objects(kind: str) -> Iterator[str]:
    """Give a part for each kind of object; what both formats share stands with the request."""
    shared = SCHEMAS["request"]["$defs"] if kind == "report" else {}
    for name, definition in SCHEMAS[kind]["$defs"].items():
        if definition.get("type") == "object" and shared.get(name) != definition:
            yield from _object(definition, kind)


def _object(definition: dict[str, Any], kind: str) -> Iterator[str]:
    yield from ("", f"### {definition['title']}", "", definition["description"], "")
    yield from _members(definition, kind)
    for member in definition["properties"].values():
        if member.get("type") == "object":
            yield from _object(member, kind)


def _simple() -> Iterator[str]:
    yield "| value | form |"
    yield "|---|---|"
    found = {one["title"]: one for kind in ("report", "request") for one in SCHEMAS[kind]["$defs"].values()}
    for title in sorted(title for title, one in found.items() if _is_simple(one)):
        yield f"| {title} | {found[title]['description'].replace('|', '/')} |"


@pytest.mark.parametrize("kind", ["request", "report"])
def test_every_member_is_told_as_the_schema_has_it(kind, made):
    made(PAGE, kind, [*_members(SCHEMAS[kind], kind), *_objects(kind)])


def test_the_kinds_of_values_are_told_as_the_schemas_have_them(made):
    made(PAGE, "values", list(_simple()))


def test_every_part_that_is_linked_is_there():
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    headings = [_slug(title) for title in re.findall(r"^#{2,3} (.+)$", text, re.MULTILINE)]
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - set(headings) == set()
    assert len(set(headings)) == len(headings), "two headings alike would share one address"


def test_the_examples_of_the_page_are_read():
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / PAGE).read_text(encoding="utf-8"), re.DOTALL)
    request, report = blocks
    assert read_request(request.encode()).id == "REQ-1"
    assert read_report(report.encode()).id == "REP-1"


def test_a_title_means_one_thing():
    titles: dict[str, Any] = {}
    for schema in SCHEMAS.values():
        for definition in schema["$defs"].values():
            assert titles.setdefault(definition["title"], definition) == definition, definition["title"]
