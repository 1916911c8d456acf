"""Requests and reports to write as HL7 v2, and the intake that reads them back."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from adapter.base.data import shipped
from adapter.domain.clearance import Cleared
from adapter.intake.canonical import problems_of, stated_by
from adapter.intake.formats import load_formats
from adapter.intake.taking import take
from adapter.mapping.to_v2.counterparts import Counterparts
from adapter.mapping.to_v2.referral import write_referral
from adapter.mapping.to_v2.report import write_report
from adapter.mapping.to_v2.script import Letterhead, Written
from adapter.mapping.to_v2.stated import document_of, leaves
from adapter.rules.release import judge_release

FULL = json.loads((Path(__file__).parents[1] / "full-request.json").read_bytes())
SAMPLES = shipped("samples")
FORMATS = load_formats(shipped("mappings"))
CODES = Counterparts(FORMATS.library)
VERSIONS = ["2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.8"]
PDF = "JVBERi0xLjQK"


def valid(kind: str, raw: dict[str, Any]) -> bool:
    return not problems_of(kind, raw)


def released(raw: dict[str, Any]) -> bool:
    """Say whether the patient lets the request go."""
    request = stated_by("request", copy.deepcopy(raw))
    return isinstance(judge_release(request, request.sent.at).request, Cleared)


def letterhead(stated: Any, version: str = "2.5.1", **more: Any) -> Letterhead:
    at = (stated.sent if hasattr(stated, "sent") else stated.issued).at
    parties = {"sender": ("A", "HAUS A"), "receiver": ("B", "HAUS B")}
    return Letterhead(**{"id": stated.message_id, "at": at, "version": version, **parties, **more})


def referral(raw: dict[str, Any], version: str = "2.5.1", *, crossing: Any = None, **more: Any) -> Written:
    """Write a request with the records that its own consent lets go, at the moment at which it was sent."""
    request = stated_by("request", copy.deepcopy(raw))
    release = judge_release(request, request.sent.at)
    return write_referral(
        release.request,
        release.cleared,
        read=lambda record: record.data or PDF,
        letterhead=letterhead(request, version, **more),
        codes=CODES,
        crossing=crossing,
    )


def report(raw: dict[str, Any], format: str, version: str = "2.5.1", **more: Any) -> Written:  # noqa: A002
    stated = stated_by("report", copy.deepcopy(raw))
    patient = stated_by("request", copy.deepcopy(FULL)).patient
    data = stated.document and (stated.document.data or PDF)
    head = letterhead(stated, version, **more)
    return write_report(stated, patient, format=format, order=stated.case, data=data, letterhead=head, codes=CODES)


def read_back(written: Written, expected: str) -> dict[str, Any]:
    read = document_of(take(written.message, None, formats=lambda: FORMATS, expected=expected).stated)
    if expected == "report":
        read.pop("patient", None)  # is the request's, which the report does not state
    return read


def differences(before: dict[str, Any], after: dict[str, Any], written: Written) -> list[str]:
    """Return the places where what was read back differs and no remark says so."""
    told = [remark.source for remark in written.remarks]
    first, second = _flat(before), _flat(after)
    return [
        place
        for place in sorted(first.keys() | second.keys())
        if first.get(place) != second.get(place)
        and not any(place == one or place.startswith(f"{one}/") for one in told)
        and not place.endswith("/sha256")  # of the bytes, which are there themselves
    ]


def _flat(document: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for pointer in leaves(document):
        here: Any = document
        for name in pointer.split("/")[1:]:
            here = here[int(name)] if isinstance(here, list) else here[name]
        found[pointer] = here
    return found


@pytest.fixture
def full() -> dict[str, Any]:
    return copy.deepcopy(FULL)
