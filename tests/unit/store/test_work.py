from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.base.clock import FixedClock
from adapter.base.errors import NotFound, StaleVersion
from adapter.store.backlog import Backlog
from adapter.store.work import WorkRef, WorkState
from adapter.store.workers import Fence

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SOON = timedelta(seconds=1)


def add(store, *cases, org="a", at=AT, **more):
    with store.transaction() as unit:
        return [unit.work.add(org, case, "send", {"n": n}, at, **more) for n, case in enumerate(cases)]


def due(store, at=AT, limit=100):
    with store.read() as unit:
        return [item.id for item in unit.work.due(at, limit)]


def test_only_the_oldest_pending_item_of_a_lane_is_due(store):
    first, second, other = add(store, "c1", "c1", "c2")
    assert due(store) == [first, other]
    with store.transaction() as unit:
        unit.work.finish(first, AT)
    assert due(store) == [second, other]


def test_a_postponed_item_holds_its_lane_back_and_nobody_elses(store):
    first, _, other = add(store, "c1", "c1", "c2")
    with store.transaction() as unit:
        unit.work.postpone(first, AT + SOON, "peer down")
    assert due(store) == [other]
    assert due(store, AT + SOON) == [other, first]
    with store.read() as unit:
        item = unit.work.get(first)
    assert (item.attempts, item.last_error, item.ref) == (1, "peer down", WorkRef(first, 2))


def test_a_lane_of_its_own_does_not_wait_for_the_case(store):
    add(store, "c1")
    (copy,) = add(store, "c1", lane="fhir-server")
    assert copy in due(store)


def test_two_organisations_never_share_a_lane(store):
    (mine,) = add(store, "c1")
    (theirs,) = add(store, "c1", org="b")
    assert due(store) == [mine, theirs]
    with store.read() as unit:
        assert [item.id for item in unit.work.of_lane("b", "c1")] == [theirs]


def test_nothing_is_due_before_its_time(store):
    (late,) = add(store, "c1", at=AT + SOON)
    assert due(store) == []
    assert due(store, AT + SOON) == [late]


def test_the_limit_holds(store):
    ids = add(store, *"abcdefgh")
    assert due(store, limit=3) == ids[:3]


def test_a_buried_item_frees_its_lane_and_can_be_revived_by_its_owner_only(store):
    first, second = add(store, "c1", "c1")
    with store.transaction() as unit:
        unit.work.bury(first, AT, "refused")
    assert due(store) == [second]
    with store.read() as unit:
        assert [(item.id, item.state) for item in unit.work.dead("a")] == [(first, WorkState.DEAD)]
        assert unit.work.dead("b") == []
    with pytest.raises(NotFound), store.transaction() as unit:
        unit.work.revive("b", first, AT)
    with store.transaction() as unit:
        unit.work.revive("a", first, AT)
    assert due(store) == [first]
    with store.read() as unit:
        assert unit.work.get(first).ref == WorkRef(first, 2)


@pytest.mark.parametrize("settle", ["finish", "postpone", "bury"])
def test_an_outcome_counts_once(store, settle):
    (item,) = add(store, "c1")
    more = {"finish": (AT,), "postpone": (AT, "e"), "bury": (AT, "e")}[settle]
    with store.transaction() as unit:
        unit.work.finish(item, AT)
    with pytest.raises(StaleVersion), store.transaction() as unit:
        getattr(unit.work, settle)(item, *more)


def test_a_replaced_worker_cannot_settle_anything(store):
    (item,) = add(store, "c1")
    backlog = Backlog(store, FixedClock(AT), machine=FixedClock(AT))
    backlog.enlist("w1")
    assert backlog.current(WorkRef(item, 1))
    with store.transaction() as unit:
        assert unit.workers.fence_off(store.fence) == Fence("w1", 2)
    assert not backlog.current(WorkRef(item, 1))
    assert backlog.beat() is None
    with pytest.raises(StaleVersion, match="taken for dead"), store.transaction() as unit:
        unit.work.finish(item, AT)
    backlog.enlist("w1")
    assert store.fence == Fence("w1", 3)
    assert backlog.beat() == ["w1"]
    with store.transaction() as unit:
        unit.work.finish(item, AT)


def test_a_worker_that_is_overdue_is_fenced_off_once_and_then_forgotten(store):
    Backlog(store, FixedClock(AT), machine=FixedClock(AT)).enlist("gone")
    later = AT + timedelta(minutes=1)
    backlog = Backlog(store, FixedClock(AT), machine=FixedClock(later))
    backlog.enlist("w1")
    assert backlog.beat() == ["w1"]
    assert backlog.fence_off() == [Fence("gone", 2)]
    assert backlog.fence_off() == [Fence("gone", 3)], "not adopted yet: whoever comes next tries again"
    backlog.bury(Fence("gone", 3))
    assert backlog.fence_off() == []


def test_who_leaves_properly_is_not_adopted(store):
    leaving = Backlog(store, FixedClock(AT), machine=FixedClock(AT))
    leaving.enlist("w1")
    leaving.leave()
    backlog = Backlog(store, FixedClock(AT), machine=FixedClock(AT + timedelta(minutes=1)))
    backlog.enlist("w2")
    assert backlog.fence_off() == []


def test_an_attempt_without_an_outcome_is_put_off_and_in_the_end_buried(store):
    (item,) = add(store, "c1")
    backlog = Backlog(store, FixedClock(AT), machine=FixedClock(AT))
    for attempt in range(1, 20):
        backlog.fail(WorkRef(item, attempt), "bug")
        backlog.fail(WorkRef(item, attempt), "counted once")
    with store.read() as unit:
        assert unit.work.get(item).attempts == 19
        assert unit.work.get(item).next_attempt_at == AT + timedelta(minutes=10)
    backlog.fail(WorkRef(item, 20), "bug")
    with store.read() as unit:
        assert unit.work.get(item).state is WorkState.DEAD
    assert backlog.idle()


ACTS = st.lists(
    st.tuples(st.sampled_from(["add", "finish", "postpone", "bury"]), st.sampled_from("xyz"), st.integers(0, 3)),
    max_size=30,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_what_is_due_agrees_with_a_list_per_lane(store, acts):
    org = f"org{id(acts)}-{len(due(store))}"
    lanes = {lane: [] for lane in "xyz"}
    with store.transaction() as unit:
        for what, lane, delay in acts:
            at = AT + delay * SOON
            if what == "add":
                lanes[lane].append([unit.work.add(org, lane, "send", {}, at), at])
            elif lanes[lane]:
                head = lanes[lane][0]
                if what == "postpone":
                    unit.work.postpone(head[0], at, "later")
                    head[1] = at
                else:
                    unit.work.finish(head[0], AT) if what == "finish" else unit.work.bury(head[0], AT, "no")
                    del lanes[lane][0]
        now = AT + SOON
        expected = {items[0][0] for items in lanes.values() if items and items[0][1] <= now}
        assert {item.id for item in unit.work.due(now, 1000) if item.org == org} == expected
