"""The command line's way to a running node: docs/reference/http.md"""

import hashlib

import httpx
import pytest
import respx

from adapter.base.errors import NotAuthenticated, NotPermitted, PeerRejected, PeerUnavailable
from adapter.exchange.node_api import NodeApi

NODE = "http://127.0.0.1:8101"


@respx.mock
@pytest.mark.parametrize(
    ("org", "base"), [(None, NODE), ("klinik-a", f"{NODE}/orgs/klinik-a"), ("a/b", f"{NODE}/orgs/a%2Fb")]
)
def test_a_node_is_asked_under_the_organisations_base(org, base):
    route = respx.get(f"{base}/cases").respond(json=[{"number": "1"}])
    assert NodeApi(f"{NODE}/", token="t", org=org).get("/cases") == [{"number": "1"}]
    assert route.calls.last.request.headers["authorization"] == "Bearer t"


@respx.mock
def test_a_submission_gives_the_answer_and_where_the_task_is():
    respx.post(f"{NODE}/intake").respond(202, json={"issue": []}, headers={"Location": "x/Task/1"})
    assert NodeApi(NODE, token=None).submit(b"{}", "application/json") == ({"issue": []}, "x/Task/1")


@respx.mock
def test_a_record_that_is_there_is_not_uploaded_again(tmp_path):
    (tmp_path / "scan").write_bytes(b"scan")
    sha256 = hashlib.sha256(b"scan").hexdigest()
    head = respx.head(f"{NODE}/intake/records/{sha256}").mock(side_effect=[httpx.Response(404), httpx.Response(200)])
    put = respx.put(f"{NODE}/intake/records/{sha256}").respond(201)
    for _ in range(2):
        NodeApi(NODE, token=None).upload(sha256, tmp_path / "scan")
    assert (head.call_count, put.call_count) == (2, 1)
    assert put.calls.last.request.content == b"scan"


@pytest.mark.parametrize(
    ("status", "error", "exit_status"),
    [
        (401, NotAuthenticated, 77),
        (403, NotPermitted, 77),
        (404, PeerRejected, 65),
        (409, PeerRejected, 65),
        (422, PeerRejected, 65),
        (503, PeerUnavailable, 75),
    ],
)
@respx.mock
def test_a_refusal_has_the_exit_status_of_its_kind(status, error, exit_status):
    respx.post(f"{NODE}/cases/1/accept").respond(status)
    with pytest.raises(error) as failed:
        NodeApi(NODE, token="t").post("/cases/1/accept", {})
    assert failed.value.exit_status == exit_status


@respx.mock
def test_what_the_node_found_wrong_is_told_on():
    issue = {"severity": "error", "code": "value", "details": {"text": "/patient/birthDate: no such day"}}
    respx.post(f"{NODE}/intake").respond(422, json={"resourceType": "OperationOutcome", "issue": [issue]})
    with pytest.raises(PeerRejected) as failed:
        NodeApi(NODE, token=None).submit(b"{}", "application/json")
    assert [one.text for one in failed.value.problems] == ["/patient/birthDate: no such day"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://[", "ftp://127.0.0.1", ""])
def test_where_no_node_answers_is_said(url):
    with pytest.raises(PeerUnavailable, match="no node answers at"):
        NodeApi(url, token=None).get("/cases")


@respx.mock
def test_another_web_server_is_no_node():
    respx.get(f"{NODE}/cases").respond(200, html="<h1>It works!</h1>")
    with pytest.raises(PeerUnavailable, match="is no node"):
        NodeApi(NODE, token=None).get("/cases")
