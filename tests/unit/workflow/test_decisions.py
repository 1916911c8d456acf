"""What people may decide about a case, when, with which reason, and who is told."""

from datetime import timedelta

import pytest

from adapter.base.errors import IllegalTransition, Invalid, NotFound
from adapter.domain.case import Role, TaskStatus
from adapter.domain.lifecycle import TRANSITIONS
from adapter.workflow.caller import Caller, CallerKind
from adapter.workflow.decisions import (
    CANCELLATION_REASONS,
    EFFECTS,
    FAILURE_REASONS,
    REJECTION_REASONS,
    Decision,
    Verb,
    decide_case,
)

EHR = Caller(kind=CallerKind.CLIENT, id="ehr", org="a", scopes=frozenset({"cases"}))
REASONS = {Verb.REJECT: REJECTION_REASONS, Verb.FAIL: FAILURE_REASONS, Verb.CANCEL: CANCELLATION_REASONS}


def decide(house, verb, name="1", **more):
    return decide_case(house.node, "a", EHR, name, Decision(verb=verb, **more))


@pytest.fixture
def consulting(make_house):
    return make_house(Role.CONSULTING)


@pytest.fixture
def treating(make_house):
    return make_house(Role.TREATING)


@pytest.mark.parametrize(
    ("verb", "status", "after", "business_status"),
    [
        (Verb.ACCEPT, TaskStatus.RECEIVED, TaskStatus.ACCEPTED, "awaiting-records"),
        (Verb.REJECT, TaskStatus.RECEIVED, TaskStatus.REJECTED, "rejected"),
        (Verb.APPOINTMENT, TaskStatus.ACCEPTED, TaskStatus.ACCEPTED, "appointment-booked"),
        (Verb.MISSED, TaskStatus.IN_PROGRESS, TaskStatus.IN_PROGRESS, "appointment-no-show"),
        (Verb.FAIL, TaskStatus.IN_PROGRESS, TaskStatus.FAILED, "failed"),
    ],
)
def test_the_consulting_side_decides_and_the_other_side_is_told(consulting, verb, status, after, business_status):
    consulting.open_case(status)
    reason = REASONS[verb][0] if verb in REASONS else None
    case = decide(consulting, verb, reason=reason)
    assert (case.status, case.business_status, case.reason) == (after, business_status, reason)
    assert case == consulting.case()
    assert consulting.kinds() == [EFFECTS[verb][0].value]
    (work,) = consulting.work()
    assert (work.kind, work.detail) == ("send-status", {"task_version": 2})
    with consulting.node.store.read() as unit:
        task = unit.resources.get("a", "Task", "c-1").resource
    assert task["status"] == after.value


def test_a_case_is_found_by_its_number_or_by_its_task_and_nothing_else(consulting):
    consulting.open_case(TaskStatus.RECEIVED)
    for name in ("2", "", "c-2", "r-1"):
        with pytest.raises(NotFound):
            decide(consulting, Verb.ACCEPT, name)
    assert decide(consulting, Verb.ACCEPT, "c-1", number="B-7").status is TaskStatus.ACCEPTED


@pytest.mark.parametrize("verb", [Verb.REJECT, Verb.FAIL, Verb.CANCEL])
@pytest.mark.parametrize("reason", [None, "", "because"])
def test_a_no_needs_one_of_its_reasons(consulting, verb, reason):
    consulting.open_case(TaskStatus.RECEIVED)
    with pytest.raises(Invalid) as refused:
        decide(consulting, verb, reason=reason)
    assert refused.value.problems[0].where == "/reason"
    assert all(one in refused.value.text for one in REASONS[verb])
    assert consulting.kinds() == []


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("status", TaskStatus)
def test_nothing_can_be_decided_that_the_lifecycle_does_not_list(make_house, verb, status):
    """Whatever is decided about whatever case: it follows the table, or it is refused and nothing changes."""
    for role in (Role.TREATING, Role.CONSULTING):
        house = make_house(role)
        house.open_case(status, opinion="b", afterwards="transfer")
        reason = REASONS[verb][0] if verb in REASONS else None
        before = house.case()
        try:
            after = decide(house, verb, reason=reason)
        except IllegalTransition:
            assert (house.case(), house.kinds(), house.work()) == (before, [], [])
        else:
            assert any(
                of is status and to.to is after.status and to.actor is role for (of, _), to in TRANSITIONS.items()
            )


def test_what_never_left_is_cancelled_without_telling_anybody(treating):
    treating.open_case(TaskStatus.REQUESTED)
    assert decide(treating, Verb.CANCEL, reason="not-needed").status is TaskStatus.CANCELLED
    assert treating.work() == []


def test_what_has_begun_is_not_cancelled_but_the_wish_to_stop_is_told(treating):
    treating.open_case(TaskStatus.IN_PROGRESS)
    case = decide(treating, Verb.CANCEL, reason="patient-withdrew")
    assert (case.status, case.business_status, case.closed_at) == (
        TaskStatus.IN_PROGRESS,
        "cancellation-requested",
        None,
    )
    assert [one.kind for one in treating.work()] == ["send-cancel"]


def test_the_side_that_has_the_report_records_the_discussion(treating, consulting):
    treating.open_case(TaskStatus.COMPLETED, "report-issued")
    with pytest.raises(IllegalTransition, match="the report did not come here"):
        decide(treating, Verb.DISCUSSED)
    consulting.open_case(TaskStatus.COMPLETED, "report-issued", returned=True)
    with pytest.raises(IllegalTransition, match="the report went back"):
        decide(consulting, Verb.DISCUSSED)


def test_while_the_report_is_on_its_way_back_nobody_else_closes_the_loop(consulting):
    consulting.open_case(TaskStatus.COMPLETED, "report-issued")
    id_ = consulting.add_work("send-report")
    with pytest.raises(IllegalTransition, match="on its way back"):
        decide(consulting, Verb.DISCUSSED)
    with consulting.node.store.transaction() as unit:  # it went out as the bare status: consent had ended
        unit.work.finish(id_, consulting.node.clock.now())
    assert decide(consulting, Verb.DISCUSSED).business_status == "report-delivered-patient"


def test_the_same_ending_once_more_changes_nothing_and_is_told_to_nobody(treating):
    treating.open_case(TaskStatus.COMPLETED, "report-issued", opinion="b")
    first = decide(treating, Verb.DISCUSSED)
    assert first.closed_at is not None
    treating.later(timedelta(hours=1))
    assert decide(treating, Verb.DISCUSSED) == first == treating.case()
    assert treating.kinds() == ["discussed"]
    assert [one.kind for one in treating.work()] == ["send-closed"]


def test_care_is_taken_over_only_where_somebody_said_so_and_a_coverage_check_is_offered(consulting):
    consulting.open_case(TaskStatus.COMPLETED, "report-issued", afterwards="transfer")
    assert decide(consulting, Verb.TAKEN_OVER).business_status == "care-taken-over"
    assert consulting.kinds() == ["taken-over", "coverage-check-offered"]


@pytest.mark.parametrize("afterwards", [None, "return", "report-only"])
def test_care_is_not_taken_over_otherwise(consulting, afterwards):
    consulting.open_case(TaskStatus.COMPLETED, "report-issued", afterwards=afterwards)
    with pytest.raises(IllegalTransition, match="afterwards = transfer"):
        decide(consulting, Verb.TAKEN_OVER)
