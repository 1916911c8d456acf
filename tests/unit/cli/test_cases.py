"""The verb `cases`: what a node holds, told for people or as JSON, and what people decide."""

import json

import pytest
import respx

from adapter.cli.main import run

NODE = "http://127.0.0.1:8100"
CASE = {
    "id": "c-1",
    "number": "2026/17",
    "status": "in-progress",
    "businessStatus": "under-review",
    "partner": "praxis-b",
    "closedAt": None,
}
LINES = [
    {"at": "2026-04-10T09:30:00.000+02:00", "who": "client:ehr", "what": "Second opinion requested", "why": None},
    {"at": "2026-04-10T09:31:00.000+02:00", "who": "gate", "what": "Nothing leaves", "why": "the patient refused this"},
]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in ("SECOND_OPINION_TOKEN", "SECOND_OPINION_NODE"):
        monkeypatch.delenv(name, raising=False)


@respx.mock
def test_cases_are_listed_one_a_line(capsys):
    closed = {**CASE, "number": "18", "businessStatus": None, "partner": None, "closedAt": "2026-04-11T09:30:00+02:00"}
    respx.get(f"{NODE}/cases").respond(json=[CASE, closed])
    assert run(["cases", "list"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["2026/17", "in-progress,", "under-review", "open", "praxis-b"],
        ["18", "in-progress,", "-", "closed", "-"],
    ]


@respx.mock
def test_cases_are_listed_as_json(capsys):
    respx.get(f"{NODE}/orgs/klinik-a/cases").respond(json=[CASE])
    assert run(["cases", "list", "--json", "--org", "klinik-a"]) == 0
    assert json.loads(capsys.readouterr().out) == [CASE]


@pytest.mark.parametrize("number", ["2026/17", "a b", "x?y#z", "../secret", "100%"])
@respx.mock
def test_a_case_number_is_one_part_of_the_address(capsys, number):
    from urllib.parse import quote

    route = respx.get(f"{NODE}/cases/{quote(number, safe='')}").respond(json={**CASE, "number": number})
    assert run(["cases", "show", number]) == 0
    assert route.called
    assert json.loads(capsys.readouterr().out)["number"] == number


@respx.mock
def test_a_story_is_told_with_its_reasons(capsys):
    route = respx.get(f"{NODE}/cases/1/timeline").respond(json=LINES)
    assert run(["cases", "timeline", "1", "--lang", "de"]) == 0
    assert route.calls.last.request.url.query == b"lang=de"
    assert capsys.readouterr().out.splitlines() == [
        "2026-04-10 09:30  client:ehr                   Second opinion requested",
        "2026-04-10 09:31  gate                         Nothing leaves  (the patient refused this)",
    ]


@pytest.mark.parametrize(
    ("arguments", "verb", "body"),
    [
        (["accept", "1"], "accept", {}),
        (["accept", "1", "--number", "B-7"], "accept", {"number": "B-7"}),
        (["reject", "1", "--reason", "no-capacity"], "reject", {"reason": "no-capacity"}),
        (["cancel", "1", "--reason", "not-needed"], "cancel", {"reason": "not-needed"}),
        (["discussed", "1"], "discussed", {}),
        (["taken-over", "1"], "taken-over", {}),
    ],
)
@respx.mock
def test_a_decision_is_handed_over_and_its_result_told(capsys, arguments, verb, body):
    route = respx.post(f"{NODE}/cases/1/{verb}").respond(json=CASE)
    assert run(["cases", *arguments]) == 0
    assert json.loads(route.calls.last.request.content) == body
    assert capsys.readouterr().out == "2026/17: in-progress, under-review\n"


@pytest.mark.parametrize("verb", ["reject", "cancel"])
def test_a_no_needs_a_reason(verb, capsys):
    assert run(["cases", verb, "1"]) == 2
    assert "--reason" in capsys.readouterr().err


@pytest.mark.parametrize(("status", "exit_status"), [(401, 77), (403, 77), (404, 65), (409, 65), (422, 65), (500, 75)])
@respx.mock
def test_the_exit_status_says_whose_turn_it_is(capsys, status, exit_status):
    respx.post(f"{NODE}/cases/1/discussed").respond(status)
    assert run(["cases", "discussed", "1"]) == exit_status
    assert capsys.readouterr().out == ""
