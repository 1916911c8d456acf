"""A proxy on loopback that loses acknowledgements: python losing_proxy.py UPSTREAM_PORT HOW_MANY.

The first HOW_MANY connections reach the server, and it answers; the caller gets a reset instead of the answer. Later
connections pass through. The port to use is the first line of the output; each loss writes the line "lost".
"""

import select
import socket
import struct
import sys
import threading

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one of the two has gone; the other pump notices it too


def _lose(caller: socket.socket, server: socket.socket) -> None:
    # in one thread: a socket on which another one waits would not be reset when it is closed here
    while server not in select.select([caller, server], [], [])[0]:
        if not (data := caller.recv(65536)):
            return
        server.sendall(data)
    if server.recv(1):  # the server has acted before it answers
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        print("lost", flush=True)  # noqa: T201 - read by the test


def _carry(caller: socket.socket, upstream_port: int, *, lose: bool) -> None:
    with caller, socket.create_connection(("127.0.0.1", upstream_port)) as server:
        if lose:
            _lose(caller, server)
            return
        threading.Thread(target=_pump, args=(caller, server), daemon=True).start()
        _pump(server, caller)


def main() -> None:
    upstream_port, how_many = int(sys.argv[1]), int(sys.argv[2])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)  # noqa: T201
        count = 0
        while True:
            caller, _ = listening.accept()
            count += 1
            carry = threading.Thread(
                target=_carry, args=(caller, upstream_port), kwargs={"lose": count <= how_many}, daemon=True
            )
            carry.start()


if __name__ == "__main__":
    main()
