"""HL7 v2 at the door of a node: what is acknowledged is stored, in both modes, once, and in the sender's terms.

HL7 v2.8 chapter 2, section 2.9 "Message processing rules".
"""

import itertools
import socket
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.errors import StoreUnavailable
from adapter.exchange.mllp.conversation import Limits
from adapter.exchange.mllp.framing import Fault, Frame
from adapter.exchange.mllp.listener import Listener
from adapter.exchange.mllp.sender import Line, MllpSender
from adapter.workflow.hl7v2.door import Door
from adapter.workflow.hl7v2.reception import Reception

SAMPLE = (Path(__file__).parent / "referral.hl7").read_bytes()
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Message:
    """A referral of its own: its MSH-10, its case, and its bytes."""

    id: str
    case: str
    body: bytes

    def but(self, old: bytes, new: bytes) -> bytes:
        assert old in self.body
        return self.body.replace(old, new)


def referral(number=None, request=None, commit="", application="", **header):
    """Return the sample as a message of its own; `msh5="..."` sets MSH-5."""
    number = number or next(NUMBERS)
    id_, case = f"KA-{number}", request or f"REF-{number}"
    head, _, rest = SAMPLE.partition(b"\r")
    fields = head.split(b"|")
    stated = {"msh10": id_, "msh15": commit, "msh16": application, **header}
    for name, value in stated.items():
        fields[int(name[3:]) - 1] = value.encode()
    return Message(id_, case, b"|".join(fields) + b"\r" + rest.replace(b"REF-1", case.encode()))


NO_NAME = b"M\xfcller^J\xfcrgen^TEST"


def frame(body, fault=None):
    return Frame(body, len(body), fault)


def through(house, body, fault=None, **door):
    """Let the door of a house take bytes, and return its answers as lists of fields."""
    one = Door(id="kis", org="klinik-a", **door)
    return [parsed(answer) for answer in Reception(house.running.node, one).receive(frame(body, fault))]


@pytest.fixture
def house(lasting_pair):
    """The treating hospital, in which other tests have left their cases."""
    return lasting_pair["klinik-a"]


@pytest.fixture
def door(house):
    return lambda body, fault=None, **more: through(house, body, fault, **more)


def parsed(answer):
    return [line.split("|") for line in answer.decode("latin-1").split("\r")[:-1]]


def code(answer):
    return next(line[1] for line in answer if line[0] == "MSA")


def errors(answer):
    """Return place, condition and severity of each ERR segment."""
    return [(line[2], line[3].split("^")[0], line[4]) for line in answer if line[0] == "ERR"]


def refused(house):
    return [one["sha256"] for one in house.quarantine()]


def cases(house):
    return {one["number"] for one in house.get("/cases")}


def test_a_referral_is_taken_stored_and_acknowledged_and_its_case_is_there(house, door):
    sent = referral()
    (answer,) = door(sent.body)
    assert answer[0][2:6] == ["PVS", "PRAXIS-B", "KIS", "KLINIK-A"]
    assert answer[0][8:12] == ["ACK^I12^ACK", answer[0][9], "P", "2.5.1"]
    assert answer[1] == ["MSA", "AA", sent.id]
    assert errors(answer) == [("", "0", "W")]  # no consent was stated
    (message,) = [one for one in house.get("/messages") if one["id"] == sent.id]
    assert (message["mediaType"], message["case"]) == ("x-application/hl7-v2+er7", house.case(sent.case)["id"])
    assert house.http.get(f"/messages/{message['sha256']}").content == sent.body
    with house.store.read() as unit:
        requested = unit.events.of_case("klinik-a", message["case"])[0]
    assert (requested.kind, requested.actor) == ("requested", "client:kis")


def test_what_is_not_production_is_taken_with_a_note(door):
    (noted,), (plain,) = door(referral(msh11="T").body), door(referral(msh11="P").body)
    assert ("MSH^1^11^1", "0", "I") in errors(noted)
    assert not any(place.startswith("MSH^1^11") for place, _, _ in errors(plain))
    assert code(noted) == code(plain) == "AA"


