"""The clocks give aware UTC moments, and a development clock never goes back."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base import clock as module
from adapter.base.clock import FIRST_YEAR, LAST_YEAR, DevelopmentClock, FixedClock, SystemClock

START = datetime(2026, 4, 10, 9, 30, tzinfo=timezone(timedelta(hours=2)))
MOMENTS = st.datetimes(
    datetime(FIRST_YEAR, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(LAST_YEAR, 12, 31),  # noqa: DTZ001
    timezones=st.timezones(),
)


@pytest.fixture
def ticking(monkeypatch):
    """The machine's monotonic clock, moved by hand."""
    seconds = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: seconds[0])
    return seconds


@pytest.mark.parametrize("clock", [SystemClock(), DevelopmentClock(START), FixedClock(START)])
def test_a_clock_speaks_utc(clock):
    assert clock.now().tzinfo is UTC


def test_the_system_clock_shows_the_present():
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


def test_a_fixed_clock_stands_still():
    clock = FixedClock(START)
    assert clock.now() == clock.now() == START


def test_a_development_clock_runs_on_at_the_usual_speed(ticking):
    clock = DevelopmentClock(START)
    ticking[0] += 90
    assert clock.now() == START + timedelta(seconds=90)


def test_a_development_clock_runs_on_from_where_it_was_moved(ticking):
    clock = DevelopmentClock(START)
    ticking[0] += 5
    clock.move_to(START + timedelta(days=3))
    ticking[0] += 2
    assert clock.now() == START + timedelta(days=3, seconds=2)


@pytest.mark.parametrize("clock", [DevelopmentClock, FixedClock])
@pytest.mark.parametrize(
    "moment",
    [START.replace(tzinfo=None), datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)],
)
def test_a_moment_that_no_clock_can_show_is_refused(clock, moment):
    with pytest.raises(ValueError, match="a clock"):
        clock(moment)
    with pytest.raises(ValueError, match="a clock"):
        DevelopmentClock(START).move_to(moment)


@given(st.lists(MOMENTS, max_size=12))
def test_a_development_clock_never_goes_back(moments):
    clock = DevelopmentClock(datetime(2000, 1, 1, tzinfo=UTC))
    for moment in moments:
        before = clock.now()
        if moment < before:
            with pytest.raises(ValueError, match="never goes back"):
                clock.move_to(moment)
        else:
            with suppress(ValueError):  # the clock has meanwhile run past it
                clock.move_to(moment)
        assert clock.now() >= max(moment, before)


def test_nobody_sees_half_a_move(monkeypatch, ticking):
    """Whoever looks while the clock is being moved sees the time before or after, never a later one."""
    clock = DevelopmentClock(START)
    ticking[0] += 3600
    seen, asked = [], []

    def looked_at_meanwhile() -> float:
        if not asked:
            asked.append(True)
            seen.append(clock.now())
            asked.clear()
        return ticking[0]

    monkeypatch.setattr(module.time, "monotonic", looked_at_meanwhile)
    clock.move_to(START + timedelta(days=1))
    assert len(seen) > 1
    assert set(seen) <= {START + timedelta(hours=1), START + timedelta(days=1)}
