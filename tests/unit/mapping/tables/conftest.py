"""Small tables in a folder of their own, beside the shipped schemas, and small trees."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapter.mapping.source import Node
from adapter.mapping.tables.account import Mapped
from adapter.mapping.tables.engine import apply
from adapter.mapping.tables.loading import load_table
from adapter.mapping.tables.outcome import Context
from adapter.mapping.tables.table import Table

SHIPPED = Path(__file__).parents[4] / "mappings" / "intake"
HEADER = "source,target,transform,codes,required,spec"
SCHEMAS = ("second-opinion-request-1", "second-opinion-report-1")

Parts = str | Mapping[str, Any] | Sequence[Any]


@pytest.fixture(scope="session")
def context() -> Context:
    return Context(ZoneInfo("Europe/Amsterdam"), "hl7v2:APP|HOSPITAL")


@pytest.fixture(scope="session")
def segment() -> Callable[..., Node]:
    """Make a segment as the reader of HL7 v2 does: a text is a leaf, a list has components, a tuple repetitions."""

    def field(name: str, path: str, parts: Parts) -> list[Node]:
        if isinstance(parts, tuple):
            return [one for count, part in enumerate(parts, 1) for one in field(name, _nth(path, count), part)]
        if isinstance(parts, list):
            inner = [one for n, part in enumerate(parts, 1) if part for one in field(str(n), f"{path}.{n}", part)]
            return [Node(name, path, None, tuple(inner))]
        return [Node(name, path, parts)]

    def make(name: str, fields: Mapping[int, Parts], number: int = 1) -> Node:
        path = _nth(name, number)
        inner = [one for n, parts in fields.items() for one in field(str(n), f"{path}-{n}", parts)]
        return Node(name, path, None, tuple(inner))

    return make


@pytest.fixture(scope="session")
def message(segment) -> Callable[..., Node]:
    """Make a message of segments given as (name, fields)."""

    def make(*segments: tuple[str, Mapping[int, Parts]]) -> Node:
        seen: dict[str, int] = {}
        nodes = []
        for name, fields in segments:
            seen[name] = seen.get(name, 0) + 1
            nodes.append(segment(name, fields, seen[name]))
        return Node("message", "", None, tuple(nodes))

    return make


def _nth(path: str, number: int) -> str:
    return path if number == 1 else f"{path}[{number}]"


@pytest.fixture
def mappings(tmp_path) -> Path:
    """A folder like `mappings/` with the schemas and nothing else."""
    folder = tmp_path / "mappings"
    for name in SCHEMAS:
        shutil.copytree(SHIPPED / name, folder / "intake" / name)
    (folder / "codes").mkdir()
    return folder


@pytest.fixture
def write(mappings) -> Callable[..., Path]:
    """Write the folder of a format; `rows` are lines of its table."""

    def make(*rows: str, name: str = "demo", settings: str = "", produces: str = "second-opinion-request/1") -> Path:
        folder = mappings / "intake" / name
        folder.mkdir(exist_ok=True)
        head = f'format = "{name}"\ntitle = "Demo"\nreader = "er7"\nproduces = "{produces}"\n'
        (folder / "format.toml").write_text(head + settings, encoding="utf-8")
        (folder / "rows.csv").write_text("\n".join((HEADER, *rows)), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def write_map(mappings) -> Callable[..., None]:
    """Write a ConceptMap of codes to codes; None = unmatched."""

    def make(name: str, codes: Mapping[str, str | None], **more: Any) -> None:
        elements = [
            {"code": code, "target": [{"equivalence": "unmatched"} if to is None else _target(to)]}
            for code, to in codes.items()
        ]
        resource = {"resourceType": "ConceptMap", "status": "active", "group": [{"element": elements, **more}]}
        (mappings / "codes" / f"ConceptMap-{name}.json").write_text(json.dumps(resource), encoding="utf-8")

    return make


def _target(code: str) -> dict[str, str]:
    return {"code": code, "equivalence": "equivalent"}


@pytest.fixture
def table(write) -> Callable[..., Table]:
    """Load a table of these rows."""
    return lambda *rows, **more: load_table(write(*rows, **more))


@pytest.fixture
def run(table, context) -> Callable[..., Mapped]:
    """Map a tree by a table of these rows."""
    return lambda root, *rows, **more: apply(table(*rows, **more), root, context)
