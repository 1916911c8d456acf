import pytest

from adapter.base.errors import Problem
from adapter.mapping.tables.origin import in_sender_terms, origin

ROWS = (
    "RF1-6,/id,text,,yes",
    "PID-5,/patient/name/family,text",
    "PID-7,/patient/birthDate,text",
    "PRD[1=RP]-2,/treating/practitioner/name/family,text",
    "DG1-3.1,/diagnoses/{DG1}/code,text",
    "DG1-3.3,/diagnoses/{DG1}/system,text",
    "NTE-3,/notes/+,text",
    ",/care/type,constant(other)",
)


@pytest.fixture
def mapped(run, message):
    root = message(
        ("PID", {5: "Vries"}), ("DG1", {3: ["A"]}), ("DG1", {3: ["B"]}), ("NTE", {3: "x"}), ("NTE", {3: "y"})
    )
    return run(root, *ROWS)


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("/patient/name/family", "PID-5"),
        ("/patient/name", "PID-5"),
        ("/patient", "PID-5"),
        ("/diagnoses/1/code", "DG1[2]-3.1"),
        ("/diagnoses/1", "DG1[2]-3.1"),
        ("/diagnoses/1/system", "DG1[2]-3.3"),
        ("/notes", "NTE-3"),
        ("/patient/birthDate", "PID-7"),
        ("/treating", "PRD-2"),
        ("/treating/practitioner", "PRD-2"),
        ("/diagnoses/1/laterality", "DG1[2]-3.1"),
        ("/patient/address", "PID-5"),
        ("/consulting", None),
        ("/care/type", None),
    ],
)
def test_a_place_comes_from_the_field_that_went_there_or_would_have(mapped, pointer, place):
    assert origin(pointer, mapped) == place


def test_a_place_that_would_come_from_another_segment_keeps_its_own_name(run, message):
    rows = ("PRD-2,/copyTo/+/organization/name,text", "CTD-5,/copyTo/+/practitioner/name/text,text")
    mapped = run(message(("PRD", {2: "A"}), ("PRD", {2: "B"})), *rows)
    assert origin("/copyTo/1/practitioner", mapped) == "CTD-5"
    assert origin("/copyTo/1/organization", mapped) == "PRD[2]-2"


def test_a_problem_of_the_document_is_told_with_the_senders_place(mapped):
    told = in_sender_terms([Problem("no calendar date", "/patient/birthDate", "value", line=3)], mapped)
    assert told == [Problem("/patient/birthDate: no calendar date", "PID-7", "value", line=3)]


def test_a_problem_without_a_place_of_the_sender_keeps_its_pointer(mapped):
    told = in_sender_terms([Problem("required", "/consulting", "required"), Problem("all of it")], mapped)
    assert told == [Problem("/consulting: required", "/consulting", "required"), Problem("all of it")]


def test_what_the_table_has_told_as_missing_is_not_told_again(mapped):
    assert [problem.where for problem in mapped.problems] == ["RF1-6"]
    assert in_sender_terms([Problem("required", "/id", "required")], mapped) == []
    assert len(in_sender_terms([Problem("too long", "/id", "value")], mapped)) == 1


def test_an_account_in_a_log_shows_nothing_of_the_document(mapped):
    assert "Vries" not in repr(mapped)
