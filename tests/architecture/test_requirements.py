"""The pinned files are whole, hashed and agree with each other, and name no index.

https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
"""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINNED = {name: ROOT / "requirements" / f"{name}.txt" for name in ("build", "dev", "peers", "run")}


def _pins(name: str) -> dict[str, str]:
    """Give each pinned package with its whole block: version, marker and hashes."""
    blocks = re.split(r"\n(?=\S)", PINNED[name].read_text(encoding="utf-8").strip())
    return {block.split("==")[0]: block for block in blocks}


def _plain(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;]", requirement)[0].lower().replace(".", "-").replace("_", "-")


@pytest.mark.parametrize("name", PINNED)
def test_every_line_is_a_pin_with_hashes(name):
    for package, block in _pins(name).items():
        assert re.match(r"[a-z0-9-]+==\S+( ;[^\n]+)? \\\n", block), package
        assert "--hash=sha256:" in block, package


@pytest.mark.parametrize("name", ["build", "run"])
def test_what_is_shipped_is_what_was_tested(name):
    tested = _pins("dev")
    assert {package for package, block in _pins(name).items() if tested.get(package) != block} == set()


def test_everything_that_the_project_names_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = {_plain(one) for one in project["project"]["dependencies"]}
    development = {_plain(one) for one in project["dependency-groups"]["dev"]}
    assert runtime - set(_pins("run")) == set()
    assert (runtime | development) - set(_pins("dev")) == set()
    assert {_plain(one) for one in project["build-system"]["requires"]} - set(_pins("build")) == set()


def test_every_dependency_has_its_line_in_the_list():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = {
        _plain(one)
        for one in [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
        + [entry for extra in project["project"]["optional-dependencies"].values() for entry in extra]
    }
    text = (ROOT / "docs" / "adr" / "0008-dependencies.md").read_text(encoding="utf-8")
    listed = {_plain(name) for name in re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)}
    assert listed == named
