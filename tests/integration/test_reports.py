"""Reports that state no coded opinion, and reports about somebody else."""

import pytest

from adapter.base.data import shipped
from tests.integration.test_loops import begin, opine, review

ER7 = "x-application/hl7-v2+er7"
CASE = "CASE-NL-0001"
JUDGED = ("necessity", "concordance")


def mdm(patient: bytes) -> bytes:
    """Return the MDM^T02 with a PDF alone as a report of the Dutch case about this patient."""
    sample = (shipped("mappings") / "intake" / "hl7v2-mdm" / "samples" / "de-report-pdf.hl7").read_bytes()
    segments = [b"PID|1||" + patient if one.startswith(b"PID") else one for one in sample.split(b"\r")]
    return b"\r".join(segments).replace(b"REF-DE-0001", CASE.encode()).replace(b"20260320", b"20260428")


ANNA = b"999911120^^^NLMINBIZA^NNNLD||de Vries^Anna^^^^^L||19800615"


@pytest.fixture
def reviewed(pair, sample):
    """The Dutch case at the point where the opinion is due."""
    begin(pair, sample("request-nl"), "dijkzicht", "catharina-kliniek")
    review(pair, sample("request-nl"), "catharina-kliniek")
    pair.move("2026-04-28T14:30:00+02:00")
    return pair


@pytest.fixture
def prose(sample):
    """The Dutch report without what it states in codes."""
    return {name: value for name, value in sample("report-nl").items() if name not in (*JUDGED, "answers")}


def story(house):
    return next(one["what"] for one in house.get(f"/cases/{CASE}/timeline") if one["kind"] == "reported")


def warnings(response):
    return [
        (one.get("diagnostics", "") or one.get("expression", [""])[0], one["details"]["text"])
        for one in response.json()["issue"]
        if one["severity"] == "warning"
    ]


def test_a_report_in_words_goes_the_whole_way_and_both_sides_hear_what_it_does_not_state(reviewed, prose):
    answer = opine(reviewed, prose, "catharina-kliniek")
    told = [text for _, text in warnings(answer)]
    assert [text.partition(";")[0].removeprefix("/necessity: ").removeprefix("/concordance: ") for text in told] == [
        "the report does not state whether the planned operation is needed",
        "the report does not state how it stands to the first opinion",
    ]
    for org in ("catharina-kliniek", "dijkzicht"):
        assert story(reviewed[org]) == (
            "The opinion is there; the report does not state whether the operation is necessary, "
            "nor how it stands to the first"
        )
        task = reviewed[org].get(f"/fhir/Task/{reviewed[org].case(CASE)['id']}")
        assert {one["type"]["coding"][0]["code"] for one in task["output"]} == {"opinion-report"}
    (report,) = reviewed["dijkzicht"].resources(CASE, "DiagnosticReport")
    assert "conclusionCode" not in report
    assert "Of de geplande operatie nodig is, is niet apart vermeld" in report["text"]["div"]
    assert reviewed.failed_work() == []


def test_what_is_stated_alone_is_told_alone(reviewed, prose):
    answer = opine(reviewed, {**prose, "necessity": "no"}, "catharina-kliniek")
    assert len(warnings(answer)) == 1
    told = "The opinion is there: operation necessary: no; the report does not state how it stands to the first"
    assert story(reviewed["dijkzicht"]) == story(reviewed["catharina-kliniek"]) == told


def test_a_pdf_alone_in_hl7v2_is_the_report_and_its_sender_hears_where_the_rest_could_stand(reviewed):
    consulting = reviewed["catharina-kliniek"]
    answer = consulting.post(mdm(ANNA), **{"Content-Type": ER7})
    assert answer.status_code == 202, answer.text
    told = [(place, text) for place, text in warnings(answer) if "does not state" in text]
    assert [place for place, _ in told] == ["OBX-5", "OBX-5"]
    assert ["99SO][3.1=necessity" in text for _, text in told] == [True, False]
    assert ["99SO][3.1=concordance" in text for _, text in told] == [False, True]
    assert not any("patient" in text for _, text in warnings(answer))
    reviewed.settle()
    assert reviewed["dijkzicht"].case(CASE)["status"] == "completed"
    assert reviewed.failed_work() == []


