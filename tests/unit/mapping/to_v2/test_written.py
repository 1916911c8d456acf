"""What leaves as HL7 v2 is what the standard's own tables accept, in the receiver's version and characters, no more."""

import copy
import json

import pytest
from hl7apy.parser import parse_message
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.case import TaskStatus
from adapter.domain.values import Identifier
from adapter.fhir import systems
from adapter.intake.canonical import stated_by
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.tables.outcome import Context
from adapter.mapping.to_fhir.crossing import Crossing
from adapter.mapping.to_fhir.identity import Ids
from adapter.mapping.to_v2.counterparts import Authority, Counterparts
from adapter.mapping.to_v2.people import cx, pln
from adapter.mapping.to_v2.script import Letterhead, Script
from adapter.mapping.to_v2.standing import REFERRAL_STATUS, Standing, write_cancellation, write_standing
from adapter.mapping.to_v2.stated import Stated, document_of
from tests.unit.mapping.to_v2.conftest import CODES, FORMATS, FULL, SAMPLES, VERSIONS, letterhead, referral, report

REPORT = json.loads((SAMPLES / "report-de.json").read_bytes())
REPORT["document"] = {"contentType": "application/pdf", "data": "JVBERi0xLjQK", "title": "Zweitmeinung"}
STANDING = Standing(
    status=TaskStatus.REJECTED,
    business_status="rejected",
    reason="no-capacity",
    number="B-17",
    text="Abgelehnt",
    day="2026-03-13",
)
SYSTEMS = sorted(set(FORMATS.library.systems.shipped.values()))


def judge(message):
    """Let hl7apy hold a message against its own tables of the version: structure, segments, data types, lengths."""
    assert parse_message(message.decode("utf-8"), find_groups=True).validate()


def lines(message):
    return [one.split("|") for one in message.decode("utf-8").split("\r")[:-1]]


def segment(message, name, number=0):
    return [one for one in lines(message) if one[0] == name][number]


def standing(raw, version="2.5.1", said=STANDING, **more):
    request = stated_by("request", copy.deepcopy(raw))
    return write_standing(request, said, letterhead=letterhead(request, version, **more), codes=CODES)


def without_houses(raw):
    """Return a request between two people: before version 2.6 PRD has no fields for their organisations."""
    raw = copy.deepcopy(raw)
    for side in ("treating", "consulting"):
        del raw[side]["organization"]
    return raw


def released_without_houses(raw):
    raw = without_houses(raw)
    raw["records"] = []
    for statement in raw["consent"].values():
        statement.pop("records"), statement.pop("document")
    return raw


@pytest.mark.parametrize("version", ["2.6", "2.7", "2.8"])
def test_the_judge_accepts_a_whole_referral(full, version):
    judge(referral(full, version).message)


@pytest.mark.parametrize("version", ["2.5", "2.5.1"])
def test_the_judge_accepts_a_referral_between_people_before_prd_had_organisations(full, version):
    judge(referral(released_without_houses(full), version).message)
    judge(standing(without_houses(full), version))


@pytest.mark.parametrize("version", ["2.6", "2.7", "2.8"])
def test_the_judge_accepts_states_and_cancellations(full, version):
    judge(standing(full, version, answers="MSG-1"))
    request = stated_by("request", copy.deepcopy(full))
    judge(write_cancellation(request, letterhead=letterhead(request, version), codes=CODES))


@pytest.mark.parametrize("version", ["2.4", "2.5", "2.5.1", "2.6", "2.7"])
def test_the_judge_accepts_reports_as_results(version):
    judge(
        report(REPORT, "oru", version).message
    )  # its grouping of 2.8 takes the first OBX for one of an order document


@pytest.mark.parametrize("version", ["2.5", "2.5.1", "2.6", "2.7", "2.8"])
@pytest.mark.parametrize("written_as", ["mdm", "rri"])
def test_the_judge_accepts_reports_as_documents_and_answers(written_as, version):
    judge(report(REPORT, written_as, version).message)


