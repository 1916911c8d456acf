"""https://profiles.ihe.net/ITI/PCF/"""

import pytest

from adapter.fhir import systems

MEMBERS = {"share-records": "shareRecords", "return-report": "returnReport", "ask-insurer": "askInsurer"}


def consent_of(express, document, purpose="share-records", cleared=None):
    return express(document, cleared).expressed.consents[purpose]


@pytest.mark.parametrize("purpose", MEMBERS)
def test_the_shape_is_that_of_privacy_consent_on_fhir(express, document, purpose):
    consent = consent_of(express, document, purpose)
    assert {
        "scope",
        "category",
        "patient",
        "dateTime",
        "performer",
        "organization",
        "sourceReference",
        "policy",
    } < consent.keys()
    assert "policyRule" not in consent
    assert "verification" not in consent
    assert consent["policy"] == [{"uri": f"{systems.CANONICAL}/policy/nl/{purpose}"}]
    assert consent["provision"].keys() <= {"type", "period", "actor", "purpose", "data"}
    assert consent["provision"]["purpose"][0]["code"] == ("HPAYMT" if purpose == "ask-insurer" else "TREAT")
    assert [one["role"]["coding"][0]["code"] for one in consent["provision"]["actor"]] == ["IRCP"]


@pytest.mark.parametrize(
    ("purpose", "keeper", "recipient"),
    [
        ("share-records", "Haus A (TEST)", "Haus B (TEST)"),
        ("return-report", "Haus B (TEST)", "Haus A (TEST)"),
        ("ask-insurer", "Haus A (TEST)", "PNOzorg"),
    ],
)
def test_keeper_and_recipient_follow_the_direction(express, document, purpose, keeper, recipient):
    outcome = express(document)
    consent = outcome.expressed.consents[purpose]
    assert outcome.at(consent["organization"][0])["name"] == keeper
    assert outcome.at(consent["provision"]["actor"][0]["reference"])["name"] == recipient


def test_nothing_said_is_no_consent_and_a_refusal_is_one_that_denies(express, document):
    document["consent"] = {"shareRecords": {"given": False}}
    consents = express(document).expressed.consents
    assert list(consents) == ["share-records"]
    assert consents["share-records"]["provision"]["type"] == "deny"
    assert consents["share-records"]["status"] == "active"


def test_all_records_is_no_data_and_no_record_is_never_all(express, document):
    statement = document["consent"]["shareRecords"]
    del statement["records"]
    assert "data" not in consent_of(express, document)["provision"]
    statement["records"] = []
    assert len(consent_of(express, document)["provision"]["data"]) == 1


def test_named_records_are_instances(express, document):
    outcome = express(document)
    data = outcome.expressed.consents["share-records"]["provision"]["data"]
    assert {one["meaning"] for one in data} == {"instance"}
    assert outcome.at(data[0]["reference"])["identifier"][0]["value"] == "DOC-1"


def test_the_source_is_the_signed_form_else_the_request(express, document):
    outcome = express(document)
    form = outcome.at(outcome.expressed.consents["share-records"]["sourceReference"])
    assert form["identifier"][0]["value"] == "FORM"
    del document["consent"]["shareRecords"]["document"]
    source = consent_of(express, document)["sourceReference"]
    assert source["identifier"] == {"system": systems.MESSAGE_ID, "value": "MSG-2"}
    assert "reference" not in source


def test_who_spoke_is_the_performer(express, document):
    assert consent_of(express, document)["performer"][0]["reference"].startswith("RelatedPerson/")
    document["consent"]["shareRecords"]["by"] = "patient"
    assert consent_of(express, document)["performer"][0]["reference"].startswith("Patient/")
    document["consent"]["shareRecords"] = {"given": False}
    assert "reference" not in consent_of(express, document)["performer"][0]


def test_a_day_that_is_not_stated_makes_no_beginning(express, document):
    del document["consent"]["shareRecords"]["on"]
    consent = consent_of(express, document)
    assert consent["dateTime"] == document["sent"]
    assert consent["provision"]["period"] == {"end": "2099-12-31"}
