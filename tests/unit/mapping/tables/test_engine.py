from dataclasses import replace
from time import perf_counter

import pytest

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.tables.engine import apply
from adapter.mapping.tables.fates import BLANK, DECIDES, DELETES, NO_ROW

NAME = "PID-5.1,/patient/name/family,text"


@pytest.fixture
def traced(run):
    """Map a message and give the traces as {source: (target, transform, note)}."""

    def make(root, *rows, **more):
        return {row[0]: row[1:] for row in run(root, *rows, **more).rows}

    return make


def test_a_value_goes_to_its_place_and_the_document_names_its_format(run, message):
    mapped = run(message(("PID", {5: ["de Vries", "Anna"]})), NAME, "PID-5.2,/patient/name/given/+,text")
    assert mapped.document == {
        "format": "second-opinion-request/1",
        "patient": {"name": {"family": "de Vries", "given": ["Anna"]}},
    }
    assert [row.target for row in mapped.rows] == ["/patient/name/family", "/patient/name/given/0"]
    assert mapped.remarks == ()


def test_the_first_value_of_a_place_stays_and_the_loser_is_told_who_won(run, message):
    root = message(("RF1", {6: "R1"}), ("ORC", {2: "R2"}))
    mapped = run(root, "RF1-6,/id,text", "ORC-2,/id,text")
    assert mapped.document["id"] == "R1"
    said = "not taken over: RF1-6 says it otherwise"
    assert mapped.rows[1] == ("ORC-2", None, "text", said)
    assert mapped.remarks == (Remark(RemarkKind.LOST, "ORC-2", None, said),)


def test_the_order_of_the_rows_decides_and_not_that_of_the_message(run, message):
    root = message(("RF1", {6: "R1"}), ("ORC", {2: "R2"}))
    assert run(root, "ORC-2,/id,text", "RF1-6,/id,text").document["id"] == "R2"


def test_the_same_value_again_is_said_already_and_not_lost(run, message):
    root = message(("RF1", {6: "R1"}), ("ORC", {2: "R1"}))
    mapped = run(root, "RF1-6,/id,text", "ORC-2,/id,text")
    assert mapped.rows[1] == ("ORC-2", "/id", "text", "said already by RF1-6")
    assert mapped.remarks == ()


def test_a_second_node_of_the_same_row_is_lost_too(run, message):
    mapped = run(message(("PID", {5: (["Vries"], ["Jansen"])})), NAME)
    assert mapped.document["patient"]["name"]["family"] == "Vries"
    assert mapped.rows[1].note == "not taken over: PID-5.1 says it otherwise"


def test_a_value_that_found_its_place_filled_but_went_elsewhere_is_not_lost(run, message):
    root = message(("RF1", {6: "R1"}), ("ORC", {2: "R2"}))
    mapped = run(root, "RF1-6,/id,text", "ORC-2,/id,text", "ORC-2,/case,text")
    assert mapped.rows[1] == ("ORC-2", "/case", "text", "")
    assert mapped.remarks == ()


def test_a_field_may_go_to_several_places(traced, message):
    rows = traced(message(("RF1", {6: "R1"})), "RF1-6,/id,text", "RF1-6,/case,text")
    assert rows == {"RF1-6": ("/id; /case", "text", "")}


def test_rows_of_one_node_fill_one_entry_whatever_stands_between(run, message):
    root = message(("DG1", {3: "M51.1", 6: "A"}), ("DG1", {4: "Hernia"}), ("DG1", {3: "I10", 4: "Hypertension"}))
    mapped = run(root, "DG1-3,/diagnoses/{DG1}/code,text", "DG1-4,/diagnoses/{DG1}/text,text")
    assert mapped.document["diagnoses"] == [
        {"code": "M51.1"},
        {"code": "I10", "text": "Hypertension"},
        {"text": "Hernia"},
    ]
    assert {row.source: row.target for row in mapped.rows}["DG1[3]-4"] == "/diagnoses/1/text"


