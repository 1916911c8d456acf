"""https://hl7.org/fhir/R4/task.html"""

import json
from datetime import timedelta


def begin(pair, request, treating, consulting):
    """Send a request and let it arrive."""
    pair.move(request["sent"])
    response = pair[treating].submit(request)
    assert response.status_code == 202, response.text
    pair.settle()
    assert pair[consulting].case(request["case"])["status"] == "received"


def review(pair, request, consulting):
    """Accept and let the records arrive."""
    assert pair[consulting].decide(request["case"], "accept", number="B-1").status_code == 200
    pair.settle()
    assert pair[consulting].case(request["case"])["status"] == "in-progress"


def opine(pair, report, consulting):
    """Give the opinion and let what may go back go back."""
    pair.move(report["issued"])
    response = pair[consulting].submit(report)
    assert response.status_code == 202, response.text
    pair.settle()
    return response


def test_the_dutch_loop_closes_with_the_opinion_back_at_the_first_doctor(pair, sample):
    request, report = sample("request-nl"), sample("report-nl")
    begin(pair, request, "dijkzicht", "catharina-kliniek")
    review(pair, request, "catharina-kliniek")
    opine(pair, report, "catharina-kliniek")
    treating, consulting = pair["dijkzicht"], pair["catharina-kliniek"]
    assert treating.case("CASE-NL-0001")["status"] == "completed"
    assert len(treating.resources("CASE-NL-0001", "DiagnosticReport")) == 1
    assert consulting.decide("CASE-NL-0001", "discussed").status_code == 409, "the first doctor has the report"
    assert treating.decide("CASE-NL-0001", "discussed").status_code == 200
    pair.settle()
    for house in (treating, consulting):
        case = house.case("CASE-NL-0001")
        assert (case["status"], case["businessStatus"]) == ("completed", "discussed-with-patient")
        assert case["closedAt"] is not None
    assert {one["id"] for one in consulting.case("CASE-NL-0001")["records"]} == {"DOC-1", "DOC-2"}
    assert pair.failed_work() == []


def test_every_task_version_follows_the_case_on_both_sides(pair, sample):
    request, report = sample("request-nl"), sample("report-nl")
    begin(pair, request, "dijkzicht", "catharina-kliniek")
    review(pair, request, "catharina-kliniek")
    opine(pair, report, "catharina-kliniek")
    pair["dijkzicht"].decide("CASE-NL-0001", "discussed")
    pair.settle()
    for house in (pair["dijkzicht"], pair["catharina-kliniek"]):
        case = house.case("CASE-NL-0001")
        task = house.get(f"/fhir/Task/{case['id']}")
        assert task["status"] == case["status"]
        assert task["businessStatus"]["coding"][0]["code"] == case["businessStatus"]
        history = house.get(f"/fhir/Task/{case['id']}/_history")
        statuses = [one["resource"]["status"] for one in reversed(history["entry"])]
        order = ["requested", "received", "accepted", "in-progress", "completed"]
        assert [one for one in order if one in statuses] == order
        assert statuses == sorted(statuses, key=order.index)


def test_nothing_of_a_german_report_is_ever_at_the_treating_node(pair, sample):
    request, report = sample("request-de"), sample("report-de")
    report["summary"] = "MARKER-SUMMARY Die Operation ist derzeit nicht zwingend."
    report["answers"][0]["text"] = "MARKER-ANSWER"
    report["alternatives"] = ["MARKER-ALTERNATIVE"]
    report["patientSummary"]["text"] = "MARKER-PATIENT"
    begin(pair, request, "klinik-a", "praxis-b")
    review(pair, request, "praxis-b")
    answer = opine(pair, report, "praxis-b")
    assert "suppressed" in [one["code"] for one in answer.json()["issue"]], "the doctor is told that it stays here"
    treating, consulting = pair["klinik-a"], pair["praxis-b"]
    assert treating.case("CASE-DE-0001")["status"] == "completed"
    assert treating.decide("CASE-DE-0001", "discussed").status_code == 409, "who has no report cannot discuss it"
    assert consulting.decide("CASE-DE-0001", "discussed").status_code == 200
    pair.settle()
    assert treating.case("CASE-DE-0001")["businessStatus"] == "report-delivered-patient"
    assert treating.case("CASE-DE-0001")["closedAt"] is not None
    secrets = [b"MARKER-", b"more-diagnostics-needed", b"undecided", b"REP-DE-0001", b"24611-6"]
    held, heard, kept = treating.everything(), pair.received("klinik-a"), consulting.everything()
    for secret in secrets:
        assert secret in kept
        assert secret not in held
        assert secret not in heard
    kinds = {one.partition("/")[0] for one in treating.case("CASE-DE-0001")["resources"]}
    assert not kinds & {"DiagnosticReport", "Composition", "Bundle", "Observation"}
    assert "output" not in treating.get(f"/fhir/Task/{treating.case('CASE-DE-0001')['id']}")
    assert pair.failed_work() == []


