"""https://hl7.org/fhir/R4/http.html and https://www.rfc-editor.org/rfc/rfc9110#name-retry-after"""

import gzip
import itertools
import json

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import PeerRejected, PeerThrottled, PeerTimeout, PeerUnavailable
from adapter.exchange import http
from adapter.exchange.http import MOST_SECONDS, exchange, failure, new_client, resource_in

URL = "https://b.example/fhir/$process-message"
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid", "diagnostics": "no"}]}


@pytest.fixture
def client():
    with new_client() as one:
        yield one


def call(client, url=URL, **more):
    return exchange(client, "POST", url, **{"token": "secret-token", "body": b"{}", **more})


@respx.mock
def test_an_answer_of_the_2xx_kind_is_handed_back(client):
    route = respx.post(URL).respond(201, json={"resourceType": "Bundle"}, headers={"Location": "x"})
    answer = call(client)
    assert (answer.status_code, answer.json(), answer.headers["location"]) == (201, {"resourceType": "Bundle"}, "x")
    request = route.calls.last.request
    assert request.headers["authorization"] == "Bearer secret-token"
    assert request.headers["accept"] == request.headers["content-type"] == "application/fhir+json"
    assert request.content == b"{}"


@respx.mock
def test_without_a_token_and_a_body_none_is_sent(client):
    route = respx.post(URL).respond(200)
    call(client, token=None, body=None)
    sent = route.calls.last.request.headers
    assert {"authorization", "content-type"} & set(sent) == set()


@pytest.mark.parametrize(
    ("status", "headers", "error", "wait"),
    [
        *((status, {}, PeerRejected, None) for status in (300, 301, 302, 303, 304, 307, 308)),
        *((status, {}, PeerRejected, None) for status in (400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422)),
        (408, {}, PeerTimeout, None),
        (425, {}, PeerTimeout, None),
        (429, {}, PeerThrottled, None),
        (429, {"Retry-After": "7"}, PeerThrottled, 7.0),
        (429, {"Retry-After": "0"}, PeerThrottled, 0.0),
        (429, {"Retry-After": "soon"}, PeerThrottled, None),
        (429, {"Retry-After": "-5"}, PeerThrottled, None),
        (429, {"Retry-After": "1.5"}, PeerThrottled, None),
        (429, {"Retry-After": "9" * 400}, PeerThrottled, MOST_SECONDS),
        (429, {"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}, PeerThrottled, None),
        (503, {"Retry-After": "120"}, PeerThrottled, 120.0),
        *((status, {}, PeerUnavailable, None) for status in (500, 502, 503, 504)),
    ],
)
@respx.mock
def test_every_other_status_has_its_error(client, status, headers, error, wait):
    respx.post(URL).respond(status, headers=headers, json=OUTCOME)
    with pytest.raises(error) as failed:
        call(client)
    assert type(failed.value) is error
    assert getattr(failed.value, "retry_after_seconds", None) == wait
    assert failed.value.text == f"the peer answered {status}"
    assert [one.text for one in failed.value.problems] == ["no"]


@pytest.mark.parametrize(
    ("when", "date", "seconds"),
    [
        ("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 60.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 09:49:37 GMT", 0.0),
        ("Sun, 06 Nov 2094 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", MOST_SECONDS),
        ("Sun, 06 Nov 1994 08:49:37 -0000", "Sun, 06 Nov 1994 08:49:37 GMT", None),
        ("Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", None),
    ],
)
def test_a_date_to_come_back_counts_from_the_peers_own_clock(when, date, seconds):
    assert failure(httpx.Response(429, headers={"Retry-After": when, "Date": date})).retry_after_seconds == seconds


@given(
    st.integers(300, 599), st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])), st.binary(max_size=50)
)
def test_whatever_a_peer_answers_is_one_of_our_errors(status, retry_after, body):
    answer = httpx.Response(status, headers={"Retry-After": retry_after.encode("latin-1")}, content=body)
    found = failure(answer)
    assert found.retryable is (status >= 500 or status in (408, 425, 429))
    assert found.retry_after_seconds is None or 0 <= found.retry_after_seconds <= MOST_SECONDS


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (httpx.ConnectTimeout, PeerTimeout),
        (httpx.ReadTimeout, PeerTimeout),
        (httpx.WriteTimeout, PeerTimeout),
        (httpx.PoolTimeout, PeerTimeout),
        (httpx.ConnectError, PeerUnavailable),
        (httpx.ReadError, PeerUnavailable),
        (httpx.RemoteProtocolError, PeerUnavailable),
        (httpx.DecodingError, PeerUnavailable),
    ],
)
@respx.mock
def test_what_breaks_on_the_way_is_tried_again_and_says_nothing_of_its_words(client, raised, error):
    respx.post(URL).mock(side_effect=raised("words of a library"))
    with pytest.raises(error) as failed:
        call(client)
    assert failed.value.retryable
    assert "words" not in failed.value.text