def test_plus_appends_an_entry_for_each_node_and_none_twice(run, message):
    root = message(("OBX", {5: "Why?"}), ("OBX", {5: "When?"}), ("OBX", {5: "Why?"}))
    mapped = run(root, "OBX-5,/questions/+,text")
    assert mapped.document["questions"] == ["Why?", "When?"]
    assert mapped.rows[2] == ("OBX[3]-5", "/questions/0", "text", "said already by OBX-5")


def test_plus_in_the_middle_makes_an_entry_for_each_node(run, message):
    root = message(("PRD", {2: "A"}), ("PRD", {2: "B"}))
    mapped = run(root, "PRD-2,/copyTo/+/organization/name,text")
    assert mapped.document["copyTo"] == [{"organization": {"name": "A"}}, {"organization": {"name": "B"}}]


def test_plus_behind_a_text_appends_a_line(run, message):
    root = message(("NTE", {3: "one"}), ("NTE", {3: "two"}), ("NTE", {3: "one"}))
    mapped = run(root, "NTE-3,/notes/+,text")
    assert mapped.document["notes"] == "one\ntwo"
    assert mapped.rows[2].note == "said already by NTE-3"


def test_lines_go_behind_a_text_that_another_row_put_there(run, message):
    root = message(("RF1", {10: "Reason"}), ("NTE", {3: "one"}), ("NTE", {3: "Reason"}))
    mapped = run(root, "RF1-10,/notes,text", "NTE-3,/notes/+,text")
    assert mapped.document["notes"] == "Reason\none"
    assert mapped.rows[2].note == "said already by RF1-10"


def test_a_field_that_chose_the_row_is_told_as_that(traced, message):
    root = message(("PRD", {1: "RP", 2: "Bakker"}), ("PRD", {1: "XX", 2: "Jansen"}))
    rows = traced(root, "PRD[1=RP]-2,/treating/organization/name,text")
    assert rows["PRD-1"] == ("/treating/organization/name", "", DECIDES)
    assert rows["PRD[2]-1"] == (None, "", NO_ROW)


def test_what_no_row_speaks_of_is_lost(run, message):
    mapped = run(message(("PID", {5: "Vries", 30: "N"})), NAME)
    assert mapped.rows[1] == ("PID-30", None, "", NO_ROW)
    assert mapped.remarks == (Remark(RemarkKind.LOST, "PID-30", None, NO_ROW),)


def test_what_a_transform_does_not_use_is_lost(run, message):
    mapped = run(message(("PID", {5: ["Vries", "Anna"]})), "PID-5,/patient/name/family,text")
    said = "`text` makes nothing of it: not taken over"
    assert mapped.rows[1] == ("PID-5.2", None, "text", said)
    assert [one.source for one in mapped.remarks] == ["PID-5.2"]


def test_a_row_without_a_target_gives_the_reason_and_loses_nothing(run, message):
    mapped = run(message(("MSH", {1: "|", 2: "^~"})), "MSH-1,,ignore,,,syntax", "MSH-2,,ignore,,,syntax")
    assert [row[1:] for row in mapped.rows] == [(None, "ignore", "syntax")] * 2
    assert mapped.remarks == ()


def test_a_row_that_says_lost_makes_a_remark_of_each_field(run, message):
    mapped = run(message(("ZPI", {1: ["a", "b"], 2: "c"})), "ZPI,,lost,,,a segment of the sender alone")
    assert [one.source for one in mapped.remarks] == ["ZPI-1.1", "ZPI-1.2", "ZPI-2"]
    assert {one.text for one in mapped.remarks} == {"a segment of the sender alone"}


def test_the_nearest_row_without_a_target_has_the_word(traced, message):
    rows = traced(message(("ZPI", {1: "a", 2: "b"})), "ZPI,,lost,,,all", "ZPI-2,,ignore,,,a counter")
    assert rows == {"ZPI-1": (None, "lost", "all"), "ZPI-2": (None, "ignore", "a counter")}


def test_a_reason_in_the_table_is_better_than_that_another_value_won(run, message):
    mapped = run(message(("PID", {5: ("Vries", "Jansen")})), NAME, "PID-5[2],,ignore,,,an alias")
    assert mapped.rows[1] == ("PID-5[2]", None, "ignore", "an alias")
    assert mapped.remarks == ()


