"""The verb `validate` over many files: what is read, what is told, and how it ends."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapter.cli import verdicts
from adapter.cli.fhir_files import contents, find_sources
from adapter.cli.main import run
from adapter.cli.verdicts import Progress, Tally

COMMAND = Path(sys.executable).with_name("second-opinion")
GOOD = b'{"resourceType":"Patient","active":true}'
WRONG = b'{"resourceType":"Patient","active":"true"}'


@pytest.fixture
def judge(capfd):
    """Run the verb and return exit status, the lines on standard output, and all of standard error."""

    def told(*arguments):
        status = run(["validate", *map(str, arguments)])
        said = capfd.readouterr()
        return status, said.out.splitlines(), said.err

    return told


@pytest.fixture
def folder(tmp_path):
    """A good and a wrong file, one below, and what is none of its business."""
    for name, data in {
        "a.json": GOOD,
        "b.json": WRONG,
        "below/c.xml": b'<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>',
        "notes.txt": b"x",
        "package.json": b"{}",
        ".hidden.json": b"{}",
        ".hidden/d.json": b"{}",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    return tmp_path


def test_a_folder_is_read_below_and_summed_up(judge, folder):
    status, lines, errors = judge(folder)
    assert status == 1
    verdicts_ = [line for line in lines if not line.startswith("  ")]
    assert verdicts_ == [
        f"{folder}/a.json: valid, 1 warning",
        f"{folder}/b.json: not valid, 1 error",
        f"{folder}/below/c.xml: valid, 1 warning",
        "3 files: 2 valid, 1 not valid, 2 with warnings",
    ]
    assert errors == ""


def test_lines_of_json_alone_stand_on_standard_output(judge, folder):
    status, lines, errors = judge(folder, "--json")
    assert status == 1
    assert [json.loads(line)["valid"] for line in lines] == [True, False, True]
    assert errors == "3 files: 2 valid, 1 not valid, 2 with warnings\n"


def test_warnings_can_be_left_out_and_still_count(judge, folder):
    _, lines, _ = judge(folder, "--no-warnings")
    assert [line for line in lines if line.startswith("  ")] == [
        f"  {folder}/b.json:1:27: error: Patient.active: must be true or false, without quotes"
    ]
    assert lines[-1].endswith("2 with warnings")
    _, lines, _ = judge(folder, "--no-warnings", "--json")
    assert [len(json.loads(line)["issues"]) for line in lines] == [0, 1, 0]


def test_each_line_of_ndjson_is_a_resource_with_its_number(judge, tmp_path):
    file = tmp_path / "bulk.ndjson"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\r\n\n" + WRONG + b"\n<Patient/>\n" + GOOD)
    status, lines, _ = judge(file, "--json")
    told = [json.loads(line) for line in lines]
    assert status == 1
    assert [(one["file"].rpartition("/")[2], one["valid"]) for one in told] == [
        ("bulk.ndjson:1", True),
        ("bulk.ndjson:3", False),
        ("bulk.ndjson:4", False),
        ("bulk.ndjson:5", True),
    ]
    assert (told[1]["issues"][0]["line"], told[1]["issues"][0]["column"]) == (3, 27)
    _, lines, _ = judge(file, "--no-warnings")
    assert f"  {file}:3:27: error: Patient.active: must be true or false, without quotes" in lines


def test_what_cannot_be_read_has_its_line_and_the_others_are_judged_all_the_same(judge, folder):
    nowhere = folder / "nowhere.json"
    status, lines, errors = judge(nowhere, folder / "a.json", folder / "b.json", "--json")
    told = [json.loads(line) for line in lines]
    assert status == 65
    assert [one["valid"] for one in told] == [False, True, False]
    assert told[0] == {
        "file": str(nowhere),
        "valid": False,
        "issues": [
            {
                "severity": "fatal",
                "code": "not-found",
                "expression": None,
                "text": "cannot read the file: No such file or directory",
            }
        ],
    }
    assert errors.endswith("; 1 could not be read\n")


def test_a_folder_without_files_is_no_success(judge, tmp_path):
    status, lines, _ = judge(tmp_path)
    assert status == 65
    assert lines[1] == "  fatal: there is no .json, .xml or .ndjson file in this folder"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(judge, folder):
    (folder / "below").chmod(0)
    try:
        assert judge(folder)[0] == 65
    finally:
        (folder / "below").chmod(0o700)


def test_a_file_and_standard_input_may_come_together(folder, tmp_path):
    done = subprocess.run([COMMAND, "validate", "-", folder / "a.json", "--json"], input=WRONG, capture_output=True)  # noqa: PLW1510 - its status is looked at
    assert done.returncode == 1
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["-", str(folder / "a.json")]


def test_every_profile_that_is_named_is_asked(judge, tmp_path):
    core = "http://hl7.org/fhir/StructureDefinition/"
    (tmp_path / "a.json").write_bytes(GOOD)
    named = ["--profile", f"{core}Task", "--profile", f"{core}Group"]
    status, (line,), _ = judge(tmp_path / "a.json", "--json", *named)
    assert status == 1
    assert [one["text"] for one in json.loads(line)["issues"] if one["severity"] == "error"] == [
        f"must be a Task: {core}Task is a profile of that type",
        f"must be a Group: {core}Group is a profile of that type",
    ]
    status, lines, errors = judge(tmp_path / "a.json", "--profile", "urn:x", "--profile", "urn:y")
    assert (status, lines) == (2, [])
    assert errors.count("is not known here") == 2


def test_more_than_the_limit_is_not_read(tmp_path):
    file = tmp_path / "long.ndjson"
    file.write_bytes(b"x" * 50 + b"\nshort\n" + b"y" * 11)
    (source,) = find_sources([str(file)])
    found = list(contents(source, 10))
    assert [(one.name.rpartition(":")[2], len(one.data) > 10) for one in found] == [
        ("1", True),
        ("2", False),
        ("3", True),
    ]
    assert all(len(one.data) <= 12 for one in found)
    other = tmp_path / "long.json"
    other.write_bytes(b"x" * 50)
    (source,) = find_sources([str(other)])
    assert [len(one.data) for one in contents(source, 10)] == [11]


def test_a_name_cannot_give_orders_to_the_terminal(judge, tmp_path):
    file = tmp_path / "\x1b[31m.json"
    file.write_bytes(b'{"resourceType":"Patient","\\u001b[31m":1}')
    _, lines, _ = judge(file)
    assert all("\x1b" not in line for line in lines)


def test_a_name_that_is_no_text_is_shown_as_far_as_it_is(judge, tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json")).write_bytes(GOOD)
    status, (line,), _ = judge(tmp_path, "--json")
    assert status == 0
    assert json.loads(line)["file"].endswith("\ufffd.json")
    assert judge(tmp_path)[0] == 0


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path):
    for index in range(300):
        (tmp_path / f"{index}.json").write_bytes(GOOD)
    process = subprocess.Popen([COMMAND, "validate", tmp_path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), said) == (141, b"")


def test_an_interruption_ends_it_with_what_was_found(judge, folder, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(verdicts.Progress, "step", interrupted)
    status, lines, errors = judge(folder, "--no-warnings")
    assert status == 130
    assert lines == [f"{folder}/a.json: valid"]
    assert errors == "interrupted; 1 files: 1 valid, 0 not valid, 1 with warnings\n"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def told_of(total, monkeypatch, *, out, err):
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(verdicts, "_SECONDS_BETWEEN", -1)
    progress = Progress(total)
    for done in range(1, total + 1):
        progress.step(done, Tally())
    return err.getvalue()


def test_how_far_it_is_is_one_line_on_a_terminal_and_is_wiped_at_the_end(monkeypatch):
    said = told_of(200, monkeypatch, out=io.StringIO(), err=Terminal())
    assert said.count("\r") > 200
    assert "\n" not in said
    assert said.endswith("200 of 200 files, 0 not valid\r\x1b[K")


def test_elsewhere_it_is_a_line_for_every_thousand(monkeypatch):
    said = told_of(2500, monkeypatch, out=io.StringIO(), err=io.StringIO())
    assert said.splitlines() == ["1000 of 2500 files, 0 not valid", "2000 of 2500 files, 0 not valid"]


@pytest.mark.parametrize(("total", "out"), [(99, io.StringIO()), (200, Terminal())])
def test_nothing_is_told_of_few_files_or_where_the_verdicts_run_over_the_screen(total, out, monkeypatch):
    assert told_of(total, monkeypatch, out=out, err=Terminal()) == ""


def test_comments_in_json_are_passed_over_where_that_is_asked_for(judge, tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(b'{"resourceType":"Patient", // TEST\n"active":"true"}')
    assert judge(file)[0] == 1
    status, lines, _ = judge(file, "--allow-comments")
    assert status == 1
    assert f"{file}:2:1: error: Patient.active" in " ".join(lines)
