"""Every example runs as it stands, and says what its expected.txt says.

`GOLDEN=rewrite` writes the expected files anew; the difference is read before it is committed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
RUNS = sorted(EXAMPLES.glob("[0-9]*/run.sh"))
REWRITE = os.environ.get("GOLDEN") == "rewrite"


def _name(run: Path) -> str:
    return run.parent.name


def _run(run: Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run an example in a copy of the folder, so that several may run at once; the command is that of this Python."""
    shutil.copytree(EXAMPLES, home, ignore=shutil.ignore_patterns("out"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECOND_OPINION")}
    return subprocess.run(
        [home / run.parent.name / "run.sh"],
        env={**kept, "SECOND_OPINION": str(Path(sys.executable).with_name("second-opinion")), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("run", RUNS, ids=_name)
def test_an_example_ends_well_and_says_what_is_expected(run, tmp_path):
    ended = _run(run, tmp_path / "examples")
    assert ended.returncode == 0, ended.stdout
    expected = run.with_name("expected.txt")
    if not expected.exists():
        assert "2 of 2 loops closed" in ended.stdout, "only the demonstration has times and paths of its own to tell"
        return
    if REWRITE:
        expected.write_text(ended.stdout, encoding="utf-8")
    assert ended.stdout == expected.read_text(encoding="utf-8")


def test_without_the_command_an_example_says_how_to_get_it(tmp_path):
    ended = _run(RUNS[0], tmp_path / "examples", SECOND_OPINION="no-such-command")
    assert ended.returncode == 1
    assert ended.stdout.startswith("no-such-command is not there. In the project: make setup, then export PATH=")


def test_every_example_is_explained_and_listed():
    folders = sorted(folder.name for folder in EXAMPLES.glob("[0-9]*") if folder.is_dir())
    assert [_name(run) for run in RUNS] == folders
    listed = re.findall(r"^\| \[([^]]+)\]\(\1/README\.md\)", (EXAMPLES / "README.md").read_text(), re.MULTILINE)
    assert listed == folders
    assert all((EXAMPLES / name / "README.md").exists() for name in folders)


@pytest.mark.parametrize("run", RUNS, ids=_name)
def test_an_explanation_names_only_commands_and_files_that_are_there(run):
    text = run.with_name("README.md").read_text(encoding="utf-8")
    said = run.read_text(encoding="utf-8")
    for command in re.findall(r"`(second-opinion [^`]+)`", text):
        assert " ".join(command.split()[:2]) in said, command
    for file in re.findall(r"\]\(([^):]+)\)", text):
        assert (run.parent / file.split("#")[0]).exists(), file
