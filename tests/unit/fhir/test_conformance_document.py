"""What docs/conformance.md says about agreement and known differences is what the validator does."""

from pathlib import Path

from adapter.fhir.codec import parse_json
from adapter.fhir.definitions.constraints import CORRECTIONS
from adapter.fhir.definitions.registry import ARTEFACT
from adapter.fhir.validate import is_valid, validate, validate_bytes

DOCUMENT = (Path(__file__).parents[3] / "docs" / "conformance.md").read_text(encoding="utf-8")


def _table(heading):
    part = DOCUMENT.partition(f"\n{heading}\n")[2]
    rows = []
    for line in part.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


def test_the_cases_where_we_differ_from_the_official_validator_are_those_in_the_document(official, cases):
    folder = official / "02-validator-cases" / "files"
    wrong = [case for case in cases if case["errors_structural"]]
    right = [case for case in cases if not case["errors"]]

    def differs(case):
        return is_valid(validate_bytes((folder / case["file"]).read_bytes())) is bool(case["errors_structural"])

    different = [[case["name"], "wrong"] for case in wrong if differs(case)]
    alarms = [[case["name"], "right"] for case in right if differs(case)]
    assert sorted(row[:2] for row in _table("Where we differ:")) == sorted(different + alarms)
    counts = {row[0]: (int(row[1]), int(row[2])) for row in _table("## Against the official validator")}
    assert counts == {
        "structurally wrong": (len(wrong), len(wrong) - len(different)),
        "nothing wrong": (len(right), len(right) - len(alarms)),
    }
    assert len(wrong) - len(different) >= 58
    assert [name for name, _ in alarms if not name.startswith("json-comments")] == []


def test_the_wrong_examples_of_r4_are_those_in_the_document(examples):
    wrong = {file.stem for file, _ in examples if not is_valid(validate(parse_json(file.read_bytes())))}
    assert wrong == {row[0] for row in _table("## Official examples of R4 that are wrong")}


def test_the_figures_in_the_document_are_right():
    assert f"({round(ARTEFACT.stat().st_size / 1024)} KB:" in DOCUMENT
    assert sorted(
        key for row in _table("Expressions of R4 that are corrected:") for key in row[0].split(", ")
    ) == sorted([*CORRECTIONS, "csd-0 and the like"])
