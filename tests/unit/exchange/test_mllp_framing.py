"""HL7 Transport Specification MLLP, release 1: frames are found whatever stands around them, cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.exchange.mllp.framing import KEPT_OF_REFUSED, MOST_NOISE, Deframer, Fault, Frame, NotMllp

VT, FS, CR = b"\x0b", b"\x1c", b"\r"
MESSAGE = b"MSH|^~\\&|A|B\rPID|1"
bodies = st.binary(max_size=60).map(lambda raw: raw.replace(VT, b"").replace(FS, b""))
noise = st.binary(max_size=20).map(lambda raw: b"".join(raw.split(VT)).lstrip(b" \t\r\n\0\x1c")).filter(
    lambda raw: not any(raw[:3] == one[: len(raw[:3])] for one in (b"MSH", b"FHS", b"BHS"))
)  # fmt: skip


def framed(body):
    return VT + body + FS + CR


def frames(*pieces, max_bytes=1000):
    deframer = Deframer(max_bytes=max_bytes)
    return [frame for piece in pieces for frame in deframer.feed(piece)]


def cut(stream, places):
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[begin:end] for begin, end in pairwise(edges)]


@given(st.lists(bodies, max_size=5), st.lists(st.integers(0, 10_000), max_size=10))
def test_what_was_framed_comes_out_however_the_stream_is_cut(messages, places):
    stream = b"".join(framed(one) for one in messages)
    assert frames(*cut(stream, places)) == [Frame(one, len(one)) for one in messages]


@given(st.lists(bodies, max_size=5))
def test_byte_by_byte_is_as_good_as_at_once(messages):
    stream = b"".join(framed(one) for one in messages)
    assert frames(*(bytes([one]) for one in stream)) == frames(stream)


@given(st.lists(st.tuples(noise, bodies), max_size=5), st.lists(st.integers(0, 10_000), max_size=10))
def test_noise_between_frames_is_skipped(parts, places):
    stream = b"".join(ahead + framed(body) for ahead, body in parts)
    assert [one.body for one in frames(*cut(stream, places))] == [body for _, body in parts]


@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(1, 50))
def test_whatever_arrives_nothing_breaks_and_nothing_grows(pieces, max_bytes):
    deframer = Deframer(max_bytes=max_bytes)
    for piece in pieces:
        for frame in deframer.feed(piece):
            assert len(frame.body) <= max(max_bytes, KEPT_OF_REFUSED)
    assert len(deframer._held) <= max(max_bytes, KEPT_OF_REFUSED) + 41
    list(deframer.quiet())


@given(st.binary(max_size=60), bodies)
def test_a_good_message_behind_anything_that_has_ended_is_found(before, body):
    stream = before + FS + CR + framed(b"MSH" + body)
    assert frames(stream, max_bytes=10_000)[-1].body == b"MSH" + body


def test_a_message_of_exactly_the_limit_is_taken():
    assert frames(framed(b"x" * 100), max_bytes=100) == [Frame(b"x" * 100, 100)]


@given(st.integers(101, 30_000), st.integers(1, 5000))
def test_a_message_over_the_limit_is_refused_with_its_beginning_and_the_next_one_is_taken(size, step):
    stream = framed(b"MSH" + b"x" * (size - 3)) + framed(MESSAGE)
    got = frames(*(stream[at : at + step] for at in range(0, len(stream), step)), max_bytes=100)
    assert [(one.size_bytes, one.fault) for one in got] == [(size, Fault.TOO_LONG), (len(MESSAGE), None)]
    assert stream[1:].startswith(got[0].body)
    assert 100 < len(got[0].body) <= min(size, KEPT_OF_REFUSED)


def test_the_bytes_of_a_message_over_the_limit_are_not_kept():
    deframer = Deframer(max_bytes=1000)
    assert list(deframer.feed(VT)) == []
    for _ in range(1000):
        assert list(deframer.feed(b"x" * 65536)) == []
        assert len(deframer._held) <= 1
    (frame,) = deframer.feed(FS + CR)
    assert (frame.size_bytes, len(frame.body), frame.fault) == (65_536_000, KEPT_OF_REFUSED, Fault.TOO_LONG)


def test_an_end_block_without_carriage_return_ends_a_message_when_the_next_one_begins_or_nothing_follows():
    deframer = Deframer(max_bytes=1000)
    assert [one.body for one in deframer.feed(VT + MESSAGE + FS + VT + MESSAGE + FS)] == [MESSAGE]
    assert deframer.amid
    assert [one.body for one in deframer.quiet()] == [MESSAGE]
    assert not deframer.amid


def test_an_end_block_in_the_midst_of_a_message_does_not_end_it():
    assert [one.body for one in frames(framed(b"MSH|a" + FS + b"b"))] == [b"MSH|a" + FS + b"b"]


def test_half_a_message_that_is_begun_anew_is_dropped_and_counted():
    deframer = Deframer(max_bytes=1000)
    assert [one.body for one in deframer.feed(VT + MESSAGE[:9] + framed(MESSAGE))] == [MESSAGE]
    assert deframer.unfinished == 1


@pytest.mark.parametrize("end", [FS + CR, VT])
def test_a_message_without_start_block_is_told_apart_from_noise(end):
    got = frames(MESSAGE + end + (MESSAGE if end == VT else framed(MESSAGE)) + FS + CR)
    assert got == [Frame(MESSAGE, len(MESSAGE), Fault.UNFRAMED), Frame(MESSAGE, len(MESSAGE))]


def test_a_message_without_any_frame_is_found_when_nothing_follows():
    deframer = Deframer(max_bytes=1000)
    assert list(deframer.feed(b"\r\nMS")) == []
    assert list(deframer.quiet()) == []
    assert list(deframer.feed(MESSAGE[2:])) == []
    assert [one.fault for one in deframer.quiet()] == [Fault.UNFRAMED]
    assert [one.body for one in deframer.feed(framed(b"MSH"))] == [b"MSH"]


def test_a_stream_of_noise_is_given_up():
    with pytest.raises(NotMllp):
        frames(*(b"GET / HTTP/1.1\r\n" * 64 for _ in range(MOST_NOISE // 1000)))
