"""The verb `send`: to a node, records first; or to a plain FHIR server as one transaction."""

import hashlib
import json

import httpx
import pytest
import respx

from adapter.base.data import shipped
from adapter.cli.main import run

SAMPLES = shipped("samples")
REQUEST = SAMPLES / "request-nl.json"
NODE = "http://127.0.0.1:8100"
ACCEPTED = {
    "resourceType": "OperationOutcome",
    "issue": [
        {"severity": "information", "code": "informational", "details": {"text": "accepted and stored"}},
        {"severity": "warning", "code": "suppressed", "details": {"text": "DOC-2 is withheld"}},
    ],
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in ("SECOND_OPINION_TOKEN", "SECOND_OPINION_NODE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def node():
    """A node that takes everything."""
    with respx.mock(assert_all_called=False) as router:
        router.head(url__regex=r".*/intake/records/[0-9a-f]{64}").respond(404)
        router.put(url__regex=r".*/intake/records/[0-9a-f]{64}", name="upload").respond(201)
        router.post(url__regex=r".*/intake", name="intake").respond(
            202, json=ACCEPTED, headers={"Location": "x/Task/1"}
        )
        yield router


def test_records_go_up_first_and_the_task_is_told_on_standard_output(node, capsys):
    assert run(["send", str(REQUEST)]) == 0
    told = capsys.readouterr()
    assert told.out == "x/Task/1\n"
    assert told.err.splitlines() == ["information: accepted and stored", "warning: DOC-2 is withheld"]
    sent = json.loads(node["intake"].calls.last.request.content)
    uploaded = {hashlib.sha256(call.request.content).hexdigest() for call in node["upload"].calls}
    assert uploaded == {one["sha256"] for one in sent["records"] if "sha256" in one}
    order = [call.request.url.path for call in node.calls]
    assert order[-1] == "/intake"
    assert "path" not in str(sent["records"])


def test_organisation_node_and_token_are_used(node, monkeypatch):
    monkeypatch.setenv("SECOND_OPINION_TOKEN", "secret")
    monkeypatch.setenv("SECOND_OPINION_NODE", "http://node.example:1")
    assert run(["send", str(REQUEST), "--org", "dijkzicht"]) == 0
    request = node["intake"].calls.last.request
    assert str(request.url) == "http://node.example:1/orgs/dijkzicht/intake"
    assert request.headers["authorization"] == "Bearer secret"
    assert run(["send", str(REQUEST), "--node", NODE]) == 0
    assert node["intake"].calls.last.request.url.host == "127.0.0.1"


def test_standard_input_is_read_and_paths_count_from_here(node, monkeypatch):
    monkeypatch.chdir(SAMPLES)
    with REQUEST.open(encoding="utf-8") as typed:
        monkeypatch.setattr("sys.stdin", typed)
        assert run(["send", "-"]) == 0
    assert node["upload"].called


def test_a_file_that_is_missing_sends_nothing(node, tmp_path, capsys):
    (tmp_path / "request.json").write_bytes(REQUEST.read_bytes())
    assert run(["send", str(tmp_path / "request.json")]) == 65
    assert "/records/0/path: there is no such file" in capsys.readouterr().err
    assert len(node.calls) == 0


def test_what_the_node_refuses_is_told_in_its_words(node, capsys):
    issue = {"severity": "error", "code": "value", "details": {"text": "/patient/birthDate: no such day"}}
    node["intake"].respond(422, json={"resourceType": "OperationOutcome", "issue": [issue]})
    assert run(["send", str(REQUEST)]) == 65
    told = capsys.readouterr()
    assert told.out == ""
    assert "second-opinion: /patient/birthDate: no such day" in told.err


@pytest.mark.parametrize(("status", "exit_status"), [(401, 77), (403, 77), (409, 65), (500, 75), (503, 75)])
def test_the_exit_status_says_whose_turn_it_is(node, status, exit_status):
    node["intake"].respond(status)
    assert run(["send", str(REQUEST)]) == exit_status


@respx.mock
def test_a_case_goes_to_a_plain_fhir_server_as_one_transaction(capsys, monkeypatch):
    monkeypatch.setenv("SECOND_OPINION_TOKEN", "secret")

    def taken(request):
        entries = json.loads(request.content)["entry"]
        answers = [
            {"response": {"status": "201 Created", "location": f"{one['request']['url']}/_history/1"}}
            for one in entries
        ]
        return httpx.Response(200, json={"resourceType": "Bundle", "type": "transaction-response", "entry": answers})

    route = respx.post("http://server.example/fhir").mock(side_effect=taken)
    assert run(["send", str(REQUEST), "--fhir-server", "http://server.example/fhir/"]) == 0
    request = route.calls.last.request
    assert json.loads(request.content)["type"] == "transaction"
    assert request.headers["authorization"] == "Bearer secret"
    told = capsys.readouterr()
    assert told.out == ""
    assert "resources written to http://server.example/fhir/" in told.err


@respx.mock
def test_a_server_that_takes_only_a_part_is_told(capsys):
    answer = {"resourceType": "Bundle", "type": "transaction-response", "entry": []}
    respx.post("http://server.example/fhir").respond(200, json=answer)
    assert run(["send", str(REQUEST), "--fhir-server", "http://server.example/fhir"]) == 65
    assert "does not account for every entry" in capsys.readouterr().err
