"""A patient's national number stays in its own country; a record that was not cleared is not named."""

import pytest

from adapter.fhir import systems
from adapter.fhir.codec import to_json

BSN, KVNR = "999911120", "X110411319"


def numbers(bundle, kind="Patient"):
    return [
        one["value"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == kind
        for one in entry["resource"].get("identifier", [])
    ]


@pytest.mark.parametrize(
    ("system", "value", "country", "told"),
    [
        (systems.BSN, BSN, "NL", True),
        (systems.BSN, BSN, "nl", True),
        (systems.BSN, BSN, "DE", False),
        (systems.BSN, BSN, None, False),
        (systems.BSN_OID, BSN, "DE", False),
        (systems.KVNR, KVNR, "DE", True),
        (systems.KVNR, KVNR, "NL", False),
        (systems.KVNR_PKV, KVNR, "NL", False),
        (systems.KVNR_OID, KVNR, None, False),
    ],
)
@pytest.mark.parametrize("person", ["patient", "proxy"])
def test_national_numbers_do_not_cross_the_border(express, document, person, system, value, country, told):
    document["patient"]["identifiers"] = [{"system": "https://a.example/mrn", "value": "P-1"}]
    document[person]["identifiers"] = [
        {"system": system, "value": value},
        {"system": "https://a.example/mrn", "value": "P-1"},
    ]
    outcome = express(document)
    kind = "Patient" if person == "patient" else "RelatedPerson"
    assert numbers(outcome.message(country), kind) == ([value] if told else []) + ["P-1"]
    assert value in numbers(outcome.transaction(), kind)


@pytest.mark.parametrize("stated", [True, False])
def test_a_member_number_that_is_a_national_number_stays_too(express, document, stated):
    document["patient"]["identifiers"] = [{"system": systems.KVNR, "value": KVNR}] if stated else []
    document["insurance"] |= {"memberId": KVNR, "scheme": "gkv"}
    outcome = express(document)
    assert KVNR.encode() not in to_json(outcome.message("NL"))
    assert KVNR.encode() in to_json(outcome.message("DE"))


def test_the_same_number_under_another_system_stays_as_well(express, document):
    document["patient"]["identifiers"] = [
        {"system": systems.BSN, "value": BSN},
        {"system": "https://a.example/mrn", "value": BSN},
    ]
    document["insurance"]["memberId"] = BSN
    assert BSN.encode() not in to_json(express(document).message("DE"))


def test_an_insurers_own_member_number_crosses(express, document):
    assert b"410220931" in to_json(express(document).message("DE"))


def test_a_named_record_that_was_not_cleared_is_told_by_no_name(express, document):
    outcome = express(document, cleared={"DOC-1"})
    told = to_json(outcome.message())
    assert b"SCAN" not in told
    assert b'"FORM"' not in told
    assert b'"DOC-1"' in told
    named = [one["reference"] for one in outcome.expressed.consents["share-records"]["provision"]["data"]]
    assert [one["identifier"]["value"] for one in named] == ["DOC-1", "FORM", "SCAN"]
    sent = next(e["resource"] for e in outcome.message()["entry"] if e["resource"]["resourceType"] == "Consent")
    assert [one["reference"]["identifier"]["system"] for one in sent["provision"]["data"]] == [
        systems.RECORD_ID,
        systems.OPAQUE_ID,
        systems.OPAQUE_ID,
    ]


def test_expressed_resources_are_not_changed_by_a_message(express, document):
    outcome = express(document, cleared={"DOC-1"})
    before = to_json({"resourceType": "Bundle", "entry": [{"resource": one} for one in outcome.expressed.resources]})
    outcome.message(None)
    after = to_json({"resourceType": "Bundle", "entry": [{"resource": one} for one in outcome.expressed.resources]})
    assert before == after