def test_a_loop_with_transfer_of_care_is_closed_by_the_consulting_side(pair, sample):
    request, report = sample("request-nl"), sample("report-nl")
    request["afterwards"] = report["afterwards"] = "transfer"
    begin(pair, request, "dijkzicht", "catharina-kliniek")
    review(pair, request, "catharina-kliniek")
    opine(pair, report, "catharina-kliniek")
    treating, consulting = pair["dijkzicht"], pair["catharina-kliniek"]
    assert treating.decide("CASE-NL-0001", "taken-over").status_code == 409, "not the treating side's to say"
    assert consulting.decide("CASE-NL-0001", "taken-over").status_code == 200
    pair.settle()
    for house in (treating, consulting):
        case = house.case("CASE-NL-0001")
        assert (case["businessStatus"], case["closedAt"] is not None) == ("care-taken-over", True)
    assert "coverage-check-offered" in consulting.kinds("CASE-NL-0001")
    assert pair.failed_work() == []


def test_care_is_not_taken_over_where_nobody_said_so(pair, sample):
    begin(pair, sample("request-nl"), "dijkzicht", "catharina-kliniek")
    review(pair, sample("request-nl"), "catharina-kliniek")
    opine(pair, sample("report-nl"), "catharina-kliniek")
    answer = pair["catharina-kliniek"].decide("CASE-NL-0001", "taken-over")
    assert answer.status_code == 409
    assert "afterwards" in answer.text


def test_a_rejection_reaches_the_treating_side_with_its_reason(pair, sample):
    begin(pair, sample("request-nl"), "dijkzicht", "catharina-kliniek")
    treating, consulting = pair["dijkzicht"], pair["catharina-kliniek"]
    assert consulting.decide("CASE-NL-0001", "reject").status_code == 422, "a reason is needed"
    assert consulting.decide("CASE-NL-0001", "reject", reason="no-capacity").status_code == 200
    pair.settle()
    for house in (treating, consulting):
        case = house.case("CASE-NL-0001")
        assert (case["status"], case["reason"], case["closedAt"] is not None) == ("rejected", "no-capacity", True)
    assert consulting.case("CASE-NL-0001")["records"] == []
    assert b"application/dicom" not in pair.received("catharina-kliniek").replace(
        b'"contentType":"application/dicom"', b""
    )
    assert pair.failed_work() == []


def test_a_request_cancelled_before_it_left_is_never_sent(pair, sample):
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    assert pair["dijkzicht"].decide("CASE-NL-0001", "cancel", reason="patient-withdrew").status_code == 200
    pair.settle()
    assert pair.wire.sent == []
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "cancelled"


def test_a_request_cancelled_while_the_partner_was_down_is_never_sent(pair, sample):
    request = sample("request-nl")
    pair.move(request["sent"])
    pair.wire.down.add("consulting")
    pair["dijkzicht"].submit(request)
    pair.settle()
    assert pair["dijkzicht"].decide("CASE-NL-0001", "cancel", reason="patient-withdrew").status_code == 200
    pair.wire.down.clear()
    for _ in range(4):
        pair.move(timedelta(hours=1))
        pair.settle()
    assert b"Microdiscectomie" not in pair.received("catharina-kliniek"), "the patient withdrew before anything left"
    assert pair["catharina-kliniek"].get("/cases") == []
    assert pair.failed_work() == []


def test_a_cancellation_before_the_review_closes_the_case_on_both_sides(pair, sample):
    begin(pair, sample("request-nl"), "dijkzicht", "catharina-kliniek")
    assert pair["dijkzicht"].decide("CASE-NL-0001", "cancel", reason="not-needed").status_code == 200
    pair.settle()
    for house in (pair["dijkzicht"], pair["catharina-kliniek"]):
        case = house.case("CASE-NL-0001")
        assert (case["status"], case["reason"], case["closedAt"] is not None) == ("cancelled", "not-needed", True)
    assert pair.failed_work() == []


