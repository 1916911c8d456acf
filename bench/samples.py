"""The inputs of the benches: the shipped request and report, many times over under new ids, and Bundles to validate."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from adapter.base.data import shipped
from adapter.fhir.resource import Resource
from adapter.intake.hand_over import hand_over
from adapter.workflow.offline import express_offline

SHARED = Path(__file__).parents[2] / "shared" / "data"
"""Real files that nobody here wrote; beside the source tree where they are at hand."""

_PLACE = "second-opinion-bench-number"


def requests(prefix: str, folder: Path | None = None) -> tuple[Iterator[bytes], dict[str, Path]]:
    """Return endless requests like the shipped Dutch one, each with its own id, messageId and case; and the uploads.

    Args:
        prefix: opens every id, so that two streams to one node do not meet.
        folder: where the request and its records are; None = as shipped.
    """
    home = folder or shipped("samples")
    prepared = hand_over((home / "request-nl.json").read_bytes(), home)
    document = orjson.loads(prepared.body)
    document |= {"id": f"REQ-{prefix}-{_PLACE}", "messageId": f"MSG-{prefix}-{_PLACE}", "case": f"{prefix}-{_PLACE}"}
    before = orjson.dumps(document, option=orjson.OPT_INDENT_2).split(_PLACE.encode())
    numbers = (f"{number:07d}".encode() for number in itertools.count())
    return (number.join(before) for number in numbers), dict(prepared.files)


def bundles() -> dict[str, tuple[str, Resource]]:
    """Return the Bundles to validate: by name, "5 KB" or "200 KB" and the resource; all are valid R4."""
    samples = shipped("samples")
    mapped = express_offline((samples / "request-nl.json").read_bytes(), samples).message()
    found = {
        "resources of our message": ("5 KB", _collected(_cut(mapped, 5_000), 5_000)),
        "resources of our message, copied under new ids": ("200 KB", _collected(mapped, 200_000)),
    }
    official = SHARED / "01-r4-official-examples" / "core" / "Bundle"
    for name in ("bundle-transaction", "diagnosticreport-example-f202-bloodculture", "xds-example"):
        if (file := official / f"{name}.json").is_file():
            found[f"R4 example {name}"] = ("5 KB", json.loads(file.read_bytes()))
    for number, file in enumerate(sorted((SHARED / "09-records" / "synthea-smart").glob("*.json"))[:2], 1):
        found[f"Synthea patient {number}, cut"] = ("200 KB", _cut(json.loads(file.read_bytes()), 200_000))
    return found


def _cut(bundle: Resource, size: int) -> Resource:
    """Return the Bundle with as many of its first entries as fit into `size` bytes of JSON."""
    entries: list[Any] = []
    length = 0
    for entry in bundle["entry"]:
        length += len(orjson.dumps(entry))
        if length > size:
            break
        entries.append(entry)
    return {**bundle, "entry": entries}


def _collected(bundle: Resource, size: int) -> Resource:
    """Return a collection of copies of a message's entries but the header, each copy with addresses of its own."""
    text = orjson.dumps(bundle["entry"][1:]).decode()
    addresses = sorted({entry["fullUrl"] for entry in bundle["entry"]})
    entries: list[Any] = []
    for number in range(max(1, round(size / len(text)))):
        copy = text
        for address in addresses:
            copy = copy.replace(address[-12:], f"{int(address[-12:], 16) + number:012x}"[-12:])
        entries += [{key: entry[key] for key in ("fullUrl", "resource")} for entry in orjson.loads(copy)]
    return {"resourceType": "Bundle", "id": "collected", "type": "collection", "entry": entries}
