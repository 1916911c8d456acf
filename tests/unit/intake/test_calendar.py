"""https://hl7.org/fhir/R4/datatypes.html#date and #dateTime"""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.values import Instant, PartialDate
from adapter.intake.calendar import is_day, is_instant, is_partial_date


@pytest.mark.parametrize("text", ["2026-02-28", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_days(text):
    assert is_day(text)
    assert is_partial_date(text)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "2026-00-10", "20260228", "2026-2-8", "0000-01-01", "2026-W09-6", "٢٠٢٦-٠١-٠١"]
)
def test_no_days(text):
    assert not is_day(text)
    assert not is_partial_date(text)


@pytest.mark.parametrize(("text", "right"), [("1980", True), ("1980-06", True), ("1980-13", False), ("0000", False)])
def test_a_date_may_be_a_year_or_a_month(text, right):
    assert is_partial_date(text) is right
    assert not is_day(text)


@pytest.mark.parametrize(
    "text", ["2026-03-12T08:05:00+01:00", "2026-03-12T08:05:00Z", "2026-03-12T08:05:00.123456789-09:30"]
)
def test_instants(text):
    assert is_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12T08:05:00",
        "2026-03-12T08:05Z",
        "2026-03-12 08:05:00Z",
        "2026-03-12T24:00:00Z",
        "2026-03-12T08:05:61Z",
        "2026-02-30T08:05:00Z",
        "2026-03-12T08:05:00+15:00",
        "2026-03-12T08:05:00z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-03-12",
    ],
)
def test_no_instants(text):
    assert not is_instant(text)


@given(st.text(max_size=30) | st.from_regex(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"))
def test_what_is_accepted_can_be_built_and_turned_to_utc(text):
    if is_partial_date(text):
        assert str(PartialDate(text)) == text
    if is_instant(text):
        assert Instant(text).at.astimezone(UTC).tzinfo is UTC
