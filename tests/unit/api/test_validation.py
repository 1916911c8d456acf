"""https://hl7.org/fhir/R4/resource-operation-validate.html: 200 whatever is found, 4xx where nothing can be said."""

import json

import pytest

from adapter.api.gatekeeper import CLIENT_SCOPES, Gatekeeper, fingerprint
from adapter.base.data import shipped
from adapter.fhir.codec import parse_xml, to_xml
from adapter.fhir.systems import CANONICAL
from adapter.workflow.caller import Caller, CallerKind

JSON = {"Content-Type": "application/fhir+json"}
XML = {"Content-Type": "application/fhir+xml", "Accept": "application/fhir+xml"}
TASK = f"{CANONICAL}/StructureDefinition/SecondOpinionTask"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">a person</div>'
PERSON = {"resourceType": "Patient", "text": {"status": "generated", "div": DIV}, "active": True}
WRONG = {"resourceType": "Patient", "gender": "x"}
EXAMPLE = (shipped("profiles") / "package" / "example" / "SecondOpinionTask.json").read_bytes()


@pytest.fixture
def shared(make_shared_app):
    return make_shared_app(max_body_bytes=1_000_000)


@pytest.fixture
def ask(shared):
    """Post to an address below /fhir and return status and issues."""

    def told(content, place="/$validate", **headers):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        answer = shared.call("POST", f"/fhir{place}", content=data, headers={**JSON, **headers})
        outcome = answer.json()
        assert outcome["resourceType"] == "OperationOutcome"
        return answer.status_code, outcome["issue"]

    return told


def errors(issues):
    bad = ("error", "fatal")
    return [(one["code"], one.get("expression", [None])[0]) for one in issues if one["severity"] in bad]


def asking(*parts, **resource):
    stated = [{"name": name, **value} for name, value in parts]
    return {"resourceType": "Parameters", "parameter": stated, **resource}


def test_what_is_valid_is_all_ok(ask):
    status, (issue,) = ask(PERSON)
    assert (status, issue["severity"], issue["details"]["text"]) == (200, "information", "All OK")


def test_what_is_not_valid_is_an_answer_too_with_every_issue_and_its_position(ask):
    data = b'{\n "resourceType": "Patient",\n "active": "yes",\n "gender": "x"\n}'
    status, issues = ask(data)
    assert status == 200
    assert errors(issues) == [("value", "Patient.active"), ("code-invalid", "Patient.gender")]
    lines = {part["url"].rpartition("-")[2]: part["valueInteger"] for part in issues[0]["extension"]}
    assert lines == {"line": 3, "col": 2}


@pytest.mark.parametrize("content", [b'{"resourceType": ', b"<Patient", b'{"a":1}', b"nonsense", b"[]", b"\xff\xfe{"])
def test_what_is_no_fhir_at_all_is_not_valid_and_that_is_the_answer(shared, content):
    answer = shared.call("POST", "/fhir/$validate", content=content)
    assert answer.status_code == 200
    assert answer.json()["issue"][0]["severity"] == "fatal"


def test_xml_is_judged_and_answered(shared):
    body = b'<Patient xmlns="http://hl7.org/fhir">\n <active value="yes"/>\n</Patient>'
    answer = shared.call("POST", "/fhir/Patient/$validate", content=body, headers=XML)
    outcome = parse_xml(answer.content)
    assert errors(outcome["issue"]) == [("value", "Patient.active")]
    assert outcome["issue"][0]["extension"][0]["valueInteger"] == 2
    assert shared.call(
        "POST", "/fhir/$validate", content=to_xml(PERSON), headers={"Content-Type": XML["Accept"]}
    ).json()


def test_another_type_than_that_of_the_address_is_an_issue_beside_the_others(ask):
    status, issues = ask(WRONG, "/Observation/$validate")
    assert status == 200
    assert errors(issues) == [("invalid", "Patient"), ("code-invalid", "Patient.gender")]
    assert errors(ask(PERSON, "/Resource/$validate")[1]) == []


def test_a_type_that_r4_does_not_have_is_no_address(ask):
    assert ask(PERSON, "/Nonsense/$validate")[0] == 404


def test_a_profile_may_stand_in_the_address_and_in_the_parameters(ask):
    assert errors(ask(EXAMPLE, f"/Task/$validate?profile={TASK}")[1]) == []
    for status, issues in (
        ask(PERSON, f"/$validate?profile={TASK}"),
        ask(asking(("profile", {"valueUri": TASK}), ("resource", {"resource": PERSON}))),
        ask(asking(("resource", {"resource": PERSON}), ("profile", {"valueCanonical": TASK}))),
    ):
        assert (status, errors(issues)) == (200, [("structure", "Patient")])