def test_a_field_that_chose_several_rows_is_told_with_the_place_that_one_of_them_filled(traced, message):
    root = message(("PRD", {1: "RP", 2: "Bakker", 3: "x"}))
    rows = traced(root, "PRD[1=RP]-3,,ignore,,,a counter", "PRD[1=RP]-2,/treating/organization/name,text")
    assert rows["PRD-1"] == ("/treating/organization/name", "", DECIDES)
    only = traced(root, "PRD[1=RP]-3,,ignore,,,a counter")
    assert only["PRD-1"] == (None, "", DECIDES)


def test_a_field_that_chose_a_place_that_was_filled_already_led_nowhere(traced, message):
    root = message(("PRD", {1: "RP", 2: "Bakker"}), ("PRD", {1: "RP", 2: "Jansen"}))
    rows = traced(root, "PRD[1=RP]-2,/treating/organization/name,text")
    assert rows["PRD[2]-1"] == (None, "", DECIDES)


def test_a_reason_in_the_table_is_better_than_that_a_transform_had_no_use_for_it(run, message):
    root = message(("PID", {5: ["Vries", "Anna"]}))
    for rows in (
        ("PID-5,,ignore,,,why", "PID-5,/patient/name/family,text"),
        ("PID-5,/patient/name/family,text", "PID-5.2,,ignore,,,why"),
    ):
        mapped = run(root, *rows)
        assert mapped.rows[1] == ("PID-5.2", None, "ignore", "why")
        assert mapped.remarks == ()


def test_the_delete_sign_of_v2_and_white_space_say_nothing(run, message):
    mapped = run(message(("PID", {5: '""', 6: "  "})), NAME)
    assert [row.note for row in mapped.rows] == [DELETES, BLANK]
    assert mapped.remarks == ()
    assert "patient" not in mapped.document


def test_a_constant_without_a_source_fills_what_nothing_else_does(run, message):
    root = message(("PID", {5: "Vries"}))
    last = ",/care/type,default(other),,,nothing says it"
    mapped = run(root, "ZCA-1,/care/type,text", last)
    assert mapped.document["care"] == {"type": "other"}
    assert mapped.remarks[0] == Remark(RemarkKind.DEFAULTED, None, "/care/type", "nothing says it")
    filled = run(message(("ZCA", {1: "dental"})), "ZCA-1,/care/type,text", last)
    assert filled.document["care"] == {"type": "dental"}
    assert filled.remarks == ()


def test_a_constant_with_a_source_is_set_where_the_source_is_found(run, message):
    row = "RF1-4[=AM],/afterwards,constant(transfer)"
    assert run(message(("RF1", {4: "SO"})), row).document.get("afterwards") is None
    mapped = run(message(("RF1", {4: ("SO", "AM")})), row)
    assert mapped.document["afterwards"] == "transfer"
    assert mapped.rows[1] == ("RF1-4[2]", "/afterwards", "constant(transfer)", "")


def test_a_constant_for_a_segment_hides_none_of_its_fields(run, message):
    root = message(("RF1", {4: "SO", 7: "2026"}))
    mapped = run(root, "RF1[4=SO],/care/type,constant(other)", 'RF1[4=SO],/afterwards,default(return),,,"it says so"')
    assert mapped.document["care"] == {"type": "other"}
    assert [row.source for row in mapped.rows if row.target is None] == ["RF1-7"]
    assert "RF1-7" in [one.source for one in mapped.remarks if one.kind is RemarkKind.LOST]


def test_a_fault_of_a_transform_names_its_row(table, message, context):
    loaded = table("PID-5,/patient/name/family,text")
    broken = replace(loaded.rows[0], transform=lambda _node, _context: 1 / 0)
    with pytest.raises(ZeroDivisionError) as found:
        apply(replace(loaded, rows=(broken,)), message(("PID", {5: "Vries"})), context)
    assert found.value.__notes__ == ["while the row intake/demo/rows.csv:2 was heard"]


def test_a_constant_that_is_a_truth_value_is_one(run, message):
    row = "RF1-10[=S],/insurance/active,constant(true)"
    assert run(message(("RF1", {10: "S"})), row).document["insurance"] == {"active": True}