def test_a_connection_that_is_refused_is_tried_again(client):
    with pytest.raises(PeerUnavailable, match="ConnectError"):
        call(client, "http://127.0.0.1:9/fhir")  # the port of "discard": nothing listens there


@pytest.mark.parametrize(
    "url", ["http://b.example:x/", "b.example/fhir", "ftp://b.example/fhir", "https://", "file:///etc/passwd"]
)
def test_an_address_that_cannot_be_called_is_not_tried_again(client, url):
    with pytest.raises(PeerRejected, match="address"):
        call(client, url)


@respx.mock
def test_a_redirect_is_not_followed_and_the_token_stays_here(client):
    elsewhere = respx.post("https://evil.example/take").respond(200)
    respx.post(URL).respond(307, headers={"Location": "https://evil.example/take"})
    with pytest.raises(PeerRejected, match="307"):
        call(client)
    assert not elsewhere.called


def test_no_proxy_and_no_password_file_of_the_environment_is_used(monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine b.example login me password secret", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    with new_client() as client, respx.mock:
        route = respx.post(URL).respond(200)
        call(client, token=None)
        assert client.trust_env is False
        assert "authorization" not in route.calls.last.request.headers
        assert not any(client._mounts.values())


@respx.mock
def test_an_answer_without_end_is_given_up(client, monkeypatch):
    monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 1000)
    respx.post(URL).mock(return_value=httpx.Response(200, content=(b"x" * 100 for _ in itertools.count())))
    with pytest.raises(PeerRejected, match="longer than 1000 bytes"):
        call(client)


@respx.mock
def test_an_answer_that_unpacks_to_more_than_it_seems_is_given_up(client, monkeypatch):
    monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 1000)
    packed = gzip.compress(b"0" * 100_000)
    assert len(packed) < 1000
    respx.post(URL).respond(200, content=packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(PeerRejected, match="longer"):
        call(client)


@respx.mock
def test_a_packed_answer_is_unpacked_once(client):
    respx.post(URL).respond(200, content=gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"})
    assert call(client).content == b"{}"


@respx.mock
def test_an_answer_that_trickles_in_for_ever_is_late(client, monkeypatch):
    seconds = itertools.count()
    monkeypatch.setattr(http.time, "monotonic", lambda: next(seconds))
    respx.post(URL).mock(return_value=httpx.Response(200, content=(b"x" for _ in itertools.count())))
    with pytest.raises(PeerTimeout, match="did not end"):
        call(client, timeout_seconds=30)
    assert next(seconds) < 40


@pytest.mark.parametrize("body", [b"", b"<html>Log in</html>", b'{"resourceType": "Bundle"', b"[]", b"null", b"\xff"])
def test_a_good_status_without_fhir_is_tried_again(body):
    with pytest.raises(PeerUnavailable, match="not FHIR"):
        resource_in(httpx.Response(200, content=body))


def test_what_a_peer_says_is_made_safe_to_show():
    told = [
        {"severity": "error", "code": "invalid", "details": {"text": "<b>patient 123456782</b> is wrong\x07"}},
        {"severity": "error", "code": "forbidden", "diagnostics": "user admin may not"},
        {"severity": "odd", "code": "odd", "diagnostics": "x" * 5000},
        "no issue at all",
    ]
    body = json.dumps({"resourceType": "OperationOutcome", "issue": told}).encode()
    problems = failure(httpx.Response(422, content=body)).problems
    assert [one.text[:30] for one in problems] == [
        "patient ... is wrong",
        "the other side did not permit it"[:30],
        "x" * 30,
    ]
    assert (problems[2].severity, problems[2].code) == ("error", "processing")
    assert len(problems[2].text) <= 300


@pytest.mark.parametrize("body", [b"", b"Bad Gateway", b'{"resourceType": "Patient", "id": "1"}', b'{"issue": 1}'])
def test_a_refusal_without_an_outcome_has_our_own_words_only(body):
    found = failure(httpx.Response(400, content=body))
    assert [one.text for one in found.problems] == ["the peer answered 400"]
