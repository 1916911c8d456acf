"""HL7 v2.8 chapter 2, section 2.10.3: which messages a frame holds, and that looking costs little."""

from datetime import UTC, datetime

import pytest

from adapter.exchange.mllp.framing import Fault, Frame
from adapter.workflow.hl7v2.batch import batch_of, unwrap

ONE = b"MSH|^~\\&|A|B|C|D|2026||REF^I12|1|P|2.5\rPID|1"
TWO = ONE.replace(b"|1|P|", b"|2|P|")
HEAD = b"BHS|^~\\&|A|B|C|D|2026||||B-1\r"


def frame(body, fault=None):
    return Frame(body, len(body), fault)


@pytest.mark.parametrize("body", [b"", b"junk", ONE, ONE + b"\r", b"\r\n" + ONE, ONE.replace(b"PID", b"OBX|1|TX|MSH")])
def test_one_message_stays_as_it_came(body):
    held = unwrap(frame(body))
    assert ([one.body for one in held.frames], held.enveloped) == ([body], False)


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        (ONE + b"\r" + TWO, [ONE, TWO]),
        (ONE + b"\r\n" + TWO + b"\r\n", [ONE, TWO]),
        (HEAD + ONE + b"\r" + TWO + b"\rBTS|2", [ONE, TWO]),
        (b"FHS|^~\\&|A\r" + HEAD + ONE + b"\rBTS|1\rFTS|1\r", [ONE]),
        (b"\xef\xbb\xbf" + HEAD + ONE, [ONE]),
    ],
)
def test_several_messages_or_an_envelope_are_taken_apart(body, messages):
    held = unwrap(frame(body))
    assert ([one.body for one in held.frames], held.enveloped) == (messages, True)


@pytest.mark.parametrize("body", [HEAD, b"FHS|^~\\&|A\rFTS|0"])
def test_an_envelope_without_a_message_is_left_to_its_reader(body):
    assert unwrap(frame(body)).frames == (frame(body),)


def test_what_is_refused_anyway_is_not_looked_at():
    assert unwrap(frame(ONE + b"\r" + TWO, Fault.TOO_LONG)).enveloped is False


def test_the_answer_names_the_batch_that_it_answers_and_counts():
    at = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)
    told = batch_of(HEAD + ONE, [b"MSH|1\r", b"MSH|2\r"], id="ID", at=at)
    assert told == b"BHS|^~\\&|C|D|A|B|20260410080000+0000||||ID|B-1\rMSH|1\rMSH|2\rBTS|2\r"
    assert batch_of(ONE, [b"x\r"], id="ID", at=at).startswith(b"BHS|^~\\&|C|D|A|B|20260410080000+0000||||ID\r")
    assert batch_of(b"", [], id="ID", at=at).endswith(b"\rBTS|0\r")
