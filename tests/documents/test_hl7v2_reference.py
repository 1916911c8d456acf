"""docs/reference/hl7v2.md is made from the tables, the character sets, and what is made of the messages of others."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.base.errors import InputError, UnknownFormat
from adapter.intake.formats import Formats, load_formats
from adapter.intake.readers.er7_charset import names_of_sets
from adapter.intake.taking import take

ROOT = Path(__file__).parents[2]
PAGE = "docs/reference/hl7v2.md"
FOREIGN = ROOT.parent / "shared" / "data" / "07-hl7v2"
KINDS = {"request": "a request", "report": "a report", "records": "records alone", "event": "a word about a case"}


def _facts(folder: str) -> Iterator[str]:
    yield "| OBX-3 | goes to | is |"
    yield "|---|---|---|"
    with (ROOT / "mappings" / "intake" / folder).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            name, _, told = row["spec"].partition(": ")
            if row["source"].startswith("OBX[3.3=99SO][3.1=") and name.startswith("99SO "):
                yield f"| `{name.removeprefix('99SO ')}` | `{row['target']}` | {told} |"


def _sets() -> Iterator[str]:
    yield "| character set | spellings, without signs and blanks |"
    yield "|---|---|"
    for codec, names in names_of_sets().items():
        yield f"| {codec} | {', '.join(names)} |"


def _verdicts(formats: Formats) -> Iterator[str]:
    yield "| file | verdict | why |"
    yield "|---|---|---|"
    for file in sorted([*FOREIGN.rglob("*.hl7"), *FOREIGN.rglob("Message*.txt")]):
        name = file.relative_to(FOREIGN).as_posix()
        try:
            read = take(file.read_bytes(), None, formats=lambda: formats)
        except UnknownFormat as refused:
            problem = refused.problems[0]
            yield f"| {name} | not a referral: refused | {problem.where}: {problem.text.partition(':')[0]} |"
        except InputError as refused:
            reasons = "; ".join(f"{one.where}: {one.text.replace('|', '/')}" for one in refused.problems)
            yield f"| {name} | broken: refused | {reasons} |"
        else:
            kind = KINDS[read.mapped.document["format"].removeprefix("second-opinion-").partition("/")[0]]
            verdict = "a record only" if kind == "records alone" else f"mapped: {kind}"
            yield f"| {name} | {verdict} | [{read.account.format}](mappings/{read.account.format}.md) |"


def test_the_facts_are_those_of_the_tables(made):
    made(PAGE, "facts of a request", list(_facts("hl7v2/facts.csv")))
    made(PAGE, "facts of a report", list(_facts("hl7v2-report/report.csv")))


def test_the_character_sets_are_those_that_are_read(made):
    made(PAGE, "character sets", list(_sets()))


def test_the_verdicts_are_what_becomes_of_the_files(made):
    if not FOREIGN.exists():
        pytest.skip("the shared data are not beside the project")
    made(PAGE, "files", list(_verdicts(load_formats(shipped("mappings")))))


def test_every_made_part_has_its_test(parts):
    assert parts(PAGE) == ["character sets", "facts of a request", "facts of a report", "files"]
