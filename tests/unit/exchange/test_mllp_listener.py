"""MLLP over real sockets: every message gets its answer, whatever the others on the line do."""

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from adapter.base.errors import SetupError
from adapter.exchange.mllp.conversation import Limits
from adapter.exchange.mllp.listener import Listener

PATIENCE = 20.0
HUNG_UP = r"reset|[Bb]roken pipe"


def framed(body):
    return b"\x0b" + body + b"\x1c\r"


def echo(frame):
    return [b"ACK " + (frame.fault.value.encode() if frame.fault else frame.body)]


@contextmanager
def listening(receive=echo, **limits):
    listener = Listener("test", socket.create_server(("127.0.0.1", 0)), receive, limits=Limits(**limits))
    listener.start()
    try:
        yield listener
    finally:
        listener.stop()


@contextmanager
def connected(listener):
    with closing(socket.create_connection(listener.address, timeout=PATIENCE)) as line:
        yield line


def answers(line, count):
    """Return the next `count` answers."""
    got = b""
    while got.count(b"\x1c\r") < count:
        piece = line.recv(65536)
        assert piece, f"the line ended after {got!r}"
        got += piece
    return [one.removeprefix(b"\x0b") for one in got.split(b"\x1c\r")[:-1]]


def ended(line):
    """Say whether the other side closes the line without a further word."""
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def test_a_message_gets_its_answer_and_the_line_stays_open():
    with listening() as listener, connected(listener) as line:
        for number in (b"1", b"2", b"3"):
            line.sendall(framed(b"MSH" + number))
            assert answers(line, 1) == [b"ACK MSH" + number]


def test_a_message_byte_by_byte():
    with listening() as listener, connected(listener) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in framed(b"MSH|slow"):
            line.sendall(bytes([byte]))
        assert answers(line, 1) == [b"ACK MSH|slow"]


def test_two_messages_in_one_packet_are_answered_in_their_order():
    with listening() as listener, connected(listener) as line:
        line.sendall(framed(b"MSH1") + b"\n" + framed(b"MSH2"))
        assert answers(line, 2) == [b"ACK MSH1", b"ACK MSH2"]


def test_junk_a_message_too_long_and_one_without_frame_do_not_block_the_next():
    with listening(max_message_bytes=100) as listener, connected(listener) as line:
        line.sendall(b"junk" + framed(b"MSH" + b"x" * 300_000) + b"MSH without start\x1c\r" + framed(b"MSH ok"))
        assert answers(line, 3) == [b"ACK too-long", b"ACK unframed", b"ACK MSH ok"]


def test_a_message_without_last_byte_is_answered_after_a_while_and_at_the_end_of_the_line():
    with listening() as listener, connected(listener) as line:
        line.sendall(b"\x0bMSH1\x1c")
        assert answers(line, 1) == [b"ACK MSH1"]
        line.sendall(b"\x0bMSH2\x1c")
        line.shutdown(socket.SHUT_WR)
        assert answers(line, 1) == [b"ACK MSH2"]
        assert ended(line)


def test_a_message_that_breaks_off_does_nothing():
    got = []

    def receive(frame):
        got.append(frame)
        return [b"ACK"]

    with listening(receive) as listener:
        with connected(listener) as line:
            line.sendall(b"\x0bMSH|half")
        with connected(listener) as line:
            line.sendall(framed(b"MSH|whole"))
            assert answers(line, 1) == [b"ACK"]
    assert [one.body for one in got] == [b"MSH|whole"]


def test_a_sender_that_stops_in_the_midst_is_hung_up_on_and_one_that_waits_between_messages_is_not():
    with listening(message_seconds=0.2) as listener, connected(listener) as waiting, connected(listener) as line:
        waiting.sendall(framed(b"MSH1"))
        assert answers(waiting, 1) == [b"ACK MSH1"]
        line.sendall(b"\x0bMSH|half")
        assert ended(line)
        waiting.sendall(framed(b"MSH2"))
        assert answers(waiting, 1) == [b"ACK MSH2"]


@pytest.mark.parametrize("start", [b"\x0b", b"noise"])
def test_a_sender_that_trickles_has_no_more_time_than_the_others(start):
    def trickle():
        line.sendall(start)
        while True:
            line.sendall(b"x")

    times = {"message_seconds": 0.3, "idle_seconds": 0.3}
    with listening(**times) as listener, connected(listener) as line, pytest.raises(OSError, match=HUNG_UP):
        trickle()


