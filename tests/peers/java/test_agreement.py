"""https://github.com/FHIR/fhir-test-cases: the HL7 Java validator and ours on files that nobody here wrote.

`AGREEMENT=rewrite` (make agreement) writes docs/agreement.md and measures both; otherwise the tables in it must be so.
"""

import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from adapter.fhir.validate import validate_bytes
from bench.samples import bundles

pytestmark = [pytest.mark.peers, pytest.mark.timeout(900)]

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[2] / "docs" / "agreement.md"
REWRITE = os.environ.get("AGREEMENT") == "rewrite"
CASES = "02-validator-cases/files"
GROUPS = {
    CASES: ("validator cases of HL7", "*"),
    "01-r4-official-examples": ("official R4 examples, JSON", "*.json"),
    "04-nl": ("Netherlands: zib 2020 (XML), generic functions", "*"),
    "05-de": ("Germany and Switzerland: ISiK, KBV, MII, CH-ORF", "*"),
    "06-exchange": ("Da Vinci, BSeR, IHE, IPS", "*"),
}
"""What each folder holds, and which of its files are compared; the XML of the official examples is the codec's test."""
OPENING = """\
# Agreement with the HL7 Java validator

`make agreement` writes this page. The judge is HAPI FHIR {hapi} with org.hl7.fhir.* {core}, the newest that Maven Central
gives complete; its settings stand in [Rulebook.java](../tests/peers/java/src/main/java/judge/Rulebook.java): R4 4.0.1 alone,
no terminology server, no network, extensible bindings as warnings, unknown extensions and example URLs allowed. Ours is
`second-opinion validate`, R4 alone. Compared is the verdict: valid, or an error.

All that the adapter emits, and every example of its profiles, is judged the same by both (`make test-java`). This page is
about files that nobody here wrote.
"""
SUITE = """\
## Against the suite's own outcomes

The outcomes that come with the validator cases are of a newer version of the Java validator with a terminology server and
packages. Structural errors are those that need neither. Left out: cases whose clean outcome rests on JSON with comments.

| cases | we | the Java validator here |
|---|---:|---:|"""
WARM_UP_SECONDS = 8
MEASURED = "## How long it takes"
"""What follows this heading differs from run to run."""
CONDITIONS = """
Medians of 40 runs after {warm} s of warming up, from text, one process each, one after the other, {cores} cores (Java {java}).
Both check R4 with all its invariants. The Java validator needed {start:.1f} s from its start to its first verdict.

| Bundle | the Java validator | we | faster |
|---|---:|---:|---:|"""


@pytest.fixture(scope="module")
def found(compare, official) -> dict[str, list[Any]]:
    """The comparisons of each group, by the folder's name."""
    return {
        group: compare((file for file in sorted((official / group).rglob(files)) if file.is_file()), official)
        for group, (_, files) in GROUPS.items()
    }


@pytest.mark.parametrize("group", GROUPS)
def test_every_difference_has_a_reason(found, group):
    assert [str(one) for one in found[group] if not one.agrees and one.why is None] == []


def test_every_reason_explains_a_difference(found, told):
    differing = [one for group in found.values() for one in group if not one.agrees]
    files = [one["file"] for one in told["files"] if not any(other.name.endswith(one["file"]) for other in differing)]
    issued = {issue for one in differing for issue, *_ in one.their_reasons}
    assert files + [one["id"] for one in told["issues"] if one["id"] not in issued] == []


