"""The MLLP server of hl7apy, which acknowledges and does nothing else.

It is the library's own server with its own thread for each connection; its handler looks at the header, and answers AA.
It stores nothing, and closes the connection after each message, so each message to it has a connection of its own.
"""

import sys
import threading
from pathlib import Path

from hl7apy.mllp import AbstractHandler, MLLPServer

from bench.processes import tell_ready


class Acknowledge(AbstractHandler):
    def reply(self) -> str:
        fields = self.incoming_message.partition("\r")[0].split("|")
        header = f"MSH|^~\\&|{fields[4]}|{fields[5]}|{fields[2]}|{fields[3]}|20260410||ACK|1|P|2.5.1"
        return f"\x0b{header}\rMSA|AA|{fields[9]}\r\x1c\r"


def main() -> None:
    ready = Path(sys.argv[1])
    MLLPServer.request_queue_size = 128
    server = MLLPServer("127.0.0.1", 0, {"REF^I12^REF_I12": (Acknowledge,)})
    tell_ready(ready, {"port": server.server_address[1]})
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    serving.join()


if __name__ == "__main__":
    main()
