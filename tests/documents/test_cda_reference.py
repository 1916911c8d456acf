"""docs/reference/cda.md tells what becomes of the CDA documents of others, and which facts a report states in codes."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.base.errors import InputError, UnknownFormat
from adapter.intake.formats import Formats, load_formats
from adapter.intake.taking import take

ROOT = Path(__file__).parents[2]
PAGE = "docs/reference/cda.md"
FOREIGN = ROOT.parent / "shared" / "data" / "08-cda"
KINDS = {"request": "a request", "report": "a report", "records": "records alone", "event": "a word about a case"}


def _facts() -> Iterator[str]:
    yield "| observation/code | goes to | is |"
    yield "|---|---|---|"
    with (ROOT / "mappings" / "intake" / "cda-consultation" / "consultation.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            name, _, told = row["spec"].partition(": ")
            if name.startswith("99SO ") and row["target"]:
                yield f"| `{name.removeprefix('99SO ')}` | `{row['target']}` | {told} |"


def _verdicts(formats: Formats) -> Iterator[str]:
    yield "| file | verdict | why |"
    yield "|---|---|---|"
    for file in sorted(one for one in FOREIGN.rglob("*") if one.suffix.lower() == ".xml"):
        name = file.relative_to(FOREIGN).as_posix()
        try:
            read = take(file.read_bytes(), None, formats=lambda: formats)
        except UnknownFormat as refused:
            problem = refused.problems[0]
            yield f"| {name} | not a referral: refused | {problem.where}: {problem.text.partition(':')[0]} |"
        except InputError as refused:
            reasons = "; ".join(f"{one.where}: {one.text.partition('. It is')[0]}" for one in refused.problems)
            yield f"| {name} | broken: refused | {reasons} |"
        else:
            kind = KINDS[read.mapped.document["format"].removeprefix("second-opinion-").partition("/")[0]]
            verdict = "a record only" if kind == "records alone" else f"mapped: {kind}"
            yield f"| {name} | {verdict} | [{read.account.format}](mappings/{read.account.format}.md) |"


def test_the_facts_are_those_of_the_table(made):
    made(PAGE, "facts of a report", list(_facts()))


def test_the_verdicts_are_what_becomes_of_the_files(made):
    if not FOREIGN.exists():
        pytest.skip("the shared data are not beside the project")
    made(PAGE, "files", list(_verdicts(load_formats(shipped("mappings")))))


def test_every_made_part_has_its_test(parts):
    assert parts(PAGE) == ["facts of a report", "files"]
