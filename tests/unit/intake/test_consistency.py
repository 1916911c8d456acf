"""What the canonical formats forbid beyond their schemas, and what they do not."""

import pytest

from adapter.intake.consistency import report_problems, request_problems
from adapter.intake.national_systems import SCHEMES

BSN = "http://fhir.nl/fhir/NamingSystem/bsn"
WRONG = {"identifiers": [{"system": BSN, "value": "999911121"}]}


def told(raw, check=request_problems):
    return [problem.where for problem in check(raw)]


def test_a_good_document_has_no_problem(full_request, full_report):
    assert told(full_request) == []
    assert told(full_report, report_problems) == []


@pytest.mark.parametrize("system", SCHEMES)
def test_a_national_number_is_checked_wherever_it_stands(system):
    wrong = {"identifiers": [{"system": "urn:x", "value": "x"}, {"system": system, "value": "12"}]}
    everywhere = {
        "patient": wrong,
        "proxy": wrong,
        "treating": {"organization": wrong, "practitioner": wrong},
        "referrer": {"organization": wrong},
        "plannedProcedure": {"performer": {"practitioner": wrong}},
        "copyTo": [{"practitioner": wrong}],
        "insurance": {"insurer": {"system": system, "value": "12"}},
    }
    assert told(everywhere) == [
        "/patient/identifiers/1/value",
        "/proxy/identifiers/1/value",
        "/treating/organization/identifiers/1/value",
        "/treating/practitioner/identifiers/1/value",
        "/referrer/organization/identifiers/1/value",
        "/plannedProcedure/performer/practitioner/identifiers/1/value",
        "/copyTo/0/practitioner/identifiers/1/value",
        "/insurance/insurer/value",
    ]
    assert told({"author": wrong, "summary": "x"}, report_problems) == ["/author/identifiers/1/value"]


def test_a_number_of_another_system_is_taken_as_given():
    assert told({"patient": {"identifiers": [{"system": "urn:hospital", "value": "999911121"}]}}) == []


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"id": "A", "replaces": "A"}, ["/replaces"]),
        ({"id": "A", "messageId": "B", "replaces": "A"}, []),
        ({"messageId": "B", "replaces": "B"}, ["/replaces"]),
        ({"sent": "2026-04-10T09:30:00+02:00", "patient": {"birthDate": "2026-04-11"}}, ["/patient/birthDate"]),
        ({"sent": "2026-04-10T09:30:00+02:00", "patient": {"birthDate": "2026-04-10"}}, []),
        ({"sent": "2026-04-10T09:30:00+02:00", "patient": {"birthDate": "2026-04"}}, []),
        ({"sent": "2026-04-10T09:30:00+02:00", "patient": {"birthDate": "2027"}}, ["/patient/birthDate"]),
        ({"referral": "none", "referrer": {"role": "gp"}}, ["/referrer"]),
        ({"referral": "none", "referrer": {}}, []),
        ({"referrer": {"role": "gp"}}, []),
        (
            {"plannedProcedure": {"laterality": "left", "code": {"laterality": "right"}}},
            ["/plannedProcedure/code/laterality"],
        ),
        ({"plannedProcedure": {"date": "2026-01-01", "informedOn": "2026-02-01"}}, []),
    ],
    ids=lambda one: str(one)[:60],
)
def test_only_what_cannot_be_true_is_a_contradiction(raw, where):
    assert told(raw) == where


@pytest.mark.parametrize(
    ("record", "where"),
    [
        ({}, ["/records/0"]),
        ({"path": "a"}, []),
        ({"path": "a", "sha256": "b"}, []),
        ({"sha256": "b"}, []),
        ({"path": "a", "url": "https://b"}, ["/records/0/url"]),
        ({"path": "a", "url": "https://b", "data": "aGk="}, ["/records/0/url", "/records/0/data"]),
        ({"data": "aGk"}, ["/records/0/data"]),
        ({"data": "aG k="}, ["/records/0/data"]),
        ({"data": "aGk=\n"}, ["/records/0/data"]),
        ({"data": "aGk_"}, ["/records/0/data"]),
        ({"data": ""}, ["/records/0/data"]),
        ({"data": "ä"}, ["/records/0/data"]),
        ({"data": 1}, []),
    ],
    ids=str,
)
def test_a_record_has_one_content(record, where):
    assert told({"records": [record]}) == where


def test_the_document_of_a_report_has_one_content():
    assert told({"document": {}}, report_problems) == ["/document"]


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({}, ["/document"]),
        ({"answers": [], "patientSummary": {"language": "nl", "text": "x"}}, ["/document"]),
        ({"answers": [{"question": 1, "text": "x"}]}, []),
        ({"summary": "x"}, []),
        ({"document": {"path": "x"}}, []),
        ({"necessity": "yes"}, []),
        ({"concordance": "agree"}, []),
    ],
    ids=str,
)
def test_a_report_says_something(raw, where):
    assert told(raw, report_problems) == where


def test_record_ids_are_unique():
    assert told({"records": [{"id": "a", "path": "x"}, {"id": "a", "path": "y"}]}) == ["/records/1/id"]


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ({"given": True}, ["/consent/returnReport/by"]),
        ({"given": False}, []),
        ({"given": True, "by": "patient"}, []),
        ({"given": True, "by": "representative"}, ["/proxy"]),
        ({"given": False, "by": "representative"}, []),
        ({"given": False, "on": "2026-04-09", "until": "2026-04-08"}, ["/consent/returnReport/until"]),
        ({"given": False, "on": "2026-04-09", "until": "2026-04-09"}, []),
        ({"given": False, "on": "2026-04-09", "until": "never"}, []),
        ({"given": False, "records": ["a", "b", 1]}, ["/consent/returnReport/records/1"]),
        ({"given": False, "records": []}, []),
        ({"given": False, "document": "b"}, ["/consent/returnReport/document"]),
        ({"given": False, "document": "a"}, []),
    ],
    ids=str,
)
def test_a_consent_statement_holds_together(statement, where):
    assert told({"records": [{"id": "a", "path": "x"}], "consent": {"returnReport": statement}}) == where


def test_each_question_is_answered_once():
    answers = [{"question": 1}, {"question": 2}, {"question": 1}, {"question": "1"}, {"question": None}, "x"]
    assert told({"answers": answers}, report_problems) == ["/answers/2/question"]


@pytest.mark.parametrize(
    "raw", [None, 1, "x", [], {"records": 1, "consent": [], "patient": "x", "insurance": None, "summary": 1}]
)
def test_what_the_schema_refuses_is_passed_over(raw):
    assert told(raw) == []
    assert told(raw, report_problems) == []
