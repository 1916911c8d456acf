import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.intake.readers.er7 import read_message
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.tables.adoption import adopt
from adapter.mapping.tables.outcome import Given
from adapter.mapping.tables.transforms import TRANSFORMS

PDF = base64.b64encode(b"%PDF-1.4 TEST").decode()
TYPES = {
    f"^application^pdf^Base64^{PDF}": "application/pdf",
    f"^AP^PDF^Base64^{PDF}": "application/pdf",
    f"^application/pdf^^Base64^{PDF}": "application/pdf",
    f"^^application/pdf^Base64^{PDF}": "application/pdf",
    f"^^^Base64^{PDF}": "application/pdf",
    "^IM^JPEG^Base64^AAAA": "image/jpeg",
    "^image^svg+xml^Base64^AAAA": "image/svg+xml",
    "^TEXT^HTML^A^<p>x</p>": "text/html",
    "^^^A^x": "text/plain; charset=utf-8",
    "^application^octet-stream^Base64^AAAA": "application/octet-stream",
    "^strange^thing^Base64^AAAA": None,
}


@pytest.mark.parametrize("sent", TYPES)
def test_the_media_type_is_what_the_sender_says_in_its_own_way(transformed, sent):
    assert transformed("ed", sent).value.get("contentType") == TYPES[sent]


BYTES = {
    f"^application^pdf^Base64^{PDF}": b"%PDF-1.4 TEST",
    f"^application^pdf^base64^{PDF[:10]}\\.br\\{PDF[10:]}": b"%PDF-1.4 TEST",
    f"^application^pdf^^{PDF.rstrip('=')}": b"%PDF-1.4 TEST",
    "^application^pdf^Hex^25504446": b"%PDF",
    "^text^plain^A^Größe \\T\\ Co": "Größe & Co".encode(),
    "^text^plain^quoted-printable^=C3=BC": "ü".encode(),
}


@pytest.mark.parametrize("sent", BYTES)
def test_the_bytes_are_those_that_were_sent(transformed, sent):
    assert base64.b64decode(transformed("ed", sent).value["data"], validate=True) == BYTES[sent]


@pytest.mark.parametrize("data", ["no base64!", "A", "AAAAA", "===="])
def test_bytes_that_are_none_are_told_and_leave_a_record_without_content(transformed, data):
    made = transformed("ed", f"^application^pdf^Base64^{data}")
    assert made.value == {"id": "zzz-1"}
    assert [(one.kind, one.source) for one in made.remarks] == [(RemarkKind.UNREADABLE, "ZZZ-1.5")]


def test_without_bytes_there_is_no_record(transformed):
    assert transformed("ed", "^application^pdf^Base64^").value is None


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_go_through_base64_and_hex_unchanged(v2_field, shipped_context, data):
    ed = TRANSFORMS["ed"].bind(Given())
    for way, text in (("Base64", base64.b64encode(data).decode()), ("Hex", data.hex())):
        made = ed(v2_field(f"^application^octet-stream^{way}^{text}"), shipped_context)
        assert base64.b64decode(made.value["data"], validate=True) == data


def test_a_pointer_goes_along_as_an_address_and_nothing_is_fetched(transformed):
    made = transformed("rp", "https://pacs.example/?a=1\\T\\b=2^^image^DICOM")
    assert base64.b64decode(made.value["data"]) == b"https://pacs.example/?a=1&b=2\r\n"
    assert made.value["contentType"] == "text/uri-list"
    assert [one.kind for one in made.remarks] == [RemarkKind.DEFAULTED]


def test_a_report_needs_a_document_with_a_type(transformed):
    made = transformed("document", "^strange^thing^Base64^AAAA")
    assert made.value == {"contentType": "application/octet-stream", "data": "AAAA"}


RESULTS = {
    "numbers have unit, range and flag": (
        ["OBX|1|NM|718-7^Hb^LN||13.9|g/dL|13-17|L|||F", "OBX|2|NM|1988-5^CRP^LN||12|mg/L^milligram^UCUM|<5|H~A|||P"],
        "Hb: 13.9 g/dL (13-17) [L]\nCRP: 12 mg/L (<5) [H, A] [status P]",
    ),
    "lines of one text have its name once": (
        ["OBX|1|TX|X^Befund^L||Zeile 1||||||F", "OBX|2|TX|X^Befund^L||Zeile 2||||||F"],
        "Befund: Zeile 1\nZeile 2",
    ),
    "codes are told in words": (["OBX|1|CWE|X^Side^L||7771000^Left^SCT||||||F"], "Side: Left (7771000)"),
    "a value that was taken back is a dash": (['OBX|1|ST|X^Hb^L||""|mmol/L'], "Hb: - mmol/L"),
    "notes stand below": (["OBX|1|ST|X^Hb^L||5||||||F", "NTE|1||checked"], "Hb: 5\n  checked"),
    "facts and bytes are no results": (
        ["OBX|1|TX|question^Q^99SO||why?||||||F", f"OBX|2|ED|a^b||^application^pdf^Base64^{PDF}", "OBX|3|ST|X^Hb^L||5"],
        "Hb: 5",
    ),
}


def group(*segments: str):
    data = "\r".join(["MSH|^~\\&|A|B|C|D|20260312||ORU^R01|1|T|2.5", "OBR|1|||X^Y^L", *segments])
    families = {"OBR": frozenset({"OBX"}), "OBX": frozenset({"NTE"})}
    return adopt(read_message(data.encode()).root, families).first("OBR")


@pytest.mark.parametrize("case", RESULTS)
def test_results_become_a_text_for_people(shipped_context, case):
    segments, text = RESULTS[case]
    made = TRANSFORMS["results"].bind(Given())(group(*segments), shipped_context)
    assert base64.b64decode(made.value["data"]).decode() == text
    assert made.value["id"] == "obr-1"


def test_without_results_there_is_no_record(shipped_context):
    for segments in ([], ["OBX|1|TX|question^Q^99SO||why?"], ["OBX|1|NM|X^Hb^L||||||||F"]):
        assert TRANSFORMS["results"].bind(Given())(group(*segments), shipped_context).value is None


def test_records_are_called_after_their_segments(transformed, shipped_context):
    made = TRANSFORMS["results"].bind(Given())(group("OBX|1|ST|X^Hb^L||5").first("OBX"), shipped_context)
    assert made.value["id"] == "obx-1"
    assert transformed("ed", "^^^A^x").value["id"] == "zzz-1"
