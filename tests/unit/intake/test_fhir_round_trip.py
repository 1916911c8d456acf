"""Requests become FHIR and are read again: what the format can carry is the same, the rest is named."""

import base64
import copy
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.data import shipped
from adapter.base.errors import Invalid
from adapter.domain.clearance import GATE_SEAL, Cleared
from adapter.domain.consent import Purpose
from adapter.domain.records import RecordContent
from adapter.domain.request import SecondOpinionRequest
from adapter.fhir.codec import to_json, to_xml
from adapter.fhir.coding import DISPLAYS
from adapter.intake.canonical import request_from
from adapter.intake.formats import Formats, load_formats
from adapter.intake.taking import take
from adapter.mapping.to_fhir.bundles import message_bundle, transaction_bundle
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.mapping.to_fhir.request import ExpressedRequest, express_request

FULL = json.loads((Path(__file__).parents[1] / "mapping" / "full-request.json").read_bytes())
BYTES = b"%PDF-1.4 a record"
SHA256 = hashlib.sha256(BYTES).hexdigest()
CONTENT = RecordContent(
    sha256=SHA256, sha1=hashlib.sha1(BYTES, usedforsecurity=False).hexdigest(), size_bytes=len(BYTES)
)
NOT_CARRIED = (
    ("care",),
    ("insurance", "deductibleUsed"),
    *(
        ("consulting", name)
        for name in (
            "contracted",
            "reimbursedPercent",
            "approvedFor",
            "operates",
            "financialInterest",
            "linkedToTreating",
        )
    ),
)
"""Facts for the rules at home, which FHIR does not get (mappings/intake/second-opinion-request-1/fields.csv)."""
NEEDED = frozenset(
    {"format", "id", "sent", "system", "value", "code", "given", "by", "treating", "consulting", "patient"}
)


@cache
def formats() -> Formats:
    return load_formats(shipped("mappings"))


def expressed(request: SecondOpinionRequest) -> ExpressedRequest:
    about = {"seal": GATE_SEAL, "recipient": "B", "purpose": Purpose.SHARE_RECORDS, "grant": None}
    at = datetime(2026, 4, 12, 8, 30, tzinfo=UTC)
    return express_request(
        request,
        contents={record.id: CONTENT for record in request.records},
        cleared=[Cleared(record, at=at, **about) for record in request.records],
    )


def as_transaction(raw: dict[str, Any]) -> dict[str, Any]:
    return transaction_bundle(expressed(request_from(raw)), read=lambda _sha256: BYTES)


def as_message(raw: dict[str, Any]) -> dict[str, Any]:
    request = request_from(raw)
    at = datetime(2026, 4, 12, 8, 30, tzinfo=UTC)
    release = Cleared(request, seal=GATE_SEAL, recipient="B", purpose=Purpose.SHARE_RECORDS, at=at, grant=None)
    return message_bundle(
        expressed(request),
        release=release,
        source=Endpoint(url="https://a.example/fhir"),
        destination=Endpoint(url="https://b.example/fhir"),
        recipient_country=FULL["patient"]["address"]["country"],
    )


def read_again(bundle: bytes) -> dict[str, Any]:
    taken = take(bundle, None, formats=formats)
    assert taken.account is not None
    assert taken.account.format == "fhir-request"
    return orjson.loads(orjson.dumps(taken.mapped.document, default=str))


def carried(raw: dict[str, Any], *, with_bytes: bool) -> dict[str, Any]:
    """Return what of a request its FHIR can say, as it is read again."""
    left = copy.deepcopy(raw)
    for *way, last in NOT_CARRIED:
        place: Any = left
        for name in way:
            place = place.get(name, {})
        place.pop(last, None)
    _as_fhir_has_it(left)
    left.setdefault("messageId", left["id"])
    left.setdefault("case", left["id"])
    for record in left.get("records", ()):
        for name in ("path", "url", "data"):
            record.pop(name, None)
        record["sha256"] = SHA256
        if with_bytes:
            record["data"] = base64.b64encode(BYTES).decode()
            record.setdefault("contentType", "application/octet-stream")  # IHE MHD wants a type
    return {name: value for name, value in left.items() if value not in ({}, [])}


def _as_fhir_has_it(left: dict[str, Any]) -> None:
    """Put what FHIR has one place for into that place."""
    for organization in _organizations(left):
        _put_country(organization)
    planned = left.get("plannedProcedure", {})
    code = planned.get("code", {})
    for name in ("laterality", "bodySite"):
        if name in code:
            planned.setdefault(name, code.pop(name))
    if "text" not in planned and "text" in code:
        planned["text"] = code.pop("text")
    if not {"practitioner", "organization"} & left.get("referrer", {}).keys():
        left.get("referrer", {}).pop("role", None)  # a role alone names nobody
    for record in left.get("records", ()):
        coding = record.get("type", {})
        display = DISPLAYS.get(coding.get("system"), {}).get(coding.get("code"))
        if display is not None:
            coding.setdefault("display", display)


def _put_country(organization: dict[str, Any]) -> None:
    address = organization.pop("address", {})
    country = address.get("country") or organization.get("country")
    if set(address) - {"country"}:
        organization["address"] = address | ({"country": country} if country else {})
    if country:
        organization["country"] = country


def _organizations(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("organization"), dict):
            yield value["organization"]
        for inner in value.values():
            yield from _organizations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _organizations(inner)


def test_all_that_a_request_can_say_comes_back_from_a_transaction():
    assert read_again(to_json(as_transaction(FULL))) == carried(FULL, with_bytes=True)


def test_xml_says_the_same_as_json():
    bundle = as_message(FULL)
    assert read_again(to_xml(bundle)) == read_again(to_json(bundle))


def test_a_message_has_the_records_by_their_hashes():
    assert read_again(to_json(as_message(FULL))) == carried(FULL, with_bytes=False)


def _optional(value: Any, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the ways to all members that may be left out."""
    found: list[tuple[str | int, ...]] = []
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in NEEDED:
                found.append((*way, name))
            found += _optional(inner, (*way, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += _optional(inner, (*way, index))
    return found


def _without(raw: dict[str, Any], ways: list[tuple[str | int, ...]]) -> dict[str, Any]:
    left = copy.deepcopy(raw)
    for *way, last in ways:
        place: Any = left
        for name in way:
            inside = isinstance(place, dict) and name in place
            place = place[name] if inside or (isinstance(place, list) and name < len(place)) else {}
        if isinstance(place, dict):
            place.pop(last, None)
    return left


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=20
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(_optional(FULL)), max_size=25, unique=True), TEXTS, TEXTS)
def test_whatever_a_request_says_comes_back(left_out, words, name):
    raw = _without(FULL, left_out)
    raw["notes"] = f"{words}\n{name}"
    raw["patient"]["name"] = {"family": name, "given": [words]}
    try:
        bundle = as_transaction(raw)
    except Invalid:
        return  # what was left out is needed by what stayed
    assert read_again(to_json(bundle)) == carried(raw, with_bytes=True)