def test_the_same_message_again_gets_the_same_answer_byte_for_byte_and_has_no_second_effect(house, door, lasting_pair):
    sent = referral()
    first = door(sent.body)
    before = house.counts()
    lasting_pair.move(timedelta(minutes=3))
    assert door(sent.body) == first
    assert house.counts() == before


def test_the_same_message_again_is_not_read_again_whatever_has_been_set_up_since(house, door, monkeypatch):
    def read(*_):
        raise AssertionError

    sent = referral()
    first = door(sent.body)
    monkeypatch.setattr("adapter.workflow.hl7v2.verdict.take_in", read)
    assert door(sent.body) == first


def test_a_refused_message_again_gets_the_same_answer_and_is_kept_once(house, door, lasting_pair):
    wrong = referral(msh12="9.9")
    first = door(wrong.body)
    kept = refused(house)
    lasting_pair.move(timedelta(minutes=3))
    assert door(wrong.body) == first
    assert refused(house) == kept


def test_the_same_control_id_with_other_content_is_an_error(house, door):
    sent = referral()
    door(sent.body)
    before = house.counts()
    (answer,) = door(sent.but(sent.case.encode(), b"REF-OTHER"))
    assert (code(answer), errors(answer)) == ("AE", [("MSH^1^10^1", "205", "E")])
    assert house.counts() == before


def test_what_is_wrong_is_named_by_segment_field_and_component_all_at_once(house, door):
    sent = referral()
    (answer,) = door(sent.body.replace(NO_NAME, b"").replace(b"724444400", b"1"))
    assert code(answer) == "AE"
    assert [place.split("^")[:3] for place, _, _ in errors(answer)] == [["PID", "1", "5"], ["PRD", "2", "10"]]
    assert [condition for _, condition, _ in errors(answer)] == ["101", "102"]
    assert sent.case not in cases(house)
    assert "PID-5" in house.quarantine()[0]["reason"]


def test_no_answer_holds_anything_of_the_patient(door):
    sent = referral()
    messages = [sent.body, referral().but(NO_NAME, b""), referral(msh12="9.9").body, referral().body[:400]]
    messages += [referral(msh9="ADT^A01").body, sent.but(b"REF-", b"OTHER-"), referral().but(b"1960", b"x")]
    for message in messages:
        for answer in door(message):
            told = str(answer)
            hidden = ("rgen", "ller", "T000111223", "19600402", "x0402", "Lindenweg", "838382210")
            assert not any(one in told for one in hidden)


@pytest.mark.parametrize(
    ("body", "fault", "expected", "condition"),
    [
        (b"", None, "AR", "100"),
        (b"PID|1", None, "AR", "100"),
        (b"not HL7 at all", None, "AR", "100"),
        (b"MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\rPID|1", None, "AR", "200"),
        (referral(msh12="9.9").body, None, "AR", "203"),
        (referral(msh12="").body, None, "AR", "101"),
        (referral(msh10="").body, None, "AE", "101"),
        (referral().body, Fault.UNFRAMED, "AR", "100"),
        (referral().body, Fault.TOO_LONG, "AR", "104"),
        (referral(msh11="X").body, None, "AR", "202"),
        (b"MSH|^^^^|A|B|C|D|2026||REF^I12|1|P|2.5\rPID|1", None, "AR", "102"),
    ],
    ids=["empty", "no header", "text", "ADT", "version", "no version", "no id", "unframed", "long", "X", "delimiters"],
)
def test_what_cannot_be_taken_is_refused_with_its_reason_and_kept(house, door, body, fault, expected, condition):
    before, known = cases(house), len(refused(house))
    (answer,) = door(body, fault)
    assert (code(answer), errors(answer)[0][1]) == (expected, condition), answer
    assert cases(house) == before
    assert len(refused(house)) == known + 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"senders": frozenset({("KIS", "KLINIK-A")}), "receivers": frozenset({("", "PRAXIS-B")})}, "AA"),
        ({"senders": frozenset({("KIS", ""), ("OTHER", "X")})}, "AA"),
        ({"senders": frozenset({("KIS", "OTHER")})}, "AR"),
        ({"receivers": frozenset({("PVS", "SOMEBODY")})}, "AR"),
        ({"processing_ids": frozenset("T")}, "AR"),
    ],
)
def test_a_door_lets_in_whom_it_knows_and_what_is_for_it(house, door, settings, expected):
    known = len(refused(house))
    (answer,) = door(referral().body, **settings)
    assert code(answer) == expected
    assert len(refused(house)) - known == (expected == "AR")
    if expected == "AR":
        assert errors(answer)[0][0].startswith("MSH^1^")


