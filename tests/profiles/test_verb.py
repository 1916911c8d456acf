"""The verb `validate` with profiles: claimed, named, and from another package."""

import json

import pytest

from adapter.base.data import shipped
from adapter.cli.main import run
from adapter.fhir.systems import CANONICAL

PROFILES = shipped("profiles")
TASK = f"{CANONICAL}/StructureDefinition/SecondOpinionTask"
ELSEWHERE = "https://profiles.example/StructureDefinition/it"


@pytest.fixture
def judge(capfd):
    def told(*arguments):
        status = run(["validate", *map(str, arguments), "--json"])
        said = capfd.readouterr()
        return status, [json.loads(line) for line in said.out.splitlines()], said.err

    return told


def test_every_example_gets_the_verdict_that_its_folder_says(judge):
    status, lines, _ = judge(PROFILES / "package" / "example")
    assert status == 0
    assert len(lines) > 20
    wrong = [file for file in (PROFILES / "invalid").glob("*.json") if file.name != "reasons.json"]
    status, lines, _ = judge(*wrong)
    assert status == 1
    assert [line["file"] for line in lines if line["valid"]] == []


def test_a_named_profile_is_asked_beside_the_claimed_ones(judge):
    header = PROFILES / "package" / "example" / "SecondOpinionMessageHeader.json"
    status, (line,), _ = judge(header, "--profile", TASK)
    assert status == 1
    (error,) = [issue for issue in line["issues"] if issue["severity"] == "error"]
    assert error == {
        "severity": "error",
        "code": "structure",
        "expression": "MessageHeader",
        "text": f"must be a Task: {TASK} is a profile of that type",
        "line": 1,
        "column": 1,
    }


def test_an_unknown_profile_is_a_mistake_of_the_caller(judge):
    status, lines, errors = judge(PROFILES / "package" / "example" / "SecondOpinionTask.json", "--profile", ELSEWHERE)
    assert (status, lines) == (2, [])
    assert "--package" in errors


def test_a_profile_may_come_from_another_package(judge, tmp_path):
    element = {"id": "Task.note", "path": "Task.note", "min": 1, "max": "*", "base": {"min": 0, "max": "*"}}
    definition = {
        "resourceType": "StructureDefinition",
        "url": ELSEWHERE,
        "type": "Task",
        "snapshot": {"element": [{"id": "Task", "path": "Task"}, element]},
    }
    (tmp_path / "StructureDefinition-it.json").write_text(json.dumps(definition), encoding="utf-8")
    file = PROFILES / "package" / "example" / "SecondOpinionTask.json"
    status, (line,), _ = judge(file, "--profile", ELSEWHERE, "--package", tmp_path)
    assert status == 1
    texts = [issue["text"] for issue in line["issues"] if issue["severity"] == "error"]
    assert texts == ["note must be there (profile)"]
    status, lines, errors = judge(file, "--package", tmp_path / "nowhere")
    assert (status, lines) == (65, [])
    assert "FHIR package" in errors
