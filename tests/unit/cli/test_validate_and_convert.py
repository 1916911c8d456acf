"""The verbs `validate` and `convert` on files, folders and standard input."""

import json

import pytest
import typer
from typer.testing import CliRunner

from adapter.base.errors import Invalid, Unreadable
from adapter.cli.convert import convert
from adapter.cli.validate import validate

GOOD = b'{"resourceType":"Patient","active":true}'
WRONG = b'{"resourceType":"Patient","active":"true","gender":"x"}'


@pytest.fixture
def run():
    app = typer.Typer()
    app.command("validate")(validate)
    app.command("convert")(convert)
    return lambda *arguments, data=None: CliRunner().invoke(app, list(arguments), input=data)


def test_a_valid_file_gives_exit_0_and_one_line_of_json(run, tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(GOOD)
    result = run("validate", str(file), "--json")
    assert result.exit_code == 0
    line = json.loads(result.stdout)
    assert (line["file"], line["valid"]) == (str(file), True)
    assert [issue["severity"] for issue in line["issues"]] == ["warning"]  # advice: it should have a narrative


def test_every_file_of_a_folder_has_its_line_and_one_wrong_file_gives_exit_1(run, tmp_path):
    (tmp_path / "b.json").write_bytes(WRONG)
    (tmp_path / "a.json").write_bytes(GOOD)
    (tmp_path / "c.xml").write_bytes(b"<oops")
    (tmp_path / "notes.txt").write_bytes(b"")
    result = run("validate", str(tmp_path), "--json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [line["valid"] for line in lines] == [True, False, False]
    assert lines[1]["issues"][0] == {
        "severity": "error",
        "code": "value",
        "expression": "Patient.active",
        "text": "must be true or false, without quotes",
        "line": 1,
        "column": 27,
    }
    assert lines[2]["issues"][0]["code"] == "structure"
    assert lines[2]["issues"][0]["line"] == 1


def test_people_get_a_verdict_and_the_problems(run):
    result = run("validate", "-", data=WRONG)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "-: not valid, 2 errors"
    assert "  -:1:43: error: Patient.gender: must be one of" in result.stdout


def test_at_most_a_thousand_issues_are_listed(run):
    data = json.dumps({"resourceType": "Patient", "name": [{"family": ""}] * 1200}).encode()
    issues = json.loads(run("validate", "-", "--json", data=data).stdout)["issues"]
    assert len(issues) == 1001
    assert issues[-1]["text"] == "200 more"


def test_json_becomes_xml_and_comes_back_with_its_digits(run, tmp_path):
    data = b'{"resourceType":"Observation","status":"final","code":{"text":"a"},"valueQuantity":{"value":1.10}}'
    file = tmp_path / "a.json"
    file.write_bytes(data)
    xml = run("convert", str(file), "--to", "xml").stdout_bytes
    assert b'<value value="1.10"/>' in xml
    back = run("convert", "-", "--to", "json", data=xml).stdout_bytes
    assert b'"value": 1.10' in back
    assert json.loads(back) == json.loads(data)


@pytest.mark.parametrize(("data", "error"), [(b"{", Unreadable), (WRONG, Invalid)])
def test_what_cannot_be_converted_is_an_input_error_and_nothing_is_written(run, data, error):
    result = run("convert", "-", "--to", "xml", data=data)
    assert isinstance(result.exception, error)
    assert result.exception.exit_status == 65
    assert result.stdout == ""


def test_a_missing_file_is_input_that_cannot_be_used(run):
    result = run("convert", "nowhere.json", "--to", "xml")
    assert isinstance(result.exception, Unreadable)
    assert result.exception.problems[0].where == "nowhere.json"
