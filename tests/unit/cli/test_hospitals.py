"""The verb `hospitals`: list, show, check; and `map` with a hospital's way."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapter.base.errors import SetupError
from adapter.cli.hospitals import app
from adapter.cli.main import run as run_verb

HOSPITALS = Path(__file__).parents[3] / "mappings" / "hospitals"


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def own(tmp_path):
    home = tmp_path / "hospitals"
    shutil.copytree(HOSPITALS / "dijklander", home / "dijklander")
    return home


def test_the_list_names_every_hospital_with_what_it_sends():
    result = run("list")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["catharina", "dijklander"]
    assert "hl7v2-oru-request" in result.stdout


@pytest.mark.parametrize(("lang", "words"), [("en", "All medical data are there"), ("nl", "Alle medische gegevens")])
def test_a_hospital_is_shown_with_its_checklist_step_by_step(lang, words):
    result = run("show", "catharina", "--lang", lang)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    steps = [line.removeprefix("  before: ") for line in lines if line.startswith("  before: ")]
    assert steps == ["request", "sending", "study", "talk"]
    assert words in result.stdout
    assert "recognised by  Catharina Ziekenhuis; " in result.stdout
    assert "judged by nl.provider.catharina#in-cat-records" in result.stdout


def test_a_hospital_that_is_not_there_is_a_wrong_command_line():
    result = run("show", "katharina")
    assert result.exit_code == 2
    assert "catharina, dijklander" in result.stderr


def test_the_shipped_folders_are_right():
    result = run("check", str(HOSPITALS))
    assert (result.exit_code, result.stdout.splitlines()[-1].split(", ")[-1]) == (0, "0 problems")


def test_a_sample_that_becomes_something_else_is_told_and_can_be_written(own):
    expected = own / "dijklander" / "expected" / "orm-specialist.json"
    right = expected.read_bytes()
    expected.write_bytes(right.replace(b"DIJ-ORD-1", b"DIJ-ORD-2"))
    result = run("check", str(own))
    assert result.exit_code == 1
    assert "expected/orm-specialist.json: the sample becomes something else" in result.stdout
    assert result.stdout.splitlines()[-1].endswith(" samples, 1 problems")
    assert run("check", str(own), "--write").exit_code == 0
    assert expected.read_bytes() == right


def test_a_sample_that_is_refused_is_told_in_the_senders_terms(own):
    sample = own / "dijklander" / "samples" / "orm-specialist.hl7"
    sample.write_bytes(sample.read_bytes().replace(b"999990019", b"999990018"))
    result = run("check", str(own))
    assert result.exit_code == 1
    assert "samples/orm-specialist.hl7: PID-3" in result.stdout
    assert "check digit" in result.stdout


def test_a_sample_of_somebody_else_and_a_format_without_one_are_told(own):
    sample = own / "dijklander" / "samples" / "fhir-patient.json"
    sample.write_bytes(sample.read_bytes().replace(b"00009012", b"00009099").replace(b"Dijklander", b"Elsewhere"))
    said = run("check", str(own), "--write").stdout
    assert "samples/fhir-patient.json: the message is not recognised as this hospital's" in said
    for file in (sample, own / "dijklander" / "expected" / "fhir-patient.json"):
        file.unlink()
    said = run("check", str(own)).stdout
    assert "hospitals/dijklander/samples: no sample is a message of fhir-servicerequest, which it sends" in said


def test_a_folder_that_is_wrong_is_an_error_of_configuration(own):
    (own / "dijklander" / "expected" / "orm-specialist.json").unlink()
    assert isinstance(run("check", str(own)).exception, SetupError)


def test_map_hears_a_hospital_by_name_whoever_sends(tmp_path, capfdbinary):
    file = tmp_path / "order.hl7"
    sample = (HOSPITALS / "catharina" / "samples" / "oru-patient.hl7").read_bytes()
    file.write_bytes(sample.replace(b"HIX-CZE-TEST|CATHARINA TEST", b"OTHER|OTHER"))
    assert run_verb(["map", str(file)]) == 0  # not its code but records without it: nothing asks
    said = capfdbinary.readouterr()
    assert b"a record only" in said.err
    assert run_verb(["map", str(file), "--hospital", "catharina"]) == 0
    made = json.loads(capfdbinary.readouterr().out)
    kinds = {entry["resource"]["resourceType"] for entry in made["entry"]}
    assert {"ServiceRequest", "Task"} <= kinds
    assert run_verb(["map", str(file), "--hospital", "katharina"]) == 78
    assert b"there are: catharina, dijklander" in capfdbinary.readouterr().err


def test_map_knows_hospitals_of_another_folder(own, capfdbinary):
    profile = own / "dijklander" / "profile.toml"
    profile.write_text(profile.read_text(encoding="utf-8").replace("EPD-DIJ-TEST|", "EPD-NEW|"), encoding="utf-8")
    sample = own / "dijklander" / "samples" / "orm-specialist.hl7"
    sample.write_bytes(sample.read_bytes().replace(b"EPD-DIJ-TEST|DIJKLANDER TEST", b"EPD-NEW|NEW"))
    assert run_verb(["map", str(sample), "--hospitals", str(own)]) == 0
    assert run_verb(["map", str(sample)]) == 65
    capfdbinary.readouterr()
