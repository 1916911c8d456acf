"""https://hl7.org/fhir/R4/security.html and https://www.rfc-editor.org/rfc/rfc6750"""

import asyncio
import json
import re

import httpx
import pytest

GERMAN = {"Authorization": "Bearer ehr-of-klinik-a"}
PARTNER = {"Authorization": "Bearer token-dijkzicht-to-catharina-kliniek"}
ROUTES = [
    ("GET", "/cases"),
    ("GET", "/cases/CASE-NL-0001"),
    ("GET", "/cases/CASE-NL-0001/timeline"),
    ("POST", "/cases/CASE-NL-0001/cancel"),
    ("GET", "/messages"),
    ("GET", "/messages/" + "ab" * 32),
    ("GET", "/work/failed"),
    ("POST", "/work/" + "ab" * 16 + "/replay"),
    ("GET", "/quarantine"),
    ("POST", "/intake"),
    ("PUT", "/intake/records/" + "ab" * 32),
    ("HEAD", "/intake/records/" + "ab" * 32),
    ("GET", "/records/" + "ab" * 32),
    ("POST", "/fhir/$process-message"),
    ("GET", "/fhir/Task/{task}"),
    ("GET", "/fhir/Task/{task}/_history"),
    ("GET", "/fhir/Task/{task}/_history/1"),
]


@pytest.fixture(scope="module")
def pair(lasting_pair):
    """Two nodes for all of these tests: nobody may do what they try."""
    return lasting_pair


@pytest.fixture
def call(pair):
    """Call the treating node with headers of one's own."""

    def send(method, path, headers, content=b""):
        with httpx.Client(transport=pair.wire) as client:
            return client.request(method, f"http://treating{path}", headers=headers, content=content)

    return send


@pytest.fixture(scope="module")
def task(pair, sample):
    """The id of the Dutch case's Task."""
    request = sample("request-nl")
    pair.move(request["sent"])
    return pair["dijkzicht"].submit(request).headers["location"].rpartition("/")[2]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_token_or_with_an_unknown_one_nothing_is_told(call, task, method, path):
    for headers in ({}, {"Authorization": "Bearer nobodys"}, {"Authorization": "Basic ZWhyOmVocg=="}):
        response = call(method, f"/orgs/dijkzicht{path}".replace("{task}", task), headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert method == "HEAD" or response.json()["issue"][0]["code"] == "login"


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_what_belongs_to_another_organisation_answers_exactly_as_what_is_not_there(call, task, method, path):
    theirs, nowhere = (
        call(method, f"/orgs/{org}{path}".replace("{task}", task), GERMAN) for org in ("dijkzicht", "no-such-house")
    )
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.content == nowhere.content
    assert dict(theirs.headers) == dict(nowhere.headers)


def test_another_organisations_ids_under_ones_own_address_answer_as_unknown_ones(pair, task):
    house = pair["klinik-a"].http
    other = "00000000-0000-8000-8000-000000000000"
    for template in ("/cases/{}", "/cases/{}/timeline", "/fhir/Task/{}", "/fhir/Task/{}/_history", "/messages/{}"):
        theirs, nowhere = (house.get(template.format(name)) for name in (task, other))
        assert (theirs.status_code, theirs.content) == (404, nowhere.content)
    theirs, nowhere = (house.post(f"/cases/{name}/cancel", json={"reason": "not-needed"}) for name in (task, other))
    assert (theirs.status_code, theirs.content) == (404, nowhere.content)
    assert pair["klinik-a"].get("/cases") == []
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] != "cancelled"


def test_an_uploaded_record_is_its_own_organisations(pair, sample, task):
    sha256 = next(
        iter(re.findall(r"[0-9a-f]{64}", json.dumps(pair["dijkzicht"].resources("CASE-NL-0001", "DocumentReference"))))
    )
    assert pair["dijkzicht"].http.get(f"/records/{sha256}").status_code == 200
    assert pair["klinik-a"].http.get(f"/records/{sha256}").status_code == 404
    request = sample("request-de")
    request["records"][0].pop("path")
    request["records"][0]["sha256"] = sha256
    assert pair["klinik-a"].post(request).status_code == 422, "a hash alone gives nobody somebody else's bytes"


