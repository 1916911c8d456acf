import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.intake.calendar import is_day, is_instant, is_partial_date
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.tables.outcome import Given
from adapter.mapping.tables.transforms import TRANSFORMS

DATES = {
    "2026": "2026",
    "202603": "2026-03",
    "20260312": "2026-03-12",
    "20260312080500+0100": "2026-03-12",
    "19781030000000": "1978-10-30",
    "20260000": "2026",
    "20260300": "2026-03",
    "2026-03-12": "2026-03-12",
    "20260312^D": "2026-03-12",
    "20260230": None,
    "12.03.2026": None,
    "2026031": None,
    "2012-0215": "2012",
    "": None,
}


@pytest.mark.parametrize("sent", DATES)
def test_a_date_has_the_precision_that_was_sent(transformed, sent):
    assert transformed("v2-date", sent).value == DATES[sent]


def test_a_time_of_day_that_is_left_out_is_told(transformed):
    assert [one.kind for one in transformed("v2-date", "202603120805").remarks] == [RemarkKind.TRUNCATED]


def test_a_day_is_a_full_one(transformed):
    assert transformed("v2-day", "20260312").value == "2026-03-12"
    assert transformed("v2-day", "202603").value is None
    assert [one.kind for one in transformed("v2-day", "202603").remarks] == [RemarkKind.UNREADABLE]


INSTANTS = {
    "20260312080500+0100": "2026-03-12T08:05:00+01:00",
    "20260312080500.1234-0530": "2026-03-12T08:05:00.1234-05:30",
    "202603120805+0000": "2026-03-12T08:05:00+00:00",
    "2026031208Z": "2026-03-12T08:00:00+00:00",
    "20260312080500": "2026-03-12T08:05:00+01:00",
    "20260712080500": "2026-07-12T08:05:00+02:00",
    "2026-03-12T08:05:00+01:00": "2026-03-12T08:05:00+01:00",
    "20260312240000+0100": "2026-03-13T00:00:00+01:00",
    "20260312": None,
    "20260312250000": None,
    "20260312080500+1500": None,
    "20260312080500+0175": None,
    "99991231240000+0100": None,
    "now": None,
}


@pytest.mark.parametrize("sent", INSTANTS)
def test_a_moment_has_its_offset_or_the_senders(transformed, sent):
    assert transformed("v2-instant", sent).value == INSTANTS[sent]


def test_the_senders_time_zone_is_told(transformed):
    assert [one.kind for one in transformed("v2-instant", "20260312080500").remarks] == [RemarkKind.DEFAULTED]
    assert transformed("v2-instant", "20260312080500+0100").remarks == ()


TIMES = st.one_of(
    st.text(st.sampled_from("0123456789+-.:TZ "), max_size=26),
    st.datetimes().map(lambda moment: f"{moment:%Y%m%d%H%M%S}"),
    st.from_regex(r"[0-9]{4,14}(\.[0-9]{1,4})?([+-][0-9]{4})?", fullmatch=True),
)


@given(TIMES)
def test_what_is_given_is_a_date_a_day_or_a_moment(v2_field, context, text):
    node = v2_field(text)
    for name, is_right in (("v2-date", is_partial_date), ("v2-day", is_day)):
        value = TRANSFORMS[name].bind(Given())(node, context).value
        assert value is None or is_right(value)
    value = TRANSFORMS["v2-instant"].bind(Given())(node, context).value
    assert value is None or is_instant(value) or not "1900" <= value[:4] < "3000"
