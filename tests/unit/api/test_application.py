"""https://hl7.org/fhir/R4/capabilitystatement.html, and what every route has in common"""

import hashlib
import json
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from adapter.api.capability import READABLE, capability_statement
from adapter.api.gatekeeper import Gatekeeper, fingerprint
from adapter.base.clock import DevelopmentClock
from adapter.base.data import shipped
from adapter.domain.case import Case, Role, TaskStatus
from adapter.fhir.judgement import judge
from adapter.fhir.profiles import shipped_packages
from adapter.fhir.systems import CANONICAL
from adapter.fhir.validate import validate
from adapter.workflow.caller import Caller, CallerKind
from adapter.workflow.messages import HANDLERS

AT = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)  # what the node's clock shows
SLASHED = "2026/17"


def stored(node, *resources, org="a", case="c-1"):
    with node.store.transaction() as unit:
        unit.resources.put_all(org, case, resources, AT)


def a_case(node, number="1", org="a", id_="c-1"):
    case = Case(
        org=org, id=id_, number=number, request_id=f"r-{number}", role=Role.TREATING, partner="b",
        status=TaskStatus.REQUESTED, business_status="new", opened_at=AT, changed_at=AT,
    )  # fmt: skip
    with node.store.transaction() as unit:
        unit.cases.add(case)
        unit.events.append(org, id_, "requested", "client:ehr", AT, {"by": "patient"})


def test_the_capability_statement_is_valid_fhir(app):
    statement = app.call("GET", "/fhir/metadata").json()
    assert [one for one in validate(statement) if one.severity in ("error", "fatal")] == []
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["date"] == "2026-04-10"
    assert statement == capability_statement(AT, {Role.TREATING})


@pytest.mark.parametrize("role", [Role.TREATING, Role.CONSULTING])
def test_the_statement_tells_the_messages_of_the_sides_that_are_here(role):
    side = f"{role.value}-side"
    published = json.loads((shipped("profiles") / "package" / f"CapabilityStatement-so-{side}.json").read_bytes())
    statement = capability_statement(AT, {role})
    assert statement["messaging"][0]["supportedMessage"] == published["messaging"][0]["supportedMessage"]
    assert statement["instantiates"] == [published["url"]]
    assert [one for one in judge(statement) if one.severity != "warning"] == []


def test_the_messages_that_the_statement_takes_are_those_that_are_taken():
    both = capability_statement(AT, {Role.TREATING, Role.CONSULTING})["messaging"][0]["supportedMessage"]
    taken = {one["definition"].rpartition("/so-")[2] for one in both if one["mode"] == "receiver"}
    assert taken == {event.name.lower() for event in HANDLERS}
    assert len({(one["mode"], one["definition"]) for one in both}) == len(both)
    assert "supportedMessage" not in capability_statement(AT, {Role.INSURER})["messaging"][0]


def test_whatever_of_ours_the_statement_names_is_in_the_package():
    package = shipped("profiles") / "package"
    published = {json.loads(file.read_bytes()).get("url") for file in package.glob("*.json")}
    statement = capability_statement(AT, {Role.TREATING, Role.CONSULTING})
    named = [*statement["implementationGuide"], *statement["instantiates"]]
    named += [one["definition"] for one in statement["messaging"][0]["supportedMessage"]]
    named += [one["definition"] for one in statement["rest"][0]["operation"]]
    ours = {url for url in named if url.startswith(CANONICAL)}
    assert len(ours) > 10
    assert ours - published == set()


def test_every_profile_that_the_statement_supports_is_one_of_its_type():
    stated = {one["type"]: one.get("supportedProfile", []) for one in capability_statement(AT)["rest"][0]["resource"]}
    supported = [(kind, url) for kind, urls in stated.items() for url in urls]
    assert len(supported) > 15
    for kind, url in supported:
        assert shipped_packages().resource(url)["type"] == kind


