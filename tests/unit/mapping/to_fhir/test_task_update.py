"""https://hl7.org/fhir/R4/task.html"""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapter.fhir.coding import concept
from adapter.fhir.systems import TASK_OUTPUT, profile
from adapter.mapping.from_fhir.task import read_task_state
from adapter.mapping.narrative import plain_text
from adapter.mapping.to_fhir.task_update import status_only, task_update

AT = datetime(2026, 4, 12, 10, 0, tzinfo=timezone(timedelta(hours=2)))


def update(task, **changes):
    stated = {"status": "received", "business_status": None, "reason": None, "reason_text": None, "at": AT}
    return task_update(task, **{**stated, **changes})


def test_the_next_version_says_what_is_new_and_leaves_the_old_one_alone(values, errors):
    task = values.expressed.task
    before = repr(task)
    changed = update(task, status="accepted", business_status="awaiting-records", filler_number="F-7")
    state = read_task_state(changed)
    assert (state.status, state.business_status, state.filler_number) == ("accepted", "awaiting-records", "F-7")
    assert changed["lastModified"] == "2026-04-12T08:00:00.000Z"
    assert repr(task) == before
    assert errors(changed) == []


def test_a_second_filler_number_takes_the_place_of_the_first(values):
    task = update(update(values.expressed.task, filler_number="F-1"), filler_number="F-2")
    assert [one["value"] for one in task["identifier"]] == ["REQ-1", "F-2"]


def test_a_reason_ends_with_the_status_that_it_explains(values):
    rejected = update(values.expressed.task, status="rejected", reason="no-capacity", reason_text="vol")
    state = read_task_state(rejected)
    assert (state.reason, state.reason_text) == ("no-capacity", "vol")
    assert read_task_state(update(rejected, status="rejected")).reason == "no-capacity"
    assert read_task_state(update(rejected, status="received")).reason is None


def test_it_is_never_modified_before_it_was_authored(values):
    early = update(values.expressed.task, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert early["lastModified"] == early["authoredOn"]


def test_outputs_take_the_place_of_those_of_their_type(values):
    def output(kind, text):
        return {"type": concept(TASK_OUTPUT, kind), "valueString": text}

    first = update(
        values.expressed.task, outputs=[output("answer", "a"), output("answer", "b"), output("necessity", "x")]
    )
    second = update(first, outputs=[output("answer", "c")])
    assert [one["valueString"] for one in second["output"]] == ["x", "c"]


def test_the_servers_own_version_is_not_written_on(values):
    task = {**values.expressed.task, "meta": {"versionId": "3", "lastUpdated": "2026-04-12T08:00:00Z"}}
    assert "meta" not in update(task)


def test_a_moment_without_an_offset_is_refused(values):
    with pytest.raises(ValueError, match="offset"):
        update(values.expressed.task, at=datetime(2026, 4, 12))  # noqa: DTZ001 (the point of the test)


def test_nothing_clinical_and_nobody_travels_with_the_bare_status(values, errors):
    task = update(values.expressed.task, status="rejected", reason="other", reason_text="geheim")
    task["note"] = [{"text": "geheim"}]
    task["description"] = "geheim"
    task["output"] = [{"type": {"text": "geheim"}, "valueString": "geheim"}]
    task["for"] = {**task["for"], "display": "geheim", "identifier": {"value": "geheim"}}
    task["requester"] = {**task["for"]}
    bare = status_only(task)
    assert "geheim" not in str(bare)
    assert values.request.questions[0] not in str(bare)
    assert set(bare) == {
        *("resourceType", "id", "identifier", "groupIdentifier", "status", "statusReason", "intent"),
        *("code", "focus", "for", "authoredOn", "lastModified", "requester", "owner", "meta", "text"),
    }
    assert plain_text(bare["text"]) == "Second opinion: Afgewezen"
    assert bare["for"] == {"reference": task["for"]["reference"]}
    assert bare["owner"]["identifier"]["value"] == "00009002"
    assert errors(bare) == []


def test_the_narrative_says_the_state_of_this_version_and_no_reason_in_words(values):
    task = update(
        values.expressed.task, status="rejected", business_status="rejected", reason=None, reason_text="geheim"
    )
    assert plain_text(values.expressed.task["text"]) == "Second opinion: Aangevraagd, Nieuw"
    assert plain_text(task["text"]) == "Second opinion: Afgewezen"


def test_a_bare_status_claims_our_profile_only_where_the_task_does(values):
    task = update(values.expressed.task)
    assert status_only(task)["meta"] == profile("SecondOpinionTask")
    foreign = {name: value for name, value in task.items() if name not in ("meta", "text")}
    assert "meta" not in status_only(foreign)


def test_the_bare_status_of_a_bare_status_is_the_same(values):
    bare = status_only(update(values.expressed.task, business_status="under-review"))
    assert status_only(bare) == bare
