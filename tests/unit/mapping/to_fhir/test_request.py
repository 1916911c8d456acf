"""https://hl7.org/fhir/R4/workflow.html"""

import json

import pytest

from adapter.fhir.codec import to_json
from adapter.fhir.validate import validate
from adapter.mapping.narrative import plain_text
from adapter.mapping.to_fhir.request import express_request

REQUIRED_ALONE = {
    "format": "second-opinion-request/1",
    "id": "REQ-9",
    "sent": "2026-04-10T09:30:00Z",
    "patient": {"name": {"family": "Nemo"}},
    "treating": {"organization": {"name": "Haus A (TEST)"}},
    "consulting": {"organization": {"name": "Haus B (TEST)"}},
}


def test_a_full_request_becomes_every_resource_once_in_a_fixed_order(express, document):
    kinds = [one["resourceType"] for one in express(document).expressed.resources]
    assert list(dict.fromkeys(kinds)) == [
        "Patient",
        "RelatedPerson",
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Coverage",
        "Condition",
        "ServiceRequest",
        "Consent",
        "DocumentReference",
        "CoverageEligibilityRequest",
        "Task",
        "Provenance",
    ]
    ids = [one["id"] for one in express(document).expressed.resources]
    assert len(ids) == len(set(ids))


def test_the_least_that_a_request_says_is_enough(express):
    outcome = express(REQUIRED_ALONE)
    assert [one["resourceType"] for one in outcome.expressed.resources] == [
        "Patient",
        "Organization",
        "Organization",
        "ServiceRequest",
        "Task",
        "Provenance",
    ]
    assert [one for one in validate(outcome.transaction()) if one.severity in ("error", "fatal")] == []


def test_the_same_input_gives_the_same_bytes(express, document):
    first, second = express(document), express(json.loads(json.dumps(document)))
    assert to_json(first.transaction()) == to_json(second.transaction())
    assert to_json(first.message()) == to_json(second.message())


def test_ids_do_not_come_from_national_numbers(express, document):
    before = [one["id"] for one in express(document).expressed.resources]
    document["patient"]["identifiers"][0]["value"] = "111222333"
    assert [one["id"] for one in express(document).expressed.resources] == before


@pytest.mark.parametrize("changed", ["id", "treating"])
def test_another_request_or_sender_has_other_ids(express, document, changed):
    before = {one["id"] for one in express(document).expressed.resources}
    if changed == "id":
        document["id"] = "REQ-2"
    else:
        document["treating"]["organization"]["identifiers"][0]["value"] = "00009009"
    assert before.isdisjoint(one["id"] for one in express(document).expressed.resources)


def test_a_correction_keeps_the_ids_and_has_another_message_id(express, document):
    first = express(document)
    document |= {"messageId": "MSG-3", "replaces": "MSG-2", "notes": "Another note."}
    second = express(document)
    assert [one["id"] for one in first.expressed.resources] == [one["id"] for one in second.expressed.resources]
    assert first.message()["entry"][0]["resource"]["id"] != second.message()["entry"][0]["resource"]["id"]


def test_an_organisations_own_key_makes_other_ids(express, document):
    request = express(document).request
    default = express_request(request, contents={}, cleared=[])
    own = express_request(request, contents={}, cleared=[], id_key=b"our own")
    assert default.task["id"] != own.task["id"]


def test_only_cleared_records_appear_and_nothing_else_names_the_others(express, document):
    document["records"][2]["title"] = "Very private scan"
    del document["consent"]["shareRecords"]["records"]
    del document["consent"]["returnReport"]["records"]
    del document["consent"]["askInsurer"]["records"]
    outcome = express(document, cleared={"DOC-1"})
    assert list(outcome.expressed.documents) == ["DOC-1"]
    assert list(outcome.expressed.contents) == ["DOC-1"]
    assert b"Very private scan" not in to_json(outcome.transaction())
    assert b"SCAN" not in to_json(outcome.transaction())


@pytest.mark.parametrize("member", ["proxy", "insurance", "plannedProcedure", "referrer", "copyTo", "diagnoses"])
def test_what_is_not_said_is_not_expressed(express, document, member):
    full = express(document)
    del document[member]
    if member == "proxy":
        for statement in document["consent"].values():
            statement["by"] = "patient"
    outcome = express(document)
    assert len(outcome.expressed.resources) < len(full.expressed.resources)
    assert [one for one in validate(outcome.transaction()) if one.severity in ("error", "fatal")] == []


