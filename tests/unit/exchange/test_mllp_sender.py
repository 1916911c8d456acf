"""HL7 v2.8 chapter 2, section 2.9: a message counts as taken when its acknowledgement says so."""

import contextlib
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapter.base.errors import PeerRejected, PeerTimeout, PeerUnavailable, SetupError
from adapter.exchange.mllp.sender import Line, MllpSender
from adapter.exchange.mllp.tls import client_context, server_context


@pytest.fixture
def sender():
    made = MllpSender()
    yield made
    made.close()


def message(control_id="1"):
    return f"MSH|^~\\&|A|B|C|D|20260410||REF^I12|{control_id}|P|2.5\rPID|1\r".encode()


def control_id_of(raw):
    return raw.split(b"|")[9].decode()


def answering(code, err="", control_id=None):
    def receive(frame):
        told = control_id or control_id_of(frame.body)
        return [f"MSH|^~\\&|C|D|A|B|20260410||ACK|x|P|2.5\rMSA|{code}|{told}\r{err}".encode()]

    return receive


def line_to(listener, seconds=10.0, tls=None):
    return Line("127.0.0.1", listener.address[1], tls, seconds)


@pytest.mark.parametrize("code", ["AA", "CA"])
def test_a_message_that_is_acknowledged_is_taken(sender, partner, code):
    assert sender.send(message(), line_to(partner(answering(code)))).code == code


@pytest.mark.parametrize("code", ["AE", "AR", "CE", "CR"])
def test_a_message_that_is_refused_is_not_tried_again(sender, partner, code):
    err = "ERR||PID^1^3|101^Required field missing^HL70357|E||||Patient 123456782 needs a number\r"
    with pytest.raises(PeerRejected) as refused:
        sender.send(message(), line_to(partner(answering(code, err))))
    assert refused.value.text == f"the partner answered {code}"
    assert [(one.where, one.text) for one in refused.value.problems] == [("PID-3", "Patient ... needs a number")]


@pytest.mark.parametrize("code", ["AE", "AR", "CE", "CR"])
def test_a_partner_in_trouble_of_its_own_is_tried_again(sender, partner, code):
    with pytest.raises(PeerUnavailable, match="try again later"):
        sender.send(message(), line_to(partner(answering(code, "ERR|||207^Application error^HL70357|E\r"))))


def test_nobody_there(sender):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(PeerUnavailable, match="cannot be reached"):
        sender.send(message(), Line("127.0.0.1", port))
    with pytest.raises(PeerUnavailable, match="cannot be reached"):
        sender.send(message(), Line("no-such-host.invalid", 2575))


def test_no_answer_in_time_and_a_late_one_does_not_meet_the_next_message(sender, partner):
    go_on = threading.Event()

    def receive(frame):
        if control_id_of(frame.body) == "slow":
            go_on.wait(20)
        return answering("AA")(frame)

    line = line_to(partner(receive), seconds=0.3)
    with pytest.raises(PeerTimeout):
        sender.send(message("slow"), line)
    go_on.set()
    assert sender.send(message("next"), line).control_id == "next"


def test_answers_to_other_messages_are_passed_over(sender, partner):
    def receive(frame):
        return [*answering("AE", control_id="other")(frame), b"junk", *answering("AA")(frame)]

    assert sender.send(message("mine"), line_to(partner(receive))).control_id == "mine"


@pytest.mark.parametrize("said", [b"", b"junk", b"MSH|^~\\&|A\rMSA|AA|other"])
def test_a_partner_that_never_answers_the_message_itself(sender, partner, said):
    with pytest.raises(PeerTimeout):
        sender.send(message(), line_to(partner(lambda _: [said]), seconds=0.2))


def test_a_connection_is_kept_and_made_again_when_the_partner_has_closed_it(sender, partner, wait_until):
    seen = []

    def receive(frame):
        seen.append(frame)
        return answering("AA")(frame)

    first = partner(receive)
    line = line_to(first)
    for number in range(3):
        sender.send(message(str(number)), line)
    assert len(first._open) == 1
    first.stop()
    with pytest.raises(PeerUnavailable):
        sender.send(message("3"), line)
    second = partner(receive, port=first.address[1])

    def sent():
        with contextlib.suppress(PeerUnavailable):
            return sender.send(message("4"), line)

    assert wait_until(sent, "the partner is reached again").control_id == "4"
    assert len(second._open) == 1
    assert len(seen) == 4


def test_a_partner_that_hangs_up_instead_of_answering(sender):
    with socket.create_server(("127.0.0.1", 0)) as rude:
        hanging_up = threading.Thread(target=lambda: rude.accept()[0].close())  # noqa: PLW0108 - accept blocks
        hanging_up.start()
        with pytest.raises(PeerUnavailable, match="broke off"):
            sender.send(message(), Line("127.0.0.1", rude.getsockname()[1]))
        hanging_up.join()


