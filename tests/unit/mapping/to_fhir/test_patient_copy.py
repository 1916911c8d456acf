"""https://hl7.org/fhir/R4/communication.html"""

import base64
from datetime import UTC, datetime

import pytest

from adapter.mapping.narrative import plain_text
from adapter.mapping.to_fhir.patient_copy import handed_over, patient_copy

AT = datetime(2026, 4, 29, tzinfo=UTC)


@pytest.fixture
def made(values):
    return patient_copy(values.opinion(), view=values.view, at=AT)


def test_the_copy_and_its_communication_are_valid(made, errors):
    document, communication = made
    assert errors(document) == []
    assert errors(communication) == []


def test_the_communication_goes_to_the_patient_and_is_not_yet_done(made):
    document, communication = made
    assert communication["recipient"] == [communication["subject"]]
    assert communication["status"] == "in-progress"
    assert communication["payload"][-1]["contentReference"] == {"reference": f"Bundle/{document['id']}"}


def test_the_copy_has_the_patients_part_the_answers_and_the_signed_document(made):
    document, _ = made
    composition = document["entry"][0]["resource"]
    words = " ".join(plain_text(one["text"]) for one in composition["section"])
    assert "Een operatie is nu niet nodig." in words
    assert "Fysiotherapie <6 weken>." in words
    binary = next(e["resource"] for e in document["entry"] if e["resource"]["resourceType"] == "Binary")
    assert base64.b64decode(binary["data"]) == b"%PDF-1.7 signed"


def test_the_copy_does_not_need_the_return_consent(make_values, make_report, errors):
    from adapter.domain.consent import ConsentStatements

    values = make_values(consent=ConsentStatements())
    document, _ = patient_copy(values.opinion(make_report(reviewed=())), view=values.view, at=AT)
    assert errors(document) == []


def test_without_a_part_for_the_patient_the_copy_still_says_what_was_found(values, make_report):
    document, communication = patient_copy(values.opinion(make_report(patient_summary=None)), view=values.view, at=AT)
    assert "Conservatief beleid is redelijk." in str(document)
    assert communication["language"] == "nl"
    assert len(communication["payload"]) == 1


def test_the_copy_and_the_opinion_are_two_documents(values):
    opinion = values.opinion()
    document, _ = patient_copy(opinion, view=values.view, at=AT)
    assert document["id"] != opinion.document["id"]
    assert document["identifier"] != opinion.document["identifier"]


def test_what_was_handed_over_is_completed(made, errors):
    _, communication = made
    done = handed_over(communication, at=AT)
    assert (done["status"], done["received"]) == ("completed", "2026-04-29T00:00:00.000Z")
    assert communication["status"] == "in-progress"
    assert errors(done) == []
