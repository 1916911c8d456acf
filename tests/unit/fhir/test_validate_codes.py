"""Codes of systems that are known: R4's own, and those that a grammar or a short list can judge."""

import pytest

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.validate import validate

UCUM = "http://unitsofmeasure.org"


def problems(resource):
    return [(one.severity, one.where) for one in validate(resource) if "dom-6" not in one.text]


def observation(**members):
    return {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, **members}


@pytest.mark.parametrize(
    ("resource", "place"),
    [
        ({"resourceType": "Patient", "language": "de_DE"}, "Patient.language"),
        ({"resourceType": "Patient", "photo": [{"contentType": "JPEG", "url": "x"}]}, "Patient.photo[0].contentType"),
        ({"resourceType": "Patient", "photo": [{"language": "german", "url": "x"}]}, "Patient.photo[0].language"),
        ({"resourceType": "Binary", "contentType": "pdf"}, "Binary.contentType"),
        (
            {"resourceType": "Invoice", "status": "draft", "totalNet": {"value": 1, "currency": "EURO"}},
            "Invoice.totalNet.currency",
        ),
    ],
)
def test_media_types_languages_and_currencies_are_held_against_their_grammar(resource, place):
    assert problems(resource) == [("error", place)]


def test_a_good_media_type_language_and_currency_are_fine():
    photo = {"contentType": "image/png; name=x", "language": "nl-NL", "url": "x"}
    assert problems({"resourceType": "Patient", "language": "de-CH", "photo": [photo]}) == []


@pytest.mark.parametrize(
    ("coding", "severity", "member"),
    [
        ({"system": "http://hl7.org/fhir/observation-status", "code": "nix"}, "error", "code"),
        ({"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "nix"}, "warning", "code"),
        ({"system": "urn:ietf:bcp:47", "code": "german"}, "warning", "code"),
        ({"system": UCUM, "code": "tablet"}, "warning", "code"),
        ({"system": "urn:iso:std:iso:3166", "code": "Germany"}, "warning", "code"),
        ({"system": "http://hl7.org/fhir/ValueSet/observation-status", "code": "final"}, "error", "system"),
    ],
)
def test_a_code_that_its_system_does_not_have_is_told_wherever_it_stands(coding, severity, member):
    resource = observation(category=[{"coding": [coding]}])
    assert problems(resource) == [(severity, f"Observation.category[0].coding[0].{member}")]


@pytest.mark.parametrize(
    "coding",
    [
        {"system": "http://hl7.org/fhir/observation-status", "code": "final"},
        {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "nix", "version": "2099"},
        {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        {"system": "http://snomed.info/sct", "code": "nix"},
        {"system": "http://hospital.example/codes", "code": "nix"},
        {"system": "http://hl7.org/fhir/observation-status"},
    ],
)
def test_a_code_that_exists_or_that_nobody_here_can_judge_is_not_complained_about(coding):
    assert problems(observation(category=[{"coding": [coding]}])) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [("mg/dL", []), ("tablet", [("warning", "Observation.valueQuantity.code")])],
)
def test_a_unit_in_ucum_must_be_one(code, expected):
    assert problems(observation(valueQuantity={"value": 1, "system": UCUM, "code": code})) == expected


def test_what_must_be_a_unit_is_an_error_if_it_is_none():
    def resource(code):
        estimate = {"value": 1, "unitOfMeasure": {"coding": [{"system": UCUM, "code": code}]}}
        reference = {"reference": "EvidenceVariable/1"}
        return {
            "resourceType": "RiskEvidenceSynthesis",
            "status": "draft",
            "population": reference,
            "outcome": reference,
            "riskEstimate": estimate,
        }

    assert ("error", "RiskEvidenceSynthesis.riskEstimate.unitOfMeasure") in problems(resource("nix"))
    assert "error" not in {severity for severity, _ in problems(resource("%"))}


def test_case_matters():
    assert "POST" in definitions().code_system("http://hl7.org/fhir/http-verb")
    assert "post" not in definitions().code_system("http://hl7.org/fhir/http-verb")


def test_a_system_that_r4_does_not_hold_as_a_whole_is_unknown():
    assert definitions().code_system("http://snomed.info/sct") is None


UPPER = "urn:uuid:6F5B4A54-3E0B-4B5E-9D2F-1F7A44B5F2AA"


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ({"system": "urn:ietf:rfc:3986", "value": "12345"}, [("error", "Patient.identifier[0].value")]),
        ({"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}, []),
        ({"system": "urn:ietf:rfc:3986", "value": "https://a.example/1"}, []),
        ({"system": "http://a.example", "value": "12345"}, []),
        ({"system": UPPER, "value": "1"}, [("error", "Patient.identifier[0].system")]),
        ({"system": UPPER.lower(), "value": "1"}, []),
    ],
)
def test_uris_in_identifiers_are_uris(identifier, expected):
    assert problems({"resourceType": "Patient", "identifier": [identifier]}) == expected


@pytest.mark.parametrize(
    ("library", "severities"),
    [
        ("http://a.example/x|1.0", []),
        ("#x", []),
        (UPPER.lower() + "|2", []),
        (UPPER, ["error"]),
        ("|1.0", ["error"]),
        ("Library/x", ["warning"]),
    ],
)
def test_canonicals_are_absolute_and_never_without_a_url(library, severities):
    measure = {"resourceType": "Measure", "name": "M", "url": "http://a.example/m", "status": "draft"}
    found = validate(measure | {"library": [library]})
    assert [one.severity for one in found if one.where == "Measure.library[0]"] == severities
