"""Whatever the adapter makes is looked at once more before it leaves: every exit is listed here, and no other is there.

https://hl7.org/fhir/R4/validation.html
"""

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.base.errors import AdapterError, Problem
from adapter.fhir import own_output
from adapter.fhir.codec import to_json
from adapter.fhir.judgement import judge
from adapter.fhir.models import Misbuilt
from adapter.fhir.own_output import ensure_valid
from adapter.workflow import reports
from adapter.workflow.messages import HANDLERS
from adapter.workflow.offline import express_offline
from adapter.workflow.outgoing import state
from adapter.workflow.work import WorkKind

ADAPTER = Path(__file__).parents[2] / "adapter"
PLAIN = "http://plain.example/fhir"

WRITERS = {
    "api/representation.py": "`respond` looks; what is stored already is shown as it is",
    "cli/convert.py": "what others wrote",
    "cli/map.py": "OfflineRequest looks",
    "demo/artefacts.py": "looks at audit lines; the rest came from nodes",
    "demo/offline.py": "OfflineRequest looks",
    "exchange/fhir_server.py": "OfflineRequest and write_case look",
    "exchange/peers.py": "Errand.deliver looks",
    "store/resources.py": "keeps; what is kept to be read as a document is looked at by reports and requests",
    "workflow/once.py": "keeps answers that were looked at",
}
"""The modules that turn resources into bytes, and who looks before."""

BUILDERS = {
    "api/fhir.py": "history: of what is stored already",
    "fhir/bundles.py": "the three forms",
    "mapping/to_fhir/bundles.py": "request: transaction, message",
    "mapping/to_fhir/messages.py": "events, answers",
    "mapping/to_fhir/opinion.py": "opinion",
    "mapping/to_fhir/package.py": "records package, inside its message",
    "mapping/to_fhir/patient_copy.py": "patient's copy",
    "mapping/to_fhir/records_alone.py": "records that came without a request: transaction, looked at by express_records",
}
"""The modules that make Bundles, and which."""


@pytest.fixture
def looked_at(monkeypatch):
    """What passed the last look, as text that can be compared."""
    seen = set()

    def noting(resource):
        seen.add(as_text(resource))
        return judge(resource)

    monkeypatch.setattr(own_output, "judge", noting)
    return seen


def as_text(resource):
    """Return a resource as text, without what the store adds when it is read."""
    meta = {k: v for k, v in resource.get("meta", {}).items() if k not in ("versionId", "lastUpdated")}
    whole = {**resource, "meta": meta} if meta else {k: v for k, v in resource.items() if k != "meta"}
    return json.dumps(json.loads(to_json(whole)), sort_keys=True)


def loop(pair, request, report, treating, consulting):
    """Go the whole way and return every answer that was given over HTTP."""
    pair.move(request["sent"])
    answers = [pair[treating].submit(request)]
    pair.settle()
    answers.append(pair[consulting].decide(request["case"], "accept"))
    pair.settle()
    pair.move(report["issued"])
    answers.append(pair[consulting].submit(report))
    pair.settle()
    answers.append(pair[treating].decide(request["case"], "discussed"))
    pair.settle()
    assert pair.failed_work() == []
    return answers


def test_every_message_its_answer_and_every_outcome_passes(pair, sample, looked_at):
    request, report = sample("request-nl"), sample("report-nl")
    answers = loop(pair, request, report, "dijkzicht", "catharina-kliniek")
    again = {**sample("request-nl"), "id": "REQ-2", "messageId": "MSG-2", "case": "CASE-2"}
    pair.move("2026-12-01T10:00:00+01:00")
    answers.append(pair["dijkzicht"].submit(again))
    pair.settle()
    pair["dijkzicht"].decide("CASE-2", "cancel", reason="not-needed")
    pair.settle()
    sent = [json.loads(one.body) for one in pair.wire.sent]
    events = {one["entry"][0]["resource"]["eventCoding"]["code"] for one in sent}
    assert events == {event.value[1] for event in HANDLERS} - {"I15"}, "a node sends all but queries"
    for message, one in zip(sent, pair.wire.sent, strict=True):
        assert as_text(message) in looked_at
        assert as_text(json.loads(one.answer)) in looked_at
    outcomes = [one.json() for one in answers if one.json().get("resourceType") == "OperationOutcome"]
    refused = pair["dijkzicht"].post(b"nonsense")
    outcomes += [refused.json(), pair["dijkzicht"].http.get("/fhir/Task/nobody").json()]
    outcomes.append(pair["dijkzicht"].http.get("/fhir/metadata").json())
    assert len(outcomes) >= 6
    for outcome in outcomes:
        assert as_text(outcome) in looked_at


@pytest.mark.parametrize("country", ["nl", "de"])
def test_the_opinion_the_patients_copy_and_the_answer_about_coverage_pass(pair, sample, looked_at, country):
    treating, consulting = {"nl": ("dijkzicht", "catharina-kliniek"), "de": ("klinik-a", "praxis-b")}[country]
    request, report = sample(f"request-{country}"), sample(f"report-{country}")
    pair.move(request["sent"])
    pair[treating].submit(request)
    pair.settle()
    pair[consulting].decide(request["case"], "accept")
    pair.settle()
    pair.move(report["issued"])
    assert pair[consulting].submit(report).status_code == 202
    made = [*pair[consulting].resources(request["case"], "Bundle")]
    made += pair[consulting].resources(request["case"], "Communication")
    made += pair[treating].resources(request["case"], "CoverageEligibilityResponse")
    assert [one["resourceType"] for one in made] == ["Bundle", "Bundle", "Communication", "CoverageEligibilityResponse"]
    for one in made:
        assert as_text(one) in looked_at


