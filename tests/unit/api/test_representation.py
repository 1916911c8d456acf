"""https://hl7.org/fhir/R4/http.html#mime-type and https://www.rfc-editor.org/rfc/rfc9110#name-accept"""

import json
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from adapter.api.representation import JSON_TYPE, XML_TYPE, respond, version_headers, versioned, wanted
from adapter.base.errors import NotAcceptable
from adapter.fhir.codec import parse_xml
from adapter.fhir.outcomes import ok_outcome
from adapter.store.resources import StoredResource

PATIENT = {"resourceType": "Patient", "id": "p", "meta": {"profile": ["x"], "versionId": "old"}, "active": True}


def request(accept=None, query=""):
    headers = [(b"accept", one.encode()) for one in ([accept] if isinstance(accept, str) else accept or [])]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers, "query_string": query.encode()})


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON_TYPE),
        ("", JSON_TYPE),
        ("*/*", JSON_TYPE),
        ("application/*", JSON_TYPE),
        ("application/json", JSON_TYPE),
        ("text/json", JSON_TYPE),
        (JSON_TYPE, JSON_TYPE),
        (XML_TYPE, XML_TYPE),
        ("application/xml", XML_TYPE),
        ("text/xml", XML_TYPE),
        ("Application/FHIR+XML", XML_TYPE),
        ("application/fhir+xml; fhirVersion=4.0; charset=utf-8", XML_TYPE),
        ("application/fhir+xml, application/fhir+json", XML_TYPE),
        ("application/fhir+json, application/fhir+xml", JSON_TYPE),
        ("application/fhir+json;q=0.4, application/fhir+xml;q=0.5", XML_TYPE),
        ("application/fhir+xml; Q=0.5, application/fhir+json;q=0.500", XML_TYPE),
        ("*/*, application/fhir+xml", XML_TYPE),
        ("*/*;q=0.1, application/fhir+xml;q=0", JSON_TYPE),
        ("application/fhir+json;q=0, */*", XML_TYPE),
        ("application/fhir+json;q=0.2, */*;q=0.9", XML_TYPE),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, image/webp, */*;q=0.8", XML_TYPE),
        ("text/html, */*;q=0.8", JSON_TYPE),
        (["text/html", XML_TYPE], XML_TYPE),
    ],
)
def test_the_best_that_the_caller_takes_is_chosen(accept, media_type):
    assert wanted(request(accept)) == media_type


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "image/*",
        "application/fhir+json;q=0",
        "*/*;q=0",
        "application/fhir+turtle",
        "application/json;q=high",
    ],
)
def test_what_does_not_exist_here_is_refused(accept):
    with pytest.raises(NotAcceptable):
        wanted(request(accept))


@pytest.mark.parametrize(
    ("asked", "media_type"),
    [("xml", XML_TYPE), ("json", JSON_TYPE), ("text/xml", XML_TYPE), (XML_TYPE, XML_TYPE), (JSON_TYPE, JSON_TYPE)],
)
def test_the_format_parameter_wins_over_accept(asked, media_type):
    other = XML_TYPE if media_type == JSON_TYPE else JSON_TYPE
    assert wanted(request(other, urlencode({"_format": asked}))) == media_type
    assert wanted(request(other, f"_format={asked}")) == media_type  # a plus that was not escaped arrives as a space


@pytest.mark.parametrize("asked", ["ttl", "html", "application/fhir+json;q=0"])
def test_an_unknown_format_parameter_is_refused_whatever_accept_says(asked):
    with pytest.raises(NotAcceptable):
        wanted(request(JSON_TYPE, urlencode({"_format": asked})))


RANGES = st.sampled_from(["*/*", "application/*", JSON_TYPE, XML_TYPE, "text/html", "json", "", ";;", "a/b"])
WEIGHTS = st.sampled_from(["", ";q=0", ";q=1", ";q=0.5", ";q=nan", ";q=inf", ";q=-1", ";q=1e9", "; q=0.25"])


@given(
    st.lists(st.builds(str.__add__, RANGES, WEIGHTS), max_size=6).map(",".join)
    | st.text(max_size=30).filter(str.isascii)
)
def test_no_accept_header_is_a_crash(accept):
    try:
        assert wanted(request(accept)) in (JSON_TYPE, XML_TYPE)
    except NotAcceptable:
        assert accept


@given(st.permutations([f"{JSON_TYPE};q=0.3", f"{XML_TYPE};q=0.7", "*/*;q=0.1", "text/html"]))
def test_with_different_weights_the_order_does_not_matter(ranges):
    assert wanted(request(",".join(ranges))) == XML_TYPE


def test_a_resource_is_written_as_json_or_xml_and_never_cached_or_guessed():
    for accept, read in ((JSON_TYPE, json.loads), (XML_TYPE, parse_xml)):
        answer = respond(PATIENT, request(accept), status=201, headers={"ETag": "x"})
        assert read(answer.body) == PATIENT
        assert answer.status_code == 201
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["etag"] == "x"


@pytest.mark.parametrize("status", [400, 404, 406, 415, 500, 503])
def test_an_error_is_told_in_json_where_the_caller_takes_neither(status):
    answer = respond(ok_outcome("x"), request("text/html"), status=status)
    assert (answer.status_code, answer.headers["content-type"]) == (status, f"{JSON_TYPE}; charset=utf-8")


def test_a_result_is_not_forced_upon_a_caller_who_takes_neither():
    with pytest.raises(NotAcceptable):
        respond(PATIENT, request("text/html"))


def test_without_a_request_there_is_json():
    assert json.loads(respond(PATIENT, None).body) == PATIENT


def test_a_stored_resource_says_its_version_and_moment():
    at = datetime(2026, 4, 10, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2))).astimezone(UTC)
    stored = StoredResource(
        org="a", type="Patient", id="p", version=3, case_id="c", at=at, deleted=False, body=json.dumps(PATIENT).encode()
    )
    shown = versioned(stored)
    assert list(shown) == ["resourceType", "id", "meta", "active"]
    assert shown["meta"] == {"profile": ["x"], "versionId": "3", "lastUpdated": "2026-04-10T08:00:00.123Z"}
    assert PATIENT["meta"]["versionId"] == stored.resource["meta"]["versionId"] == "old"
    assert version_headers(stored) == {"ETag": 'W/"3"', "Last-Modified": "Fri, 10 Apr 2026 08:00:00 GMT"}