def test_messages_to_one_partner_go_out_one_after_the_other(sender, partner):
    at_once, most, lock = 0, 0, threading.Lock()

    def receive(frame):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        said = answering("AA")(frame)
        with lock:
            at_once -= 1
        return said

    line = line_to(partner(receive))
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda number: sender.send(message(str(number)), line), range(40)))
    assert [one.control_id for one in answers] == [str(number) for number in range(40)]
    assert most == 1


def test_a_slow_partner_does_not_hold_up_another(sender, partner):
    go_on = threading.Event()

    def receive(frame):
        go_on.wait(20)
        return answering("AA")(frame)

    slow, quick = line_to(partner(receive)), line_to(partner(answering("AA")))
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(sender.send, message("1"), slow)
        assert sender.send(message("2"), quick).control_id == "2"
        go_on.set()
        assert waiting.result(20).control_id == "1"


def test_a_message_that_asks_for_no_answer_waits_for_none(sender, partner, wait_until):
    seen = []
    listener = partner(lambda frame: seen.append(frame.body) or [])
    assert sender.send(message(), line_to(listener), answered=False) is None
    wait_until(lambda: seen == [message()], "it has arrived")


def test_whoever_waits_when_the_node_stops_is_told(partner):
    sender, begun, go_on = MllpSender(), threading.Event(), threading.Event()

    def receive(frame):
        begun.set()
        go_on.wait(20)
        return []

    line = line_to(partner(receive))
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(sender.send, message(), line)
        assert begun.wait(20)
        sender.close()
        go_on.set()
        with pytest.raises(PeerUnavailable, match="stopping"):
            waiting.result(20)


def test_a_sender_that_never_sent_can_be_closed():
    MllpSender().close()


def server(certificates, *, mutual):
    ca = certificates / "ca.pem" if mutual else None
    return server_context(
        certificate=certificates / "server.pem", key=certificates / "server.key", client_ca=ca, where="mllp.tls"
    )


def caller(certificates, ca="ca", shows=None):
    certificate, key = (certificates / f"{shows}.pem", certificates / f"{shows}.key") if shows else (None, None)
    return client_context(ca=certificates / f"{ca}.pem", certificate=certificate, key=key, where="mllp.reply")


@pytest.mark.parametrize("mutual", [False, True])
def test_over_tls_a_message_is_taken(sender, partner, certificates, mutual):
    listener = partner(answering("AA"), tls=server(certificates, mutual=mutual))
    line = line_to(listener, tls=caller(certificates, shows="client" if mutual else None))
    for number in range(3):
        assert sender.send(message(str(number)), line).control_id == str(number)


@pytest.mark.parametrize(("ca", "shows"), [("stranger", "client"), ("ca", None), ("ca", "stranger")])
def test_over_tls_strangers_get_nowhere(sender, partner, certificates, ca, shows):
    seen = []
    listener = partner(lambda frame: seen.append(frame) or [], tls=server(certificates, mutual=True))
    with pytest.raises(PeerUnavailable):
        sender.send(message(), line_to(listener, tls=caller(certificates, ca, shows)))
    assert seen == []


def test_in_clear_to_a_listener_with_tls_and_the_other_way_round(sender, partner, certificates):
    secure = partner(answering("AA"), tls=server(certificates, mutual=False))
    with pytest.raises((PeerUnavailable, PeerTimeout)):
        sender.send(message(), line_to(secure, seconds=2))
    assert sender.send(message(), line_to(secure, tls=caller(certificates))).accepted
    clear = partner(answering("AA"))
    with pytest.raises((PeerUnavailable, PeerTimeout)):
        sender.send(message(), line_to(clear, seconds=2, tls=caller(certificates)))
    assert sender.send(message(), line_to(clear)).accepted


def test_files_that_are_no_certificates_are_named(certificates, tmp_path):
    (tmp_path / "junk").write_text("junk")
    junk, missing = tmp_path / "junk", tmp_path / "missing"
    good = {"certificate": certificates / "server.pem", "key": certificates / "server.key", "client_ca": None}
    for wrong in ({"certificate": junk}, {"key": certificates / "client.key"}, {"certificate": missing}):
        with pytest.raises(SetupError) as told:
            server_context(**{**good, **wrong}, where="mllp.tls")
        assert told.value.problems[0].where == "mllp.tls.certificate"
    for wrong in (junk, missing):
        with pytest.raises(SetupError) as told:
            server_context(**{**good, "client_ca": wrong}, where="mllp.tls")
        assert told.value.problems[0].where == "mllp.tls.client_ca"
        with pytest.raises(SetupError) as told:
            client_context(ca=wrong, certificate=None, key=None, where="mllp.reply")
        assert told.value.problems[0].where == "mllp.reply.ca"