def test_a_cancellation_during_the_review_asks_the_consulting_side_to_stop(pair, sample):
    begin(pair, sample("request-nl"), "dijkzicht", "catharina-kliniek")
    review(pair, sample("request-nl"), "catharina-kliniek")
    assert pair["dijkzicht"].decide("CASE-NL-0001", "cancel", reason="patient-withdrew").status_code == 200
    pair.settle()
    for house in (pair["dijkzicht"], pair["catharina-kliniek"]):
        case = house.case("CASE-NL-0001")
        assert (case["status"], case["businessStatus"]) == ("in-progress", "cancellation-requested")
    assert pair["catharina-kliniek"].decide("CASE-NL-0001", "fail", reason="stopped-on-request").status_code == 200
    pair.settle()
    for house in (pair["dijkzicht"], pair["catharina-kliniek"]):
        case = house.case("CASE-NL-0001")
        assert (case["status"], case["reason"], case["closedAt"] is not None) == ("failed", "stopped-on-request", True)
    assert pair.failed_work() == []


def test_an_appointment_and_a_missed_one_are_told_to_the_treating_side(pair, sample):
    begin(pair, sample("request-nl"), "dijkzicht", "catharina-kliniek")
    review(pair, sample("request-nl"), "catharina-kliniek")
    for verb, told in (("appointment", "appointment-booked"), ("missed", "appointment-no-show")):
        assert pair["catharina-kliniek"].decide("CASE-NL-0001", verb).status_code == 200
        pair.settle()
        assert pair["dijkzicht"].case("CASE-NL-0001")["businessStatus"] == told


def test_coverage_that_is_denied_does_not_stop_the_exchange(pair, sample):
    request = sample("request-nl")
    request["referral"] = "none"
    request["insurance"]["active"] = False
    del request["referrer"]
    begin(pair, request, "dijkzicht", "catharina-kliniek")
    lines = pair["dijkzicht"].get("/cases/CASE-NL-0001/timeline")
    coverage = next(line for line in lines if line["kind"] == "coverage-decided")
    assert "not covered" in coverage["what"], coverage
    assert coverage["why"]
    review(pair, request, "catharina-kliniek")


def test_a_partner_may_get_the_records_with_the_request(pair_with_request, sample):
    pair = pair_with_request
    request = sample("request-nl")
    pair.move(request["sent"])
    pair["dijkzicht"].submit(request)
    pair.settle()
    case = pair["catharina-kliniek"].case("CASE-NL-0001")
    assert (case["status"], {one["id"] for one in case["records"]}) == ("received", {"DOC-1", "DOC-2"})
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    opine(pair, sample("report-nl"), "catharina-kliniek")
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "completed"
    packages = [one for one in pair.wire.sent if b"records-package" in one.body]
    assert len(packages) == 1, "the records went once"
    assert pair.failed_work() == []


def test_the_record_that_arrives_is_byte_for_byte_the_one_that_was_handed_in(pair, sample):
    begin(pair, sample("request-nl"), "dijkzicht", "catharina-kliniek")
    review(pair, sample("request-nl"), "catharina-kliniek")
    for record in pair["catharina-kliniek"].case("CASE-NL-0001")["records"]:
        theirs = pair["catharina-kliniek"].http.get(f"/records/{record['sha256']}")
        ours = pair["dijkzicht"].http.get(f"/records/{record['sha256']}")
        assert theirs.status_code == ours.status_code == 200
        assert theirs.content == ours.content


def test_a_lost_answer_leads_to_a_repetition_without_effect(pair, sample):
    request = sample("request-nl")
    pair.move(request["sent"])
    pair.wire.deaf.add("consulting")
    pair["dijkzicht"].submit(request)
    pair.settle()
    pair.wire.deaf.clear()
    pair.move("2026-04-10T10:30:00+02:00")
    pair.settle()
    first, second = pair.wire.sent
    assert first.body == second.body
    assert len(pair["catharina-kliniek"].get("/cases")) == 1
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "received"
    assert json.loads(second.answer)["entry"][0]["resource"]["response"]["code"] == "ok"


def test_two_requests_of_one_sender_about_one_patient_stay_apart(pair, sample):
    request = sample("request-nl")
    begin(pair, request, "dijkzicht", "catharina-kliniek")
    other = {**request, "id": "REQ-NL-0002", "messageId": "MSG-NL-0002", "case": "CASE-NL-0002"}
    assert pair["dijkzicht"].submit(other).status_code == 202
    pair.settle()
    assert len(pair["catharina-kliniek"].get("/cases")) == 2
    assert pair.failed_work() == []
