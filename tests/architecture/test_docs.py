"""Documents agree with the code: links, verbs, paths, tables and pictures name only what exists."""

import configparser
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from adapter import __version__
from adapter.cli.main import VERBS
from adapter.domain.lifecycle import TRANSITIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMAND = Path(sys.executable).parent / "second-opinion"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"```.*?```", re.DOTALL)


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _code(text: str) -> list[str]:
    """Give what stands as code: the lines of fenced blocks, and what is between single backticks."""
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()[1:-1]]
    return lines + re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


def _table(text: str, heading: str) -> list[list[str]]:
    """Give the rows of the first table under `heading`, without its head."""
    section = text.split(heading, 1)[1]
    rows = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert rows, heading
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.group().splitlines()[2:]]


@pytest.mark.parametrize("file", DOCUMENTS, ids=_name)
def test_every_link_leads_somewhere(file):
    targets = re.findall(r"\]\(([^)\s]+)\)", _text(file))
    local = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in local if not (file.parent / target).exists()] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=_name)
def test_every_make_verb_exists(file):
    named = {verb for code in _code(_text(file)) for verb in re.findall(r"\bmake ([a-z][a-z-]*)", code)}
    assert named - set(_make_verbs()) == set()


@pytest.mark.parametrize("file", DOCUMENTS, ids=_name)
def test_every_verb_of_the_command_exists(file):
    named = {verb for code in _code(_text(file)) for verb in re.findall(r"\bsecond-opinion ([a-z]+)\b", code)}
    assert named - set(VERBS) == set()


@pytest.mark.parametrize("file", DOCUMENTS, ids=_name)
def test_every_path_and_module_exists(file):
    code = [one for one in _code(_text(file)) if not re.search(r"[<>*{}]", one)]
    folders = r"(?:adapter|tests|docs|mappings|profiles|examples|requirements|bench|\.ci)"
    paths = {path for one in code for path in re.findall(rf"(?<![\w./-]){folders}/[\w./-]*", one)}
    modules = {
        name for one in code for name in re.findall(r"\badapter(?:\.[a-z_]+)+", one) if name != "adapter.readers"
    }
    missing = {path for path in paths - {"adapter/_data/"} if not (ROOT / path).exists()}
    for name in modules:
        place = ROOT.joinpath(*name.split("."))
        if not (place.is_dir() or place.with_suffix(".py").exists()):
            missing.add(name)
    assert missing == set()


def test_every_document_that_the_code_names_exists():
    named = {
        (document, _name(file))
        for file in (ROOT / "adapter").rglob("*.py")
        for document in re.findall(r"\bdocs/[\w./-]+\.md\b", _text(file))
    }
    assert {(document, file) for document, file in named if not (ROOT / document).exists()} == set()


def _make_verbs() -> list[str]:
    return re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)


def test_every_make_verb_has_its_sentence_and_is_phony():
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    explained = re.findall(r"^([a-z][a-z-]*):.* ## \S", MAKEFILE, re.MULTILINE)
    assert explained == _make_verbs()
    assert set(phony.split()) == set(explained)


def test_every_script_of_the_makefile_exists():
    scripts = re.findall(r"(?<=\s)(?:bench|\.ci|tests|requirements)/[\w./-]+", MAKEFILE.replace("$(READY)", ""))
    assert [script for script in scripts if not (ROOT / script).exists()] == []


def test_every_document_can_be_found_from_the_readme():
    found, open_ = set(), [ROOT / "README.md"]
    while open_:
        file = open_.pop()
        if file not in found:
            found.add(file)
            links = re.findall(r"\]\(([^)#\s]+\.md)", _text(file))
            open_ += [(file.parent / link).resolve() for link in links if not re.match(r"[a-z]+:", link)]
    assert [_name(file) for file in DOCUMENTS if file not in found] == []


def test_no_step_hides_a_failure():
    scripts = [ROOT / "Makefile", *(ROOT / ".ci").iterdir()]
    for script in scripts:
        assert not re.search(r"\|\|\s*(true|:)(\s|$)", _text(script)), script.name
        assert not re.search(r"^\t-", _text(script), re.MULTILINE), script.name
    assert "set -euo pipefail" in _text(ROOT / ".ci" / "run")


def test_the_two_commands_stand_on_the_first_screen():
    first_screen = "\n".join(README.splitlines()[:25])
    assert "make demo" in first_screen
    assert "make test" in first_screen


def test_the_readme_lists_every_verb():
    listed = {verb for cell, *_ in _table(README, "## Use it") for verb in re.findall(r"`([a-z]+)`", cell)}
    assert listed == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_file_and_every_option_in_the_documents_exists(verb):
    assert (ROOT / "adapter" / "cli" / f"{verb}.py").exists()
    calls = [call for file in DOCUMENTS for line in _code(_text(file)) for call in re.split(r"[|#]", line)]
    mine = [call.split() for call in calls if re.match(rf"\s*second-opinion {verb}\b", call)]
    for words in mine:
        groups = words[1:3] if verb in {"packs", "cases", "hospitals"} and len(words) > 2 else words[1:2]
        shown = subprocess.run([COMMAND, *groups, "--help"], capture_output=True, text=True, check=False, env=None)
        assert shown.returncode == 0, f"{words}: {shown.stderr}"
        assert [word for word in words if word.startswith("--") and word not in shown.stdout] == []


def test_the_life_of_a_case_is_the_table_in_the_code():
    drawn = _table(ARCHITECTURE, "## The life of a case")
    coded = [
        [status, event, step.actor, step.to + (", ended" if step.ends else ""), step.business_status or "unchanged"]
        for (status, event), step in TRANSITIONS.items()
    ]
    assert drawn == coded


def test_the_picture_of_the_rooms_is_the_contract():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    layers = re.findall(r"[a-z]+", contracts["importlinter:contract:layers"]["layers"])
    picture = ET.parse(ROOT / "docs" / "layers.svg")  # noqa: S314 - our own picture
    bold = [node.text for node in picture.iter("{http://www.w3.org/2000/svg}text") if node.get("font-weight") == "bold"]
    assert bold == layers


@pytest.mark.parametrize("picture", sorted((ROOT / "docs").glob("*.svg")), ids=_name)
def test_a_picture_says_what_it_shows(picture):
    tree = ET.parse(picture)  # noqa: S314 - our own picture
    assert tree.findtext("{http://www.w3.org/2000/svg}title")
    assert tree.findtext("{http://www.w3.org/2000/svg}desc")
    assert picture.name in ARCHITECTURE + README


def test_every_decision_is_listed():
    pages = {file.name for file in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", _text(ROOT / "docs" / "adr" / "README.md"))
    assert sorted(pages) == listed
    numbers = sorted(name[:4] for name in pages)
    assert len(set(numbers)) == len(numbers)


def test_the_changelog_speaks_of_this_version():
    changes = _text(ROOT / "CHANGELOG.md")
    assert f"To become {__version__}" in changes or f"## [{__version__}]" in changes
    parts = re.findall(r"^### (.*)$", changes, re.MULTILINE)
    assert set(parts) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Known limits"}


def test_the_licence_is_the_whole_apache_licence():
    licence = _text(ROOT / "LICENSE")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
