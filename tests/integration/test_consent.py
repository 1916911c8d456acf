"""https://hl7.org/fhir/R4/consent.html"""

import json

import pytest

BSN, KVNR = "999911120", "X110411319"


def send(pair, request, treating="dijkzicht"):
    pair.move(request["sent"])
    response = pair[treating].submit(request)
    assert response.status_code == 202, response.text
    pair.settle()
    return response


def correction(request, number):
    return {**request, "messageId": f"{request['id']}-MSG-{number}", "replaces": request["messageId"]}


def test_without_consent_the_case_waits_and_a_correction_releases_it(pair, sample):
    request = sample("request-nl")
    stated = request["consent"].pop("shareRecords")
    answer = send(pair, request)
    assert "suppressed" in [one["code"] for one in answer.json()["issue"]]
    assert pair.wire.sent == []
    treating = pair["dijkzicht"]
    assert treating.case("CASE-NL-0001")["businessStatus"] == "awaiting-consent"
    corrected = correction(request, 2)
    corrected["consent"]["shareRecords"] = stated
    assert treating.submit(corrected).status_code == 202
    pair.settle()
    assert treating.case("CASE-NL-0001")["status"] == "received"
    assert [one["number"] for one in pair["catharina-kliniek"].get("/cases")] == ["CASE-NL-0001"]
    assert treating.kinds("CASE-NL-0001").count("corrected") == 1


def test_a_refusal_keeps_the_case_at_home_and_is_stored_as_a_consent_that_denies(pair, sample):
    request = sample("request-nl")
    request["consent"]["shareRecords"] = {"given": False, "by": "patient", "on": "2026-04-09"}
    send(pair, request)
    assert pair.wire.sent == []
    denied = [
        one for one in pair["dijkzicht"].resources("CASE-NL-0001", "Consent") if one["provision"]["type"] == "deny"
    ]
    assert len(denied) == 1


def test_what_a_correction_no_longer_says_is_no_longer_held(pair, sample):
    request = sample("request-nl")
    stated = request["consent"].pop("shareRecords")
    send(pair, request)
    corrected = correction(request, 2)
    corrected["consent"] = {"shareRecords": {**stated, "records": ["DOC-1"]}}
    corrected["records"] = request["records"][:1]
    assert pair["dijkzicht"].submit(corrected).status_code == 202
    pair.settle()
    assert len(pair["dijkzicht"].resources("CASE-NL-0001", "Consent")) == 1, "the permission to return is gone"
    assert len(pair["dijkzicht"].resources("CASE-NL-0001", "DocumentReference")) == 1


def test_a_correction_must_name_the_newest_message_and_comes_too_late_once_the_request_is_sent(pair, sample, issues):
    request = sample("request-nl")
    consent = request["consent"].pop("shareRecords")
    send(pair, request)
    wrong = {**correction(request, 2), "replaces": "MSG-OF-NOBODY"}
    response = pair["dijkzicht"].submit(wrong)
    assert response.status_code == 409
    assert issues(response)[0][1].startswith("/replaces")
    right = correction(request, 2)
    right["consent"]["shareRecords"] = consent
    assert pair["dijkzicht"].submit(right).status_code == 202
    pair.settle()
    late = pair["dijkzicht"].submit({**correction(right, 3), "notes": "Something else."})
    assert late.status_code == 409


def test_a_consent_that_ended_before_the_request_could_be_delivered_stops_it(pair, sample):
    request = sample("request-nl")
    request["consent"]["shareRecords"]["until"] = "2026-04-12"
    pair.wire.down.add("consulting")
    send(pair, request)
    pair.wire.down.clear()
    pair.move("2026-04-13T12:00:00+02:00")
    pair.settle()
    assert pair.wire.sent == []
    case = pair["dijkzicht"].case("CASE-NL-0001")
    assert (case["status"], case["businessStatus"]) == ("requested", "awaiting-consent")
    task = pair["dijkzicht"].get(f"/fhir/Task/{case['id']}")
    assert task["businessStatus"]["coding"][0]["code"] == "awaiting-consent", "the Task says what the case says"
    assert pair.failed_work() == []


