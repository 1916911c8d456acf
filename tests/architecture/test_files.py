"""Files stay small, rooms say what they are, and nothing is called by a name that says nothing."""

import ast
import re
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "adapter"
MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = sorted(file for folder in ("adapter", "tests", "bench") for file in (ROOT / folder).rglob("*.py"))
SAYS_NOTHING = {
    "common",
    "core",
    "helper",
    "helpers",
    "manager",
    "managers",
    "misc",
    "service",
    "services",
    "util",
    "utils",
}


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _line_count(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def _opening(file: Path) -> str:
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def test_no_python_file_has_more_than_400_lines():
    assert {_name(file): _line_count(file) for file in SOURCES if _line_count(file) > 400} == {}


def test_half_of_the_modules_have_at_most_120_lines_and_nine_of_ten_at_most_300():
    sizes = sorted(_line_count(file) for file in MODULES if file.name != "__init__.py")
    assert statistics.median(sizes) <= 120
    assert sizes[int(len(sizes) * 0.9)] <= 300


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_a_module_opens_with_one_sentence_that_says_what_it_is(file):
    assert re.match(r".{20,}?[.:](?= |$)", _opening(file))


def test_every_folder_with_code_is_a_package_with_a_charter():
    folders = {file.parent for file in MODULES if "_data" not in file.parts}
    assert {_name(folder) for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_nothing_is_called_by_a_name_that_says_nothing():
    parts = {part for file in MODULES for part in file.relative_to(PACKAGE).with_suffix("").parts}
    assert parts & SAYS_NOTHING == set()


def test_unit_tests_mirror_the_rooms():
    unit = ROOT / "tests" / "unit"
    rooms = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()}
    assert {file.relative_to(unit).parts[0] for file in unit.glob("*/**/test_*.py")} <= rooms
