import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.intake.readers.er7_header import header_of


def test_the_fields_are_those_that_were_sent(message):
    header = header_of(message("PID|1"))
    assert (header.raw(1), header.raw(2), header.raw(9), header.part(9, 2), header.part(12)) == (
        "|",
        "^~\\&",
        "REF^I12",
        "I12",
        "2.5.1",
    )
    assert header.raw(99) == header.part(9, 7) == ""


def test_a_header_is_read_though_the_rest_cannot_be():
    header = header_of(b"\x0bMSH|^~\\&|A^1|B|C|D||x|REF^I12|M7|T|9.9\rPID|\xff\xfe")
    assert (header.part(3), header.part(3, 2), header.part(10)) == ("A", "1", "M7")


def test_delimiters_that_cannot_be_are_the_usual_ones():
    header = header_of(b"MSH|^^|A|B|C|D|||REF^I12|M7\r")
    assert header.delimiters.component == "^"
    assert header.part(10) == "M7"


def test_what_is_no_message_has_a_header_that_says_nothing():
    assert header_of(b"PID|1").fields == ()


@pytest.mark.parametrize("codec", ["utf-8", "iso8859-1"])
def test_names_with_umlauts_are_readable(codec):
    assert header_of("MSH|^~\\&|Größe\r".encode(codec)).part(3) == "Größe"


@given(st.binary(max_size=80))
def test_any_bytes_have_a_header(data):
    assert header_of(b"MSH" + data).delimiters.field
