"""https://www.rfc-editor.org/rfc/rfc9110#name-retry-after"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapter.exchange.backoff import FIRST, GIVE_UP_AFTER, LONGEST, next_attempt

NOW = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)
ATTEMPTS = st.integers(1, 100_000)
SEEDS = st.text(max_size=20)
AGES = st.timedeltas(timedelta(0), GIVE_UP_AFTER)


def delay(attempt, seed="a", asked=None, age=timedelta(0)):
    again = next_attempt(attempt=attempt, created_at=NOW - age, now=NOW, retry_after_seconds=asked, seed=seed)
    return again - NOW


@given(ATTEMPTS, SEEDS, AGES)
def test_a_delay_is_the_doubled_one_less_at_most_a_quarter(attempt, seed, age):
    full = min(LONGEST, FIRST * 2 ** min(attempt - 1, 40))
    assert full * 0.75 <= delay(attempt, seed, age=age) <= full


@given(st.integers(1, 12), SEEDS)
def test_each_delay_is_longer_than_the_one_before_until_the_longest(attempt, seed):
    assert delay(attempt, seed) < delay(attempt + 1, seed) or delay(attempt, seed) >= LONGEST * 0.75


def test_it_begins_with_about_a_second_and_never_exceeds_an_hour():
    assert timedelta(seconds=0.75) <= delay(1) <= timedelta(seconds=1)
    assert delay(10_000) <= timedelta(hours=1)


def test_items_that_failed_together_do_not_come_back_together():
    delays = [delay(13, f"item {n}") for n in range(200)]
    assert len(set(delays)) == 200
    assert min(delays) < LONGEST * 0.8
    assert max(delays) > LONGEST * 0.95


@given(ATTEMPTS, SEEDS)
def test_the_same_item_gets_the_same_delay(attempt, seed):
    assert delay(attempt, seed) == delay(attempt, seed)


@given(ATTEMPTS, st.floats(0, 10**6), SEEDS)
def test_what_the_peer_asked_for_is_a_lower_bound(attempt, asked, seed):
    assert delay(attempt, seed, asked) >= min(timedelta(seconds=asked), GIVE_UP_AFTER)
    assert delay(attempt, seed, asked) >= delay(attempt, seed)


@given(ATTEMPTS, st.floats(10**6, allow_nan=False))
def test_nobody_is_waited_for_longer_than_ten_days(attempt, asked):
    assert delay(attempt, "a", asked) == GIVE_UP_AFTER


@given(ATTEMPTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=1000)), st.none() | st.floats(0, 1000))
def test_after_ten_days_it_is_given_up(attempt, more, asked):
    created = NOW - GIVE_UP_AFTER - more
    assert next_attempt(attempt=attempt, created_at=created, now=NOW, retry_after_seconds=asked, seed="a") is None