@pytest.mark.parametrize("kind", READABLE)
def test_every_type_of_the_statement_can_be_read_with_every_interaction_that_it_lists(make_shared_app, kind):
    app = make_shared_app()
    stated = {one["type"]: one for one in capability_statement(AT)["rest"][0]["resource"]}[kind]
    assert [one["code"] for one in stated["interaction"]] == ["read", "vread", "history-instance"]
    stored(app.node, {"resourceType": kind, "id": "x"})
    stored(app.node, {"resourceType": kind, "id": "x", "language": "nl"})
    read = app.call("GET", f"/fhir/{kind}/x")
    assert (read.status_code, read.headers["etag"], read.json()["language"]) == (200, 'W/"2"', "nl")
    assert "language" not in app.call("GET", f"/fhir/{kind}/x/_history/1").json()
    history = app.call("GET", f"/fhir/{kind}/x/_history").json()
    assert [one["resource"]["meta"]["versionId"] for one in history["entry"]] == ["2", "1"]


def test_what_the_statement_does_not_list_cannot_be_read(app):
    stored(app.node, {"resourceType": "AuditEvent", "id": "x"})
    for kind in ("AuditEvent", "Nonsense", "task"):
        assert app.call("GET", f"/fhir/{kind}/x").status_code == 404


def test_every_operation_of_the_statement_has_its_route(app):
    (rest,) = capability_statement(AT)["rest"]
    of_types = [(f"/{one['type']}", part) for one in rest["resource"] for part in one["operation"]]
    for place, operation in [*(("", one) for one in rest["operation"]), *of_types]:
        answer = app.call("POST", f"/fhir{place}/${operation['name']}", content=b"{}")
        assert answer.status_code not in (404, 405)


def test_what_is_deleted_is_gone_and_its_history_says_so(app):
    stored(app.node, {"resourceType": "List", "id": "x", "status": "current", "mode": "snapshot"})
    with app.node.store.transaction() as unit:
        unit.resources.delete("a", "List", "x", AT)
    gone = app.call("GET", "/fhir/List/x")
    assert (gone.status_code, gone.json()["issue"][0]["code"]) == (410, "deleted")
    assert app.call("GET", "/fhir/List/x/_history/2").status_code == 410
    assert app.call("GET", "/fhir/List/x/_history/1").status_code == 200
    history = app.call("GET", "/fhir/List/x/_history").json()
    assert [(one["request"]["method"], "resource" in one) for one in history["entry"]] == [
        ("DELETE", False),
        ("PUT", True),
    ]
    assert [one for one in validate(history) if one.severity in ("error", "fatal")] == []


@pytest.mark.parametrize("version", ["0", "3", "x", "-1", "9" * 40, "1.0", "%20"])
def test_a_version_that_is_not_there_is_not_found(make_shared_app, version):
    app = make_shared_app()
    id_ = f"v{version.encode().hex()[:20]}"
    stored(app.node, {"resourceType": "Task", "id": id_})
    assert app.call("GET", f"/fhir/Task/{id_}/_history/{version}").status_code == 404


def test_one_organisation_is_also_at_the_root_and_several_are_not(make_app):
    assert make_app("a").call("GET", "/cases").json() == make_app("a").call("GET", "/orgs/a/cases").json() == []
    both = make_app("a", "z")
    assert both.call("GET", "/cases").status_code == both.call("GET", "/fhir/metadata").status_code == 404
    assert both.call("GET", "/orgs/a/cases").status_code == both.call("GET", "/orgs/z/cases").status_code == 200


def test_an_organisation_that_is_not_here_reads_as_nothing_at_all(make_app):
    both = make_app("a", "z")
    missing = both.call("GET", "/orgs/nobody/cases")
    assert (missing.status_code, missing.content) == (404, both.call("GET", "/nowhere").content)


def test_another_organisations_resource_and_case_are_not_found(make_app):
    both = make_app("a", "z")
    stored(both.node, {"resourceType": "Task", "id": "t"}, org="z")
    a_case(both.node, "77", org="z")
    assert (
        both.call("GET", "/orgs/z/fhir/Task/t").status_code == both.call("GET", "/orgs/z/cases/77").status_code == 200
    )
    for path in ("fhir/Task/t", "fhir/Task/t/_history", "fhir/Task/t/_history/1", "cases/77", "cases/77/timeline"):
        assert both.call("GET", f"/orgs/a/{path}").status_code == 404


