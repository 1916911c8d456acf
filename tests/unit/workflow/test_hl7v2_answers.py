"""HL7 v2.8 chapter 2, section 2.9: which acknowledgements MSH-15 and MSH-16 ask for, and what they say."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import Invalid, Problem, StoreUnavailable, UnknownFormat
from adapter.exchange.mllp.sender import Line
from adapter.mapping.to_v2.acknowledged import read_acknowledgement
from adapter.mapping.to_v2.acknowledgement import Code
from adapter.mapping.to_v2.header import read_header
from adapter.workflow.hl7v2.answers import Answers, answers_to, is_acknowledgement
from adapter.workflow.hl7v2.door import Door
from adapter.workflow.hl7v2.verdict import Verdict

AT = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)
GOOD = None
BAD = Invalid("the content is wrong", where="PID-7")
OTHER = UnknownFormat("another kind", where="MSH-9")
AWAY = StoreUnavailable("try again later")
WISHES = ["AL", "NE", "ER", "SU", ""]


def answers(commit, application, refused, **door) -> Answers:
    header = read_header(f"MSH|^~\\&|A|B|C|D|2026||REF^I12|1|P|2.5|||{commit}|{application}".encode())
    verdict = Verdict(refused=refused, notes=(Problem("kept at home", "CON-2", "suppressed", "warning"),), at=AT)
    return answers_to(
        header, verdict, Door(id="kis", org="a", **door), identify=lambda code: f"id-{code}",
        zone=ZoneInfo("Europe/Amsterdam"),
    )  # fmt: skip


def codes(told):
    return [read_acknowledgement(one).code for one in told]


@pytest.mark.parametrize(
    ("commit", "application", "refused", "expected"),
    [
        ("", "", GOOD, ["AA"]),
        ("", "", BAD, ["AE"]),
        ("", "", OTHER, ["AR"]),
        ("", "", AWAY, ["AR"]),
        ("AL", "AL", GOOD, ["CA", "AA"]),
        ("AL", "AL", BAD, ["CA", "AE"]),
        ("AL", "AL", OTHER, ["CR"]),
        ("AL", "AL", AWAY, ["CE"]),
        ("AL", "NE", GOOD, ["CA"]),
        ("AL", "NE", BAD, ["CE"]),
        ("AL", "", BAD, ["CE"]),
        ("AL", "SU", GOOD, ["CA", "AA"]),
        ("AL", "SU", BAD, ["CE"]),
        ("AL", "ER", GOOD, ["CA"]),
        ("AL", "ER", BAD, ["CA", "AE"]),
        ("ER", "AL", GOOD, ["AA"]),
        ("ER", "AL", BAD, ["AE"]),
        ("ER", "NE", BAD, ["CE"]),
        ("ER", "NE", OTHER, ["CR"]),
        ("SU", "ER", BAD, ["CA", "AE"]),
        ("SU", "ER", OTHER, ["AR"]),
        ("SU", "NE", BAD, []),
        ("NE", "AL", GOOD, ["AA"]),
        ("NE", "AL", OTHER, ["AR"]),
        ("", "AL", GOOD, ["AA"]),
        ("NE", "NE", GOOD, []),
        ("NE", "NE", BAD, []),
        ("XX", "NE", GOOD, ["CA"]),
        ("al", "ne", GOOD, ["CA"]),
    ],
)
def test_what_is_asked_for_is_answered(commit, application, refused, expected):
    told = answers(commit, application, refused)
    assert codes(told.now) == expected
    assert told.later is None


@given(st.sampled_from(WISHES), st.sampled_from(WISHES), st.sampled_from([BAD, OTHER, AWAY]))
def test_a_refusal_is_told_to_whoever_wants_to_hear_of_errors_anywhere(commit, application, refused):
    told = codes(answers(commit, application, refused).now)
    heard = any(one not in (Code.COMMIT, Code.ACCEPT) for one in told)
    assert heard == ({"AL", "ER"} & {commit, application} != set() or commit == application == "")


@given(st.sampled_from(WISHES), st.sampled_from(WISHES), st.sampled_from([GOOD, BAD, OTHER, AWAY]))
def test_a_message_that_was_refused_is_never_called_taken_in_the_end(commit, application, refused):
    told = codes(answers(commit, application, refused).now)
    assert len(told) <= 2
    if refused is not None and told:
        assert told[-1] not in (Code.COMMIT, Code.ACCEPT) or (commit, application) == ("SU", "NE")
    if refused is None:
        assert set(told) <= {Code.COMMIT, Code.ACCEPT}


@pytest.mark.parametrize(
    ("mode", "commit", "application", "expected"),
    [
        ("original", "AL", "AL", ["AA"]),
        ("auto", "", "", ["AA"]),
        ("enhanced", "", "", ["CA"]),
        ("enhanced", "AL", "AL", ["CA", "AA"]),
    ],
)
def test_a_door_may_settle_the_mode(mode, commit, application, expected):
    assert codes(answers(commit, application, GOOD, mode=mode).now) == expected


@pytest.mark.parametrize(("acknowledged", "asked"), [(True, ["AL", "NE"]), (False, ["NE", "NE"])])
def test_with_an_address_for_replies_the_application_speaks_there(acknowledged, asked):
    told = answers("AL", "AL", BAD, reply=Line("h", 1), reply_acknowledged=acknowledged)
    assert codes(told.now) == ["CA"]
    assert codes([told.later]) == ["AE"]
    assert told.later.split(b"\r")[0].decode().split("|")[14:16] == asked
    assert codes(answers("", "", GOOD, reply=Line("h", 1)).now) == ["AA"]
    assert answers("AL", "NE", GOOD, reply=Line("h", 1)).later is None
    settled = answers("", "", GOOD, reply=Line("h", 1), mode="enhanced")
    assert (codes(settled.now), codes([settled.later])) == (["CA"], ["AA"])


def test_notes_stand_in_the_application_s_answer_and_problems_where_the_refusal_is():
    commit, final = answers("AL", "AL", GOOD).now
    assert b"\rERR|" not in commit
    assert b"|W|suppressed|" in final
    commit, final = answers("AL", "AL", BAD).now
    assert b"\rERR|" not in commit
    assert b"\rERR||PID^1^7^1|" in final
    assert commit.split(b"|")[9] == b"id-CA"
    assert final.split(b"|")[9] == b"id-AE"
    assert b"|20260410100000+0200|" in final


@pytest.mark.parametrize(
    ("kind", "expected"), [("ACK", True), ("ACK^I12^ACK", True), ("ack", True), ("RRI^I12", False), ("", False)]
)
def test_an_acknowledgement_is_known_by_its_type(kind, expected):
    assert is_acknowledgement(read_header(f"MSH|^~\\&|A|B|C|D|2026||{kind}|1|P|2.5".encode())) is expected
    assert is_acknowledgement(None) is False
