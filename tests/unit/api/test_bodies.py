"""https://www.rfc-editor.org/rfc/rfc9110#name-413-content-too-large"""

import asyncio

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from adapter.api.bodies import SMALL_BYTES, limited_body, small_body
from adapter.base.errors import Invalid, TooLarge, UnknownFormat, Unreadable


class Sending:
    """A caller that sends these parts; it counts how many were taken."""

    def __init__(self, *parts, headers=(), breaks_off=False):
        messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        messages.append({"type": "http.disconnect"} if breaks_off else {"type": "http.request", "body": b""})
        self.waiting = iter(messages)
        self.taken = 0
        scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
        self.request = Request(scope, self._receive)

    async def _receive(self):
        self.taken += 1
        return next(self.waiting)


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: str | None = None
    count: int = 0


def read(sending, limit=10):
    return asyncio.run(limited_body(sending.request, limit))


def small(body):
    return asyncio.run(small_body(Sending(body).request, Wish))


@given(st.lists(st.binary(max_size=8), max_size=6))
def test_a_body_up_to_the_limit_is_whole_and_one_beyond_it_is_refused(parts):
    whole = b"".join(parts)
    if len(whole) <= 10:
        assert read(Sending(*parts)) == whole
    else:
        with pytest.raises(TooLarge, match="longer than 10 bytes"):
            read(Sending(*parts))


def test_what_says_that_it_is_too_long_is_not_read_at_all():
    sending = Sending(b"x" * 100, headers=[(b"content-length", b"100")])
    with pytest.raises(TooLarge):
        read(sending)
    assert sending.taken == 0


def test_what_turns_out_too_long_is_not_read_to_its_end():
    sending = Sending(*[b"xxxx"] * 1000, headers=[(b"content-length", b"4")])
    with pytest.raises(TooLarge):
        read(sending)
    assert sending.taken == 3


@pytest.mark.parametrize("length", [b"9" * 5000, b"99999999999999999999"])
def test_an_absurd_length_is_too_long(length):
    with pytest.raises(TooLarge):
        read(Sending(b"x", headers=[(b"content-length", length)]))


@pytest.mark.parametrize("length", [b"", b"-5", b"ten", b"1.5", b"\xb2"])
def test_a_length_that_is_no_number_is_not_believed(length):
    assert read(Sending(b"x", headers=[(b"content-length", length)])) == b"x"


@pytest.mark.parametrize("encoding", [b"gzip", b"br", b"deflate", b"identity, gzip", b"x-unknown"])
def test_a_compressed_body_is_refused_unread(encoding):
    sending = Sending(b"x", headers=[(b"content-encoding", encoding)])
    with pytest.raises(UnknownFormat, match="compressed"):
        read(sending)
    assert sending.taken == 0


@pytest.mark.parametrize("encoding", [b"identity", b"IDENTITY"])
def test_identity_is_no_compression(encoding):
    assert read(Sending(b"x", headers=[(b"content-encoding", encoding)])) == b"x"


def test_a_body_that_breaks_off_is_told():
    with pytest.raises(Unreadable, match="broke off"):
        read(Sending(b"x", breaks_off=True))


def test_a_small_body_gives_its_members_and_none_gives_none():
    assert small(b'{"reason": "no-capacity"}') == Wish(reason="no-capacity")
    assert small(b"") == small(b"{}") == Wish()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"reason": 5, "color": "red", "count": "many"}', {"/reason", "/color", "/count"}),
        (b"{", {""}),
        (b"[]", {""}),
        (b"\xff", {""}),
    ],
)
def test_everything_that_is_wrong_with_a_small_body_is_named(body, where):
    with pytest.raises(Invalid) as refused:
        small(body)
    assert {one.where for one in refused.value.problems} == where
    assert "red" not in " ".join(one.text for one in refused.value.problems)


def test_a_small_body_is_small():
    with pytest.raises(TooLarge):
        small(b" " * (SMALL_BYTES + 1))
