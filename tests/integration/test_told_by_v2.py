"""A hospital's system asked by HL7 v2: it is told every state in order, once, and gets the report where it may.

HL7 v2.8 chapter 11.3, RRI; 7.3.1, ORU; 9.6, MDM.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from adapter.base.data import shipped
from adapter.base.errors import PeerRejected, PeerUnavailable
from adapter.exchange.mllp.framing import Frame
from adapter.exchange.mllp.sender import Line
from adapter.workflow.hl7v2.door import Door
from adapter.workflow.hl7v2.reception import Reception

SAMPLE = (shipped("mappings") / "intake" / "hl7v2-ref" / "samples" / "de-knee.hl7").read_bytes()
REFERRAL = SAMPLE.replace(b"260000011", b"260800008").replace(b"|AL|AL|", b"|||")
CASE = "REF-DE-0001"
REPORT = json.loads((shipped("samples") / "report-de.json").read_bytes()) | {"case": CASE, "reviewed": []}
REPLY = Line("kis.test", 2575)


@dataclass
class Mailbox:
    """The system's own listener, in the place of the node's lines; `trouble` is raised instead of taking a message."""

    got: list[bytes] = field(default_factory=list)
    trouble: Exception | None = None

    def send(self, message: bytes, line: Line, *, answered: bool = True) -> None:
        assert (line, answered) == (REPLY, True)
        if self.trouble is not None:
            raise self.trouble
        self.got.append(message)

    def close(self) -> None:
        """Hold nothing."""

    def told(self) -> list[tuple[str, ...]]:
        """Return of every message what it is, RF1-1 or OBR-25, and the states beside it."""
        return [_summary(one) for one in self.got]


def _summary(message: bytes) -> tuple[str, ...]:
    lines = [one.split("|") for one in message.decode("latin-1").split("\r")[:-1]]
    facts = {one[3].partition("^")[0]: one[5] for one in lines if one[0] == "OBX" and one[2] == "ST"}
    kind = "^".join(lines[0][8].split("^")[:2])
    if not kind.startswith("RRI"):
        return (kind, facts.get("necessity", ""))
    rf1 = next(one for one in lines if one[0] == "RF1")
    return (kind, rf1[1].partition("^")[0], facts["status"], facts.get("business-status", ""))


@pytest.fixture
def mailbox(pair):
    """The German hospital has a door with an address for replies, where this mailbox is."""
    house, box = pair["klinik-a"], Mailbox()
    house.running.node.doors["klinik-a", "kis"] = Door(id="kis", org="klinik-a", reply=REPLY)
    real = house.running.node.lines
    object.__setattr__(house.running.node, "lines", box)
    yield box
    real.close()


def ask(pair, message=REFERRAL, **door):
    pair.move("2026-03-12T08:05:00+01:00")
    node = pair["klinik-a"].running.node
    one = Door(id="kis", org="klinik-a", reply=REPLY, **door)
    node.doors["klinik-a", "kis"] = one
    (answer,) = Reception(node, one).receive(Frame(message, len(message)))
    assert b"MSA|AA|" in answer, answer
    pair.settle()


def through_the_loop(pair):
    assert pair["praxis-b"].decide(CASE, "accept", number="B-7").status_code == 200
    pair.settle()
    pair.move(REPORT["issued"])
    response = pair["praxis-b"].submit(REPORT)
    assert response.status_code == 202, response.text
    pair.settle()


STORY = [
    ("RRI^I12", "P", "received", "awaiting-decision"),
    ("RRI^I12", "A", "accepted", "awaiting-records"),
    ("RRI^I12", "A", "in-progress", "under-review"),
    ("RRI^I12", "A", "completed", "report-issued"),
]


def test_every_state_and_the_report_go_to_the_system_that_asked_in_their_order(pair, mailbox):
    ask(pair)
    through_the_loop(pair)
    assert mailbox.told() == [*STORY, ("ORU^R01", "undecided")]
    assert pair.failed_work() == []
    assert {"system-told", "report-to-system"} <= set(pair["klinik-a"].kinds(CASE))


def test_its_own_names_delimiters_and_numbers_come_back_to_the_system(pair, mailbox):
    ask(pair)
    pair["praxis-b"].decide(CASE, "accept", number="B-7")
    pair.settle()
    head, _, rest = mailbox.got[1].decode("latin-1").partition("\r")
    fields = head.split("|")
    assert fields[2:6] == [
        "PVS",
        "PRAXIS-B-TEST",
        "KIS",
        "KLINIK-A-TEST^260000011^ARGE-IK".replace("260000011", "260800008"),
    ]
    assert (fields[10], fields[11], fields[17]) == ("T", "2.5.1", "8859/1")
    lines = {one[:3]: one.split("|") for one in rest.split("\r") if one}
    assert lines["MSA"][1:3] == ["AA", "KA-2026-000123"]
    assert (lines["RF1"][6], lines["RF1"][11]) == ("REF-DE-0001", "B-7")
    assert "M\xfcller" in lines["PID"][5]
    assert lines["PID"][3].split("~")[1].rstrip("^") == "4711^^^KLINIK-A-TEST"


@pytest.mark.parametrize(("format", "kind"), [("MDM^T02", "MDM^T02"), ("RRI^I12", None), ("none", None)])
def test_a_door_says_in_which_format_the_report_goes(pair, mailbox, format, kind):  # noqa: A002
    ask(pair, reply_report=format)
    if format == "RRI^I12":
        pair["praxis-b"].decide(CASE, "accept")
        pair.settle()
        pair.move(REPORT["issued"])
        pair["praxis-b"].submit(REPORT)
        pair.settle()
        assert b"concordance^^99SO" in mailbox.got[-1]
        assert mailbox.got[-1].split(b"|")[8].startswith(b"RRI^I12")
        return
    through_the_loop(pair)
    assert [one[0] for one in mailbox.told()[len(STORY) :]] == ([kind] if kind else [])


def test_a_door_may_want_no_states(pair, mailbox):
    ask(pair, reply_status="none")
    through_the_loop(pair)
    assert mailbox.told() == [("ORU^R01", "undecided")]


def test_without_return_consent_the_system_learns_the_state_alone(pair, mailbox):
    refused = REFERRAL.replace(
        b"CON|2|RETURN^Bericht darf zur\xfcck^99SO|||||||||A^Active",
        b"CON|2|RETURN^Bericht darf zur\xfcck^99SO|||||||||R^Refused",
    )
    assert refused != REFERRAL
    ask(pair, refused)
    through_the_loop(pair)
    assert mailbox.told() == STORY
    assert b"\r".join(mailbox.got).find(b"concordance") < 0


def test_a_refusal_is_told_with_its_reason(pair, mailbox):
    ask(pair)
    assert pair["praxis-b"].decide(CASE, "reject", reason="no-capacity").status_code == 200
    pair.settle()
    assert mailbox.told()[-1] == ("RRI^I12", "R", "rejected", "rejected")
    assert b"|ST|reason^^99SO||no-capacity|" in mailbox.got[-1]


def test_a_case_that_is_taken_back_is_told_as_taken_back(pair, mailbox):
    ask(pair)
    assert pair["klinik-a"].decide(CASE, "cancel", reason="patient-withdrew").status_code == 200
    pair.settle()
    assert mailbox.told()[-1][:3] == ("RRI^I14", "E", "cancelled")


def test_what_the_system_does_not_take_is_sent_again_with_the_same_bytes_and_in_order(pair, mailbox):
    mailbox.trouble = PeerUnavailable("nobody listens")
    ask(pair)
    pair["praxis-b"].decide(CASE, "accept", number="B-7")
    pair.settle()
    assert mailbox.got == []
    mailbox.trouble = None
    for _ in range(4):
        pair.move(timedelta(hours=1))
        pair.settle()
    assert mailbox.told() == STORY[:3]
    assert pair.failed_work() == []


def test_what_the_system_refuses_waits_for_the_operator_and_the_rest_goes_on(pair, mailbox):
    mailbox.trouble = PeerRejected("the partner answered AE")
    ask(pair)
    mailbox.trouble = None
    pair["praxis-b"].decide(CASE, "accept", number="B-7")
    pair.settle()
    assert mailbox.told() == STORY[1:3]
    assert [one["kind"] for one in pair.failed_work()] == ["tell-status-by-v2"]


def test_in_enhanced_mode_it_is_asked_for_a_commit_acknowledgement_alone(pair, mailbox):
    enhanced = REFERRAL.replace(b"|2.5.1|||||DEU|", b"|2.5.1|||AL|NE|DEU|")
    assert enhanced != REFERRAL
    pair.move("2026-03-12T08:05:00+01:00")
    node = pair["klinik-a"].running.node
    door = Door(id="kis", org="klinik-a", reply=REPLY)
    node.doors["klinik-a", "kis"] = door
    Reception(node, door).receive(Frame(enhanced, len(enhanced)))
    pair.settle()
    assert mailbox.got[0].split(b"\r")[0].split(b"|")[14:16] == [b"AL", b"NE"]


def test_a_case_that_came_otherwise_is_told_to_no_system(pair, mailbox, sample):
    request = sample("request-de")
    pair.move(request["sent"])
    assert pair["klinik-a"].submit(request).status_code == 202
    pair.settle()
    assert mailbox.got == []


def test_a_door_without_an_address_for_replies_tells_nothing(pair, mailbox):
    pair.move("2026-03-12T08:05:00+01:00")
    node = pair["klinik-a"].running.node
    door = Door(id="kis", org="klinik-a")
    node.doors["klinik-a", "kis"] = door
    Reception(node, door).receive(Frame(REFERRAL, len(REFERRAL)))
    pair.settle()
    assert mailbox.got == []
    assert pair.failed_work() == []


def test_an_address_that_is_gone_is_shown_to_the_operator(pair, mailbox):
    mailbox.trouble = PeerUnavailable("nobody listens")
    ask(pair)
    pair["klinik-a"].running.node.doors.clear()
    pair.move(timedelta(hours=1))
    pair.settle()
    (failed,) = pair.failed_work()
    assert "replay" in failed["error"]
