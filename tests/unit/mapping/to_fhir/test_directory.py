"""https://hl7.org/fhir/R4/organization.html"""

import itertools

import pytest

URA = "http://fhir.nl/fhir/NamingSystem/ura"
AGB = "http://fhir.nl/fhir/NamingSystem/agb-z"


def organization(name, *numbers):
    return {"name": name, "identifiers": [{"system": system, "value": value} for system, value in numbers]}


def test_the_same_identifier_is_the_same_organisation_and_gaps_are_filled(express, document):
    document["referrer"]["organization"] = organization("Anders", (URA, "00009001")) | {
        "address": {"city": "Breda"},
        "telecom": [{"system": "fax", "value": "1"}],
    }
    document["treating"]["organization"] = {k: document["treating"]["organization"][k] for k in ("name", "identifiers")}
    outcome = express(document)
    [same] = [one for one in outcome.all("Organization") if one.get("identifier", [{}])[0].get("value") == "00009001"]
    assert same["name"] == "Haus A (TEST)"
    assert same["address"] == [{"city": "Breda"}]
    assert same["telecom"] == [{"system": "fax", "value": "1"}]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_two_who_share_a_third_ones_identifiers_are_one(express, document, order):
    three = [
        organization("A", (URA, "00009001")),
        organization("B", (AGB, "01012345")),
        organization("C", (URA, "00009001"), (AGB, "01012345")),
    ]
    first, second, third = (three[index] for index in order)
    document["treating"]["organization"] = first
    document["referrer"]["organization"] = second
    document["copyTo"][0]["organization"] = third
    organizations = express(document).all("Organization")
    numbers = [one["value"] for organization_ in organizations for one in organization_["identifier"]]
    assert len(numbers) == len(set(numbers))
    assert len(organizations) == 4


def test_the_same_words_without_identifier_are_the_same_but_a_name_alone_is_no_proof(express, document):
    document["referrer"]["organization"] = {"name": "Praktijk X"}
    document["copyTo"][0]["organization"] = {"name": "Praktijk X"}
    document["plannedProcedure"]["performer"]["organization"] = {"name": "Haus A (TEST)"}
    names = sorted(one["name"] for one in express(document).all("Organization"))
    assert names == ["Haus A (TEST)", "Haus A (TEST)", "Haus B (TEST)", "PNOzorg", "Praktijk X"]


def test_the_same_person_in_the_same_role_is_one_role(express, document):
    document["plannedProcedure"]["performer"] = document["treating"]
    outcome = express(document)
    assert outcome.expressed.plan["performer"] == [outcome.expressed.plan["requester"]]


def test_an_insurer_has_the_payors_kind_of_number(express, document):
    [insurer] = [one for one in express(document).all("Organization") if one["type"][0]["coding"][0]["code"] == "ins"]
    assert insurer["identifier"][0]["type"]["coding"][0]["code"] == "NIIP"


@pytest.mark.parametrize(
    ("system", "value", "kind"),
    [
        ("https://fhir.kbv.de/NamingSystem/KBV_NS_Base_ANR", "838382210", "LANR"),
        ("http://fhir.nl/fhir/NamingSystem/agb-z", "01012345", "PRN"),
    ],
)
def test_practitioners_numbers_say_their_kind(express, document, system, value, kind):
    document["treating"]["practitioner"]["identifiers"] = [{"system": system, "value": value}]
    [practitioner] = [one for one in express(document).all("Practitioner") if one["identifier"][0]["system"] == system]
    assert practitioner["identifier"][0]["type"]["coding"][0]["code"] == kind


def test_roles_say_our_word_and_the_standards(express, document):
    outcome = express(document)
    referrer = outcome.at(outcome.expressed.service_request["requester"])
    assert [one["code"] for one in referrer["code"][0]["coding"]] == ["gp", "doctor"]
    surgeon = outcome.at(outcome.expressed.plan["performer"][0])
    assert surgeon["specialty"][0]["coding"][0]["code"] == "neurosurgery"
    assert surgeon["specialty"][0]["text"] == "neurosurgery"
