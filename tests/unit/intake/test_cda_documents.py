"""CDA documents from their bytes to the canonical document: what is recognised, taken, left out and refused."""

import base64
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.data import shipped
from adapter.base.errors import InputError, Invalid
from adapter.intake.formats import Formats, load_formats
from adapter.intake.readers.cda import read_cda
from adapter.intake.taking import Taken, take
from adapter.mapping.remarks import RemarkKind

ROOT = Path(__file__).parents[3]
INTAKE = ROOT / "mappings" / "intake"
FOREIGN = ROOT.parent / "shared" / "data" / "08-cda"
GERMAN = INTAKE / "cda-referral" / "samples" / "de-knie.xml"
DUTCH = INTAKE / "cda-referral" / "samples" / "nl-hernia.xml"
REPORT = INTAKE / "cda-consultation" / "samples" / "de-zweitmeinung.xml"
LETTER = INTAKE / "cda-document" / "samples" / "unstructured.xml"
OURS = [GERMAN, DUTCH, REPORT, LETTER]
EVERY = [*OURS, *sorted(one for one in FOREIGN.rglob("*") if one.suffix.lower() == ".xml")]


@cache
def formats() -> Formats:
    return load_formats(shipped("mappings"))


def taken(sample: Path | str, *changes: tuple[str, str]) -> Taken:
    """Take a document; each change must be one."""
    text = sample.read_text(encoding="utf-8") if isinstance(sample, Path) else sample
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return take(text.encode(), None, formats=formats)


def remarks(read: Taken, kind: RemarkKind) -> list[str]:
    return [one.text for one in read.account.remarks if one.kind is kind]


@pytest.mark.parametrize(
    ("sample", "changes", "becomes"),
    [
        (GERMAN, [], "cda-referral"),
        (GERMAN, [('code="57133-1"', 'code="34133-9"')], "cda-referral"),
        (
            GERMAN,
            [('code="57133-1"', 'code="34133-9"'), ("Überweisung zur Zweitmeinung nach §27b SGB V", "Brief")],
            "cda-document",
        ),
        (DUTCH, [("<title>Verwijsbrief voor een second opinion</title>", "")], "cda-referral"),
        (REPORT, [], "cda-consultation"),
        (
            REPORT,
            [("Ärztliche Zweitmeinung", "Arztbrief"), ("77406008", "11429006"), ("99SO", "L")],
            "cda-consultation",
        ),
        (REPORT, [("Ärztliche Zweitmeinung", "Brief"), ("inFulfillmentOf", "x"), ("99SO", "L")], "cda-document"),
        (
            REPORT,
            [("Ärztliche Zweitmeinung", "Anfrage einer Zweitmeinung"), ("inFulfillmentOf", "x"), ("99SO", "L")],
            None,
        ),
        (LETTER, [], "cda-document"),
        (LETTER, [('code="18842-5"', 'code="unheard-of"')], "cda-document"),
        (LETTER, [('extension="2015-08-01"', ""), ("22.1.10", "22.1.14")], None),
    ],
)
def test_a_document_is_what_it_says(sample, changes, becomes):
    if becomes is None:
        with pytest.raises(Invalid):
            taken(sample, *changes)
        return
    assert taken(sample, *changes).account.format == becomes


def test_the_document_goes_along_byte_for_byte_and_so_does_its_pdf():
    read = taken(DUTCH)
    document, body = read.mapped.document["records"]
    assert base64.b64decode(document["data"]) == DUTCH.read_bytes()
    assert base64.b64decode(body["data"]).endswith(b"%%EOF\n")
    assert (body["contentType"], body["confidentiality"]) == ("application/pdf", "R")


def test_what_is_denied_excluded_over_or_taken_back_is_no_diagnosis():
    assert [one["code"] for one in taken(GERMAN).mapped.document["diagnoses"]] == ["M17.1"]
    for old, new in (
        ('code="G" codeSystem', 'code="A" codeSystem'),
        ('moodCode="EVN">', 'moodCode="EVN" negationInd="true">'),
        ('<low value="20250610"/>', '<low value="20250610"/><high value="20260101"/>'),
        ('<low value="20250610"/>', '<low value="20250610"/><high nullFlavor="UNK"/>'),
        ('<statusCode code="completed"/>', '<statusCode code="nullified"/>'),
        ('code="29308-4"', 'code="10160-0"'),
    ):
        assert "diagnoses" not in taken(GERMAN, (old, new)).mapped.document, new


def test_a_diagnosis_in_words_alone_is_one_and_one_without_words_is_none():
    code = 'code="M17.1" codeSystem="1.2.276.0.76.5.999" codeSystemName="icd10gm2026"'
    told = taken(GERMAN, (code, 'nullFlavor="OTH"')).mapped.document["diagnoses"]
    assert [(one.get("code"), one["text"].partition("\n")[0]) for one in told] == [
        (None, "Sonstige primäre Gonarthrose rechts")
    ]


@pytest.mark.parametrize("mood", ["EVN", "GOL", "DEF"])
def test_a_procedure_that_was_done_is_not_planned(mood):
    assert "plannedProcedure" not in taken(GERMAN, ('moodCode="RQO"', f'moodCode="{mood}"')).mapped.document


