"""Work is done once; what fails for a while is put off, what fails for good is kept and shown."""

from datetime import timedelta

import pytest

from adapter.base.errors import (
    Invalid,
    PeerRejected,
    PeerThrottled,
    PeerUnavailable,
    Problem,
    SetupError,
    StaleVersion,
    StoreUnavailable,
)
from adapter.domain.case import Role, TaskStatus
from adapter.exchange.backoff import GIVE_UP_AFTER
from adapter.store.work import WorkState
from adapter.workflow import perform as module
from adapter.workflow.perform import DO, DO_AT_HOME, perform
from adapter.workflow.work import WorkKind

CANARY = "Erika-Mustermann"


@pytest.fixture
def house(make_house):
    woken = []
    one = make_house(Role.TREATING, wake=lambda: woken.append(True))
    one.open_case(TaskStatus.REQUESTED)
    one.woken = woken
    return one


@pytest.fixture
def doing(monkeypatch, house):
    """Let `send-status` do something else; return how often it was done."""

    def let(act):
        done = []

        def counted(errand):
            done.append(errand)
            act(errand)

        monkeypatch.setattr(module, "DO", {WorkKind.SEND_STATUS: counted})
        return done

    return let


def failing(error):
    def act(_):
        raise error

    return act


def finishing(errand):
    with errand.node.store.transaction() as unit:
        unit.work.finish(errand.item.id, errand.at)


def test_every_kind_of_work_has_somebody_who_does_it():
    assert set(DO) | set(DO_AT_HOME) == set(WorkKind)
    assert not set(DO) & set(DO_AT_HOME)


def test_work_is_done_with_its_case_and_partner_and_not_again(house, doing):
    done = doing(finishing)
    id_ = house.add_work()
    perform(house.node, id_)
    perform(house.node, id_)
    (errand,) = done
    assert (errand.case.id, errand.partner.id, errand.organisation.id) == ("c-1", "b", "a")
    assert house.work()[0].state is WorkState.DONE
    assert house.woken == [True]


def test_work_that_nobody_wrote_down_is_nothing(house):
    perform(house.node, "no-such-item")
    assert house.woken == []


@pytest.mark.parametrize("error", [PeerUnavailable("down"), StoreUnavailable("full")])
def test_what_fails_for_a_while_is_put_off_and_the_reason_kept(house, doing, error):
    doing(failing(error))
    id_ = house.add_work()
    perform(house.node, id_)
    (item,) = house.work()
    assert (item.state, item.attempts, item.last_error) == (WorkState.PENDING, 1, error.text)
    assert timedelta(seconds=0.5) < item.next_attempt_at - house.node.clock.now() <= timedelta(seconds=1)
    assert "work-failed" not in house.kinds()


def test_it_is_not_tried_again_before_the_moment_that_the_peer_asked_for(house, doing):
    doing(failing(PeerThrottled("busy", retry_after_seconds=600)))
    perform(house.node, house.add_work())
    assert house.work()[0].next_attempt_at == house.node.clock.now() + timedelta(seconds=600)


def test_after_ten_days_it_is_given_up_and_shown(house, doing):
    doing(failing(PeerUnavailable("down")))
    id_ = house.add_work()
    house.later(GIVE_UP_AFTER + timedelta(seconds=1))
    perform(house.node, id_)
    assert house.work()[0].state is WorkState.DEAD
    assert house.kinds() == ["work-failed"]


@pytest.mark.parametrize("error", [PeerRejected("no"), Invalid("ours is wrong"), SetupError("no partner")])
def test_what_fails_for_good_is_kept_for_the_operator_and_stands_in_the_story(house, doing, error):
    done = doing(failing(error))
    id_ = house.add_work()
    perform(house.node, id_)
    perform(house.node, id_)
    assert len(done) == 1
    (item,) = house.work()
    assert (item.state, item.last_error) == (WorkState.DEAD, error.text)
    with house.node.store.read() as unit:
        (event,) = unit.events.of_case("a", "c-1")
    assert (event.kind, event.actor, event.detail) == (
        "work-failed",
        "node",
        {"kind": "send-status", "error": error.text},
    )


def test_the_peers_reasons_are_kept_with_it(house, doing):
    problems = [Problem("no such day", "Patient.birthDate"), *(Problem(f"more {n}") for n in range(9))]
    doing(failing(PeerRejected("the peer refused the message", problems=problems)))
    perform(house.node, house.add_work())
    told = house.work()[0].last_error
    assert told.startswith("the peer refused the message (Patient.birthDate: no such day; more 0;")
    assert "more 8" not in told


def test_a_bug_is_put_off_and_its_words_are_kept_nowhere(house, doing):
    doing(failing(ValueError(f"no room for {CANARY}")))
    perform(house.node, house.add_work())
    (item,) = house.work()
    assert (item.state, item.attempts, item.last_error) == (WorkState.PENDING, 1, "unexpected ValueError")


def test_who_came_second_leaves_the_item_to_the_engine(house, doing):
    doing(failing(StaleVersion("somebody was first")))
    id_ = house.add_work()
    with pytest.raises(StaleVersion):
        perform(house.node, id_)
    assert house.work()[0].attempts == 0


def test_work_of_a_partner_who_is_no_longer_configured_waits_for_the_operator(make_house):
    house = make_house(Role.TREATING, partners=())
    house.open_case(TaskStatus.REQUESTED)
    perform(house.node, house.add_work())
    (item,) = house.work()
    assert item.state is WorkState.DEAD
    assert "add its [[partner]] again and replay" in item.last_error


def test_work_that_was_revived_is_done(house, doing):
    doing(failing(PeerRejected("no")))
    id_ = house.add_work()
    perform(house.node, id_)
    with house.node.store.transaction() as unit:
        unit.work.revive("a", id_, house.node.clock.now())
    doing(finishing)
    perform(house.node, id_)
    assert house.work()[0].state is WorkState.DONE
