"""Prepares a request or report for a node elsewhere: files named by `path` are named by their sha256 instead.

Over HTTP there is no `path`; the files are uploaded first, and found by their hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from adapter.intake.canonical import read_report, read_request, sniff
from adapter.intake.record_content import ResolvedRecord, resolve_contents, resolve_document


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOver:
    """What to send: the files to upload by sha256, then the body."""

    body: bytes
    files: Mapping[str, Path]


def hand_over(body: bytes, base: Path) -> HandOver:
    """Return what to upload and what to submit; a body of another format, or without files, stays as it is.

    Args:
        body: a canonical request or report.
        base: the folder to which its paths are relative.

    Raises:
        InputError: it cannot be read, or a file is missing or not the one that was hashed.
    """
    match sniff(body):
        case "request":
            return _request(body, base)
        case "report":
            return _report(body, base)
        case _:
            return HandOver(body=body, files={})


def _request(body: bytes, base: Path) -> HandOver:
    request = read_request(body)
    found = resolve_contents(request, base=base, uploaded=lambda _: None, files_only=True)
    document = orjson.loads(body)
    places = {place["id"]: place for place in document.get("records", [])}
    return _renamed(body, document, [(places[name], resolved) for name, resolved in found.items()])


def _report(body: bytes, base: Path) -> HandOver:
    report = read_report(body)
    if report.document is None or report.document.path is None:
        return HandOver(body=body, files={})
    resolved = resolve_document(report, base=base, uploaded=lambda _: None)
    document = orjson.loads(body)
    return _renamed(body, document, [(document["document"], resolved)] if resolved else [])


def _renamed(body: bytes, document: Any, found: list[tuple[dict[str, Any], ResolvedRecord]]) -> HandOver:
    files = {}
    for place, resolved in found:
        if isinstance(resolved.source, Path):
            files[resolved.content.sha256] = resolved.source
            del place["path"]
            place["sha256"] = resolved.content.sha256
    return HandOver(body=orjson.dumps(document) if files else body, files=files)
