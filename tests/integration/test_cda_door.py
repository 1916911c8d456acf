"""CDA documents at the front door of a node: a referral, the report of a case, about whom it is, and records alone."""

import itertools

import pytest

from adapter.base.data import shipped
from tests.integration.test_loops import begin, review

CDA = "application/hl7-cda+xml"
CASE = "CASE-NL-0001"
INTAKE = shipped("mappings") / "intake"
NUMBERS = itertools.count(1)


def document(name, *changes):
    text = (INTAKE / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def referral():
    number = ("UEB-2026-0042", f"CDA-{next(NUMBERS)}")
    return document("cda-referral/samples/de-knie.xml", number, ("260000011", "260800008"))


def report(*changes):
    """The sample of a report, about the patient of the Dutch case."""
    anna = (
        ("UEB-2026-0042", CASE),
        ('root="1.2.276.0.76.4.8" extension="T000111223"', 'root="2.16.840.1.113883.2.4.6.3" extension="999911120"'),
        ("<given>Jürgen</given><family>Müller</family>", "<given>Anna</given><family>de Vries</family>"),
        ('value="19600402"', 'value="19800615"'),
        ('effectiveTime value="20260320"', 'effectiveTime value="20260428"'),
    )
    return document("cda-consultation/samples/de-zweitmeinung.xml", *anna, *changes)


def sent(house, body):
    return house.post(body, **{"Content-Type": CDA})


@pytest.fixture
def reviewed(pair, sample):
    """The Dutch case at the point where the opinion is due."""
    begin(pair, sample("request-nl"), "dijkzicht", "catharina-kliniek")
    review(pair, sample("request-nl"), "catharina-kliniek")
    pair.move("2026-04-28T14:30:00+02:00")
    return pair


def test_a_referral_becomes_a_case_with_the_document_as_its_record(lasting_pair):
    house = lasting_pair["klinik-a"]
    body = referral()
    answer = sent(house, body)
    assert answer.status_code == 202, answer.text
    again = sent(house, body)
    assert (again.status_code, again.json()) == (202, answer.json())


def test_a_report_completes_its_case_on_both_sides(reviewed):
    answer = sent(reviewed["catharina-kliniek"], report())
    assert answer.status_code == 202, answer.text
    reviewed.settle()
    assert reviewed["dijkzicht"].case(CASE)["status"] == "completed"
    assert reviewed.failed_work() == []


def test_a_report_about_another_patient_is_refused_with_its_place(reviewed):
    house = reviewed["catharina-kliniek"]
    before = house.counts()
    answer = sent(house, report(("999911120", "999990019")))
    assert answer.status_code == 422, answer.text
    (issue,) = answer.json()["issue"]
    assert "/ClinicalDocument/recordTarget/patientRole/id/@" in issue["diagnostics"]
    assert "999990019" not in answer.text
    assert (house.counts(), house.case(CASE)["status"]) == (before, "in-progress")


def test_a_report_whose_case_cannot_be_found_says_where_it_was_looked_for(reviewed):
    answer = sent(reviewed["catharina-kliniek"], report((CASE, "CASE-UNKNOWN")))
    assert answer.status_code == 404, answer.text
    assert "/ClinicalDocument/inFulfillmentOf/order/id" in answer.text


def test_records_alone_are_kept_and_named_by_their_hash(lasting_pair):
    body = document("cda-document/samples/unstructured.xml", ("2a9a4b1c7d01", f"2a9a4b1c{next(NUMBERS):04}"))
    answer = sent(lasting_pair["klinik-a"], body)
    assert answer.status_code in (200, 202), answer.text
    assert answer.text.count("sha256") >= 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument xmlns="urn:hl7-org:v3">&a;</ClinicalDocument>', 400),
        (b'<ClinicalDocument xmlns="urn:hl7-org:v3">' + b"<a>" * 200 + b"</a>" * 200 + b"</ClinicalDocument>", 413),
        (b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', 422),
        (b'<ClinicalDocument xmlns="urn:hl7-org/cda"/>', 415),
    ],
)
def test_what_cannot_be_taken_is_refused_and_kept_for_the_operator(lasting_pair, body, status):
    house = lasting_pair["klinik-a"]
    before = len(house.quarantine())
    assert sent(house, body).status_code == status
    assert len(house.quarantine()) == before + 1
