"""https://hl7.org/fhir/R4/operationoutcome.html"""

import asyncio
import json
import re
from io import StringIO
from types import SimpleNamespace

import httpx
import pytest
import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from adapter.api.problems import add_error_handlers
from adapter.base import errors, logs
from adapter.base.errors import AdapterError, Invalid, PeerThrottled, Problem
from adapter.fhir.codec import parse_xml
from adapter.fhir.validate import validate

CANARY = "Erika-Mustermann-1964-08-12"
LEAVES = sorted(
    (
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, AdapterError) and not one.__subclasses__()
    ),
    key=lambda one: one.__name__,
)


def raising(error, *, accept="application/fhir+json", path="/fails/1?n=2"):
    """Let a route raise and return the answer."""
    app = FastAPI()
    add_error_handlers(app)

    @app.get("/fails/{id}")
    async def fails(id: int, n: int) -> None:  # noqa: A002 - the path's own word
        raise error

    async def one():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://node.example") as client:
            return await client.get(path, headers={"Accept": accept})

    return asyncio.run(one())


def issues(answer):
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    assert [one for one in validate(body) if one.severity in ("error", "fatal")] == []
    return body["issue"]


@pytest.fixture
def lines(monkeypatch):
    out = StringIO()
    monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=out))
    logs.configure_logs("info")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    structlog.reset_defaults()


@pytest.mark.parametrize("error", LEAVES, ids=lambda one: one.__name__)
def test_every_error_leaves_with_its_status_and_as_a_valid_outcome(error):
    answer = raising(error("this is what is wrong", where="ServiceRequest.subject"))
    assert answer.status_code == error.status
    (issue,) = issues(answer)
    assert (issue["code"], issue["severity"]) == (error.issue, "error")
    assert issue["details"]["text"] == "this is what is wrong"
    assert issue["expression"] == ["ServiceRequest.subject"]


@pytest.mark.parametrize("error", LEAVES, ids=lambda one: one.__name__)
def test_every_error_can_be_had_as_xml(error):
    answer = raising(error("this is what is wrong"), accept="application/fhir+xml")
    assert answer.headers["content-type"].startswith("application/fhir+xml")
    assert parse_xml(answer.content)["issue"][0]["code"] == error.issue


def test_all_problems_are_told_in_order_with_their_own_codes():
    problems = [Problem("a", "/patient/birthDate", "value"), Problem("b", severity="warning")]
    told = issues(raising(Invalid("two", problems=problems)))
    assert [(one["code"], one["severity"], one["details"]["text"]) for one in told] == [
        ("value", "error", "/patient/birthDate: a"),
        ("invalid", "warning", "b"),
    ]


def test_an_error_is_told_in_json_to_a_caller_who_takes_neither():
    assert issues(raising(Invalid("x"), accept="text/html"))[0]["code"] == "invalid"


def test_who_has_no_token_is_told_which_kind_is_wanted():
    assert raising(errors.NotAuthenticated("x")).headers["www-authenticate"] == "Bearer"
    assert "www-authenticate" not in raising(errors.NotPermitted("x")).headers


@pytest.mark.parametrize(("seconds", "header"), [(3.7, "3"), (0.0, "0"), (None, None)])
def test_when_to_come_back_is_told_on(seconds, header):
    assert raising(PeerThrottled("x", retry_after_seconds=seconds)).headers.get("retry-after") == header


@pytest.mark.parametrize("accept", ["application/fhir+json", "text/html"])
def test_a_bug_is_500_with_a_number_and_none_of_its_words(lines, accept):
    answer = raising(ValueError(f"no room for {CANARY}"), accept=accept)
    assert answer.status_code == 500
    (issue,) = issues(answer)
    assert (issue["code"], issue["severity"]) == ("exception", "fatal")
    assert CANARY not in answer.text
    number = re.search(r"[0-9a-f-]{36}", issue["details"]["text"])[0]
    (line,) = [one for one in lines() if one["event"] == "bug"]
    assert (line["correlation"], line["error"]) == (number, "ValueError")
    assert re.fullmatch(r"test_problems\.py:\d+", line["where"])
    assert CANARY not in json.dumps(lines())


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/nowhere", 404, "not-found"), ("/fails/x?n=y", 422, "invalid"), ("/fails/1", 422, "invalid")],
)
def test_what_the_framework_refuses_is_an_outcome_too(path, status, code):
    answer = raising(ValueError("not reached"), path=path)
    assert answer.status_code == status
    assert {one["code"] for one in issues(answer)} == {code}


def test_wrong_parameters_are_all_named():
    told = issues(raising(ValueError("not reached"), path="/fails/x?n=y"))
    assert {one["diagnostics"] for one in told} == {"path/id", "query/n"}


@pytest.mark.parametrize(
    ("status", "code"), [(405, "not-supported"), (413, "too-long"), (415, "not-supported"), (418, "processing")]
)
def test_an_http_error_of_the_framework_keeps_its_status_and_headers(status, code):
    answer = raising(HTTPException(status, "no", headers={"Allow": "GET"}))
    assert (answer.status_code, answer.headers["allow"]) == (status, "GET")
    assert [(one["code"], one["details"]["text"]) for one in issues(answer)] == [(code, "no")]


def test_what_belongs_to_another_reads_exactly_as_what_is_not_there():
    mine = raising(errors.NotFound("there is nothing here under this address"))
    assert mine.content == raising(HTTPException(404, "Not Found")).content