def test_a_quiet_connection_ends_after_its_time():
    with listening(idle_seconds=0.2) as listener, connected(listener) as line:
        assert ended(line)


def test_a_sender_that_takes_no_answers_is_hung_up_on_and_the_others_are_served():
    big = b"x" * 4_000_000
    with listening(lambda _: [big], message_seconds=0.5) as listener, connected(listener) as deaf:
        deaf.settimeout(PATIENCE)
        deaf.sendall(framed(b"MSH") * 2)
        with connected(listener) as line:
            line.sendall(framed(b"MSH"))
            assert answers(line, 1) == [big]


def test_a_hundred_senders_at_once_each_get_their_own_answers():
    def talk(number):
        with connected(listener) as line:
            for turn in range(5):
                line.sendall(framed(b"MSH %d %d" % (number, turn)))
                assert answers(line, 1) == [b"ACK MSH %d %d" % (number, turn)]
        return number

    with listening() as listener, ThreadPoolExecutor(100) as senders:
        assert list(senders.map(talk, range(100))) == list(range(100))


def test_one_connection_too_many_is_closed_and_there_is_room_again_when_another_ends():
    with listening(max_connections=1) as listener:
        with connected(listener) as line:
            line.sendall(framed(b"MSH"))
            assert answers(line, 1) == [b"ACK MSH"]
            with connected(listener) as other:
                assert ended(other)
        for _ in range(1000):  # until the listener has noticed that the line is gone
            with connected(listener) as line:
                line.sendall(framed(b"MSH"))
                if not ended(line):
                    return
    pytest.fail("there is never room again")


def test_messages_of_one_line_are_worked_on_one_after_the_other():
    at_once, most = 0, 0
    lock = threading.Lock()

    def receive(frame):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        os.sched_yield()
        with lock:
            at_once -= 1
        return [frame.body]

    with listening(receive) as listener, connected(listener) as line:
        line.sendall(b"".join(framed(b"MSH%d" % number) for number in range(20)))
        assert answers(line, 20) == [b"MSH%d" % number for number in range(20)]
    assert most == 1


def test_a_message_under_way_gets_its_answer_when_the_listener_stops_and_the_next_one_is_not_taken():
    begun, go_on = threading.Event(), threading.Event()
    taken = []

    def receive(frame):
        taken.append(frame.body)
        begun.set()
        go_on.wait(PATIENCE)
        return [b"ACK"]

    with listening(receive) as listener, connected(listener) as line, connected(listener) as idle:
        line.sendall(framed(b"MSH1") + framed(b"MSH2"))
        assert begun.wait(PATIENCE)
        stopping = threading.Thread(target=listener.stop)
        stopping.start()
        assert ended(idle)
        go_on.set()
        assert answers(line, 1) == [b"ACK"]
        assert ended(line)
        stopping.join()
    assert taken == [b"MSH1"]


def test_a_bug_ends_its_own_connection_only(capsys):
    def receive(frame):
        if frame.body == b"MSH1":
            raise RuntimeError("words of a patient")
        return [b"ACK"]

    with listening(receive) as listener, connected(listener) as line, connected(listener) as other:
        line.sendall(framed(b"MSH1"))
        assert ended(line)
        other.sendall(framed(b"MSH2"))
        assert answers(other, 1) == [b"ACK"]
    told = capsys.readouterr()
    assert "RuntimeError" in told.out + told.err
    assert "words" not in told.out + told.err


def test_a_listener_that_never_started_can_be_stopped():
    listener = Listener("test", socket.create_server(("127.0.0.1", 0)), echo)
    listener.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(listener.address, timeout=PATIENCE)


def test_a_listener_that_cannot_accept_says_so_instead_of_hanging():
    gone = socket.create_server(("127.0.0.1", 0))
    listener = Listener("test", gone, echo)
    gone.close()
    with pytest.raises(SetupError, match="cannot accept"):
        listener.start()


def test_no_answer_is_an_answer():
    with (
        listening(lambda frame: [] if frame.body == b"MSH1" else [b"a", b"b"]) as listener,
        connected(listener) as line,
    ):
        line.sendall(framed(b"MSH1") + framed(b"MSH2"))
        assert answers(line, 2) == [b"a", b"b"]


def test_what_is_no_mllp_at_all_is_hung_up_on():
    def shout():
        while True:
            line.sendall(b"POST / HTTP/1.1\r\n" * 10_000)

    with listening() as listener, connected(listener) as line, pytest.raises(OSError, match=HUNG_UP):
        shout()