def test_a_profile_that_is_not_here_is_an_error_and_no_verdict(ask):
    status, issues = ask(PERSON, "/$validate?profile=https://elsewhere.example/p")
    assert (status, errors(issues)) == (422, [("not-found", None)])


def test_a_profile_that_the_resource_claims_and_nobody_here_knows_is_told_and_harms_nothing(ask):
    status, issues = ask({**PERSON, "meta": {"profile": ["https://elsewhere.example/p"]}})
    assert (status, [one["severity"] for one in issues]) == (200, ["information"])


def test_parameters_carry_the_resource_and_its_places_are_told_from_the_resource_on(ask):
    body = json.dumps(asking(("resource", {"resource": WRONG})), indent=1).encode()
    (issue,) = (one for one in ask(body)[1] if one["severity"] == "error")
    assert issue["expression"] == ["Patient.gender"]
    assert body.decode().splitlines()[issue["extension"][0]["valueInteger"] - 1].strip().startswith('"gender"')


def test_what_xml_has_no_place_for_is_told_from_the_resource_on_too(shared):
    body = b"""<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="resource"/><resource>
    <Patient><surprise value="1"/></Patient></resource></parameter></Parameters>"""
    answer = shared.call("POST", "/fhir/$validate", content=body, headers=XML)
    assert ("structure", "Patient.surprise") in errors(parse_xml(answer.content)["issue"])


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([("profiles", {"valueUri": TASK})], "no parameter of $validate"),
        ([("profile", {"valueInteger": 1})], "valueUri"),
        ([("resource", {"valueString": "x"})], "value in `resource`"),
        ([("resource", {"resource": PERSON}), ("resource", {"resource": PERSON})], "once"),
        ([("mode", {"valueCode": "create"})], "nothing to validate"),
        ([], "nothing to validate"),
        ([("resource", {"resource": PERSON}), ("mode", {"valueCode": "look"})], "create, update, delete, profile"),
    ],
)
def test_parameters_that_are_wrong_are_refused_with_what_would_be_right(ask, parts, said):
    status, issues = ask(asking(*parts))
    assert status in (400, 422)
    assert said in " ".join(one["details"]["text"] for one in issues)


@pytest.mark.parametrize("content", [{"parameter": "x"}, {"parameter": [None, 1, "x"]}, {"parameter": [{}] * 200}])
def test_odd_parameters_are_refused(ask, content):
    assert ask({"resourceType": "Parameters", **content})[0] in (400, 422)


def test_what_is_not_looked_at_is_said(ask):
    context = {"valueUsageContext": {"code": {"code": "focus"}}}
    _, issues = ask(asking(("usageContext", context), ("resource", {"resource": PERSON})))
    assert [one["severity"] for one in issues] == ["information"]
    assert "usageContext is not looked at" in issues[0]["details"]["text"]


def test_parameters_themselves_are_judged_at_their_own_address_or_inside_others(ask):
    plain = {"resourceType": "Parameters", "parameter": [{"name": "a", "valueString": ""}]}
    assert ("value", "Parameters.parameter[0].valueString") in errors(ask(plain, "/Parameters/$validate")[1])
    inside = asking(("resource", {"resource": plain}))
    assert errors(ask(inside)[1]) == errors(ask(plain, "/Parameters/$validate")[1])
    assert ask(plain)[0] == 422


def test_an_empty_body_is_no_question(ask):
    assert ask(b"")[0] == ask(b" \n")[0] == 400


@pytest.mark.parametrize("mode", ["update", "delete", "profile"])
def test_modes_about_a_stored_resource_need_its_address(ask, mode):
    status, issues = ask(PERSON, f"/Patient/$validate?mode={mode}")
    assert (status, errors(issues)) == (422, [("not-supported", None)])


def test_mode_create_judges_the_content_and_says_that_nothing_is_created_here(ask):
    status, issues = ask(WRONG, "/Patient/$validate?mode=create")
    assert (status, errors(issues)) == (200, [("not-supported", "Patient"), ("code-invalid", "Patient.gender")])


def test_two_modes_are_one_too_many(ask):
    content = asking(("mode", {"valueCode": "create"}), ("resource", {"resource": PERSON}))
    assert ask(content, "/$validate?mode=create")[0] == 200
    assert ask(content, "/$validate?mode=update")[0] == ask(PERSON, "/$validate?mode=create&mode=create")[0] == 422


def test_a_misspelt_parameter_of_the_address_is_not_passed_over(ask):
    assert ask(PERSON, f"/$validate?profiles={TASK}")[0] == 422
    assert ask(PERSON, "/$validate?_format=json&_pretty=true")[0] == 200