def test_the_insurer_is_asked_only_where_the_patient_agrees(express, document):
    assert express(document).expressed.eligibility_request is not None
    document["consent"]["askInsurer"] = {"given": False}
    assert express(document).expressed.eligibility_request is None
    del document["consent"]["askInsurer"]
    assert express(document).expressed.eligibility_request is None


def test_an_insurer_that_nobody_names_is_not_asked(express, document):
    del document["insurance"]["insurer"]
    outcome = express(document)
    assert outcome.expressed.eligibility_request is None
    assert outcome.expressed.coverage["payor"] == [{"display": "insurer not stated"}]


def test_the_insurer_learns_codes_and_dates_and_nothing_else(express, document):
    asked = express(document).expressed.eligibility_request
    assert set(asked) == {
        "resourceType", "id", "status", "purpose", "patient", "servicedDate", "created", "provider", "insurer",
        "insurance", "item", "meta", "text",
    }  # fmt: skip
    assert plain_text(asked["text"]) == "Wordt een second opinion vergoed? 2026-04-24"
    [item] = asked["item"]
    assert item["category"]["coding"][0]["code"] == "3"
    assert item["modifier"][0]["coding"] == [
        {"system": "http://fhir.de/CodeSystem/bfarm/ops", "version": "2026", "code": "5-831"}
    ]
    assert item["diagnosis"][0]["diagnosisCodeableConcept"] == {
        "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "version": "2026", "code": "M51.1"}]
    }
    assert asked["servicedDate"] == "2026-04-24"
    written = to_json(asked)
    assert not any(word in written for word in (b"Hernia", b"needed", b"note", b"DOC-1", b"Microdiscectomie"))


def test_the_day_of_service_is_the_local_day_of_sending_where_no_day_is_agreed(express, document):
    del document["consultation"]["date"]
    document["sent"] = "2026-04-10T23:30:00-05:00"
    assert express(document).expressed.eligibility_request["servicedDate"] == "2026-04-10"


def test_a_task_never_has_the_patients_number_and_asks_each_question(express, document):
    document["questions"] = ["One?", "Two?"]
    task = express(document).expressed.task
    assert set(task["for"]) == {"reference"}
    kinds = [(one["type"]["coding"][0]["code"], one.get("valueString")) for one in task["input"]]
    assert kinds[:2] == [("question", "One?"), ("question", "Two?")]
    assert [kind for kind, _ in kinds[2:]] == [
        "consent", "consent", "consent", "eligibility", "consultation-mode", "interpreter", "prior-opinions",
        "discussed-with-treating",
    ]  # fmt: skip
    assert task["restriction"] == {"period": {"end": "2026-05-10"}}
    assert task["requester"]["identifier"]["value"] == "00009001"
    assert task["owner"]["identifier"]["value"] == "00009002"
    assert task["groupIdentifier"]["value"] == "CASE-1"


def test_zero_and_false_are_said_too(express, document):
    document |= {"priorOpinions": 0, "discussedWithTreating": False}
    document["insurance"] |= {"supplementary": False, "active": False}
    outcome = express(document)
    assert outcome.expressed.task["input"][-2:] == [
        {"type": outcome.expressed.task["input"][-2]["type"], "valueUnsignedInt": 0},
        {"type": outcome.expressed.task["input"][-1]["type"], "valueBoolean": False},
    ]
    assert outcome.expressed.coverage["status"] == "cancelled"
    assert outcome.expressed.coverage["extension"][0]["valueBoolean"] is False


def test_a_cover_of_which_nobody_says_whether_it_is_in_force_is_a_draft(express, document):
    del document["insurance"]["active"]
    assert express(document).expressed.coverage["status"] == "draft"


def test_a_proxy_stands_as_related_person_with_basis_and_agreement(express, document):
    proxy = express(document).expressed.proxy
    assert [one["valueCode"] for one in proxy["extension"]] == ["power-of-attorney", "yes"]
    assert proxy["relationship"][0]["coding"][0]["code"] == "POWATT"
    assert proxy["relationship"][1] == {"text": "daughter"}


def test_a_moment_is_kept_as_it_was_written(express, document):
    document["sent"] = "2026-04-10T09:30:00.5+02:00"
    assert express(document).expressed.task["authoredOn"] == "2026-04-10T09:30:00.5+02:00"


def test_provenance_names_the_message_and_the_one_that_it_corrects(express, document):
    provenance = express(document).expressed.provenance
    assert [(one["role"], one["what"]["identifier"]["value"]) for one in provenance["entity"]] == [
        ("source", "MSG-2"),
        ("revision", "MSG-1"),
    ]
    assert provenance["recorded"] == document["sent"]