@pytest.mark.parametrize("version", VERSIONS)
def test_msh_says_what_it_is_and_from_2_4_on_its_structure(full, version):
    msh = segment(referral(full, version).message, "MSH")
    assert (msh[2:6], msh[9], msh[10], msh[11], msh[17]) == (
        ["A", "HAUS A", "B", "HAUS B"],
        "MSG-2",
        "P",
        version,
        "UNICODE UTF-8",
    )
    assert msh[6] == "20260410093000+0200"
    assert msh[8] == ("REF^I12^REF_I12" if version >= "2.4" else "REF^I12")


def test_texts_cannot_break_out_of_their_field(full):
    full["questions"] = ["a|b^c&d~e\\f\r\nOBX|99|ST|concordance^^99SO||fully-agree"]
    message = referral(full).message
    obx = next(one for one in lines(message) if one[0] == "OBX" and one[3].startswith("question"))
    assert obx[2] == "FT"
    assert obx[5].startswith("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\.br\\OBX\\F\\99\\F\\ST")
    assert not any(one[0] == "OBX" and one[1] == "99" for one in lines(message))


def test_the_receivers_delimiters_are_kept(full):
    message = referral(full, field="$", encoding="*!?@").message
    assert message.startswith(b"MSH$*!?@$A$HAUS A$")
    assert b"PID$1$$999911120***NLMINBIZA*NNNLD!P-1***@https://a.example/mrn@URI" in message


@pytest.mark.parametrize(("charset", "codec"), [("8859/1", "latin-1"), ("8859/15", "iso8859-15"), ("", "utf-8")])
def test_what_the_receivers_character_set_lacks_is_told(full, charset, codec):
    full["patient"]["name"]["family"], full["notes"] = "Müller", "Łódź 漢"
    written = referral(full, character_set=charset or "UNICODE UTF-8")
    told = {one.source for one in written.remarks if one.kind is RemarkKind.TRUNCATED}
    assert "Müller^" in written.message.decode(codec)
    assert ("/notes" in told) == (codec != "utf-8")
    assert (b"?\xf3d? ?" in written.message) == (codec != "utf-8")


def test_a_number_that_stays_in_its_country_is_nowhere_in_the_message(full):
    ids = Ids("a", "REQ-1")
    crossing = Crossing(country="DE", ids=ids)
    full["insurance"]["memberId"] = "999911120"
    written = referral(full, crossing=crossing)
    assert b"999911120" not in written.message
    assert b"P-1" in written.message
    assert not any("999911120" in str(one) for one in written.remarks)
    assert b"999911120" in referral(full, crossing=Crossing(country="NL", ids=ids)).message


def test_a_record_that_stays_is_not_even_named(full):
    for statement in full["consent"].values():
        statement["records"] = ["FORM", "SCAN"]
    written = referral(full)
    assert b"aGVsbG8=" not in written.message
    assert b"57133-1" not in written.message
    assert written.message.count(b"|ED|") == 2
    assert not any(one.source.startswith("/records/2") for one in written.remarks)


@pytest.mark.parametrize("status", TaskStatus)
def test_every_state_has_a_word_in_table_0283_and_its_own_in_99so(full, status):
    said = Standing(status=status, business_status="b", reason=None, number=None, text="T", day="2026-03-13")
    message = standing(full, said=said)
    assert segment(message, "RF1")[1].split("^")[0] == REFERRAL_STATUS[status][0]
    assert segment(message, "MSH")[8] == ("RRI^I14^RRI_I12" if status is TaskStatus.CANCELLED else "RRI^I12^RRI_I12")
    assert segment(message, "OBX")[3:6] == ["status^^99SO", "", status.value]


def test_a_state_repeats_nothing_clinical(full):
    message = standing(full)
    for said in (
        b"Hernia",
        b"M51.1",
        b"5-831",
        b"Is it needed",
        b"A note",
        b"pnozorg",
        b"Weg 1^^Utrecht^UT^1234 AB^NLD^H",
    ):
        assert said not in message