@pytest.fixture
def kept(make_app):
    """A node that holds one Task, and how to ask about it."""
    app = make_app(max_body_bytes=1_000_000)
    with app.node.store.transaction() as unit:
        unit.resources.put_all("a", "c-1", [{**json.loads(EXAMPLE), "id": "t"}], app.node.clock.now())

    def told(place="", content=b"", method="POST"):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        answer = app.call(method, f"/fhir/Task/t/$validate{place}", content=data, headers=JSON if data else {})
        return answer.status_code, errors(answer.json()["issue"])

    return told


def test_a_stored_resource_is_judged_by_its_address(kept):
    assert kept() == kept(method="GET") == (200, [])
    assert kept(f"?mode=profile&profile={TASK}", method="GET") == (200, [])
    header = TASK.replace("Task", "MessageHeader")
    assert kept(f"?mode=profile&profile={header}") == (200, [("structure", "Task")])
    assert kept("?mode=profile")[0] == kept(f"?mode=profile&profile={TASK}", EXAMPLE)[0] == 422


def test_another_content_is_judged_as_an_update_and_must_have_the_same_id(kept):
    content = json.loads(EXAMPLE)
    assert kept("?mode=update", {**content, "id": "t"}) == (200, [("not-supported", "Task")])
    assert kept("", {**content, "id": "u"}) == (200, [("invalid", "Task.id")])
    assert kept("?mode=update")[0] == 400
    assert kept("?mode=delete") == (200, [("not-supported", "Task")])
    assert kept("?mode=delete", WRONG) == (200, [("not-supported", "Task")])


@pytest.mark.parametrize("mode", ["", "?mode=delete", f"?mode=profile&profile={TASK}"])
def test_what_is_not_stored_is_not_found(shared, mode):
    assert shared.call("POST", f"/fhir/Task/nobody/$validate{mode}").status_code == 404


def test_who_may_not_read_learns_nothing_of_what_is_stored(make_shared_app):
    partner = Caller(kind=CallerKind.PARTNER, id="p", org="a", scopes=frozenset({"exchange"}))
    guarded = make_shared_app(gatekeeper=Gatekeeper(callers={fingerprint("p"): {"a": partner}}))
    token = {"Authorization": "Bearer p"}
    assert guarded.call("POST", "/fhir/$validate", content=json.dumps(PERSON), headers=token).status_code == 200
    assert guarded.call("GET", "/fhir/Task/x/$validate", headers=token).status_code == 403
    assert guarded.call("POST", "/fhir/$validate", content=b"x").status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/fhir+json; fhirVersion=5.0"}, 415),
        ({"Content-Encoding": "gzip", **JSON}, 415),
        ({"Accept": "image/png", **JSON}, 406),
        ({"Content-Type": "application/json"}, 200),
    ],
)
def test_formats_are_agreed_upon_as_everywhere(shared, headers, status):
    answer = shared.call("POST", "/fhir/$validate", content=json.dumps(PERSON), headers=headers)
    assert answer.status_code == status


def test_too_long_and_too_deep_cannot_be_judged(make_shared_app):
    app = make_shared_app(max_body_bytes=1000)
    assert app.call("POST", "/fhir/$validate", content=b" " * 1001, headers=JSON).status_code == 413
    assert app.call("POST", "/fhir/$validate", content=b"[" * 400 + b"]" * 400, headers=JSON).status_code == 413


def test_at_most_a_thousand_issues_are_told(ask):
    issues = ask({"resourceType": "Patient", "name": [{"family": ""}] * 1200})[1]
    assert len(issues) == 1001
    assert issues[-1]["details"]["text"].endswith(" more")


def test_nothing_of_what_is_asked_is_kept_or_logged(app, capfd):
    marked = {**PERSON, "name": [{"family": "Geheimnis"}], "gender": "Geheimnis"}
    before = sorted(file for file in app.node.store.blobs._folder.rglob("*") if file.is_file())
    for content in (json.dumps(marked).encode(), b'{"name": "Geheimnis"'):
        app.call("POST", "/fhir/$validate", content=content, headers=JSON)
        app.call("POST", "/fhir/Patient/$validate?mode=update", content=content, headers=JSON)
    assert sorted(file for file in app.node.store.blobs._folder.rglob("*") if file.is_file()) == before
    assert app.call("GET", "/quarantine").json() == []
    said = capfd.readouterr()
    assert "Geheimnis" not in said.out + said.err


def test_scopes_of_clients_are_enough(make_shared_app):
    client = Caller(kind=CallerKind.CLIENT, id="c", org="a", scopes=CLIENT_SCOPES)
    guarded = make_shared_app(gatekeeper=Gatekeeper(callers={fingerprint("c"): {"a": client}}))
    headers = {"Authorization": "Bearer c", **JSON}
    assert guarded.call("POST", "/fhir/$validate", content=json.dumps(PERSON), headers=headers).status_code == 200
