"""https://hl7.org/fhir/R4/valueset-task-status.html"""

import pytest

from adapter.base.errors import Invalid
from adapter.mapping.from_fhir.task import read_task_state


@pytest.mark.parametrize("status", [None, "draft", "ready", "on-hold", "entered-in-error", 7, [], {}])
def test_a_status_that_no_case_can_have_is_refused(status):
    with pytest.raises(Invalid) as refused:
        read_task_state({"resourceType": "Task", "status": status})
    assert refused.value.problems[0].where == "Task.status"
    assert "in-progress" in refused.value.problems[0].text


def test_what_is_not_stated_is_unknown():
    state = read_task_state({"resourceType": "Task", "status": "requested"})
    assert (state.business_status, state.reason, state.reason_text, state.filler_number, state.changed) == (None,) * 5
