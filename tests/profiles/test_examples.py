"""The examples of the package: valid ones as the adapter makes them, and one invalid one for each profile.

`make profiles` writes them anew (`GOLDEN=rewrite`); https://hl7.org/fhir/R4/profiling.html
"""

import copy
import json
import os

import pytest

from adapter.base.data import shipped
from adapter.fhir.codec import parse_json, to_json
from adapter.fhir.profiles import claimed_problems, validate_profile
from adapter.fhir.systems import CANONICAL, SNOMED
from adapter.fhir.validate import is_valid, validate

VALID = shipped("profiles") / "package" / "example"
INVALID = shipped("profiles") / "invalid"
REWRITE = os.environ.get("GOLDEN") == "rewrite"
OURS = f"{CANONICAL}/StructureDefinition/"


def at(resource, path):
    """The object at a path such as "section.0.code", and the last name of the path."""
    *steps, last = path.split(".")
    for step in steps:
        resource = resource[int(step) if step.isdigit() else step]
    return resource, int(last) if last.isdigit() else last


def without(path):
    def change(resource):
        place, name = at(resource, path)
        del place[name]

    return change


def setting(path, value):
    def change(resource):
        place, name = at(resource, path)
        place[name] = value

    return change


def doubling(path):
    def change(resource):
        place, name = at(resource, path)
        place.append(copy.deepcopy(place[name]))

    return change


def adding(path, value):
    def change(resource):
        place, name = at(resource, path)
        place.setdefault(name, []).append(value)

    return change


INFORCE = setting("insurance.0.inforce", True)
WRONG = {
    "SecondOpinionServiceRequest": (
        adding("category", {"coding": [{"system": SNOMED, "code": "281036007"}]}),
        "ServiceRequest",
        "so-sr-1",
    ),
    "SecondOpinionPlannedOperation": (setting("intent", "order"), "ServiceRequest.intent", '"plan"'),
    "SecondOpinionTask": (setting("for.identifier", {"value": "1"}), "Task.for", "identifier must not be there"),
    "SecondOpinionConsent": (
        setting("policyRule", {"text": "opt in"}),
        "Consent",
        "policyRule must not be there",
    ),
    "SecondOpinionConsentShare": (
        setting("policy.0.uri", f"{CANONICAL}/policy/nl/return-report"),
        "Consent",
        "so-consent-1",
    ),
    "SecondOpinionConsentReturn": (
        setting("provision.purpose.0.code", "HPAYMT"),
        "Consent.provision.purpose[0]",
        "ActReason|TREAT",
    ),
    "SecondOpinionConsentInsurer": (without("provision.type"), "Consent.provision", "type must be there"),
    "SecondOpinionRecordAnnounced": (
        setting("content.0.attachment.url", "Binary/1"),
        "DocumentReference.content[0].attachment",
        "url must not be there",
    ),
    "SecondOpinionRecordPackaged": (
        setting("content.0.attachment.extension.0.valueString", "ABC"),
        "DocumentReference.content[0].attachment.extension[0].valueString",
        "so-sha-1",
    ),
    "SecondOpinionManifest": (without("entry.0.extension"), "List.entry[0]", "extension:manifest must be there"),
    "SecondOpinionPackageComposition": (without("section.0"), "Composition", "section:manifest must be there"),
    "SecondOpinionPackageBundle": (
        without("entry.0.resource.custodian"),
        "Bundle.entry[0].resource",
        "custodian must be there",
    ),
    "SecondOpinionEligibilityRequest": (
        setting("supportingInfo", [{"sequence": 1, "information": {"reference": "DocumentReference/1"}}]),
        "CoverageEligibilityRequest",
        "supportingInfo must not be there",
    ),
    "SecondOpinionEligibilityResponse": (INFORCE, "CoverageEligibilityResponse", "so-cer-1"),
    "SecondOpinionComposition": (
        setting("extension.0.valueCodeableConcept.coding.0.code", "maybe"),
        "Composition.extension[0].valueCodeableConcept",
        "so-concordance",
    ),
    "SecondOpinionDiagnosticReport": (
        doubling("conclusionCode.0"),
        "DiagnosticReport",
        "conclusionCode:concordance may be there at most 1 times",
    ),
    "SecondOpinionBundle": (
        setting("identifier.system", "https://elsewhere.example/report"),
        "Bundle.identifier.system",
        "sid/message-id",
    ),
    "SecondOpinionPatientCopyComposition": (
        setting("section.0.code.coding.0.code", "manifest"),
        "Composition.section[0]",
        "is none of what may stand here",
    ),
    "SecondOpinionPatientCopy": (
        setting("entry.0.resource.status", "entered-in-error"),
        "Bundle.entry[0].resource.status",
        "so-document-status",
    ),
    "SecondOpinionPatientCommunication": (setting("status", "completed"), "Communication", "so-copy-2"),
    "SecondOpinionMessageHeader": (setting("eventCoding.code", "I99"), "MessageHeader.eventCoding", "so-events"),
    "SecondOpinionMessage": (without("timestamp"), "Bundle", "timestamp must be there"),
}
"""By profile: what is changed in the valid example, where that is wrong, and words of what is said about it."""