def test_the_last_day_of_a_consent_counts_until_midnight_where_the_sender_is(pair, sample):
    request = sample("request-nl")
    request["consent"]["shareRecords"]["until"] = "2026-04-12"
    pair.wire.down.add("consulting")
    send(pair, request)
    pair.wire.down.clear()
    pair.move("2026-04-12T23:50:00+02:00")
    pair.settle()
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "received"


def test_a_consent_that_ended_between_acceptance_and_delivery_keeps_the_records_at_home(pair, sample):
    request = sample("request-nl")
    request["consent"]["shareRecords"]["until"] = "2026-04-12"
    send(pair, request)
    pair.move("2026-04-13T08:00:00+02:00")
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "accepted"
    assert pair["catharina-kliniek"].case("CASE-NL-0001")["records"] == []
    assert b"records-package" not in pair.received("catharina-kliniek")
    line = next(
        one for one in pair["dijkzicht"].get("/cases/CASE-NL-0001/timeline") if one["kind"] == "no-records-sent"
    )
    assert line["what"]
    assert pair.failed_work() == []


def test_records_of_a_case_that_was_cancelled_meanwhile_do_not_leave(pair, sample):
    request = sample("request-nl")
    send(pair, request)
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.wire.down.add("consulting")
    pair.settle()
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "accepted"
    pair["dijkzicht"].decide("CASE-NL-0001", "cancel", reason="consent-revoked")
    pair.wire.down.clear()
    pair.move("2026-04-10T12:00:00+02:00")
    pair.settle()
    assert b"records-package" not in pair.received("catharina-kliniek")
    assert pair["catharina-kliniek"].case("CASE-NL-0001")["status"] == "cancelled"
    assert pair.failed_work() == []


def test_a_record_that_consent_does_not_name_is_named_on_the_senders_side_only(pair, sample):
    request = sample("request-nl")
    request["consent"]["shareRecords"]["records"] = ["DOC-1"]
    request["records"][1] |= {"id": "WITHHELD-RECORD", "title": "WITHHELD-TITLE", "author": "WITHHELD-AUTHOR"}
    answer = send(pair, request)
    assert "the record WITHHELD-RECORD stays here" in answer.text
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    case = pair["dijkzicht"].case("CASE-NL-0001")
    assert [(one["record"], one["code"]) for one in case["withheld"]] == [("WITHHELD-RECORD", "record-not-named")]
    assert pair["dijkzicht"].everything().count(b"WITHHELD-RECORD") > 0
    assert [one["id"] for one in pair["catharina-kliniek"].case("CASE-NL-0001")["records"]] == ["DOC-1"]
    for told in (pair.received("catharina-kliniek"), pair["catharina-kliniek"].everything()):
        assert b"DOC-1" in told
        assert b"WITHHELD" not in told
        assert b"application/dicom" not in told


def test_a_consent_names_a_withheld_record_to_nobody(pair, sample):
    request = sample("request-nl")
    request["records"][1] |= {"id": "VERY-RESTRICTED", "confidentiality": "V", "sensitivity": ["PSY"]}
    request["consent"]["shareRecords"].pop("records")
    send(pair, request)
    assert b"VERY-RESTRICTED" not in pair.received("catharina-kliniek")
    assert pair["dijkzicht"].case("CASE-NL-0001")["withheld"][0]["code"] == "must-be-named"


def test_a_return_consent_that_ended_leaves_the_status_alone(pair, sample):
    request, report = sample("request-nl"), sample("report-nl")
    request["consent"]["returnReport"]["until"] = "2026-04-20"
    send(pair, request)
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    pair.move(report["issued"])
    pair["catharina-kliniek"].submit(report)
    pair.settle()
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "completed"
    assert b"Conservatief" not in pair["dijkzicht"].everything() + pair.received("dijkzicht")
    assert b"Conservatief" in pair["catharina-kliniek"].everything()


def test_a_return_consent_that_ends_while_the_report_waits_stops_it(pair, sample):
    request, report = sample("request-nl"), sample("report-nl")
    request["consent"]["returnReport"]["until"] = "2026-04-28"
    send(pair, request)
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    pair.move(report["issued"])
    pair.wire.down.add("treating")
    pair["catharina-kliniek"].submit(report)
    pair.settle()
    pair.wire.down.clear()
    pair.move("2026-04-29T08:00:00+02:00")
    pair.settle()
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "completed"
    assert b"Conservatief" not in pair["dijkzicht"].everything() + pair.received("dijkzicht")
    assert "report-withheld" in pair["catharina-kliniek"].kinds("CASE-NL-0001")
    assert pair["catharina-kliniek"].decide("CASE-NL-0001", "discussed").status_code == 200
    assert pair.failed_work() == []


