"""https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8"""

import uuid

from hypothesis import assume, given
from hypothesis import strategies as st

from adapter.base.ids import DEFAULT_KEY, opaque_id

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PARTS = st.lists(TEXTS, min_size=1, max_size=4)


@given(PARTS, st.binary(min_size=1))
def test_an_id_is_a_uuid_of_version_8_in_lower_case(parts, key):
    text = opaque_id(*parts, key=key)
    read = uuid.UUID(text)
    assert str(read) == text
    assert (read.version, read.variant) == (8, uuid.RFC_4122)


@given(PARTS)
def test_the_same_parts_give_the_same_id(parts):
    assert opaque_id(*parts) == opaque_id(*parts) == opaque_id(*parts, key=DEFAULT_KEY)


@given(PARTS, PARTS)
def test_other_parts_give_another_id(one, other):
    assume(one != other)
    assert opaque_id(*one) != opaque_id(*other)


@given(TEXTS.filter(bool), TEXTS.filter(bool))
def test_where_one_part_ends_and_the_next_begins_matters(one, other):
    assert opaque_id(one, other) != opaque_id(one + other)
    assert opaque_id(one, other) != opaque_id(one + other, "")


@given(PARTS, st.binary(min_size=1), st.binary(min_size=1))
def test_another_key_gives_another_id(parts, one, other):
    # a key that is shorter than a block is filled up with zero bytes (RFC 2104)
    assume(one.rstrip(b"\0") != other.rstrip(b"\0"))
    assert opaque_id(*parts, key=one) != opaque_id(*parts, key=other)


def test_an_id_is_the_same_in_every_version_of_the_adapter():
    assert opaque_id("dijkzicht", "REQ-1", "Task") == "0ab8ddc3-4a62-8f25-9702-b8fa92c3a641"
