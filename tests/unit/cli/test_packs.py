"""The verb `packs`: list, show, test."""

import pytest
from typer.testing import CliRunner

from adapter.base.errors import Invalid, SetupError, Unreadable
from adapter.cli.packs import app

CASES = """format: second-opinion-cases/1
cases:
  - {id: A, facts: {payer: "uzovi:7095", service_date: 2026-09-01, takeover: true}, expect: {decision: denied}}
  - {id: B, facts: {payer: "uzovi:7095", service_date: 2026-09-01, takeover: true}, expect: {decision: ok}}
"""


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_failed_cases_are_told_and_counted(tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text(CASES, encoding="utf-8")
    result = run("test", str(file))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["B: decision: expected ok, found denied", "1 passed, 1 failed"]


def test_passed_cases_of_several_files_are_summed(tmp_path):
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for file in files:
        file.write_text("\n".join(CASES.splitlines()[:3]), encoding="utf-8")
    result = run("test", *map(str, files))
    assert (result.exit_code, result.stdout) == (0, "2 passed, 0 failed\n")


@pytest.mark.parametrize(("content", "error"), [(b"\xff", Unreadable), (b"cases: []", Invalid)])
def test_a_case_file_that_cannot_be_used_is_an_error(tmp_path, content, error):
    file = tmp_path / "cases.yaml"
    file.write_bytes(content)
    assert isinstance(run("test", str(file)).exception, error)


def test_the_list_names_every_pack():
    result = run("list", "--lang", "de")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        *("de.aok.general", "de.gkv.zmrl", "nl.pnozorg.basic"),
        *("nl.provider.catharina", "nl.provider.dijklander", "nl.zvw.default"),
    ]
    assert "Zweitmeinungsverfahren" in result.stdout


def test_a_pack_is_shown_with_conditions_effects_and_sources():
    result = run("show", "nl.pnozorg.basic", "--lang", "nl")
    assert result.exit_code == 0
    assert "when   returns_to_first eq true" in result.stdout
    assert "gives  denied: NL-NO-RETURN" in result.stdout
    assert "source P13, P07" in result.stdout


def test_an_unknown_pack_is_a_usage_error_that_names_the_known_ones():
    result = run("show", "nl.nobody")
    assert result.exit_code == 2
    assert "nl.zvw.default" in result.stderr


def test_a_folder_that_is_none_stops_with_a_set_up_error(tmp_path):
    assert isinstance(run("list", "--packs", str(tmp_path / "none")).exception, SetupError)