def test_a_report_whose_answer_was_lost_before_consent_ended_counts_as_sent(pair, sample):
    request, report = sample("request-nl"), sample("report-nl")
    request["consent"]["returnReport"]["until"] = "2026-04-28"
    send(pair, request)
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    pair.move(report["issued"])
    pair["catharina-kliniek"].submit(report)
    pair.wire.deaf.add("treating")
    pair.settle()
    pair.wire.deaf.clear()
    pair.move("2026-04-29T08:00:00+02:00")
    pair.settle()
    assert len(pair["dijkzicht"].resources("CASE-NL-0001", "DiagnosticReport")) == 1
    assert "report-sent" in pair["catharina-kliniek"].kinds("CASE-NL-0001")
    assert pair["catharina-kliniek"].decide("CASE-NL-0001", "discussed").status_code == 409, "the first doctor has it"
    assert pair.failed_work() == []


def test_a_report_that_comes_without_consent_is_refused_and_not_kept_with_the_case(pair, sample):
    request, report = sample("request-nl"), sample("report-nl")
    report["summary"] = "MARKER-UNASKED"
    send(pair, request)
    pair["catharina-kliniek"].decide("CASE-NL-0001", "accept")
    pair.settle()
    treating = pair["dijkzicht"]
    consent = next(one for one in treating.resources("CASE-NL-0001", "Consent") if "return-report" in json.dumps(one))
    denied = {**consent, "provision": {**consent["provision"], "type": "deny"}}
    denied.pop("meta", None)
    case = treating.case("CASE-NL-0001")
    with treating.store.transaction() as unit:
        unit.resources.put("dijkzicht", case["id"], denied, treating.running.node.clock.now())
    pair.move(report["issued"])
    pair["catharina-kliniek"].submit(report)
    pair.settle()
    assert treating.case("CASE-NL-0001")["status"] == "in-progress"
    assert not treating.resources("CASE-NL-0001", "DiagnosticReport")
    assert [one["kind"] for one in pair["catharina-kliniek"].get("/work/failed")] == ["send-report"]
    assert "the patient did not agree" in treating.quarantine()[0]["reason"]


def test_without_consent_to_ask_the_insurer_nothing_is_decided_and_the_exchange_goes_on(pair, sample):
    request = sample("request-nl")
    request["consent"]["askInsurer"] = {"given": False, "by": "patient", "on": "2026-04-09"}
    send(pair, request)
    kinds = pair["dijkzicht"].kinds("CASE-NL-0001")
    assert "coverage-not-asked" in kinds
    assert "coverage-decided" not in kinds
    assert pair["dijkzicht"].resources("CASE-NL-0001", "CoverageEligibilityResponse") == []
    assert pair["dijkzicht"].case("CASE-NL-0001")["status"] == "received"


@pytest.mark.parametrize(
    ("name", "treating", "consulting", "partner", "number"),
    [
        ("request-nl", "dijkzicht", "praxis-b", "request-de", BSN),
        ("request-de", "klinik-a", "catharina-kliniek", "request-nl", KVNR),
    ],
    ids=["a BSN", "a KVNR"],
)
def test_a_national_number_never_crosses_the_border(pair, sample, name, treating, consulting, partner, number):
    request = sample(name)
    request["consulting"]["organization"] = sample(partner)["consulting"]["organization"]
    send(pair, request, treating)
    assert pair[consulting].decide(request["case"], "accept").status_code == 200
    pair.settle()
    assert pair[consulting].case(request["case"])["status"] == "in-progress", "the records have crossed"
    assert number.encode() in pair[treating].everything()
    assert number.encode() not in pair.received(consulting)
    assert number.encode() not in pair[consulting].everything()


def test_a_national_number_goes_to_the_consulting_side_at_home_but_never_stands_in_the_task(pair, sample):
    send(pair, sample("request-nl"))
    message = json.loads(pair.wire.sent[0].body)
    by_type = {one["resource"]["resourceType"]: json.dumps(one["resource"]) for one in message["entry"]}
    assert BSN in by_type["Patient"]
    assert BSN not in by_type["Task"]