def test_in_enhanced_mode_the_message_is_in_safe_hands_before_the_application_speaks(door):
    good = referral(commit="AL", application="AL")
    assert [code(one) for one in door(good.body)] == ["CA", "AA"]
    bad = referral(commit="AL", application="AL")
    assert [code(one) for one in door(bad.but(NO_NAME, b""))] == ["CA", "AE"]


def test_application_acknowledgements_go_to_the_address_for_replies_and_are_tried_until_they_are_taken(pair):
    house = pair["klinik-a"]
    with socket.create_server(("127.0.0.1", 0)) as later:
        port = later.getsockname()[1]
    reply = Line("127.0.0.1", port, None, 10.0)
    house.running.node.doors["klinik-a", "kis"] = Door(id="kis", org="klinik-a", reply=reply)
    sent = [referral(commit="AL", application="AL") for _ in range(2)]
    for one in sent:
        assert [code(answer) for answer in through(house, one.body, reply=reply)] == ["CA"]
    pair.work_off("klinik-a")  # nobody listens there yet
    got = []

    def taken(one):
        got.append(one.body)
        return [b"MSH|^~\\&|A\rMSA|CA|" + one.body.split(b"|")[9] + b"\r"]

    listener = Listener("engine", socket.create_server(("127.0.0.1", port)), taken)
    listener.start()
    try:
        for _ in range(2):
            pair.move(timedelta(minutes=5))
            pair.work_off("klinik-a")
    finally:
        listener.stop()
        house.running.lines.close()
    answers = [parsed(one) for one in got]
    assert [(code(one), one[1][2]) for one in answers] == [("AA", one.id) for one in sent]
    assert all(one[0][14:16] == ["AL", "NE"] for one in answers)
    assert house.get("/work/failed") == []


def test_a_refusal_goes_to_the_address_for_replies_too_and_one_that_is_gone_is_shown_to_the_operator(pair):
    house, reply = pair["klinik-a"], Line("127.0.0.1", 1)
    wrong = referral(commit="AL", application="AL").but(NO_NAME, b"")
    assert [code(one) for one in through(house, wrong, reply=reply)] == ["CA"]
    pair.work_off("klinik-a")  # the door is not in the settings
    (failed,) = house.get("/work/failed")
    assert (failed["kind"], failed["case"]) == ("send-acknowledgement", "")
    assert "replay" in failed["error"]


def test_an_acknowledgement_is_never_acknowledged(house, door):
    before = refused(house)
    assert door(b"MSH|^~\\&|A|B|C|D|2026||ACK^I12|1|P|2.5|||AL|AL\rMSA|AA|77") == []
    assert refused(house) == before


def test_a_batch_is_taken_message_by_message_and_answered_as_a_batch(house, door, lasting_pair):
    first, second, third = referral(), referral(), referral()
    head = b"FHS|^~\\&|KIS|KLINIK-A\rBHS|^~\\&|KIS|A|PVS|B|20260312||||BATCH-1\r"
    body = head + b"\r".join([first.body, second.but(NO_NAME, b""), third.body]) + b"\rBTS|3\rFTS|1\r"
    (answer,) = door(body)
    assert answer[0][:6] == ["BHS", "^~\\&", "PVS", "B", "KIS", "A"]
    assert answer[0][11] == "BATCH-1"
    assert answer[-1] == ["BTS", "3"]
    told = [line[1:3] for line in answer if line[0] == "MSA"]
    assert told == [["AA", first.id], ["AE", second.id], ["AA", third.id]]
    assert cases(house) & {first.case, second.case, third.case} == {first.case, third.case}
    lasting_pair.move(timedelta(minutes=1))
    assert door(body) == [answer]


