"""docs/reference/settings.md has every setting with its default and its variable, and no other."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from adapter.settings import (
    PREFIX,
    Client,
    Identifier,
    Mllp,
    Organisation,
    Partner,
    Reply,
    Server,
    Settings,
    Store,
    Worker,
)

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
SECTIONS = {
    "[server]": Server,
    "[store]": Store,
    "[worker]": Worker,
    "[[organisation]]": Organisation,
    "[[partner]]": Partner,
    "[[client]]": Client,
    "[[mllp]]": Mllp,
    "reply": Reply,
    "identifiers": Identifier,
}
SINGLE = ("[server]", "[store]", "[worker]")


def _rows(section: str) -> list[list[str]]:
    """Give the rows of the table of a section, without code marks."""
    (part,) = re.findall(rf"^## `{re.escape(section)}`\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in row.strip("|").split(" | ")] for row in rows]


def _default(model: type[BaseModel], key: str) -> str:
    default = model.model_fields[key].default
    if default is PydanticUndefined:
        return "required"
    if isinstance(default, tuple):
        return ", ".join(default) or "-"
    return "-" if default is None else str(default)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_has_every_key_with_its_default(section):
    model = SECTIONS[section]
    assert [row[:2] for row in _rows(section)] == [[key, _default(model, key)] for key in model.model_fields]


@pytest.mark.parametrize("section", SINGLE)
def test_every_single_value_has_its_variable(section):
    name = section.strip("[]").upper()
    assert [row[2] for row in _rows(section)] == [f"{PREFIX}{name}__{row[0].upper()}" for row in _rows(section)]


def test_every_section_is_there_and_no_other():
    documented = re.findall(r"^## `\[*(\w+)\]*`", TEXT, re.MULTILINE)
    assert set(documented) == {*Settings.model_fields, "identifiers", "reply"}
    for name in ("packs", "hospitals"):
        assert [row[:3] for row in _rows(name)] == [[name, "-", f"{PREFIX}{name.upper()}"]]


@pytest.mark.parametrize("file", sorted((ROOT / "examples").rglob("*.toml")), ids=lambda file: file.name)
def test_an_example_has_only_documented_keys(file):
    if file.parent.name == "05-bad-input":
        pytest.skip("its settings are wrong on purpose")
    for section, content in tomllib.loads(file.read_text(encoding="utf-8")).items():
        for one in content if isinstance(content, list) else [content]:
            documented = {row[0] for row in _rows(f"[[{section}]]" if isinstance(content, list) else f"[{section}]")}
            assert set(one) <= documented