def test_a_partners_token_is_for_messages_alone(pair, sample, task):
    pair.settle()
    with httpx.Client(
        transport=pair.wire, base_url="http://consulting/orgs/catharina-kliniek", headers=PARTNER
    ) as client:
        for method, path in ROUTES:
            if "process-message" not in path:
                here, nowhere = (client.request(method, path.replace("{task}", name)) for name in (task, "0" * 8))
                assert here.status_code == 403, path
                assert here.content == nowhere.content


def test_a_clients_token_is_not_for_messages(call, task):
    headers = {"Authorization": "Bearer ehr-of-dijkzicht"}
    assert call("POST", "/orgs/dijkzicht/fhir/$process-message", headers).status_code == 403


@pytest.mark.parametrize(
    "path", ["/intake", "/fhir/$process-message", "/cases/CASE-NL-0001/cancel", "/intake/records/" + "ab" * 32]
)
def test_the_body_of_a_stranger_is_never_read(pair, path):
    app = pair.wire.apps["treating"]
    sent = []

    async def receive():
        raise AssertionError("the body was read")

    async def send(message):
        sent.append(message)

    headers = [
        (b"authorization", b"Bearer nobodys"),
        (b"content-type", b"application/json"),
        (b"content-length", b"99"),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PUT" if "records" in path else "POST",
        "path": f"/orgs/dijkzicht{path}",
        "raw_path": f"/orgs/dijkzicht{path}".encode(),
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "server": ("treating", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/orgs/dijkzicht/nothing", 404),
        ("GET", "/orgs/dijkzicht/fhir/Nothing/1", 404),
        ("GET", "/orgs/dijkzicht/fhir/Task/%00", 404),
        ("GET", "/orgs/dijkzicht/fhir/Task/" + "a" * 5000, 404),
        ("GET", "/orgs/dijkzicht/fhir/Task/1/_history/x", 404),
        ("GET", "/orgs/dijkzicht/fhir/Task/1/_history/" + "9" * 40, 404),
        ("DELETE", "/orgs/dijkzicht/cases", 405),
        ("PATCH", "/orgs/dijkzicht/fhir/Task/1", 405),
        ("PUT", "/orgs/dijkzicht/intake", 405),
        ("POST", "/orgs/dijkzicht/cases/CASE-NL-0001/dance", 422),
        ("POST", "/orgs/dijkzicht/cases/CASE-NL-0001/cancel", 422),
    ],
)
def test_unknown_addresses_and_methods_are_answered_as_operation_outcomes(call, task, method, path, status):
    response = call(method, path, {"Authorization": "Bearer ehr-of-dijkzicht"})
    assert response.status_code == status, response.text
    assert response.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("path", ["/metadata", "/Task/{task}", "/Task/{task}/_history", "/Task/{task}/_history/1"])
def test_reads_speak_json_and_xml_and_nothing_else(pair, task, path):
    house = pair["dijkzicht"].http
    address = f"/fhir{path}".replace("{task}", task)
    assert house.get(address).headers["content-type"].startswith("application/fhir+json")
    xml = house.get(address, headers={"Accept": "application/fhir+xml"})
    assert xml.headers["content-type"].startswith("application/fhir+xml")
    assert b'xmlns="http://hl7.org/fhir"' in xml.content
    refused = house.get(address, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert refused.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"number": ""}, "/number"),
        ({"number": " "}, "/number"),
        ({"number": "a\u0000b"}, "/number"),
        ({"number": "x" * 65}, "/number"),
        ({"reason": "no-capacity"}, "/reason"),
        ({"surprise": 1}, "/surprise"),
        ([], "object"),
    ],
)
def test_a_decision_that_cannot_be_told_is_refused_and_changes_nothing(pair, sample, task, body, where):
    pair.settle()
    response = pair["catharina-kliniek"].http.post("/cases/CASE-NL-0001/accept", json=body)
    assert response.status_code == 422
    assert where in response.text
    assert pair["catharina-kliniek"].case("CASE-NL-0001")["status"] == "received"


def test_a_decision_of_the_other_side_is_refused(pair, sample, task):
    pair.settle()
    assert pair["dijkzicht"].decide("CASE-NL-0001", "accept").status_code == 409
    assert pair["catharina-kliniek"].decide("CASE-NL-0001", "cancel", reason="not-needed").status_code == 409