def test_the_transaction_for_a_fhir_server_passes(pair, sample, looked_at, monkeypatch):
    node = pair["dijkzicht"].running.node
    organisations = {**node.organisations}
    organisations["dijkzicht"] = replace(organisations["dijkzicht"], fhir_server=PLAIN)
    object.__setattr__(node, "organisations", organisations)  # it is frozen, and made new for each test
    written = []
    monkeypatch.setattr(node.peers, "write", lambda bundle, **_: written.append(bundle))
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    (bundle,) = written
    assert bundle["type"] == "transaction"
    assert as_text(bundle) in looked_at


@pytest.mark.parametrize("country", ["nl", "de"])
def test_what_the_command_line_shows_and_writes_passes(looked_at, country):
    home = shipped("samples")
    offline = express_offline((home / f"request-{country}.json").read_bytes(), home)
    for bundle in (offline.transaction(), offline.message()):
        assert as_text(bundle) in looked_at


def test_every_kind_of_work_is_one_of_those_above():
    messages = {WorkKind.SEND_REQUEST, WorkKind.SEND_STATUS, WorkKind.SEND_RECORDS, WorkKind.SEND_REPORT}
    messages |= {WorkKind.SEND_CLOSED, WorkKind.SEND_CANCEL}
    by_v2 = {WorkKind.TELL_STATUS_BY_V2, WorkKind.TELL_REPORT_BY_V2, WorkKind.SEND_ACKNOWLEDGEMENT}  # no FHIR leaves
    assert set(WorkKind) == messages | {WorkKind.WRITE_CASE} | by_v2


def test_no_other_module_turns_resources_into_bytes():
    found = set()
    for file in ADAPTER.rglob("*.py"):
        names = {
            alias.name
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module == "adapter.fhir.codec"
            for alias in node.names
        }
        if names & {"to_json", "to_xml"}:
            found.add(file.relative_to(ADAPTER).as_posix())
    assert found == set(WRITERS)


def test_no_other_module_makes_bundles():
    found = set()
    for file in ADAPTER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of_bundles = isinstance(node.func.value, ast.Name) and node.func.value.id == "bundles"
                if of_bundles and node.func.attr in ("message", "document", "transaction"):
                    found.add(file.relative_to(ADAPTER).as_posix())
            if isinstance(node, ast.Dict):
                pairs = [
                    (key.value, value.value)
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
                ]
                if ("resourceType", "Bundle") in pairs:
                    found.add(file.relative_to(ADAPTER).as_posix())
    assert found == set(BUILDERS)


def test_a_message_of_our_own_that_is_not_valid_stays_and_an_operator_sees_it(pair, sample, monkeypatch):
    whole = state.status_message

    def broken(*arguments):
        return {**whole(*arguments), "timestamp": "soon"}

    monkeypatch.setattr(state, "status_message", broken)
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    before = len(pair.wire.sent)
    pair["catharina-kliniek"].decide(request["case"], "accept")
    pair.settle()
    assert [one for one in pair.wire.sent[before:] if one.to == "treating"] == []
    (failed,) = pair["catharina-kliniek"].get("/work/failed")
    assert "does not leave" in failed["error"]
    assert "Bundle.timestamp" in failed["error"]
    assert "work-failed" in pair["catharina-kliniek"].kinds(request["case"])


def test_a_report_that_cannot_be_made_into_a_valid_opinion_is_kept_and_nothing_of_it_happens(pair, sample, monkeypatch):
    request, report = sample("request-nl"), sample("report-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    pair["catharina-kliniek"].decide(request["case"], "accept")
    pair.settle()
    whole = reports.patient_copy

    def broken(*arguments, **more):
        document, communication = whole(*arguments, **more)
        return document, {**communication, "status": "nonsense"}

    monkeypatch.setattr(reports, "patient_copy", broken)
    pair.move(report["issued"])
    house = pair["catharina-kliniek"]
    before = house.counts()
    answer = house.submit(report)
    assert answer.status_code == 500
    assert answer.json()["issue"][0]["expression"] == ["Communication.status"]
    assert house.counts() == before
    assert "Communication.status" in house.quarantine()[-1]["reason"]
    monkeypatch.undo()
    assert house.submit(report).status_code == 202


def test_the_last_look_names_places_and_no_values(capfd):
    with pytest.raises(Misbuilt) as caught:
        ensure_valid({"resourceType": "Patient", "gender": "Geheimnis", "birthDate": "Geheimnis"})
    assert {problem.where for problem in caught.value.problems} == {"Patient.gender", "Patient.birthDate"}
    said = capfd.readouterr()
    assert "Geheimnis" not in said.out + said.err + str(caught.value) + repr(caught.value.problems)
    assert "own-output-not-valid" in said.out + said.err


def test_an_outcome_that_would_not_be_valid_becomes_another_one(pair, monkeypatch):
    def odd(*_arguments, **_more):
        raise AdapterError("x", problems=[Problem("", code="no such code")])

    monkeypatch.setattr("adapter.api.validation.readable", odd)
    answer = pair["dijkzicht"].http.get("/fhir/Task/x/$validate")
    assert answer.status_code == 500
    assert judge(answer.json())[0].severity == "warning"
