"""Where the official files lie, and what they have to be read with."""

import json
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parents[3].parent / "shared" / "data"


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder of official files; not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the official files are not here (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def examples(official: Path) -> list[tuple[Path, Path]]:
    """Every official example that exists twice: JSON, XML."""
    found = sorted((official / "01-r4-official-examples").rglob("*.json"))
    return [(one, one.with_suffix(".xml")) for one in found if one.with_suffix(".xml").exists()]


@pytest.fixture(scope="session")
def cases(official: Path) -> list[dict]:
    """The validator cases with the verdict of the official validator."""
    return json.loads((official / "02-validator-cases" / "cases.json").read_text(encoding="utf-8"))