def test_an_amended_report_replaces_the_one_before():
    raw = REPORT | {"status": "amended", "replaces": "MSG-REP-1"}
    mdm = report(raw, "mdm").message
    assert segment(mdm, "MSH")[8] == "MDM^T10^MDM_T02"
    assert (segment(mdm, "TXA")[13], segment(mdm, "TXA")[17]) == ("MSG-REP-1", "AU")
    assert segment(report(raw, "oru").message, "OBR")[25] == "C"


def test_a_report_in_words_alone_says_no_judgement():
    raw = {name: one for name, one in REPORT.items() if name not in ("necessity", "concordance")}
    for written_as in ("oru", "mdm", "rri"):
        assert b"necessity" not in report(raw, written_as).message


def script(version="2.5.1", home=None):
    return Script(
        Letterhead(id="1", at=stated_by("request", copy.deepcopy(FULL)).sent.at, version=version),
        Counterparts(FORMATS.library, home),
    )


def system_of(written, kind):
    """Return the URI that our own intake finds for a number that was written as CX or PLN."""
    found = FORMATS.library.systems
    parts = written.split("^")
    if kind == "pln":
        return found.find(parts[2] if len(parts) > 2 else None, type=parts[1], sender="x").system
    hd = (parts[3].split("&") if len(parts) > 3 else []) + ["", "", ""]
    uri = hd[1] if hd[2] == "URI" else f"urn:oid:{hd[1]}" if hd[2] == "ISO" else f"urn:uuid:{hd[1]}" if hd[1] else None
    return found.find(uri, hd[0], type=parts[4] if len(parts) > 4 else None, sender="x").system


@pytest.mark.parametrize(
    "system", [*SYSTEMS, "urn:oid:1.2.3", "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", "https://a.example/mrn"]
)
def test_a_number_is_known_again_by_its_system(system):
    number = Stated(document_of(Identifier(system=system, value="1")))
    assert system_of(cx(script(), number), "cx") == system
    assert system_of(pln(script(), number), "pln") == system


def test_the_namespaces_of_a_system_go_back_to_it_and_to_nobody_else():
    context = Context(None, "hl7v2:KIS|HAUS A")
    ours = context.systems.find("WARD 7", type="PI", sender=context.sender).system
    assert ours.startswith(systems.CANONICAL)
    assert Counterparts(FORMATS.library, context.sender).authority(ours) == Authority("WARD 7")
    assert Counterparts(FORMATS.library, "hl7v2:RIS|HAUS A").authority(ours) == Authority("", ours, "URI")
    assert Counterparts(FORMATS.library).authority(ours) == Authority("", ours, "URI")


@given(st.text(min_size=1, max_size=30), st.text(max_size=20))
def test_any_namespace_of_a_system_is_known_again_or_left_alone(namespace, sender):
    ours = Context(None, sender).systems.find(namespace, sender=sender).system
    found = Counterparts(FORMATS.library, sender).authority(ours)
    assert found.namespace == namespace.strip() or found.universal == ours or not ours.startswith(systems.CANONICAL)


@pytest.mark.parametrize(
    ("version", "written"), [("2.5.1", "+31 30 000 00 00^WPN^PH"), ("2.8", "^WPN^PH^^^^^^^^^+31 30 000 00 00")]
)
def test_a_phone_number_stands_where_the_version_has_it(full, version, written):
    assert segment(referral(full, version).message, "PID")[13] == written


@pytest.mark.parametrize(
    ("system", "version", "written"),
    [
        (systems.ICD10_GM, "2026", "M17.1^Hernia^ICD10GM2026"),
        (systems.OPS, "2025", "M17.1^Hernia^OPS2025"),
        (systems.ICD10, None, "M17.1^Hernia^I10"),
        ("urn:oid:1.2.3", None, "M17.1^Hernia^urn:oid:1.2.3"),
    ],
)
def test_a_code_has_the_name_of_its_system_and_year(full, system, version, written):
    full["diagnoses"] = [
        {"system": system, "code": "M17.1", "text": "Hernia", **({"version": version} if version else {})}
    ]
    assert segment(referral(full).message, "DG1")[3] == written
