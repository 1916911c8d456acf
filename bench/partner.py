"""A partner for the accept bench: answers every message "ok" at once (`ok`), or takes it and never answers (`mute`).

It stands for a node on another machine: it checks and stores nothing, so it takes next to nothing of the two cores.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import orjson
import uvloop

from bench.processes import tell_ready


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, mute: bool) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
            body = await reader.readexactly(length)
            if mute:
                await asyncio.Event().wait()
            answer = orjson.dumps(_answer(orjson.loads(body)["entry"][0]["resource"]))
            start = f"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: {len(answer)}\r\n\r\n"
            writer.write(start.encode() + answer)
    except asyncio.IncompleteReadError:
        writer.close()


def _answer(header: dict[str, Any]) -> dict[str, Any]:
    response = {"identifier": header["id"], "code": "ok"}
    resource = {"resourceType": "MessageHeader", "id": "answer", "response": response, "source": {"endpoint": "urn:x"}}
    return {"resourceType": "Bundle", "type": "message", "entry": [{"resource": resource}]}


async def _serve(ready: Path, *, mute: bool) -> None:
    server = await asyncio.start_server(lambda r, w: _talk(r, w, mute=mute), "127.0.0.1", 0, backlog=256)
    tell_ready(ready, {"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(Path(sys.argv[2]), mute=sys.argv[1] == "mute"))