@pytest.fixture
def guarded(make_shared_app):
    """An application with one token for each kind of caller."""

    def caller(kind, *scopes):
        return Caller(kind=kind, id=kind.value, org="a", scopes=frozenset(scopes))

    tokens = {
        "reader": caller(CallerKind.CLIENT, "read"),
        "sender": caller(CallerKind.CLIENT, "intake"),
        "decider": caller(CallerKind.CLIENT, "cases"),
        "partner": caller(CallerKind.PARTNER, "exchange"),
    }
    return make_shared_app(
        gatekeeper=Gatekeeper(callers={fingerprint(token): {"a": one} for token, one in tokens.items()})
    )


ROUTES = [
    ("GET", "/cases", "reader"),
    ("GET", "/cases/1", "reader"),
    ("GET", "/cases/1/timeline", "reader"),
    ("GET", "/cases/1/losses", "reader"),
    ("GET", "/cases/1/account", "reader"),
    ("POST", "/cases/1/cancel", "decider"),
    ("GET", "/messages", "reader"),
    ("GET", "/messages/x", "reader"),
    ("GET", "/work/failed", "reader"),
    ("POST", "/work/x/replay", "decider"),
    ("GET", "/quarantine", "reader"),
    ("POST", "/intake", "sender"),
    ("PUT", f"/intake/records/{'0' * 64}", "sender"),
    ("HEAD", f"/intake/records/{'0' * 64}", "sender"),
    ("GET", f"/intake/records/{'0' * 64}", "reader"),
    ("POST", "/fhir/$process-message", "partner"),
    ("POST", "/fhir/$validate", "anybody"),
    ("POST", "/fhir/Task/$validate", "anybody"),
    ("GET", "/fhir/Task/x/$validate", "reader"),
    ("POST", "/fhir/Task/x/$validate", "reader"),
    ("GET", "/fhir/Task/x", "reader"),
    ("GET", "/fhir/Task/x/_history", "reader"),
    ("GET", "/fhir/Task/x/_history/1", "reader"),
]


@pytest.mark.parametrize(("method", "path", "who"), ROUTES)
def test_every_route_needs_a_token_with_its_scope_before_anything_else(guarded, method, path, who):
    broken = {"content": b"\xff not json", "headers": {"Accept": "image/png"}}
    assert guarded.call(method, path, **broken).status_code == 401
    for token in ("reader", "sender", "decider", "partner", "nobody"):
        headers = {"Authorization": f"Bearer {token}"}
        status = guarded.call(method, path, headers=headers).status_code
        if token == who or (who == "anybody" and token != "nobody"):
            assert status not in (401, 403)
        else:
            assert status == (401 if token == "nobody" else 403)


