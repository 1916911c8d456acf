"""docs/reference/fhir-files.md tells what becomes of the FHIR files of others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.base.errors import InputError, UnknownFormat
from adapter.intake.formats import Formats, load_formats
from adapter.intake.taking import take

ROOT = Path(__file__).parents[2]
PAGE = "docs/reference/fhir-files.md"
FOREIGN = ROOT.parent / "shared" / "data"
FOLDERS = (
    "06-exchange/bser-ereferral",
    "06-exchange/ips",
    "06-exchange/ihe-mhd",
    "06-exchange/davinci-pas",
    "05-de/ch-orf-order-referral",
    "05-de/isik-basis",
    "05-de/isik-dokumentenaustausch",
    "04-nl/generieke-functies",
    "10-wrong-version",
)
KINDS = {"request": "a request", "report": "a report", "records": "records alone", "event": "a word about a case"}
MOST = 2


def _verdicts(formats: Formats) -> Iterator[str]:
    yield "| file | verdict | why |"
    yield "|---|---|---|"
    for folder in FOLDERS:
        for file in sorted(one for one in (FOREIGN / folder).rglob("*") if one.suffix in (".json", ".xml")):
            name = file.relative_to(FOREIGN).as_posix()
            verdict, why = _verdict(file, formats)
            yield f"| {name} | {verdict} | {why} |"


def _verdict(file: Path, formats: Formats) -> tuple[str, str]:
    try:
        read = take(file.read_bytes(), None, formats=lambda: formats)
    except UnknownFormat as refused:
        return "not a referral: refused", refused.problems[0].text.partition(":")[0]
    except InputError as refused:
        wrong = [one for one in refused.problems if one.severity in ("error", "fatal")]
        told = [f"{one.where}: {one.text.replace('|', '/')}" if one.where else one.text for one in wrong]
        more = [f"and {len(told) - MOST} more"] if len(told) > MOST else []
        return "broken: refused", "; ".join([*told[:MOST], *more])
    kind = KINDS[read.mapped.document["format"].removeprefix("second-opinion-").partition("/")[0]]
    verdict = "a record only" if kind == "records alone" else f"mapped: {kind}"
    return verdict, f"[{read.account.format}](mappings/{read.account.format}.md)"


def test_the_verdicts_are_what_becomes_of_the_files(made):
    if not FOREIGN.exists():
        pytest.skip("the shared data are not beside the project")
    made(PAGE, "files", list(_verdicts(load_formats(shipped("mappings")))))


def test_every_made_part_has_its_test(parts):
    assert parts(PAGE) == ["files"]
