"""https://hl7.org/fhir/R4/operationoutcome.html."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import AdapterError, Invalid, NotPermitted, Problem, Unreadable
from adapter.fhir.models import checked
from adapter.fhir.outcomes import is_fhir_path, ok_outcome, outcome, outcome_of, problems_from
from adapter.fhir.validate import validate

ALL = [
    outcome(
        Invalid(
            "no", problems=[Problem("a", "Patient.name[0].given"), Problem("b", "/patient/birthDate", code="value")]
        )
    ),
    outcome(Unreadable("bad", problems=[Problem("c", line=3, column=7)])),
    outcome(NotPermitted("not for you")),
    outcome_of([]),
    ok_outcome("done"),
]


@pytest.mark.parametrize("resource", ALL, ids=str)
def test_every_outcome_is_valid_r4(resource):
    # the extensions for line and column are of HL7's later pack, which R4 cannot tell from a wrong one
    found = [one for one in validate(resource) if one.code != "extension" and "(dom-6)" not in one.text]
    assert found == []
    assert checked(resource) is resource


def test_a_fhirpath_goes_to_expression_and_the_code_of_the_error_fills_in():
    issue = ALL[0]["issue"][0]
    assert issue == {
        "severity": "error",
        "code": "invalid",
        "details": {"text": "a"},
        "expression": ["Patient.name[0].given"],
    }


def test_a_place_in_the_senders_terms_is_seen_by_people():
    issue = ALL[0]["issue"][1]
    assert issue["details"]["text"] == "/patient/birthDate: b"
    assert issue["diagnostics"] == "/patient/birthDate"
    assert issue["code"] == "value"
    assert "expression" not in issue


def test_line_and_column_go_to_diagnostics_and_to_their_extensions():
    (issue,) = ALL[1]["issue"]
    assert issue["diagnostics"] == "line 3, column 7"
    assert [(one["url"].rpartition("/")[2], one["valueInteger"]) for one in issue["extension"]] == [
        ("operationoutcome-issue-line", 3),
        ("operationoutcome-issue-col", 7),
    ]


def test_a_line_alone_has_its_extension_alone():
    (issue,) = outcome_of([Problem("x", line=3)])["issue"]
    assert [one["valueInteger"] for one in issue["extension"]] == [3]
    assert "extension" not in outcome_of([Problem("x")])["issue"][0]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("Bundle.entry[2].resource.status", True),
        ("Observation.value[x]", True),
        ("Patient", True),
        ("Resource", True),
        ("RF1-6", False),
        ("PID-3.1", False),
        ("/patient", False),
        ("PID", False),
        ("messages", False),
        ("Patient.name.where(use = 'x')", False),
    ],
)
def test_what_counts_as_a_fhirpath(where, expected):
    assert is_fhir_path(where) is expected


def _peer(*issues):
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def test_a_peers_outcome_comes_back_as_problems():
    resource = outcome_of([Problem("a", "Task.status", code="value", severity="warning")])
    assert problems_from(resource) == (Problem("a", "Task.status", code="value", severity="warning"),)


def test_what_a_peer_says_about_access_is_not_passed_on():
    for code in ("login", "security", "forbidden", "expired"):
        (problem,) = problems_from(_peer({"severity": "error", "code": code, "diagnostics": "token abc of user bob"}))
        assert problem.text == "the other side did not permit it"


def test_markup_control_characters_and_identifiers_of_a_peer_are_taken_out():
    text = "<b onclick='x'>Patient 123456782\x00</b> <script>alert(1)</script> A123456789 not found <img src=x"
    (problem,) = problems_from(_peer({"severity": "error", "code": "not-found", "details": {"text": text}}))
    assert problem.text == "Patient ... alert(1) ... not found"


def test_a_peers_issues_are_few_and_short():
    issue = {"severity": "odd", "code": "odd", "diagnostics": "a " * 100_000, "expression": ["Patient" * 100]}
    problems = problems_from(_peer(*[issue] * 500))
    assert len(problems) == 20
    assert {(problem.code, problem.severity, problem.where) for problem in problems} == {("processing", "error", None)}
    assert all(len(problem.text) <= 300 for problem in problems)


_JUNK = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "severity", "details", "text", "expression"]), inner)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.just("issue"), _JUNK | st.lists(_JUNK, max_size=3)))
def test_no_outcome_of_a_peer_whatever_makes_it_raise(resource):
    assert all(problem.text for problem in problems_from(resource))


def test_an_error_of_no_particular_kind_is_an_exception_issue():
    assert outcome(AdapterError("bug"))["issue"][0]["code"] == "exception"
