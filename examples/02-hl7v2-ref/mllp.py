# ruff: noqa: INP001, T201 - a script of its own, which prints
"""A hospital's side of MLLP in a few lines: sends a message and shows its answer, or takes messages and keeps them.

python3 mllp.py send PORT FILE           sends, and shows the acknowledgement
python3 mllp.py listen PORT FOLDER       takes messages, one after the other, and acknowledges them
python3 mllp.py show FILE [SEGMENT...]   shows a message, without MSH, whose times and ids differ from run to run

HL7 Transport Specification MLLP, release 1: a message stands between 0x0B and 0x1C 0x0D.
"""

import socket
import sys
from pathlib import Path

BEGIN, END = b"\x0b", b"\x1c\r"
LONG = 140


def send(port: int, file: str) -> None:
    """Send a message and show its acknowledgement."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(BEGIN + Path(file).read_bytes() + END)
        show(receive(line), [])


def receive(line: socket.socket) -> bytes:
    """Return the next message; b"" = the other side has ended."""
    got = b""
    while not got.endswith(END):
        piece = line.recv(65536)
        if not piece:
            return b""
        got += piece
    return got.removeprefix(BEGIN).removesuffix(END)


def listen(port: int, folder: str) -> None:
    """Take messages for ever; the first one becomes 1.hl7, and so on."""
    with socket.create_server(("127.0.0.1", port)) as door:
        number = 0
        while True:
            line, _ = door.accept()
            with line:
                while message := receive(line):
                    number += 1
                    there = Path(folder) / f"{number}.hl7"
                    there.with_suffix(".part").write_bytes(message)
                    there.with_suffix(".part").rename(there)
                    msh = message.split(b"\r", 1)[0].split(b"|")[1:]
                    answer = [b"MSH", msh[0], *msh[3:5], *msh[1:3], msh[5], b"", b"ACK", b"A" + msh[8][:19], *msh[9:11]]
                    line.sendall(BEGIN + b"|".join(answer) + b"\rMSA|AA|" + msh[8] + b"\r" + END)


def show(message: bytes, wanted: list[str]) -> None:
    """Print the segments with these names, or all."""
    codec = "utf-8" if b"UNICODE" in message.split(b"\r", 1)[0] else "latin-1"
    for segment in message.decode(codec).split("\r"):
        name = segment[:3]
        if segment and name != "MSH" and (not wanted or name in wanted):
            print(segment if len(segment) <= LONG else f"{segment[:LONG]}...")


if __name__ == "__main__":
    verb, place, *rest = sys.argv[1:]
    if verb == "send":
        send(int(place), rest[0])
    elif verb == "listen":
        listen(int(place), rest[0])
    else:
        show(Path(place).read_bytes(), rest)
