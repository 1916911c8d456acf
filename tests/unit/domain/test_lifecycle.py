"""https://hl7.org/fhir/R4/task.html#statemachine"""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import IllegalTransition
from adapter.domain.case import Role, TaskStatus
from adapter.domain.lifecycle import TRANSITIONS, CaseEvent, step
from adapter.fhir.definitions.registry import definitions

MATRIX = list(product(TaskStatus, CaseEvent, Role))
ENDED = {TaskStatus.REJECTED, TaskStatus.CANCELLED, TaskStatus.FAILED}


@pytest.mark.parametrize(("status", "event", "actor"), MATRIX, ids=lambda one: one.value)
def test_a_step_is_possible_exactly_where_the_table_has_it_for_this_side(status, event, actor):
    listed = TRANSITIONS.get((status, event))
    if listed is not None and listed.actor is actor:
        assert step(status, event, actor) is listed
        return
    with pytest.raises(IllegalTransition) as refused:
        step(status, event, actor)
    (problem,) = refused.value.problems
    assert problem.where == "Task.status"
    if listed is not None:
        assert problem.text == f"{event.value} is for the {listed.actor.value} side to say"
    else:
        assert problem.text.startswith(f"a case that is {status.value} cannot become {event.value}; ")


@pytest.mark.parametrize("status", TaskStatus)
def test_a_refusal_names_everything_that_is_possible_now(status):
    possible = sorted(event.value for of, event in TRANSITIONS if of is status)
    impossible = next(event for event in CaseEvent if (status, event) not in TRANSITIONS)
    with pytest.raises(IllegalTransition) as refused:
        step(status, impossible, Role.TREATING)
    hint = refused.value.text.partition("; ")[2]
    assert hint == (f"possible now: {', '.join(possible)}" if possible else "the case has ended")


def test_the_statuses_are_codes_of_fhir_without_draft_ready_and_on_hold():
    codes = frozenset().union(*definitions().codes("http://hl7.org/fhir/ValueSet/task-status").values())
    used = {status.value for status in TaskStatus}
    assert used <= codes
    assert used & {"draft", "ready", "on-hold"} == set()


def test_every_status_can_be_reached_from_requested():
    reached, open_ = set(), [TaskStatus.REQUESTED]
    while open_:
        status = open_.pop()
        if status not in reached:
            reached.add(status)
            open_ += [to.to for (of, _), to in TRANSITIONS.items() if of is status]
    assert reached == set(TaskStatus)


def test_every_status_that_has_not_ended_can_still_come_to_an_end():
    def ends(status: TaskStatus, seen: frozenset[TaskStatus]) -> bool:
        steps = [to for (of, _), to in TRANSITIONS.items() if of is status]
        return any(to.ends or (to.to not in seen and ends(to.to, seen | {to.to})) for to in steps)

    assert {status for status in TaskStatus if not ends(status, frozenset({status}))} == ENDED


def test_what_was_rejected_cancelled_or_failed_has_no_way_out():
    assert {of for of, _ in TRANSITIONS} & ENDED == set()


def test_a_completed_case_can_only_be_closed_and_stays_completed():
    ways = {event: to for (of, event), to in TRANSITIONS.items() if of is TaskStatus.COMPLETED}
    assert set(ways) == {CaseEvent.DISCUSSED, CaseEvent.HANDED_OVER, CaseEvent.TAKEN_OVER}
    assert all(to.ends and to.to is TaskStatus.COMPLETED for to in ways.values())


def test_a_step_ends_the_case_exactly_where_its_status_has_no_way_out_or_the_loop_is_closed():
    for (of, event), to in TRANSITIONS.items():
        assert to.ends is (to.to in ENDED or of is TaskStatus.COMPLETED), (of, event)


def test_nothing_goes_back_to_an_earlier_status():
    order = [TaskStatus.REQUESTED, TaskStatus.RECEIVED, TaskStatus.ACCEPTED, TaskStatus.IN_PROGRESS]
    rank = {status: index for index, status in enumerate(order)}
    last = len(order)
    for (of, event), to in TRANSITIONS.items():
        assert rank.get(to.to, last) >= rank.get(of, last), (of, event)


def test_the_insurer_takes_no_step():
    assert {to.actor for to in TRANSITIONS.values()} == {Role.TREATING, Role.CONSULTING}


def test_only_the_placer_takes_a_request_back_and_only_the_owner_declines_it():
    actors = {
        event: {to.actor for (_, of), to in TRANSITIONS.items() if of is event}
        for event in (CaseEvent.CANCELLED, CaseEvent.ABORT_REQUESTED, CaseEvent.REJECTED, CaseEvent.FAILED)
    }
    assert actors == {
        CaseEvent.CANCELLED: {Role.TREATING},
        CaseEvent.ABORT_REQUESTED: {Role.TREATING},
        CaseEvent.REJECTED: {Role.CONSULTING},
        CaseEvent.FAILED: {Role.CONSULTING},
    }


def test_once_in_progress_a_request_is_not_taken_back_but_the_wish_to_stop_is_told():
    assert (TaskStatus.IN_PROGRESS, CaseEvent.CANCELLED) not in TRANSITIONS
    asked = step(TaskStatus.IN_PROGRESS, CaseEvent.ABORT_REQUESTED, Role.TREATING)
    assert (asked.to, asked.business_status, asked.ends) == (TaskStatus.IN_PROGRESS, "cancellation-requested", False)


@pytest.mark.parametrize("event", CaseEvent)
def test_every_event_has_its_place_in_the_table(event):
    assert any(of is event for _, of in TRANSITIONS)


@given(st.lists(st.tuples(st.sampled_from(CaseEvent), st.sampled_from(Role)), max_size=40))
def test_no_row_of_events_leads_out_of_the_table_or_out_of_an_end(events):
    status = TaskStatus.REQUESTED
    for event, actor in events:
        try:
            taken = step(status, event, actor)
        except IllegalTransition:
            continue
        assert status not in ENDED
        assert TRANSITIONS[status, event] is taken
        status = taken.to
