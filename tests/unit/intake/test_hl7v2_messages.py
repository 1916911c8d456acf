"""Whole HL7 v2 messages through reader and tables: real ones, damaged ones, and what one field more or less changes."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.data import shipped
from adapter.base.errors import InputError, Invalid, UnknownFormat
from adapter.intake.formats import Formats, load_formats
from adapter.intake.readers.er7 import read_message
from adapter.intake.taking import Taken, take
from adapter.mapping.remarks import RemarkKind

INTAKE = Path(__file__).parents[3] / "mappings" / "intake"
FOREIGN = Path(__file__).parents[3].parent / "shared" / "data" / "07-hl7v2"
OURS = sorted(INTAKE.glob("hl7v2*/samples/*.hl7"))
REAL = [*OURS, *sorted(FOREIGN.rglob("*.hl7")), *sorted(FOREIGN.rglob("Message*.txt"))]


@cache
def formats() -> Formats:
    return load_formats(shipped("mappings"))


def taken(message: bytes) -> Taken:
    return take(message, None, formats=formats)


def document(message: bytes) -> dict:
    return taken(message).mapped.document


def tried(message: bytes) -> Taken | InputError:
    try:
        return taken(message)
    except InputError as refused:
        return refused


def accounted(read: Taken | InputError, message: bytes) -> bool:
    """Tell whether every field has its row, or the refusal its reasons."""
    if isinstance(read, InputError):
        return all(problem.text for problem in read.problems)
    places = [leaf.path for leaf in read_message(message).root.leaves()]
    return sorted(row.source for row in read.account.rows) == sorted(places)


@pytest.fixture
def referral() -> Callable[..., bytes]:
    """Make a referral of segments; the header's receiving facility and others can be left out."""

    def make(*segments: str, header: str = "KIS|KLINIK A|PVS|PRAXIS B", event: str = "REF^I12") -> bytes:
        first = rf"MSH|^~\&|{header}|20260312080500+0100||{event}|M1|T|2.5.1||||||UTF-8"
        rf1 = () if any(segment.startswith("RF1") for segment in segments) else ("RF1||||SO||R1",)
        pid = () if any(segment.startswith("PID") for segment in segments) else ("PID|1||4711^^^KIS^PI||Test^Anna",)
        return "\r".join([first, *rf1, *pid, *segments]).encode()

    return make


def test_a_referral_that_does_not_say_second_opinion_is_taken_as_one_with_a_doubt(referral):
    for rf1, doubts in (("RF1||||SO||R1", 0), ("RF1||||||R1||||S", 0), ("RF1||||RP||R1||||P", 1), ("RF1||||||R1", 1)):
        remarks = taken(referral(rf1)).account.remarks
        told = [one for one in remarks if one.source == "MSH-9.1" and one.kind is RemarkKind.DEFAULTED]
        assert len(told) == doubts, rf1


def test_who_sends_and_who_is_asked_come_from_the_header_where_no_provider_says_so(referral):
    said = document(referral())
    assert said["treating"]["organization"]["name"] == "KLINIK A"
    assert said["consulting"]["organization"]["name"] == "PRAXIS B"
    assert "referral" not in said


def test_applications_stand_for_organisations_only_where_nothing_else_is_named(referral):
    read = taken(referral(header="KIS||PVS|"))
    assert read.mapped.document["treating"]["organization"]["name"] == "KIS"
    assert read.mapped.document["consulting"]["organization"]["name"] == "PVS"
    assert {"MSH-3", "MSH-5"} <= {one.source for one in read.account.remarks if one.kind is RemarkKind.DEFAULTED}


def test_a_provider_goes_before_the_header(referral):
    said = document(referral("PRD|RP^x|Topp^Hans", "PRD|RT|Schneider^Emma||||||||Praxis C"))
    assert said["treating"]["practitioner"]["name"]["family"] == "Topp"
    assert said["treating"]["organization"]["name"] == "KLINIK A"
    assert said["consulting"]["organization"]["name"] == "Praxis C"
    assert said["referral"] == "first-provider"


def test_a_provider_who_is_the_patients_gp_refers_as_one(referral):
    said = document(referral("PRD|RP~PP|Bakker^C."))
    assert (said["referral"], said["treating"]["role"], said["referrer"]["role"]) == ("gp", "gp", "gp")


def test_a_referral_without_an_event_is_a_new_one_and_the_doubt_is_told(referral):
    read = taken(referral(event="REF"))
    assert read.account.format == "hl7v2-ref"
    assert any("trigger event" in one.text for one in read.account.remarks)


def test_without_anybody_to_ask_the_message_is_refused(referral):
    with pytest.raises(Invalid) as refused:
        taken(referral(header="KIS|KLINIK A||"))
    assert "/consulting" in refused.value.problems[0].text


def test_everything_that_is_missing_is_told_at_once_in_the_senders_terms(referral):
    with pytest.raises(Invalid) as refused:
        taken(
            referral("RF1||||SO", "PID|1||4711^^^KIS^PI", header="KIS|KLINIK A||").replace(b"20260312080500+0100", b"")
        )
    assert {problem.where for problem in refused.value.problems} >= {"RF1-6", "MSH-7"}
    assert any((problem.where or "").startswith("PID-5") for problem in refused.value.problems)


def test_a_number_with_a_wrong_check_digit_is_refused_at_its_field(referral):
    with pytest.raises(Invalid) as refused:
        taken(referral("PID|1||1~999990008^^^NLMINBIZA^NNNLD||Test^Anna"))
    assert [problem.where for problem in refused.value.problems] == ["PID-3[2].1"]


