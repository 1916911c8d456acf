"""The command line as a whole: exit statuses, how errors are told, and that `--help` loads nothing heavy."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapter.base import errors
from adapter.base.data import shipped
from adapter.base.errors import AdapterError, Invalid, Problem
from adapter.cli import main as module
from adapter.cli.main import VERBS, run

SAMPLE = str(shipped("samples") / "request-nl.json")
HEAVY = ("fhir", "sqlalchemy", "dbos", "fastapi", "starlette", "httpx", "pydantic", "lxml", "orjson", "yaml", "alembic")
NOBODY = "http://127.0.0.1:9"  # the port of "discard": nothing listens there


def command(*arguments, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECOND_OPINION_")}
    return subprocess.run(
        [sys.executable, "-m", "adapter", *arguments],
        capture_output=True, check=False, timeout=60, env=kept, **more,
    )  # fmt: skip


@pytest.fixture
def fails(monkeypatch):
    """Make a verb fail in a given way."""

    def with_error(error: BaseException) -> int:
        class Failing:
            def main(self, *_, **__) -> None:
                raise error

        monkeypatch.setattr(module, "_application", Failing)
        return run(["check"])

    return with_error


LEAVES = sorted(
    (
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, AdapterError) and not one.__subclasses__()
    ),
    key=lambda one: one.__name__,
)


@pytest.mark.parametrize("error", LEAVES, ids=lambda one: one.__name__)
def test_every_error_leaves_with_the_exit_status_of_its_class_and_its_words(fails, capsys, error):
    assert fails(error("this is what is wrong", where="/patient")) == error.exit_status
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "second-opinion: /patient: this is what is wrong\n"
    assert error.exit_status in {65, 75, 77, 78}


def test_all_problems_are_told_each_with_its_place(fails, capsys):
    problems = [
        Problem("no such day", "/patient/birthDate"),
        Problem("not JSON", line=3, column=7),
        Problem("odd", line=4),
    ]
    assert fails(Invalid("the request has 3 problems", problems=problems)) == 65
    assert capsys.readouterr().err.splitlines() == [
        "second-opinion: the request has 3 problems",
        "second-opinion: /patient/birthDate: no such day",
        "second-opinion: not JSON (line 3, column 7)",
        "second-opinion: odd (line 4)",
    ]


def test_what_cannot_be_written_is_told_without_a_traceback(fails, capsys):
    assert fails(OSError(28, "No space left on device", "trace.json")) == 74
    assert capsys.readouterr().err == "second-opinion: trace.json: No space left on device\n"


def test_a_bug_is_not_hidden(fails):
    with pytest.raises(ZeroDivisionError):
        fails(ZeroDivisionError())


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--version"], 0, ""),
        (["--help"], 0, ""),
        (["-h"], 0, ""),
        ([], 2, ""),
        (["nonsense"], 2, "No such command"),
        (["--nonsense"], 2, "No such option"),
        (["map"], 2, "Missing argument"),
        (["map", SAMPLE, "--to", "yaml"], 2, "yaml"),
        (["check", SAMPLE, "--lang", "fr"], 2, "fr"),
        (["check", SAMPLE], 0, ""),
        (["packs", "show", "nl.nobody"], 2, "no pack is called nl.nobody"),
        (["send", "no-such-file.json"], 65, "second-opinion: no-such-file.json: cannot read the file"),
        (["check", "no-such-file.json"], 65, "second-opinion: no-such-file.json: "),
        (["send", SAMPLE, "--node", NOBODY], 75, f"second-opinion: no node answers at {NOBODY}"),
        (["cases", "list", "--node", NOBODY], 75, f"second-opinion: no node answers at {NOBODY}"),
        (["serve", "--config", "no-such-file.toml"], 78, "second-opinion: no-such-file.toml: cannot read"),
        (["work", "--config", "no-such-file.toml"], 78, "second-opinion: no-such-file.toml: cannot read"),
    ],
    ids=lambda one: " ".join(one)[-40:] if isinstance(one, list) else "",
)
def test_a_command_line_ends_with_its_documented_status(capsys, arguments, status, said):
    assert run(arguments) == status
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
    if said:
        assert told.out == ""


def test_an_answer_of_no_is_exit_status_1(tmp_path, capsys):
    (tmp_path / "p.json").write_text('{"resourceType": "Patient", "gender": "unheard-of"}', encoding="utf-8")
    assert run(["validate", str(tmp_path / "p.json"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["valid"] is False


def test_the_overview_names_every_verb_with_its_sentence(capsys):
    assert run(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for verb, sentence in VERBS.items():
        assert f"{verb} {sentence}"[:40] in shown


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(capsys, verb):
    assert run([verb, "--help"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert f"second-opinion {verb}" in told.out


def test_the_overview_loads_nothing_heavy():
    code = f"""
import sys
sys.argv = ["second-opinion", "--help"]
from adapter.__main__ import main
try:
    main()
except SystemExit as leaving:
    assert leaving.code == 0
print([name for name in sys.modules if name.partition(".")[0] in {HEAVY!r}], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr.strip() == "[]"
    assert "Usage:" in done.stdout


def test_a_verbs_own_help_touches_no_database_and_no_web_framework():
    code = """
import sys
from adapter.cli.main import VERBS, run
for verb in VERBS:
    assert run([verb, "--help"]) == 0
    for name in ("sqlalchemy", "dbos", "fastapi", "httpx", "fhir"):
        if name in sys.modules:
            sys.exit(f"{verb} --help loads {name}")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_dash_reads_standard_input_and_results_go_to_standard_output():
    data = Path(SAMPLE).read_bytes()
    facts = json.dumps({"payer": "uzovi:7095", "service_date": "2026-09-01", "item": "second-opinion"})
    answer = command("check", "-", "--facts", "--json", input=facts.encode())
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["decision"]
    mapped = command("map", "-", input=data, cwd=shipped("samples"))
    assert mapped.returncode == 0, mapped.stderr
    judged = command("validate", "-", "--json", input=mapped.stdout)
    assert (judged.returncode, json.loads(judged.stdout)["valid"]) == (0, True)


def test_bytes_that_are_nothing_are_refused_wherever_they_come_from():
    refused = command("map", "-", input=b"\xff\xfe\x00")
    assert (refused.returncode, refused.stdout) == (65, b"")
    assert refused.stderr.startswith(b"second-opinion: ")


@pytest.mark.parametrize("arguments", [["map", SAMPLE], ["packs", "list"], ["check", SAMPLE, "--json"]])
def test_a_reader_that_goes_away_causes_no_traceback(arguments):
    reading, writing = os.pipe()
    os.close(reading)  # as `| head -1` does once it has its line
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "adapter", *arguments], stdout=gone, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


def test_a_full_disk_is_told():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "adapter", "map", SAMPLE],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert done.returncode == 74
    assert done.stderr.decode().splitlines()[-1:] == ["second-opinion: No space left on device"]