ABOUT = {
    "SecondOpinionBundle": "Bundle.identifier.sy",
    "SecondOpinionComposition": "so-concordance",
    "SecondOpinionConsent": "Consent.policyRule",
    "SecondOpinionConsentInsurer": "Consent.provision.type",
    "SecondOpinionConsentReturn": "fixed to 'TREAT'",
    "SecondOpinionConsentShare": "so-consent-1",
    "SecondOpinionDiagnosticReport": "DiagnosticReport.conclusionCode",
    "SecondOpinionEligibilityRequest": "CoverageEligibilityRequest.supportingInfo",
    "SecondOpinionEligibilityResponse": "so-cer-1",
    "SecondOpinionManifest": "List.entry.extension",
    "SecondOpinionMessage": "Bundle.timestamp",
    "SecondOpinionMessageHeader": "v2-0003#I99",
    "SecondOpinionPackageBundle": "Composition.custodian",
    "SecondOpinionPackageComposition": "Composition.section",
    "SecondOpinionPatientCommunication": "so-copy-2",
    "SecondOpinionPatientCopy": "so-document-status",
    "SecondOpinionPatientCopyComposition": "Composition.section[0]",
    "SecondOpinionPlannedOperation": "fixed to 'plan'",
    "SecondOpinionRecordAnnounced": "DocumentReference.content.attachment.url",
    "SecondOpinionRecordPackaged": "so-sha-1",
    "SecondOpinionServiceRequest": "so-sr-1",
    "SecondOpinionTask": "Task.for.identifier",
}
"""By profile: what the HL7 Java validator names in each of its errors about the invalid example."""


def profiles_of_the_package():
    index = json.loads((shipped("profiles") / "package" / ".index.json").read_bytes())
    kinds = {(one["resourceType"], one.get("kind")) for one in index["files"]}
    assert ("StructureDefinition", "resource") in kinds
    return {
        one["id"] for one in index["files"] if one.get("kind") == "resource" and "StructureDefinition/" in one["url"]
    }


def wrong_example(examples, profile):
    change, where, words = WRONG[profile]
    resource = copy.deepcopy(examples[profile])
    change(resource)
    return resource, where, words


def compare(file, made: bytes) -> None:
    if REWRITE:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(made)
    assert file.exists(), "there is nothing to compare with yet: make profiles"
    assert made == file.read_bytes()


def test_every_profile_has_a_valid_and_an_invalid_example(examples):
    assert profiles_of_the_package() == set(examples) == set(WRONG)
    assert {file.stem for file in VALID.glob("SecondOpinion*.json")} == set(examples)
    assert {file.stem for file in INVALID.glob("*.json")} == {*WRONG, "reasons"}


@pytest.mark.parametrize("profile", WRONG)
def test_the_valid_example_is_what_the_adapter_makes(profile, examples):
    compare(VALID / f"{profile}.json", to_json(examples[profile], pretty=True))


@pytest.mark.parametrize("profile", WRONG)
def test_the_valid_example_is_valid(profile):
    resource = parse_json((VALID / f"{profile}.json").read_bytes())
    assert is_valid(validate(resource))
    assert validate_profile(resource, OURS + profile) == []
    assert claimed_problems(resource) == []


def test_an_opinion_without_codes_is_an_example_too(made):
    resource = made("nl").in_words
    compare(VALID / "OpinionInWords.json", to_json(resource, pretty=True))
    assert is_valid(validate(resource))
    assert [one for one in validate(resource) if one.severity == "warning"] == []
    assert claimed_problems(resource) == []
    for part in (resource, *(entry["resource"] for entry in resource["entry"])):
        for name in ("so-necessity", "so-concordance"):
            assert f"{CANONICAL}/CodeSystem/{name}" not in json.dumps(part)


@pytest.mark.parametrize("profile", WRONG)
def test_the_invalid_example_is_wrong_for_its_reason_and_no_other(profile, examples):
    resource, where, words = wrong_example(examples, profile)
    compare(INVALID / f"{profile}.json", to_json(resource, pretty=True))
    problems = [one for one in validate_profile(resource, OURS + profile) if one.severity == "error"]
    assert [one.where for one in problems] == [where], problems
    assert words in problems[0].text
    assert is_valid(validate(resource)), "as R4 it is right"
    assert [(one.where, one.text) for one in claimed_problems(resource)] == [(one.where, one.text) for one in problems]


def test_the_reasons_are_told(examples):
    reasons = []
    for profile in sorted(WRONG):
        resource, where, _ = wrong_example(examples, profile)
        text = next(one.text for one in validate_profile(resource, OURS + profile))
        told = {"expression": where, "text": text, "java": ABOUT[profile]}
        reasons.append({"profile": OURS + profile, "file": f"{profile}.json", **told})
    compare(INVALID / "reasons.json", (json.dumps(reasons, ensure_ascii=False, indent=1) + "\n").encode())


@pytest.mark.parametrize("country", ["nl", "de"])
def test_whatever_the_adapter_makes_fits_its_profile(country, made):
    for profile, resource in made(country).by_profile.items():
        assert validate_profile(resource, OURS + profile) == [], profile


@pytest.mark.parametrize("country", ["nl", "de"])
def test_whatever_the_adapter_makes_says_which_profile_it_fits(country, made):
    for profile, resource in made(country).by_profile.items():
        if profile != "SecondOpinionConsent":  # what the three consents have in common; each claims its own
            assert resource["meta"]["profile"] == [OURS + profile]


@pytest.mark.parametrize("country", ["nl", "de"])
def test_nothing_that_the_adapter_makes_draws_a_warning(country, made):
    everything = made(country).by_profile | made(country).messages
    for name, resource in everything.items():
        warned = [one for one in validate(resource) if one.severity == "warning"]
        assert warned == [], name


@pytest.mark.parametrize("country", ["nl", "de"])
def test_every_message_fits(country, made):
    for event, bundle in made(country).messages.items():
        assert validate_profile(bundle, f"{OURS}SecondOpinionMessage") == [], event
        assert claimed_problems(bundle) == [], event