def test_a_segment_that_belongs_to_another_is_beneath_it(run, message):
    root = message(("PRD", {2: "A"}), ("CTD", {5: "1"}), ("PRD", {2: "B"}), ("CTD", {5: "2"}))
    rows = ("PRD-2,/copyTo/{PRD}/organization/name,text", "PRD-CTD-5,/copyTo/{PRD}/practitioner/name/text,text")
    copies = run(root, *rows, settings='[adopt]\nPRD = ["CTD"]').document["copyTo"]
    assert [one["practitioner"]["name"]["text"] for one in copies] == ["1", "2"]


def test_a_way_back_reads_the_parent_for_each_child(run, message):
    root = message(("OBR", {4: "MRI"}), ("OBX", {5: "a"}), ("OBX", {5: "b"}))
    rows = ("OBR-OBX-5,/records/{OBX}/id,text", "OBR-OBX-^-4,/records/{OBX}/title,text")
    mapped = run(root, *rows, settings='[adopt]\nOBR = ["OBX"]')
    assert mapped.document["records"] == [{"id": "a", "title": "MRI"}, {"id": "b", "title": "MRI"}]
    assert mapped.rows[0] == ("OBR-4", "/records/0/title; /records/1/title", "text", "")


def test_a_code_goes_through_its_map_and_an_unknown_one_is_never_guessed(run, message, write_map):
    write_map("gender", {"M": "male", "F": "female", "A": None})
    row = "PID-8,/patient/gender,code,gender"
    assert run(message(("PID", {8: "f"})), row).document["patient"] == {"gender": "female"}
    unknown = run(message(("PID", {8: "Q"})), row)
    assert "patient" not in unknown.document
    (remark,) = unknown.remarks
    assert (remark.kind, remark.source, remark.target) == (RemarkKind.UNMAPPED, "PID-8", None)
    assert unknown.rows[0].note == remark.text
    nothing = run(message(("PID", {8: "A"})), row)
    assert [one.kind for one in nothing.remarks] == [RemarkKind.LOST]


def test_a_remark_of_a_transform_has_its_place_in_the_document(run, message):
    mapped = run(message(("RF1", {9: "2026-03-12"})), "RF1-9,/sent,instant")
    (remark,) = mapped.remarks
    assert (remark.kind, remark.target) == (RemarkKind.DEFAULTED, "/sent")
    assert mapped.rows[0] == ("RF1-9", "/sent", "instant", remark.text)


def test_the_same_field_twice_makes_one_remark(run, message, write_map):
    write_map("gender", {"M": "male"})
    rows = ("PID-8,/patient/gender,code,gender", "*[8]-8,/patient/gender,code,gender")
    mapped = run(message(("PID", {8: "Q"})), *rows)
    assert len(mapped.remarks) == 1


def test_an_empty_message_gives_an_empty_document(run, message):
    mapped = run(message(), NAME)
    assert mapped.document == {"format": "second-opinion-request/1"}
    assert mapped.rows == mapped.remarks == ()


def test_a_message_of_very_many_segments_takes_time_in_proportion(table, message, context):
    """Twenty thousand observations, with every kind of row that could look at all of them for each of them."""
    rows = (
        "OBR[4=MRI]-OBX[3=SO][/MSH]-5,/records/{OBX}/id,text",
        "OBR[4=MRI]-OBX-^-4,/records/{OBX}/title,text",
        "OBR-OBX-5,/questions/+,text",
        "OBR-OBX-5,/diagnoses/+/text,text",
        "OBR-OBX-5,/patient/name/family,text",
        "OBR-OBX-5,/patient/name/text,text",
        "OBR-OBX-5,/notes/+,text",
        "OBR-OBX-6,/copyTo/{OBX}/organization/name,text,,yes",
    )
    root = message(("MSH", {1: "|"}), ("OBR", {4: "MRI"}), *(("OBX", {3: "SO", 5: f"v{n}"}) for n in range(20_000)))
    loaded = table(*rows, settings='[adopt]\nOBR = ["OBX"]')
    started = perf_counter()
    mapped = apply(loaded, root, context)
    assert perf_counter() - started < 20
    assert len(mapped.document["records"]) == len(mapped.document["questions"]) == 20_000
    assert len(mapped.rows) == 40_002
