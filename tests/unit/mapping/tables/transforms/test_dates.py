from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.intake.calendar import is_day, is_instant, is_partial_date
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Given, Outcome
from adapter.mapping.tables.transforms.dates import TRANSFORMS, local_instant


@pytest.fixture
def made(context):
    def make(name: str, said: str) -> Outcome:
        return TRANSFORMS[name].bind(Given())(Node("authoredOn", "X.authoredOn", said), context)

    return make


CASES = {
    ("day", "2026-03-12"): ("2026-03-12", None),
    ("day", "2026-03-12T23:30:00+01:00"): ("2026-03-12", RemarkKind.TRUNCATED),
    ("day", "2026-03"): (None, RemarkKind.UNREADABLE),
    ("day", "2026-02-30"): (None, RemarkKind.UNREADABLE),
    ("partial-date", "2026"): ("2026", None),
    ("partial-date", "2026-03"): ("2026-03", None),
    ("partial-date", "2026-03-12T08:05"): ("2026-03-12", RemarkKind.TRUNCATED),
    ("partial-date", "2026-13"): (None, RemarkKind.UNREADABLE),
    ("partial-date", "0000"): (None, RemarkKind.UNREADABLE),
    ("instant", "2026-03-12T08:05:00+01:00"): ("2026-03-12T08:05:00+01:00", None),
    ("instant", "2026-03-12T08:05:00.123456789012Z"): ("2026-03-12T08:05:00.123456789Z", None),
    ("instant", "2026-03-12 08:05+0100"): ("2026-03-12T08:05:00+01:00", None),
    ("instant", "2026-03-12T08:05:00"): ("2026-03-12T08:05:00+01:00", RemarkKind.DEFAULTED),
    ("instant", "2026-07-12T08:05:00"): ("2026-07-12T08:05:00+02:00", RemarkKind.DEFAULTED),
    ("instant", "2026-03-12"): ("2026-03-12T00:00:00+01:00", RemarkKind.DEFAULTED),
    ("instant", "2026-10-25T02:30:00"): ("2026-10-25T02:30:00+02:00", RemarkKind.DEFAULTED),
    ("instant", "2026-03"): (None, RemarkKind.UNREADABLE),
    ("instant", "2026-03-12T25:00"): (None, RemarkKind.UNREADABLE),
    ("instant", "9999-12-31T23:00:00"): (None, RemarkKind.UNREADABLE),
    ("instant", "tomorrow"): (None, RemarkKind.UNREADABLE),
}


@pytest.mark.parametrize(("name", "said"), CASES)
def test_a_date_is_taken_as_far_as_it_goes_and_never_completed_in_silence(made, name, said):
    value, remark = CASES[name, said]
    outcome = made(name, said)
    assert outcome.value == value
    assert [one.kind for one in outcome.remarks] == ([] if remark is None else [remark])
    assert outcome.used == ({} if value is None else {"X.authoredOn": ""})


FORMS = {"day": is_day, "partial-date": is_partial_date, "instant": is_instant}
DATES = st.one_of(
    st.text(max_size=12),
    st.dates(date(1900, 1, 2)).map(str),
    st.datetimes().map(datetime.isoformat),
    st.from_regex(
        r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?", fullmatch=True
    ),
)


@pytest.mark.parametrize("name", FORMS)
@given(said=DATES)
def test_whatever_is_said_the_format_takes_the_value_or_a_remark_says_why_not(context, name, said):
    outcome = TRANSFORMS[name].bind(Given())(Node("x", "X.x", said), context)
    if outcome.value is None:
        assert outcome.remarks or not said.strip() or said == '""'
    else:
        assert FORMS[name](outcome.value)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.times())
def test_a_moment_without_an_offset_is_that_of_the_senders_clock(context, day, clock):
    moment = datetime.combine(day, clock.replace(fold=0))
    said = moment.isoformat(timespec="seconds")
    value = TRANSFORMS["instant"].bind(Given())(Node("x", "X.x", said), context).value
    assert datetime.fromisoformat(value).replace(tzinfo=None) == moment.replace(microsecond=0)


def test_a_zone_that_differed_by_seconds_gives_no_instant():
    noon = datetime.combine(date(1910, 5, 1), time(12))
    assert local_instant(noon, timezone(timedelta(seconds=1172))) is None
    assert local_instant(noon, timezone(timedelta(minutes=20))) == "1910-05-01T12:00:00+00:20"