def test_the_order_number_stands_for_the_referrals_and_is_told(referral):
    read = taken(referral("RF1||||SO", "ORC|NW|ORD-7^KIS"))
    assert read.mapped.document["id"] == "ORD-7"
    assert ("defaulted", "ORC-2.1") in {(one.kind.value, one.source) for one in read.account.remarks}


def test_the_first_procedure_that_is_an_operation_is_the_one_that_is_planned(referral):
    said = document(referral("PR1|1||1-650^Koloskopie^OPS|||D", "PR1|2||5-820^TEP^OPS||20260401|P", "PR1|3||5-1^x^OPS"))
    assert said["plannedProcedure"]["code"]["code"] == "5-820"
    assert said["plannedProcedure"]["date"] == "2026-04-01"


def test_what_the_sender_deletes_is_not_taken(referral):
    said = document(referral("DG1|1||M17.1^a^I10||||||||||||||||||D", "DG1|2||M16.1^b^I10"))
    assert [one["code"] for one in said["diagnoses"]] == ["M16.1"]


def test_a_consent_counts_only_with_who_gave_it(referral):
    con = "CON|1|001^x^HL70496|||||||||A||20260310|||||||||||"
    assert "consent" not in document(referral(con))
    by_patient = document(referral(con.rstrip("|") + "||||||||||||1"))
    assert by_patient["consent"]["shareRecords"] == {"given": True, "by": "patient", "on": "2026-03-10"}
    parent = document(referral(con.rstrip("|") + "|||||||||||Test^Eva|2"))
    assert parent["consent"]["shareRecords"]["by"] == "representative"
    assert parent["proxy"] == {"name": {"family": "Test", "given": ["Eva"]}, "basis": "parent"}
    refused = document(referral(con.replace("|A|", "|R|").rstrip("|") + "||||||||||||1"))
    assert refused["consent"]["shareRecords"] == {"given": False, "on": "2026-03-10"}


def test_what_the_insurer_says_of_the_second_opinion_is_kept(referral):
    said = document(
        referral("IN1|1||109575004^^^ARGE-IK|AOK", "IN3|1" + "|" * 21 + "20260320|ok|da|123456601^Emma^^^^^^^^^^^LANR")
    )
    assert said["consultation"]["date"] == "2026-03-20"
    assert "Status of the second opinion at the insurer: ok" in said["notes"]


def test_two_quotation_marks_are_no_value(referral):
    said = document(referral('PID|1||4711^^^KIS^PI||Test^Anna||""|""|||""^^""||""'))
    assert set(said["patient"]) == {"identifiers", "name"}


def test_a_message_that_asks_for_nothing_is_refused_or_a_record():
    for event in ("ADT^A01", "ORM^O01", "SIU^S12", "XYZ^Z01"):
        with pytest.raises(UnknownFormat):
            taken(rf"MSH|^~\&|A|B|C|D|20260312||{event}|1|T|2.5".encode() + b"\rPID|1||1\rOBR|1|2||x^CT^L")


@pytest.mark.parametrize("control", ["CA", "DC", "RE"])
def test_an_order_that_is_taken_back_is_no_request(control):
    order = rf"MSH|^~\&|A|B|C|D|20260312||ORM^O01|1|T|2.5|{chr(13)}PID|1||1^^^B||T^A{chr(13)}ORC|{control}|2"
    with pytest.raises(UnknownFormat):
        taken(f"{order}\rOBR|1|2||x^Second opinion^L".encode())


@pytest.mark.parametrize("words", ["SECOND OPINION knie", "Zweitmeinung Hüfte", "Aanvraag tweede mening"])
def test_an_order_that_says_so_in_words_is_a_request(words):
    order = "MSH|^~\\&|A|B|C|D|202603120805||ORM^O01|1|T|2.5||||||UTF-8\rPID|1||1^^^B||T^A\rORC|NW|2"
    assert document(f"{order}\rOBR|1|2||x^{words}^L".encode())["id"] == "2"


@pytest.mark.parametrize("file", REAL, ids=lambda file: file.stem)
def test_every_field_of_a_real_message_has_its_row_or_the_refusal_its_reasons(file):
    assert accounted(tried(file.read_bytes()), file.read_bytes())


def test_the_messages_of_others_are_there():
    if not FOREIGN.exists():
        pytest.skip("the shared data are not beside the project")
    assert len(REAL) > len(OURS)


PIECES = st.sampled_from(["", '""', "x", "20260312", "SO", "^", "~", "&", "1^2^3", "M17.1^x^I10", "\\X41\\", "A" * 300])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_sample_with_fields_exchanged_is_taken_or_refused_with_reasons(data):
    lines = data.draw(st.sampled_from(OURS)).read_bytes().decode("iso8859-1").splitlines()
    for _ in range(data.draw(st.integers(1, 5))):
        number = data.draw(st.integers(1, len(lines) - 1))
        fields = lines[number].split("|")
        at = data.draw(st.integers(0, len(fields)))
        fields[at : at + data.draw(st.integers(0, 2))] = [data.draw(PIECES)]
        lines[number] = "|".join(fields)
        if data.draw(st.booleans()):
            lines.insert(number, lines[data.draw(st.integers(1, len(lines) - 1))])
    message = "\r".join(lines).encode("iso8859-1")
    assert accounted(tried(message), message)