def test_of_two_planned_procedures_the_first_is_taken_and_the_other_is_told():
    second = (
        '<entry><procedure moodCode="INT"><code code="X" codeSystem="1.2.3" displayName="Other"/></procedure></entry>'
    )
    read = taken(GERMAN, ("<title>Medikation</title>", f"<title>Medikation</title>{second}"))
    assert read.mapped.document["plannedProcedure"] == taken(GERMAN).mapped.document["plannedProcedure"]
    assert any("of planned procedures the first" in text for text in remarks(read, RemarkKind.LOST))


def test_a_referral_that_does_not_say_second_opinion_is_taken_with_a_remark():
    words = [("Zweitmeinung", "Mitbehandlung")]
    told = [one.text for one in taken(GERMAN, *words).account.remarks]
    assert any("second opinion" in text for text in told)
    assert not any("second opinion" in one.text for one in taken(GERMAN).account.remarks)


def test_numbers_go_by_the_set_and_a_version_names_what_it_replaces():
    old = '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2" extension="OLD"/></parentDocument></relatedDocument>'
    document = taken(GERMAN, ("<component>\n    <structuredBody>", f"{old}<component><structuredBody>")).mapped.document
    assert (document["id"], document["messageId"], document["replaces"]) == ("UEB-2026-0042", "UEB-2026-0042-1", "OLD")
    unset = taken(
        GERMAN, ('<setId root="1.2.276.0.76.4.17.724444400.1" extension="UEB-2026-0042"/>', '<setId nullFlavor="NI"/>')
    )
    assert unset.mapped.document["id"] == "UEB-2026-0042-1"


def test_what_is_missing_is_told_in_the_senders_terms():
    text = re.sub(
        r"<informationRecipient.*</informationRecipient>", "", GERMAN.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    with pytest.raises(Invalid) as refused:
        taken(text)
    assert [one.where for one in refused.value.problems] == ["informationRecipient/intendedRecipient"]


@pytest.mark.parametrize(
    ("sample", "old", "new", "where"),
    [
        (
            GERMAN,
            'extension="T000111223"',
            'extension="T000111224"',
            "/ClinicalDocument/recordTarget/patientRole/id[1]",
        ),
        (DUTCH, 'extension="999990007"', 'extension="999990008"', "/ClinicalDocument/recordTarget/patientRole/id[1]"),
        (LETTER, 'compression="DF"', 'compression="GZ"', "/ClinicalDocument/component/nonXMLBody/text"),
        (LETTER, 'value="20260301"', 'value="20260231"', "effectiveTime"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_and_without_its_value(sample, old, new, where):
    with pytest.raises(Invalid) as refused:
        taken(sample, (old, new))
    told = [one for one in refused.value.problems if (one.where or "").startswith(where)]
    assert told
    assert where == "effectiveTime" or all(one.line for one in told)
    if "/id" in where:
        lines = sample.read_text(encoding="utf-8").replace(old, new).splitlines()
        assert all(new in lines[(one.line or 0) - 1] for one in told)
    assert not any(re.search(r"T00011122|99999000|20260231", one.text) for one in refused.value.problems)


@pytest.mark.parametrize("code", ["T", "S"])
def test_what_is_sensitive_is_very_restricted(code):
    read = taken(LETTER, ('confidentialityCode code="V"', f'confidentialityCode code="{code}"'))
    assert {one["confidentiality"] for one in read.mapped.document["records"]} == {"V"}


def test_every_confidentiality_that_nobody_knows_is_told():
    read = taken(LETTER, ('confidentialityCode code="V"', 'confidentialityCode code="secret"'))
    assert remarks(read, RemarkKind.UNMAPPED)


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.stem[:30])
def test_every_attribute_and_text_of_a_document_has_its_row(file):
    with suppress(InputError):
        read = take(file.read_bytes(), None, formats=formats)
        places = [leaf.path for leaf in read_cda(file.read_bytes()).root.leaves()]
        assert sorted(row.source for row in read.account.rows) == sorted(places)


def test_nothing_of_our_samples_is_without_a_row_in_the_tables():
    for file in OURS:
        assert not [row for row in taken(file).account.rows if "no row" in row.note], file.stem


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_damaged_document_is_taken_or_refused_and_every_field_has_its_row(data):
    body = data.draw(st.sampled_from(OURS)).read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(body))), data.draw(st.integers(0, 60))
        body = (
            body[:at]
            + data.draw(st.sampled_from([b"", b"x", b"<", b'"', b"/>", b"nullFlavor", b"&#233;"]))
            + body[at + length :]
        )
    _take_or_refuse(body)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_document_with_elements_dropped_doubled_or_emptied_is_taken_or_refused(data):
    text = data.draw(st.sampled_from(OURS)).read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 5))):
        found = list(re.finditer(r"<(\w+)[^<>]*?(?:/>|>[^<]*</\1>)", text))
        one = found[data.draw(st.integers(0, len(found) - 1))]
        other = data.draw(
            st.sampled_from(
                ["", one[0] * 2, f"<{one[1]}/>", f'<{one[1]} nullFlavor="UNK"/>', f"<{one[1]}>x</{one[1]}>"]
            )
        )
        text = text[: one.start()] + other + text[one.end() :]
    _take_or_refuse(text.encode())


def _take_or_refuse(body: bytes) -> None:
    try:
        read = take(body, "application/xml", formats=formats)
    except InputError as refused:
        told = [one.text for one in refused.problems]
        assert all(told)
        return
    places = {leaf.path for leaf in read_cda(body).root.leaves()}
    assert {row.source for row in read.account.rows} == places
