"""https://hl7.org/fhir/R4/auditevent.html"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.fhir.validate import validate
from adapter.mapping.to_fhir.audit_event import audit_event
from adapter.workflow.timeline import SENTENCES

LINE = {"at": "2026-04-10T10:00:00.123+02:00", "organisation": "dijkzicht", "who": "client:ehr", "kind": "requested"}


def line(**changes):
    return audit_event({**LINE, **changes}, "t-1")


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_line_of_a_story_becomes_a_valid_audit_event(kind):
    event = line(kind=kind)
    # the kinds of a case's events are ours, and a machine's record needs no narrative
    allowed = {("AuditEvent.subtype[0]", "code-invalid"), ("AuditEvent", "invariant")}
    assert {(one.where, one.code) for one in validate(event) if one.severity == "warning"} <= allowed
    assert [one for one in validate(event) if one.severity != "warning"] == []
    assert event["subtype"][0]["code"] == kind


@given(
    st.sampled_from(["client:ehr", "partner:b", "local:local", "gate", "node"]), st.datetimes(timezones=st.timezones())
)
def test_whoever_and_whenever_it_is_valid(who, at):
    moment = at.replace(year=max(at.year, 1904)).isoformat(timespec="milliseconds")
    if len(moment) != len("2026-04-10T10:00:00.123+02:00"):
        return  # an offset with seconds, as zones had before they were standardised: no clock of ours shows it
    event = line(who=who, at=moment)
    assert [one for one in validate(event) if one.severity in ("error", "fatal")] == []
    assert event["recorded"] == moment


def test_a_refusal_is_marked_as_one_and_an_export_as_one():
    assert (line(kind="report-withheld")["outcome"], line(kind="report-withheld")["type"]["code"]) == ("4", "110113")
    assert (line(kind="report-sent")["outcome"], line(kind="report-sent")["type"]["code"]) == ("0", "110106")
    assert (line(kind="discussed")["outcome"], line(kind="discussed")["type"]["code"]) == ("0", "110100")
    assert line(kind="work-failed")["outcome"] == "4"


def test_people_and_systems_asked_for_it_the_gate_and_the_node_did_not():
    assert [line(who=who)["agent"][0]["requestor"] for who in ("client:ehr", "partner:b", "gate", "node")] == [
        *(True, True, False, False)
    ]


def test_the_same_line_has_the_same_id_and_another_line_another():
    ids = {line()["id"], line()["id"], line(at="2026-04-10T10:00:00.124+02:00")["id"], line(organisation="b")["id"]}
    assert len(ids) == 3


def test_nothing_of_the_sentence_or_of_its_reason_is_in_the_record():
    assert "Mustermann" not in str(line(what="about Mustermann", why="Mustermann"))