def test_no_route_was_forgotten_above(app):
    open_to_all = {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/fhir/metadata")}
    stated = {
        (method.upper(), path.removeprefix("/orgs/{org}"))
        for path, item in app.app.openapi()["paths"].items()
        for method in item
    }
    assert open_to_all <= stated
    for method, path in stated - open_to_all:
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
        assert any(of == method and re.fullmatch(pattern, tried) for of, tried, _ in ROUTES), (method, path)


@pytest.mark.parametrize("number", [SLASHED, "a b", "100%", "x?y#z", "timeline"])
def test_a_case_number_may_have_any_visible_character(app, number):
    a_case(app.node, number)
    assert app.call("GET", f"/cases/{quote(number, safe='')}").json()["number"] == number
    assert app.call("GET", f"/cases/{quote(number, safe='')}/timeline").json()[0]["kind"] == "requested"
    refused = app.call("POST", f"/cases/{quote(number, safe='')}/cancel", json={"reason": "because"})
    assert (refused.status_code, refused.json()["issue"][0]["diagnostics"]) == (422, "/reason")


def test_the_story_is_told_in_the_organisations_time(app):
    a_case(app.node)
    (line,) = app.call("GET", "/cases/1/timeline").json()
    assert line["at"] == "2026-04-10T10:00:00.000+02:00"


def test_a_record_goes_up_and_comes_down_and_only_whole(app):
    data = bytes(range(200))
    place = f"/intake/records/{hashlib.sha256(data).hexdigest()}"
    assert app.call("HEAD", place).status_code == 404
    assert app.call("PUT", place, content=data).status_code == 201
    assert app.call("HEAD", place).status_code == app.call("PUT", place, content=data).status_code == 200
    down = app.call("GET", place)
    assert (down.content, down.headers["content-disposition"]) == (data, "attachment")
    other = f"/intake/records/{hashlib.sha256(b'other').hexdigest()}"
    assert app.call("PUT", other, content=data).status_code == 422
    assert app.call("PUT", other, content=b"x" * 5000).status_code == 413
    assert app.call("GET", other).status_code == 404


@pytest.mark.parametrize("name", ["x", "A" * 64, "0" * 63, "0" * 65])
def test_a_record_is_called_by_its_hash_and_nothing_else(make_shared_app, name):
    assert make_shared_app().call("PUT", f"/intake/records/{name}", content=b"x").status_code == 422


def test_the_node_says_that_it_lives_and_what_it_is(app):
    assert app.call("GET", "/healthz").json() == {"status": "ok"}
    ready = app.call("GET", "/readyz").json()
    assert (ready["status"], ready["organisations"], ready["now"]) == ("ready", ["a"], "2026-04-10T08:00:00+00:00")
    assert (ready["developmentClock"], ready["workWaiting"], ready["workFailed"]) == (False, 0, 0)


def test_only_a_development_node_lets_its_clock_be_moved(make_app):
    assert make_app().call("POST", "/development/clock", json={"now": "2026-04-11T08:00:00Z"}).status_code == 404
    app = make_app(development_clock=DevelopmentClock(AT))
    assert app.call("POST", "/development/clock", json={"now": "2026-04-11T08:00:00Z"}).status_code == 200
    for wrong in ("2026-04-10T08:00:00Z", "9999-12-31T23:59:59Z", "2026-04-12T08:00:00", "soon", None):
        refused = app.call("POST", "/development/clock", json={"now": wrong})
        assert (refused.status_code, refused.json()["issue"][0]["diagnostics"]) == (422, "/now")


def samples(app):
    return [
        (sample.name, sample.labels, sample.value)
        for metric in app.metrics.registry.collect()
        for sample in metric.samples
    ]


def test_requests_are_counted_by_the_pattern_of_their_route_and_never_by_an_id(app):
    a_case(app.node, "CASE-4711")
    for path in ("/cases/CASE-4711", "/orgs/a/cases/CASE-4711", "/fhir/Task/c-4711", "/nowhere/4711"):
        app.call("GET", path)
    counted = {
        (labels["route"], labels["status"])
        for name, labels, _ in samples(app)
        if name == "second_opinion_http_requests_total"
    }
    assert counted == {
        ("/cases/{name:path}", "200"),
        ("/fhir/{kind}/{id}", "404"),
        ("unknown", "404"),
    }
    assert "4711" not in json.dumps(samples(app))


def test_a_method_that_somebody_made_up_is_no_label(app):
    for method in ("MADE-UP-1", "MADE-UP-2"):
        assert app.call(method, "/healthz").status_code == 405
    assert "MADE-UP" not in json.dumps(samples(app))


def test_the_work_that_waits_is_counted_when_somebody_looks(app):
    def waiting():
        return {name: value for name, _, value in samples(app) if name.startswith("second_opinion_work")}

    assert waiting() == {"second_opinion_work_waiting": 0, "second_opinion_work_failed": 0}
    with app.node.store.transaction() as unit:
        unit.work.add("a", "c-1", "send-request", {}, AT)
    assert waiting() == {"second_opinion_work_waiting": 1, "second_opinion_work_failed": 0}
    with app.node.store.transaction() as unit:
        unit.work.bury(unit.work.due(AT, 1)[0].id, AT, "x")
    assert waiting() == {"second_opinion_work_waiting": 0, "second_opinion_work_failed": 1}


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Host": "rebound.example"}])
def test_a_web_page_cannot_use_a_node_that_asks_no_token(app, headers):
    answer = app.call("GET", "/cases", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["issue"][0]["code"] == "forbidden"