def test_a_bug_is_told_without_its_words_and_the_message_is_kept(house, door, monkeypatch, capsys):
    def broken(*_):
        raise RuntimeError("Jürgen Müller")

    known = len(refused(house))
    monkeypatch.setattr("adapter.workflow.hl7v2.verdict.take_in", broken)
    (answer,) = door(referral().body)
    assert (code(answer), errors(answer)) == ("AR", [("", "207", "E")])
    assert "rgen" not in str(answer)
    assert "rgen" not in str(capsys.readouterr())
    assert len(refused(house)) == known + 1


def test_a_store_that_does_not_answer_is_told_as_a_passing_trouble(house, door, monkeypatch):
    def away(*_):
        raise StoreUnavailable("the database does not answer; try again later")

    sent, known = referral(), refused(house)
    monkeypatch.setattr("adapter.workflow.hl7v2.verdict.take_in", away)
    assert [(code(one), errors(one)[0][1]) for one in door(sent.body)] == [("AR", "207")]
    assert [code(one) for one in door(referral(commit="AL").body)] == ["CE"]
    assert refused(house) == known
    monkeypatch.undo()
    assert [code(one) for one in door(sent.body)] == ["AA"]


@st.composite
def mutated(draw):
    """Cut, overwrite, double and swap pieces of a referral, as bad lines, bad engines and bad hands do."""
    body = bytearray(referral(draw(st.integers(100_000, 999_999))).body)
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        piece = bytes(body[start:end])
        odd = st.sampled_from(
            [b"", b"|", b"^", b"~", b"\\", b"&", b"\r", b"\n", b"\x00", b"\xff", b'""', b"MSH|", b"\rPID|"]
        )
        body[start:end] = draw(st.sampled_from([b"", piece * 2, piece[::-1]]) | odd | st.binary(max_size=8))
    return bytes(body)


@settings(max_examples=150)
@given(body=mutated())
def test_whatever_a_message_has_become_it_gets_an_answer_and_the_door_stays_open(lasting_pair, body):
    answers = through(lasting_pair["klinik-a"], body)
    for answer in answers:
        assert answer[0][0][:3] in ("MSH", "BHS")
        assert not any(line[0] == "ERR" and "broke inside" in str(line) for line in answer), answer


def test_over_a_real_line_one_bad_message_does_not_block_the_next(house):
    node = house.running.node
    reception = Reception(node, Door(id="kis", org="klinik-a", max_message_bytes=20_000))
    listening = socket.create_server(("127.0.0.1", 0))
    listener = Listener("kis", listening, reception.receive, limits=Limits(max_message_bytes=20_000))
    listener.start()
    first, last = referral(), referral()
    messages = [b"junk", first.body, b"MSH|^~\\&|" + b"x" * 50_000, referral(msh12="9.9").body, last.body]
    try:
        with closing(socket.create_connection(listener.address, timeout=30)) as line:
            line.sendall(b"noise".join(b"\x0b" + one + b"\x1c\r" for one in messages))
            got = b""
            while got.count(b"\x1c\r") < len(messages):
                got += line.recv(65536)
        answers = [parsed(one.strip(b"\x0b")) for one in got.split(b"\x1c\r")[:-1]]
        assert [code(one) for one in answers] == ["AR", "AA", "AR", "AR", "AA"]
        sender = MllpSender()
        assert sender.send(first.body, Line(*listener.address)).accepted
        sender.close()
    finally:
        listener.stop()
    assert {first.case, last.case} <= cases(house)
    assert reception.tally == {"AA": 3, "AR": 3}
