"""https://owasp.org/www-project-api-security/ and https://gdpr-info.eu/art-5-gdpr/"""

import base64
import json
import socket
import subprocess
import sys

import httpx
import pytest

NODE = """
[server]
host = "127.0.0.1"
metrics_port = 0
log_level = "debug"
[store]
url = "sqlite:///var/node.db"
blobs = "var/blobs"
[worker]
poll_seconds = 0.1
"""
SIDES = (("dijkzicht", "treating", "00009001"), ("catharina-kliniek", "consulting", "00009002"))
SIDE = """
[[organisation]]
id = "{org}"
name = "{org} (TEST)"
role = "{role}"
country = "NL"
time_zone = "Europe/Amsterdam"
identifiers = [{{ system = "http://fhir.nl/fhir/NamingSystem/ura", value = "{ura}" }}]
[[client]]
id = "ehr"
of = "{org}"
token_env = "EHR"
[[partner]]
id = "{other}"
role = "{other_role}"
of = "{org}"
fhir = "http://127.0.0.1:{port}/orgs/{other}/fhir"
token_env = "PEER"
accept_token_env = "PEER"
identifiers = [{{ system = "http://fhir.nl/fhir/NamingSystem/ura", value = "{other_ura}" }}]
"""
BSN = "123456782"
CANARIES = ("CANARY", "Kanarievogel", BSN, "1911-11-11")


