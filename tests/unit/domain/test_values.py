"""https://hl7.org/fhir/R4/datatypes.html#date https://hl7.org/fhir/R4/datatypes.html#dateTime"""

import re
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.values import Instant, Money, PartialDate

FHIR_DATE = re.compile(
    r"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1]))?)?"
)
OFFSETS = st.one_of(
    st.just("Z"),
    st.integers(-14 * 60, 14 * 60).map(lambda n: f"{'+' if n >= 0 else '-'}{abs(n) // 60:02}:{abs(n) % 60:02}"),
)


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_a_date_keeps_its_precision(day, length):
    text = day.isoformat()[:length]
    stated = PartialDate(text)
    assert str(stated) == stated.text == text
    assert stated.day == (day if length == 10 else None)


@given(st.text("0123456789-", max_size=12) | st.text(max_size=12) | st.from_regex(FHIR_DATE, fullmatch=True))
def test_what_is_taken_as_a_date_is_a_date_of_fhir(text):
    try:
        PartialDate(text)
    except ValueError:
        return
    assert FHIR_DATE.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    ["", "26", "2026-", "2026-1", "2026-13", "2026-02-30", "2025-02-29", "0000", "2026-04-10T09:30", "10.04.2026"],
)
def test_what_is_no_calendar_date_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the words are partly Python's
        PartialDate(text)


def test_digits_of_other_scripts_are_no_digits_here():
    with pytest.raises(ValueError, match="YYYY"):
        PartialDate("٢٠٢٦-01-31")


@given(st.lists(st.dates().map(lambda day: PartialDate(day.isoformat())), max_size=8))
def test_full_dates_sort_as_the_calendar_does(days):
    assert [one.day for one in sorted(days)] == sorted(one.day for one in days)


@given(st.datetimes(), OFFSETS, st.sampled_from(["seconds", "milliseconds", "microseconds"]))
def test_an_instant_keeps_its_text_and_its_offset(moment, offset, precision):
    text = moment.isoformat(timespec=precision) + offset
    stated = Instant(text)
    assert str(stated) == text
    assert stated.at.replace(tzinfo=None) == moment.replace(
        microsecond={"seconds": 0, "milliseconds": moment.microsecond // 1000 * 1000}.get(precision, moment.microsecond)
    )
    assert stated.local_date == moment.date()
    hours, minutes = (0, 0) if offset == "Z" else (int(offset[1:3]), int(offset[4:]))
    sign = -1 if offset.startswith("-") else 1
    assert stated.at.utcoffset() == sign * timedelta(hours=hours, minutes=minutes)


def test_the_local_date_is_that_of_where_it_was_written():
    late = Instant("2026-03-31T23:30:00-05:00")
    assert late.local_date == date(2026, 3, 31)
    assert late.at == Instant("2026-04-01T04:30:00Z").at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-04-10",
        "2026-04-10T09:30:00",
        "2026-04-10T09:30+02:00",
        "2026-04-10 09:30:00+02:00",
        "20260410T093000+0200",
        "2026-W15-5T09:30:00Z",
        "2026-04-10T09:30:00+0200",
        "2026-04-10T09:30:00z",
        "2026-04-31T09:30:00Z",
        "2026-04-10T25:00:00Z",
        "2026-04-10T09:30:00+24:00",
        "٢٠٢٦-04-10T09:30:00Z",
    ],
)
def test_other_spellings_of_a_moment_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the words are partly Python's
        Instant(text)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_an_amount_keeps_its_digits(value):
    assert str(Money(value=value, currency="EUR").value) == str(value)


def test_an_amount_cannot_be_changed():
    amount = Money(value=Decimal("120.00"), currency="EUR")
    with pytest.raises(FrozenInstanceError):
        amount.value = Decimal(120)
    assert str(amount.value) == "120.00"
