"""`second-opinion map`: what leaves, what does not and why, on the shipped samples and on broken input."""

import json
import sys

import pytest

from adapter.base.data import shipped
from adapter.cli.main import run
from adapter.fhir.codec import parse

SAMPLES = shipped("samples")


@pytest.fixture
def request_file(tmp_path):
    """Write the Dutch sample, changed, where its records are found."""

    def write(change=None):
        document = json.loads((SAMPLES / "request-nl.json").read_bytes())
        for record in document["records"]:
            record["path"] = str(SAMPLES / record["path"])
        if change is not None:
            change(document)
        file = tmp_path / "request.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return str(file)

    return write


@pytest.fixture
def call(capfdbinary):
    """Run the command; its exit status, what it wrote and what it said."""

    def run_it(*arguments):
        status = run(["map", *arguments])
        said = capfdbinary.readouterr()
        return status, said.out, said.err.decode()

    return run_it


def kinds(out):
    return [entry["resource"]["resourceType"] for entry in parse(out)["entry"]]


def test_the_result_goes_to_standard_output_and_nothing_else(call, request_file):
    status, out, err = call(request_file())
    assert (status, err) == (0, "")
    assert parse(out)["type"] == "transaction"


def test_the_same_file_gives_the_same_bytes(call, request_file):
    assert call(request_file()) == call(request_file())


def test_xml_and_json_say_the_same(call, request_file):
    _, as_json, _ = call(request_file(), "--as", "message")
    _, as_xml, _ = call(request_file(), "--as", "message", "--to", "xml")
    assert as_xml.lstrip().startswith(b"<")
    assert parse(as_xml) == parse(as_json)


def test_a_withheld_record_is_named_on_standard_error_alone(call, request_file):
    def one_record(document):
        document["consent"]["shareRecords"]["records"] = ["DOC-1"]

    status, out, err = call(request_file(one_record), "--as", "message")
    assert status == 0
    assert err.startswith("withheld DOC-2: /consent/shareRecords/records: ")
    assert b"DOC-2" not in out
    assert kinds(out).count("DocumentReference") == 1


@pytest.mark.parametrize("statement", [None, {"given": False, "by": "patient"}])
def test_without_consent_there_is_no_message_but_a_transaction_without_records(call, request_file, statement):
    def refuse(document):
        document["consent"]["shareRecords"] = statement
        if statement is None:
            del document["consent"]["shareRecords"]

    file = request_file(refuse)
    status, out, err = call(file, "--as", "message")
    assert (status, out) == (65, b"")
    assert ": /consent/shareRecords" in err.splitlines()[-1]
    status, out, err = call(file)
    assert status == 0
    assert not {"DocumentReference", "Binary"} & set(kinds(out))
    assert err.count("withheld ") == 2


def test_consent_is_judged_at_the_given_moment(call, request_file):
    status, out, err = call(request_file(), "--at", "2031-01-01T00:00:00+01:00")
    assert status == 0
    assert "Binary" not in kinds(out)
    assert "/consent/shareRecords/until" in err


def test_days_end_where_the_treating_organisation_is(call, request_file):
    file = request_file()
    assert "Binary" in kinds(call(file, "--at", "2029-12-31T22:59:59Z")[1])
    assert "Binary" not in kinds(call(file, "--at", "2029-12-31T23:00:00Z")[1])


def test_the_trace_has_a_row_for_every_field(call, request_file, tmp_path):
    status, _, _ = call(request_file(), "--trace", str(tmp_path / "trace.json"))
    rows = json.loads((tmp_path / "trace.json").read_bytes())
    assert status == 0
    assert all(set(row) == {"source", "target", "note"} for row in rows)
    assert {"/notes", "/records/1/path", "/care/type"} <= {row["source"] for row in rows}


def test_a_request_may_come_from_standard_input(call, monkeypatch):
    monkeypatch.chdir(SAMPLES)
    with (SAMPLES / "request-de.json").open() as source:
        monkeypatch.setattr(sys, "stdin", source)
        status, out, _ = call("-", "--as", "message")
    assert status == 0
    assert kinds(out)[0] == "MessageHeader"


@pytest.mark.parametrize("source", ["hl7v2", "fhir", "cda"])
def test_what_is_another_format_than_was_said_is_refused(call, request_file, source):
    status, out, err = call(request_file(), "--from", source)
    assert (status, out) == (65, b"")
    assert f"this is json, and --from says {source}" in err


@pytest.mark.parametrize("source", ["auto", "json"])
def test_the_bytes_say_which_format_it_is(call, request_file, source):
    status, out, _ = call(request_file(), "--from", source)
    assert status == 0
    assert out


def test_a_missing_file_is_input_that_cannot_be_used(call):
    status, out, err = call("no-such-file.json")
    assert (status, out) == (65, b"")
    assert err.startswith("second-opinion: no-such-file.json: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["{file}", "--at", "yesterday"],
        ["{file}", "--at", "2026-04-10T09:30:00"],
        ["{file}", "--to", "csv"],
    ],
)
def test_wrong_usage_is_told(call, request_file, arguments):
    file = request_file()
    status, out, err = call(*(one.format(file=file) for one in arguments))
    assert (status, out) == (2, b"")
    assert err


def test_wrong_input_names_every_place(call, request_file):
    def spoil(document):
        document["patient"]["birthDate"] = "1980-02-30"
        document["treating"]["role"] = "wizard"

    status, out, err = call(request_file(spoil))
    assert (status, out) == (65, b"")
    assert "/patient/birthDate" in err
    assert "/treating/role" in err


def test_a_record_file_that_is_missing_is_told_and_nothing_is_written(call, request_file, tmp_path):
    trace = tmp_path / "trace.json"
    file = request_file(lambda document: document["records"][0].update(path="gone.pdf"))
    status, out, err = call(file, "--trace", str(trace))
    assert (status, out) == (65, b"")
    assert "/records/0" in err
    assert not trace.exists()


def test_a_trace_that_cannot_be_written_is_told(call, request_file, tmp_path):
    status, out, err = call(request_file(), "--trace", str(tmp_path / "no" / "such" / "folder.json"))
    assert (status, out) == (2, b"")
    assert "folder.json" in err


def test_values_stand_in_the_trace_only_where_they_are_asked_for(call, request_file, tmp_path):
    file, target = request_file(), tmp_path / "trace.json"
    call(file, "--trace", str(target))
    assert all("value" not in row for row in json.loads(target.read_bytes()))
    call(file, "--trace", str(target), "--values")
    stated = {row["source"]: row["value"] for row in json.loads(target.read_bytes())}
    assert stated["/format"] == "second-opinion-request/1"
    assert None not in stated.values()


def test_our_own_message_is_read_again_with_the_records_that_it_announces(call, request_file, tmp_path):
    _, message, _ = call(request_file(), "--as", "message")
    file = tmp_path / "message.json"
    file.write_bytes(message)
    status, out, err = call(str(file))
    assert (status, err) == (0, "")
    announced = [one for one in resources(message) if one["resourceType"] == "DocumentReference"]
    again = [one for one in resources(out) if one["resourceType"] == "DocumentReference"]
    assert [hash_of(one) for one in again] == [hash_of(one) for one in announced] != []
    assert "Binary" not in kinds(out)


def resources(bundle):
    return [entry["resource"] for entry in json.loads(bundle)["entry"]]


def hash_of(document):
    return document["content"][0]["attachment"]["extension"][0]["valueString"]
