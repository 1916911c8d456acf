import pytest

from adapter.mapping.tables.engine import apply
from adapter.mapping.tables.loading import load_table

ID = ("RF1-6,/id,text,,yes", "ORC[1=NW]-2.1,/id,text")
FAMILY = "PRD[1=RP]-2.1,/treating/practitioner/name/family,text,,yes"
CODE = ("DG1-4,/diagnoses/{DG1}/text,text", "DG1-3.1,/diagnoses/{DG1}/code,text,,yes")


def _told(mapped) -> list[tuple[str, str]]:
    return [(problem.where, problem.text) for problem in mapped.problems]


def test_what_is_required_and_absent_is_told_with_all_places_that_could_say_it(run, message):
    mapped = run(message(("PID", {5: "Vries"})), *ID)
    said = (
        "this is required: The request's own id at its sender (business key); the same in every later message about it. "
        "It is read from `RF1-6`, `ORC[1=NW]-2.1`."
    )
    assert _told(mapped) == [("RF1-6", said)]
    assert list(mapped.missing) == ["/id"]


def test_the_place_of_a_problem_is_that_of_the_row_that_requires_it(run, message):
    mapped = run(message(), "ORC-2,/id,text", "RF1-6,/id,text,,yes")
    assert [where for where, _text in _told(mapped)] == ["RF1-6"]


@pytest.mark.parametrize("saying", [("RF1", {6: "R1"}), ("ORC", {1: "NW", 2: "R1"})])
def test_any_row_may_fill_what_is_required(run, message, saying):
    assert run(message(saying), *ID).problems == ()


def test_the_place_of_a_problem_has_no_conditions(run, message):
    ((where, _text),) = _told(run(message(), FAMILY))
    assert where == "PRD-2.1"


def test_an_entry_without_what_it_needs_is_told_with_its_own_place(run, message):
    root = message(("DG1", {3: "I10"}), ("DG1", {4: "Hernia"}))
    mapped = run(root, *CODE)
    assert [where for where, _text in _told(mapped)] == ["DG1[2]-3.1"]
    assert list(mapped.missing) == ["/diagnoses/0/code"]


def test_without_entries_nothing_is_missing_in_them(run, message):
    assert run(message(("PID", {5: "Vries"})), *CODE).problems == ()


def test_a_list_that_must_have_an_entry_is_missing_where_it_has_none(run, message):
    mapped = run(message(), "OBX-5,/questions/+,text,,yes")
    assert [where for where, _text in _told(mapped)] == ["OBX-5"]
    assert run(message(("OBX", {5: "Why?"})), "OBX-5,/questions/+,text,,yes").problems == ()


def test_a_text_of_lines_is_missing_where_it_has_none(run, message):
    assert [where for where, _text in _told(run(message(), "NTE-3,/notes/+,text,,yes"))] == ["NTE-3"]


@pytest.mark.parametrize(
    ("reader", "source", "where"),
    [
        ("er7", "OBR-OBX[3=SO]-5.1", "OBX-5.1"),
        ("er7", "OBR-OBX-^-4", "OBR-4"),
        ("fhir", "ServiceRequest.identifier[system=x].value", "ServiceRequest.identifier.value"),
        ("cda", "recordTarget/patientRole/id/@extension", "recordTarget/patientRole/id/@extension"),
    ],
)
def test_a_place_is_written_as_the_format_does(write, message, context, reader, source, where):
    folder = write(f"{source},/id,text,,yes")
    settings = (folder / "format.toml").read_text().replace("er7", reader)
    (folder / "format.toml").write_text(settings)
    assert [problem.where for problem in apply(load_table(folder), message(), context).problems] == [where]
