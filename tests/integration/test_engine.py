"""https://docs.dbos.dev/python/tutorials/workflow-tutorial"""

import threading
import time
from datetime import timedelta

import pytest
from dbos import DBOS

from adapter.base.clock import SystemClock
from adapter.store.backlog import Backlog
from adapter.store.store import Store
from adapter.store.work import WorkState
from adapter.workflow import engine as engine_module
from adapter.workflow.engine import Engine

CLOCK = SystemClock()
PATIENCE_SECONDS = 20


class Bench:
    """A store, an engine on it, and a record of what was performed."""

    def __init__(self, folder):
        self.url = f"sqlite:///{folder / 'node.db'}"
        self.store = Store.open(self.url, blobs=folder / "blobs")
        self.performed = []
        self.happened = threading.Condition()
        self.perform = self.finish
        self.engine = None

    def start(self, **more):
        source = Backlog(self.store, CLOCK)
        settings = {"concurrency": 4, "poll_seconds": 0.05} | more
        self.engine = Engine(url=self.url, worker="w1", source=source, perform=self.perform, **settings)
        self.engine.start()

    def finish(self, id_):
        with self.store.transaction() as unit:
            unit.work.finish(id_, CLOCK.now())
        self.note(id_)

    def note(self, id_):
        with self.happened:
            self.performed.append(id_)
            self.happened.notify_all()

    def add(self, *cases):
        with self.store.transaction() as unit:
            ids = [unit.work.add("a", case, "send", {}, CLOCK.now()) for case in cases]
        self.engine.wake()
        return ids

    def wait_for(self, true):
        with self.happened:
            assert self.happened.wait_for(true, PATIENCE_SECONDS)

    def state(self, id_):
        with self.store.read() as unit:
            return unit.work.get(id_)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    if made.engine is not None:
        made.engine.stop(drain=True)
    made.store.close()


def test_everything_is_done_once_and_in_the_order_of_its_lane(bench):
    bench.start()
    ids = bench.add(*(f"c{n % 5}" for n in range(40)))
    bench.wait_for(lambda: len(bench.performed) >= 40)
    assert sorted(bench.performed) == sorted(ids)
    for lane in range(5):
        mine = ids[lane::5]
        assert [id_ for id_ in bench.performed if id_ in mine] == mine
    assert bench.engine.idle()


def test_new_work_is_taken_up_long_before_the_next_poll(bench):
    bench.start(poll_seconds=60)
    bench.add("warm")
    bench.wait_for(lambda: len(bench.performed) == 1)
    began = time.perf_counter()
    bench.add("c1")
    bench.wait_for(lambda: len(bench.performed) == 2)
    assert time.perf_counter() - began < 2, "a watchdog; the usual figure is 2 ms"


def test_one_bad_item_blocks_nobody_and_comes_back(bench):
    broken = []

    def perform(id_):
        if id_ in broken:
            bench.note("broken")
            raise ValueError("Jan Jansen")
        bench.finish(id_)

    bench.perform = perform
    bench.start(concurrency=1)
    with bench.store.transaction() as unit:
        broken.append(unit.work.add("a", "bad", "send", {}, CLOCK.now()))
    others = bench.add("c1", "c2", "c3")
    bench.wait_for(lambda: {"broken", *others} <= set(bench.performed))
    bench.engine.stop(drain=True)
    item = bench.state(broken[0])
    assert (item.state, item.attempts) == (WorkState.PENDING, 1)
    assert item.last_error.startswith("ValueError at test_engine.py")
    assert "Jansen" not in item.last_error


def test_a_postponed_item_is_tried_again_under_its_next_attempt(bench):
    def perform(id_):
        if bench.state(id_).attempts < 2:
            with bench.store.transaction() as unit:
                unit.work.postpone(id_, CLOCK.now(), "peer down")
            bench.engine.wake()
        else:
            bench.finish(id_)

    bench.perform = perform
    bench.start()
    (id_,) = bench.add("c1")
    bench.wait_for(lambda: bench.performed == [id_])
    assert bench.state(id_).attempts == 2


def test_an_attempt_that_ends_without_an_outcome_counts_as_failed(bench):
    bench.perform = lambda id_: bench.finish(id_) if bench.state(id_).attempts else bench.note("forgot")
    bench.start()
    (id_,) = bench.add("c1")
    bench.wait_for(lambda: id_ in bench.performed)
    assert bench.state(id_).attempts == 1
    assert bench.performed == ["forgot", id_]


def test_stopping_with_drain_waits_for_what_runs_and_begins_nothing_more(bench):
    going = threading.Event()

    def perform(id_):
        bench.note("begun")
        going.wait(PATIENCE_SECONDS)
        bench.finish(id_)

    bench.perform = perform
    bench.start(concurrency=1)
    first, second = bench.add("c1", "c2")
    bench.wait_for(lambda: bench.performed == ["begun"])
    stopping = threading.Thread(target=bench.engine.stop, kwargs={"drain": True})
    stopping.start()
    going.set()
    stopping.join()
    assert bench.state(first).state is WorkState.DONE
    assert bench.state(second).state is WorkState.PENDING


def test_what_was_left_is_taken_up_at_the_next_start(bench):
    bench.start()
    bench.engine.stop(drain=True)
    with bench.store.transaction() as unit:
        id_ = unit.work.add("a", "c1", "send", {}, CLOCK.now())
    bench.start()
    bench.wait_for(lambda: bench.performed == [id_])


def test_one_process_has_one_engine(bench):
    bench.start()
    second = Engine(url=bench.url, worker="w2", source=Backlog(bench.store, CLOCK), perform=bench.finish)
    with pytest.raises(RuntimeError, match="one engine"):
        second.start()


def test_a_start_that_fails_says_why_and_can_be_repeated(bench, tmp_path):
    (tmp_path / "node.work.db").mkdir()
    with pytest.raises(Exception, match="unable to open"):
        bench.start()
    (tmp_path / "node.work.db").rmdir()
    bench.start()
    (id_,) = bench.add("c1")
    bench.wait_for(lambda: bench.performed == [id_])


def test_dbos_forgets_what_ended_long_ago(bench):
    bench.start(retention=timedelta(0))
    bench.add("c1", "c2")
    bench.wait_for(lambda: len(bench.performed) == 2)
    bench.engine.stop(drain=True)
    bench.start(retention=timedelta(0))  # cleans when it starts
    bench.add("c3")
    bench.wait_for(lambda: len(bench.performed) == 3)
    bench.add("c4")
    bench.wait_for(lambda: len(bench.performed) == 4)
    remembered = {one.input["args"][0] for one in DBOS.list_workflows()}
    assert remembered.isdisjoint(bench.performed[:2])


def test_only_the_engine_knows_its_pinned_version_and_its_worker(bench):
    bench.start()
    assert DBOS.application_version == engine_module.APPLICATION_VERSION
    assert DBOS.executor_id == "w1"
