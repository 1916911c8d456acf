"""https://hl7.org/fhir/R4/servicerequest.html"""

import pytest

from adapter.mapping.to_fhir.service_request import REFERRER_NOT_NAMED


def codes(concepts):
    return [coding["code"] for concept in concepts for coding in concept.get("coding", [])]


def test_the_request_is_coded_as_second_opinion_by_referral(express, document):
    asked = express(document).expressed.service_request
    assert asked["code"]["coding"][0]["code"] == "77406008"
    assert asked["code"]["text"]
    assert codes(asked["category"]) == ["3457005"]
    assert asked["status"] == "active"
    assert asked["identifier"][0]["type"]["coding"][0]["code"] == "PLAC"
    assert asked["requisition"]["value"] == "CASE-1"


@pytest.mark.parametrize(
    ("initiated_by", "reasons"),
    [("patient", ["S", "P"]), ("gp", ["S", "O"]), ("specialist", ["S", "O"]), (None, ["S"])],
)
def test_who_took_the_initiative_is_a_reason(express, document, initiated_by, reasons):
    document.pop("initiatedBy") if initiated_by is None else document.update(initiatedBy=initiated_by)
    assert codes(express(document).expressed.service_request["reasonCode"]) == reasons


@pytest.mark.parametrize(
    ("afterwards", "details"),
    [("return", ["SO", "RP"]), ("transfer", ["SO", "AM"]), ("report-only", ["SO", "WR"]), (None, ["SO"])],
)
def test_what_happens_afterwards_is_a_disposition(express, document, afterwards, details):
    document.pop("afterwards") if afterwards is None else document.update(afterwards=afterwards)
    assert codes(express(document).expressed.service_request["orderDetail"]) == details


@pytest.mark.parametrize(
    ("referral", "role", "intent"),
    [
        ("gp", "specialist", "order"),
        ("other-physician", None, "order"),
        ("first-provider", "specialist", "order"),
        ("first-provider", "gp", "order"),
        ("first-provider", "dentist", "order"),
        ("first-provider", "therapist", "proposal"),
        ("first-provider", "midwife", "proposal"),
        ("first-provider", None, "proposal"),
        ("non-physician", "specialist", "proposal"),
        ("none", "specialist", "proposal"),
        (None, "specialist", "proposal"),
    ],
)
def test_only_a_physicians_referral_makes_an_order(express, document, referral, role, intent):
    del document["referrer"]
    document.pop("referral") if referral is None else document.update(referral=referral)
    document["treating"].pop("role") if role is None else document["treating"].update(role=role)
    outcome = express(document)
    asked = outcome.expressed.service_request
    requester = outcome.at(asked["requester"])
    assert asked["intent"] == intent
    assert requester["resourceType"] == ("PractitionerRole" if intent == "order" else "Patient")
    if intent == "order":
        assert outcome.at(requester["practitioner"])["name"][0]["family"] == "Bakker"


def test_a_referrer_who_is_named_is_the_requester(express, document):
    outcome = express(document)
    requester = outcome.at(outcome.expressed.service_request["requester"])
    assert outcome.at(requester["practitioner"])["name"][0]["family"] == "Smit"
    assert REFERRER_NOT_NAMED not in [one["text"] for one in outcome.expressed.service_request["note"]]


@pytest.mark.parametrize("said", [None, {"role": "gp"}, {"date": "2026-04"}])
def test_a_referrer_who_is_not_named_is_said_to_be_so(express, document, said):
    document["referrer"] = said
    if said is None:
        del document["referrer"]
    asked = express(document).expressed.service_request
    assert [one["text"] for one in asked["note"]] == ["A note\nof two lines.", REFERRER_NOT_NAMED]


def test_the_first_provider_who_refers_needs_no_such_note(express, document):
    del document["referrer"]
    document["referral"] = "first-provider"
    assert [one["text"] for one in express(document).expressed.service_request["note"]] == ["A note\nof two lines."]


def test_a_referrer_by_name_alone_is_enough(express, document):
    document["referrer"] = {"practitioner": {"name": {"family": "Smit"}}}
    outcome = express(document)
    role = outcome.at(outcome.expressed.service_request["requester"])
    assert outcome.at(role["practitioner"])["name"] == [{"family": "Smit"}]


def test_a_referrer_who_makes_no_order_is_still_pointed_to(express, document):
    document["referral"] = "non-physician"
    outcome = express(document)
    supporting = [outcome.at(one)["resourceType"] for one in outcome.expressed.service_request["supportingInfo"]]
    assert "PractitionerRole" in supporting


def test_the_planned_operation_is_a_plan_with_site_and_side(express, document):
    outcome = express(document)
    plan = outcome.expressed.plan
    assert (plan["intent"], plan["status"], plan["priority"]) == ("plan", "active", "routine")
    assert (plan["occurrenceDateTime"], plan["authoredOn"]) == ("2026-05-20", "2026-03-30")
    assert plan["bodySite"][0] == {"text": "L4-L5"}
    assert codes(plan["bodySite"]) == ["7771000"]
    assert plan["code"]["text"] == "Microdiscectomie L4-L5"
    assert plan["code"]["coding"][0]["extension"][0]["valueCoding"]["code"] == "L"
    assert {"reference": f"ServiceRequest/{plan['id']}"} in outcome.expressed.service_request["supportingInfo"]
    assert outcome.at(outcome.at(plan["performer"][0])["practitioner"])["name"][0]["family"] == "Visser"


@pytest.mark.parametrize(("side", "code"), [("left", "7771000"), ("right", "24028007"), ("both", "51440002")])
def test_sides_are_snomed_codes(express, document, side, code):
    document["diagnoses"][0]["laterality"] = side
    assert codes(express(document).expressed.conditions[0]["bodySite"]) == [code]


def test_an_operation_in_words_alone_has_no_coding(express, document):
    document["plannedProcedure"] = {"text": "Operatie"}
    assert express(document).expressed.plan["code"] == {"text": "Operatie"}


@pytest.mark.parametrize(
    ("urgency", "priority"), [("elective", "routine"), ("urgent", "urgent"), ("emergency", "stat")]
)
def test_urgency_is_the_plans_priority(express, document, urgency, priority):
    document["plannedProcedure"]["urgency"] = urgency
    assert express(document).expressed.plan["priority"] == priority


def test_every_diagnosis_is_a_condition_and_a_reason(express, document):
    document["diagnoses"] = [{"text": "Eerste"}, {"system": "http://hl7.org/fhir/sid/icd-10", "code": "M17.1"}]
    outcome = express(document)
    reasons = [outcome.at(one) for one in outcome.expressed.service_request["reasonReference"]]
    assert [one["code"] for one in reasons] == [
        {"text": "Eerste"},
        {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "M17.1"}]},
    ]
    assert all("clinicalStatus" not in one for one in reasons)


def test_copies_say_who_and_what(express, document):
    outcome = express(document)
    [copy] = [one for one in outcome.expressed.service_request["extension"] if one["url"].endswith("/copy-to")]
    what, recipient = copy["extension"]
    assert what["valueCode"] == "report"
    role = outcome.at(recipient["valueReference"])
    assert outcome.at(role["practitioner"])["name"][0]["family"] == "Mulder"
