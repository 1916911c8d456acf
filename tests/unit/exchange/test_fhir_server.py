"""https://hl7.org/fhir/R4/http.html#transaction"""

import json

import httpx
import pytest
import respx

from adapter.base.errors import PeerRejected, PeerUnavailable
from adapter.exchange.fhir_server import write_case

BASE = "https://server.example/fhir"
CONDITION = "identifier=urn%3Ax%7C1"
ORGANIZATION = {
    "fullUrl": "urn:uuid:o",
    "resource": {"resourceType": "Organization", "identifier": [{"system": "urn:x", "value": "1"}]},
    "request": {"method": "POST", "url": "Organization", "ifNoneExist": f"Organization?{CONDITION}"},
}
TASK = {
    "fullUrl": "urn:uuid:t",
    "resource": {
        "resourceType": "Task",
        "id": "t",
        "identifier": [{"value": "urn:uuid:o"}],
        "owner": {"reference": "urn:uuid:o"},
    },
    "request": {"method": "PUT", "url": "Task/t"},
}
CASE = {"resourceType": "Bundle", "type": "transaction", "entry": [TASK, ORGANIZATION]}


class Server:
    """Answers transactions; a refusal is a function from the entries to the words of the refusal, or None."""

    def __init__(self, *, refuses=lambda _: None, locations=None):
        self.refuses = refuses
        self.locations = {"Task": "Task/t/_history/1", "Organization": f"{BASE}/Organization/77/_history/3"}
        self.locations |= locations or {}
        self.taken = []

    def __call__(self, request):
        entries = json.loads(request.content)["entry"]
        if (said := self.refuses(entries)) is not None:
            issue = {"severity": "error", "code": "processing", "diagnostics": said}
            return httpx.Response(400, json={"resourceType": "OperationOutcome", "issue": [issue]})
        self.taken.append(entries)
        answers = [
            {"response": {"status": "201 Created", "location": self.locations[one["resource"]["resourceType"]]}}
            for one in entries
        ]
        return httpx.Response(200, json={"resourceType": "Bundle", "type": "transaction-response", "entry": answers})


def write(server, case=CASE):
    with respx.mock, httpx.Client() as client:
        respx.post(BASE).mock(side_effect=server)
        return write_case(client, case, base_url=f"{BASE}/", token=None)


def conditions(entries):
    return [one["request"]["ifNoneExist"] for one in entries if "ifNoneExist" in one["request"]]


def test_a_condition_is_the_query_alone_as_r4_has_it():
    server = Server()
    assert write(server) == ["Task/t/_history/1", f"{BASE}/Organization/77/_history/3"]
    (entries,) = server.taken
    assert conditions(entries) == [CONDITION]
    assert entries[0] == TASK


def test_a_server_that_wants_the_type_in_a_condition_gets_it():
    def refuses(entries):
        wrong = any("?" not in one for one in conditions(entries))
        return 'Invalid match URL format (must match "[resourceType]?[params]")' if wrong else None

    server = Server(refuses=refuses)
    write(server)
    (entries,) = server.taken
    assert conditions(entries) == [f"Organization?{CONDITION}"]


def test_a_server_that_does_not_take_it_whole_gets_what_is_shared_first():
    server = Server(refuses=lambda entries: "too many entries" if len(entries) > 1 else None)
    assert write(server) == ["Task/t/_history/1", f"{BASE}/Organization/77/_history/3"]
    (organization,), (task,) = server.taken
    assert organization["request"] == {**ORGANIZATION["request"], "ifNoneExist": CONDITION}
    assert task["resource"]["owner"] == {"reference": "Organization/77"}
    assert task["resource"]["identifier"] == TASK["resource"]["identifier"]


def test_both_refusals_are_told():
    def refuses(entries):
        if len(entries) > 1:
            return "too many entries"
        return "no such element" if entries[0]["resource"]["resourceType"] == "Task" else None

    with pytest.raises(PeerRejected) as refused:
        write(Server(refuses=refuses))
    assert [problem.text for problem in refused.value.problems] == ["too many entries", "no such element"]


def test_a_case_that_shares_nothing_is_not_tried_in_pieces():
    server = Server(refuses=lambda _: "no such element")
    with pytest.raises(PeerRejected) as refused:
        write(server, {**CASE, "entry": [TASK]})
    assert [problem.text for problem in refused.value.problems] == ["no such element"]


def test_a_server_that_does_not_say_where_a_shared_resource_is_is_told():
    server = Server(
        refuses=lambda entries: "too many entries" if len(entries) > 1 else None, locations={"Organization": None}
    )
    with pytest.raises(PeerRejected) as refused:
        write(server)
    assert "does not say where it has put a shared resource" in refused.value.problems[-1].text


@pytest.mark.parametrize("location", ["Task/4711/_history/1", f"{BASE}/Task/tt", "t"])
def test_a_server_that_gives_ids_of_its_own_is_told(location):
    with pytest.raises(PeerRejected, match="client-assigned ids"):
        write(Server(locations={"Task": location}), {**CASE, "entry": [TASK]})


@pytest.mark.parametrize("location", [f"{BASE}/Task/t", "Task/t", "/fhir/Task/t/_history/9", None])
def test_a_location_may_be_absolute_relative_or_left_out(location):
    assert write(Server(locations={"Task": location}), {**CASE, "entry": [TASK]}) == [location or ""]


def test_an_entry_that_was_not_taken_is_named():
    def half(_):
        answers = [{"response": {"status": "201 Created"}}, {"response": {"status": "412 Precondition Failed"}}]
        return httpx.Response(200, json={"resourceType": "Bundle", "type": "transaction-response", "entry": answers})

    with pytest.raises(PeerRejected, match=r"entry 1: 412"):
        write(half, {**CASE, "entry": [TASK, TASK]})


def test_a_server_in_trouble_is_not_asked_again_in_pieces():
    asked = []

    def broken(request):
        asked.append(request)
        return httpx.Response(500)

    with pytest.raises(PeerUnavailable):
        write(broken)
    assert len(asked) == 1