@pytest.fixture
def node(serving):
    """One node that is both hospitals, and so its own partner."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = NODE
    for (org, role, ura), (other, other_role, other_ura) in (SIDES, SIDES[::-1]):
        words = {"org": org, "role": role, "ura": ura, "other": other, "other_role": other_role, "other_ura": other_ura}
        text += SIDE.format(port=port, **words)
    process = serving("node", text, SECOND_OPINION_SERVER__PORT=str(port), EHR="CANARY-EHR", PEER="CANARY-PEER")
    process.start()
    return process


@pytest.fixture
def telling(sample):
    """A request that is full of what must not be told."""
    request = sample("request-nl")
    request["patient"] |= {"name": {"family": "Kanarievogel", "given": ["CANARY-GIVEN"]}, "birthDate": "1911-11-11"}
    request["patient"]["identifiers"][0]["value"] = BSN
    request["patient"]["identifiers"][1]["value"] = "CANARY-MRN"
    request["patient"]["address"]["line"] = ["CANARY-STREET 1"]
    request |= {"notes": "CANARY-NOTE", "questions": ["CANARY-QUESTION?", "CANARY-OTHER?"]}
    request["insurance"]["memberId"] = "CANARY-MEMBER"
    for statement in request["consent"].values():
        statement |= {"on": "2020-01-01", "until": "2999-12-31"}
    for record in request["records"]:
        del record["path"]
        record |= {
            "title": "CANARY-TITLE",
            "author": "CANARY-AUTHOR",
            "data": base64.b64encode(b"CANARY-BYTES").decode(),
        }
    return request


def wrong_calls(request):
    """Calls that are refused, each with something in it that must not be told."""
    intake, message = "/orgs/dijkzicht/intake", "/orgs/catharina-kliniek/fhir/$process-message"
    for member, value in (("birthDate", "CANARY-DATE"), ("gender", "CANARY-GENDER"), ("language", "CANARY LANGUAGE")):
        yield "POST", intake, {**request, "patient": {**request["patient"], member: value}}
    number = {"system": request["patient"]["identifiers"][0]["system"], "value": "123456789"}
    yield "POST", intake, {**request, "patient": {**request["patient"], "identifiers": [number]}}
    yield "POST", intake, {**request, "notes": "CANARY-OTHER-NOTE"}
    yield "POST", intake, b'{"patient": {"family": "Kanarievogel" CANARY'
    yield "POST", intake, json.dumps(request).encode("utf-16")
    yield "POST", "/orgs/dijkzicht/cases/CASE-NL-0001/cancel", {"reason": "CANARY-REASON"}
    yield "POST", "/orgs/dijkzicht/cases/CASE-NL-0001/CANARY-VERB", {}
    yield "POST", "/orgs/dijkzicht/cases/CASE-NL-0001/discussed", {"number": "CANARY\u0000"}
    yield "GET", f"/orgs/dijkzicht/fhir/Patient?identifier={BSN}&name=Kanarievogel", b""
    yield "GET", f"/orgs/dijkzicht/cases/{BSN}?name=CANARY", b""
    yield "GET", f"/orgs/dijkzicht/fhir/Patient/{BSN}", b""
    yield "GET", "/CANARY-PATH/Kanarievogel", b""
    yield "PUT", "/orgs/dijkzicht/intake/records/CANARY-NAME", b"CANARY"
    for birth_date in ("CANARY-DATE", 1911, "1911-11-11T00"):
        patient = {"resourceType": "Patient", "id": "a", "birthDate": birth_date, "gender": "Kanarievogel"}
        entries = [{"fullUrl": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "resource": patient}]
        yield "POST", message, {"resourceType": "Bundle", "type": "message", "entry": entries}


def test_patients_appear_in_no_log_line_no_metric_and_no_error(node, telling, sample, wait_until):
    told = []
    with node.client(token="CANARY-EHR") as client:
        client.headers.update({"User-Agent": "CANARY-AGENT", "X-Request-Id": "CANARY-ID\tINFO"})

        def call(method, path, body, token="CANARY-EHR"):  # noqa: S107 - what must not be told
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            return client.request(method, path, content=data, headers=headers)

        def case(org):
            found = client.get(f"/orgs/{org}/cases").json()
            return found[0]["status"] if found else None

        accepted = call("POST", "/orgs/dijkzicht/intake", telling)
        assert accepted.status_code == 202, accepted.text
        wait_until(lambda: case("catharina-kliniek") == "received", "the request arrives")
        call("POST", "/orgs/catharina-kliniek/cases/CASE-NL-0001/accept", {"number": "CANARY-NUMBER"})
        wait_until(lambda: case("dijkzicht") == "in-progress", "the records arrive")
        for method, path, body in wrong_calls(telling):
            for token in ("CANARY-EHR", "CANARY-PEER", "CANARY-NOBODY"):
                response = call(method, path, body, token)
                assert 400 <= response.status_code < 500, (path, response.text)
                told.append((path, response.text))
        report = sample("report-nl") | {"summary": "CANARY-SUMMARY"}
        del report["document"]
        told.append(("intake", call("POST", "/orgs/catharina-kliniek/intake", report | {"status": "CANARY"}).text))
        accepted_report = call("POST", "/orgs/catharina-kliniek/intake", report)
        assert accepted_report.status_code == 202, accepted_report.text
        wait_until(lambda: case("dijkzicht") == "completed", "the report comes back")
        for org in ("dijkzicht", "catharina-kliniek"):
            paths = ("quarantine", "work/failed", "messages", "cases/CASE-NL-0001/timeline")
            told += [(path, client.get(f"/orgs/{org}/{path}").text) for path in paths]
    told.append(("accepted", accepted.text))
    metrics = httpx.get(f"http://127.0.0.1:{node.told['metrics_port']}/metrics", trust_env=False).text
    assert "second_opinion_http_requests" in metrics
    node.stop()
    log = node.log.read_text(encoding="utf-8")
    assert '"work-done"' in log, "the log was looked at"
    for where, text in [*told, ("metrics", metrics), ("log", log)]:
        for canary in CANARIES:
            assert canary not in text, where
    for line in log.splitlines():
        assert line.startswith(("{", "http://")), "nobody forges a line"


RAISING = """
import os, signal, socket, threading, httpx
from fastapi import FastAPI
from adapter.api.problems import add_error_handlers
from adapter.api.server import run_server
from adapter.base.logs import configure_logs

configure_logs("debug")
app = FastAPI()
add_error_handlers(app)

@app.get("/bug")
def bug():
    raise ValueError("CANARY-IN-AN-EXCEPTION")

listening = socket.create_server(("127.0.0.1", 0))

def call():
    print(httpx.get(f"http://127.0.0.1:{listening.getsockname()[1]}/bug", trust_env=False).text)
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=call).start()
run_server(app, listening)
"""


def test_an_exception_that_quotes_a_patient_is_logged_by_its_place_alone(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", RAISING], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    assert '"bug"' in done.stderr
    assert "ValueError" in done.stderr
    assert "operator finds it" in done.stdout
    assert "CANARY" not in done.stderr + done.stdout