def test_the_document_says_what_is_so(found, told, cases, java):
    text = "\n".join([*_opening(java), *_counts(found), *_against_the_suite(found, cases), *_differences(found, told)])
    if REWRITE:
        DOCUMENT.write_text(text + "\n" + "\n".join(_measured(java)), encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8").partition(MEASURED)[0].strip() == text.strip(), "make agreement"


@pytest.fixture(scope="module")
def cases(official) -> list[dict[str, Any]]:
    """The cases of the suite, with what its own, newer version of the Java validator finds."""
    return json.loads((official / CASES).with_name("cases.json").read_bytes())


def _opening(java) -> list[str]:
    return [OPENING.format(**java.made_of)]


def _counts(found) -> list[str]:
    lines = [
        "## Counts",
        "",
        "| files | both valid | both not | Java alone finds an error | we alone do | no verdict of Java |",
    ]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for group, (name, _) in GROUPS.items():
        seen = Counter((one.ours, one.theirs) for one in found[group])
        unjudged = seen[True, None] + seen[False, None]
        cells = [seen[True, True], seen[False, False], seen[True, False], seen[False, True], unjudged]
        lines.append(f"| {name} ({len(found[group])}) | " + " | ".join(map(str, cells)) + " |")
    return [*lines, ""]


def _against_the_suite(found, cases) -> list[str]:
    judged = {one.name: one for one in found[CASES]}
    wrong = [judged[f"{CASES}/{case['file']}"] for case in cases if case["errors_structural"]]
    clean = [
        judged[f"{CASES}/{case['file']}"]
        for case in cases
        if not case["errors"] and not case["options"].get("allow-comments")
    ]
    lines = [SUITE]
    for name, those in (("with structural errors, found", wrong), ("without any error, called wrong", clean)):
        ours, theirs = sum(not one.ours for one in those), sum(one.theirs is False for one in those)
        lines.append(f"| {name} | {ours} of {len(those)} | {theirs} of {len(those)} |")
    missed = _listed([one.name for one in wrong if one.ours])
    alarms = _listed([one.name for one in clean if not one.ours])
    return [*lines, "", f"We do not find: {missed}. We alone call wrong: {alarms}.", ""]


def _differences(found, told) -> list[str]:
    lines = ["## Every difference", ""]
    for kind, means in told["kinds"].items():
        by_reason: dict[str, list[str]] = {}
        for group in found.values():
            for one in group:
                if not one.agrees and one.why is not None and one.why["kind"] == kind:
                    by_reason.setdefault(one.why["why"], []).append(one.name)
        count = sum(map(len, by_reason.values()))
        if count:
            lines += [f"### {means} ({count})", ""]
            for reason, names in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
                lines += [f"- {reason}: {_listed(names)}"]
            lines.append("")
    unjudged = [one.name for group in found.values() for one in group if one.theirs is None]
    return [*lines, f"No verdict of the Java validator (it fails on them): {_listed(unjudged)}.", ""]


def _listed(names: list[str]) -> str:
    return ", ".join(sorted({name.removeprefix(f"{CASES}/").rpartition("/")[2] for name in names})) or "none"


def _measured(java) -> list[str]:
    made = java.made_of
    conditions = {
        "cores": os.cpu_count(),
        "java": made["java"].partition("+")[0],
        "start": made["startMs"] / 1000,
        "warm": WARM_UP_SECONDS,
    }
    lines = [MEASURED, CONDITIONS.format(**conditions)]
    for name, data, file in _timed():
        _repeat(partial(java.judge, file), WARM_UP_SECONDS)
        _repeat(partial(validate_bytes, data), WARM_UP_SECONDS / 4)
        theirs = statistics.median(java.judge(file)["ms"] for _ in range(40))
        ours = statistics.median(_milliseconds(data) for _ in range(40))
        lines.append(f"| {name} ({len(data):,} bytes) | {theirs:.1f} ms | {ours:.2f} ms | {theirs / ours:.1f}x |")
        file.unlink()
    return [*lines, ""]


def _timed():
    folder = HERE.parents[2] / ".peers" / "java"
    for name, (_, bundle) in bundles().items():
        data = json.dumps(bundle, ensure_ascii=False).encode()
        file = folder / "measured.json"
        file.write_bytes(data)
        yield name, data, file


def _repeat(call: Callable[[], Any], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        call()


def _milliseconds(data: bytes) -> float:
    started = time.perf_counter_ns()
    validate_bytes(data)
    return (time.perf_counter_ns() - started) / 1e6