@pytest.mark.parametrize(
    ("patient", "places", "words"),
    [
        (b"999990019^^^NLMINBIZA^NNNLD||de Vries^Anna||19800615", ["PID-3.1"], ["number"]),
        (b"4712^^^CZE^PI||de Vries^Anna||19800616", ["PID-7"], ["date of birth"]),
        (b"4712^^^CZE^PI||Bakker^Pieter||19810615", ["PID-7", "PID-5.1"], ["date of birth", "name"]),
    ],
)
def test_a_report_about_another_patient_is_refused_and_nothing_is_done(reviewed, patient, places, words):
    consulting = reviewed["catharina-kliniek"]
    before = consulting.counts()
    answer = consulting.post(mdm(patient), **{"Content-Type": ER7})
    assert answer.status_code == 422, answer.text
    issues = answer.json()["issue"]
    assert [one["diagnostics"].partition(";")[0] for one in issues] == places
    for word, issue in zip(words, issues, strict=True):
        assert f"the {word} is not the one in the request" in issue["details"]["text"]
    for secret in ("999990019", "Bakker", "1981", "4712"):
        assert secret not in answer.text
    assert (consulting.counts(), consulting.case(CASE)["status"]) == (before, "in-progress")
    assert len(consulting.quarantine()) == 1


@pytest.mark.parametrize(
    ("patient", "place", "words"),
    [
        (b"4712^^^CZE^PI||de Vries^Anna", "PID-3.1", "does not suffice"),
        (b"999911120^^^NLMINBIZA^NNNLD||de Vries^Anna||19800616", "PID-7", "another number is"),
    ],
)
def test_a_patient_that_cannot_be_compared_for_sure_is_taken_with_a_warning(reviewed, patient, place, words):
    answer = reviewed["catharina-kliniek"].post(mdm(patient), **{"Content-Type": ER7})
    assert answer.status_code == 202, answer.text
    assert [at for at, text in warnings(answer) if words in text] == [place]


def test_the_patient_of_a_report_goes_no_further(reviewed, prose):
    stated = {"identifiers": [{"system": "https://b.example/mrn", "value": "B-77-SECRET"}], "birthDate": "1980-06-15"}
    opine(reviewed, {**prose, "patient": stated}, "catharina-kliniek")
    assert b"B-77-SECRET" not in reviewed["dijkzicht"].everything()
    assert b"B-77-SECRET" not in reviewed.received("dijkzicht")


def test_a_report_that_says_nothing_is_refused_in_the_senders_terms(reviewed):
    empty = b"\r".join(one for one in mdm(ANNA).split(b"\r") if not one.startswith(b"OBX"))
    answer = reviewed["catharina-kliniek"].post(empty, **{"Content-Type": ER7})
    assert answer.status_code == 422, answer.text
    (issue,) = answer.json()["issue"]
    assert issue["diagnostics"].partition(";")[0] == "OBX-5"
    assert "the report says nothing" in issue["details"]["text"]


def test_the_treating_side_takes_no_opinion_about_another_patient(reviewed, prose):
    treating = reviewed["dijkzicht"]
    (patient,) = treating.resources(CASE, "Patient")
    other = {**patient, "identifier": [], "birthDate": "1981-06-15"}
    with treating.store.transaction() as unit:
        moment = treating.running.node.clock.now()
        unit.resources.put("dijkzicht", treating.case(CASE)["id"], {k: v for k, v in other.items() if v}, moment)
    opine(reviewed, prose, "catharina-kliniek")
    assert treating.case(CASE)["status"] == "in-progress"
    assert treating.resources(CASE, "DiagnosticReport") == []
    assert "another patient than the case" in treating.quarantine()[0]["reason"]
