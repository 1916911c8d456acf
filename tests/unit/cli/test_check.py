"""The verb `check`: results on standard output, errors as AdapterError for the command line to tell."""

import json

import pytest
import typer
from typer.testing import CliRunner

from adapter.base.errors import Invalid, Unreadable
from adapter.cli.check import check

FACTS = {"payer": "uzovi:7095", "service_date": "2026-09-01", "item": "second-opinion", "takeover": True}


@pytest.fixture
def run():
    app = typer.Typer()
    app.command()(check)
    return lambda *arguments, given=None: CliRunner().invoke(app, list(arguments), input=given)


def test_facts_from_standard_input_give_a_json_answer(run):
    result = run("-", "--facts", "--json", "--lang", "nl", given=json.dumps(FACTS))
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["decision"], answer["pack"], answer["basis"]) == ("denied", "nl.zvw.default", "estimate")
    assert answer["reasons"][0]["text"].startswith("Een second opinion is alleen een advies")


def test_another_day_overrides_the_service_date(run):
    result = run("-", "--facts", "--json", "--on", "2022-12-31", given=json.dumps(FACTS))
    answer = json.loads(result.stdout)
    assert (answer["on"], answer["pack"], answer["reasons"][0]["code"]) == ("2022-12-31", None, "NO-PACK")


def test_the_telling_is_marked_as_an_estimate(run):
    result = run("-", "--facts", given=json.dumps(FACTS))
    assert result.exit_code == 0
    assert "Estimate, not a decision of the insurer" in result.stdout


@pytest.mark.parametrize(
    ("given", "error", "where"),
    [("{", Unreadable, None), ('{"takeover": "no"}', Invalid, "/takeover"), ("[]", Invalid, "")],
)
def test_facts_that_cannot_be_used_are_refused(run, given, error, where):
    result = run("-", "--facts", given=given)
    assert isinstance(result.exception, error)
    assert where in {None, result.exception.problems[0].where}
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_named(run):
    result = run("no-such-file.json")
    assert isinstance(result.exception, Unreadable)
    assert result.exception.problems[0].where == "no-such-file.json"


@pytest.mark.parametrize("wrong", [("--on", "soon"), ("--lang", "fr")])
def test_wrong_options_are_usage_errors(run, wrong):
    assert run("-", "--facts", *wrong, given="{}").exit_code == 2
