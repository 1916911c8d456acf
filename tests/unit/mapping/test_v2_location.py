import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.mapping.v2_location import Location, location

CASES = {
    "PID": Location("PID"),
    "OBX[3]": Location("OBX", 3),
    "MSH-2": Location("MSH", 1, 2, 1),
    "PID-3[2].4": Location("PID", 1, 3, 2, 4),
    "PID-3.4.1": Location("PID", 1, 3, 1, 4, 1),
    "OBX[12]-5[3].1.2": Location("OBX", 12, 5, 3, 1, 2),
}


@pytest.mark.parametrize("where", CASES)
def test_a_place_in_a_message_has_its_parts(where):
    assert location(where) == CASES[where]


@pytest.mark.parametrize(
    "where", [None, "", "line 7", "/patient/birthDate", "PID-", "PID-0", "pid-3", "PID-3[0]", "PIDX-3"]
)
def test_what_is_no_place_has_none(where):
    assert location(where) is None


@given(st.text(max_size=20))
def test_any_text_is_a_place_or_none(text):
    found = location(text)
    assert found is None or found.sequence >= 1
