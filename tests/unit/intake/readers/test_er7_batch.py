import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import InputError, TooLarge, Unreadable
from adapter.intake.readers.er7_batch import split_batch

ONE = b"MSH|^~\\&|A|B|C|D|20260312||REF^I12|1|T|2.4\rPID|1||4711\r"


def cut(data: bytes) -> list[bytes]:
    batch = split_batch(data)
    return [batch.data[span.start : span.end] for span in batch.spans]


def test_a_message_is_cut_out_without_what_stands_around_it():
    assert cut(b"\x0b" + ONE + b"\x1c\r") == [ONE.rstrip(b"\r")]
    assert cut(b"\xef\xbb\xbf\r\n" + ONE) == [ONE.rstrip(b"\r")]


def test_messages_follow_each_other_framed_or_not():
    assert cut(ONE + ONE) == cut(b"\x0b" + ONE + b"\x1c\r\x0b" + ONE + b"\x1c\r") == [ONE.rstrip(b"\r")] * 2


def test_the_envelopes_of_a_batch_are_no_messages():
    batch = split_batch(b"FHS|^~\\&|A\rBHS|^~\\&|A\r" + ONE + ONE + b"BTS|2\rFTS|1\r")
    assert (len(batch.spans), batch.enveloped, batch.remarks) == (2, True, ())


def test_a_trailer_that_counts_other_than_the_messages_is_told():
    batch = split_batch(b"BHS|^~\\&|A\r" + ONE + b"BTS|3\r")
    assert [remark.source for remark in batch.remarks] == ["BTS-1"]


def test_a_batch_without_a_message_is_unreadable():
    with pytest.raises(Unreadable):
        split_batch(b"FHS|^~\\&|A\rBHS|^~\\&\rBTS|0\rFTS\r")


def test_more_messages_than_let_in_are_too_many():
    with pytest.raises(TooLarge):
        split_batch(ONE * 4, max_messages=3)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_are_told_by_the_bytes(codec):
    text = "MSH|^~\\&|A|B|C|D|20260312||REF^I12|1|T|2.4||||||UNICODE UTF-16\rPID|1||Jürgen"
    assert cut(text.encode(codec)) == [text.encode()]


def test_half_a_wide_character_is_told_by_its_byte():
    with pytest.raises(Unreadable):
        split_batch("MSH|^~\\&|A\r".encode("utf-16") + b"\x00\xd8")


@given(
    st.lists(
        st.sampled_from([ONE, b"MSH|", b"\x0b", b"\x1c\r", b"BHS|^~\\&\r", b"BTS|1\r", b"x|y\r", b"\n"]), max_size=12
    )
)
def test_what_is_cut_begins_with_a_header_and_is_in_order(pieces):
    try:
        batch = split_batch(b"".join(pieces))
    except InputError:
        return
    places = [place for span in batch.spans for place in (span.start, span.end)]
    assert places == sorted(places)
    assert all(batch.data[span.start :][:3].upper() == b"MSH" for span in batch.spans)
