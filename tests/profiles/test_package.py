"""The package and the program say the same: systems, codes, words, extensions, maps; and all of it is valid R4.

https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
"""

import ast
import importlib.util
import io
import json
import re
import tarfile
from pathlib import Path

import pytest

from adapter.base.data import shipped
from adapter.domain.lifecycle import TRANSITIONS
from adapter.fhir import coding, systems
from adapter.fhir.codec import parse_json
from adapter.fhir.validate import is_valid, validate
from adapter.mapping.to_fhir.directory import _STANDARD_ROLE
from adapter.mapping.to_fhir.eligibility_response import _FINDINGS
from adapter.mapping.to_fhir.messages import Event
from adapter.mapping.to_fhir.patient import _BASIS_ROLE
from adapter.mapping.to_fhir.service_request import DISPOSITIONS, INITIATIVES, PRIORITIES
from adapter.rules import standing
from adapter.workflow.timeline import SENTENCES

ROOT = Path(__file__).parents[2]
PACKAGE = shipped("profiles") / "package"
FILES = sorted(PACKAGE.glob("*.json"))
RESOURCES = {
    file.name: content
    for file in FILES
    if "resourceType" in (content := json.loads(file.read_bytes())) and file.name != "package.json"
}
SCHEMA = json.loads((shipped("mappings") / "intake" / "second-opinion-request-1" / "schema.json").read_bytes())


def of_type(kind):
    return [one for one in RESOURCES.values() if one["resourceType"] == kind]


CODES = {one["url"]: {concept["code"]: concept for concept in one["concept"]} for one in of_type("CodeSystem")}
OURS = {
    name: value for name, value in vars(systems).items() if type(value) is str and value.startswith(systems.CANONICAL)
}


def of_program(part):
    return {url for url in OURS.values() if f"/{part}/" in url}


def test_the_package_has_the_programs_code_systems_and_no_others():
    assert set(CODES) == of_program("CodeSystem")


def test_the_package_has_the_programs_extensions_and_no_others():
    assert {one["url"] for one in of_type("StructureDefinition") if one["type"] == "Extension"} == of_program(
        "StructureDefinition"
    )


def test_the_package_has_the_programs_numbers_and_no_others():
    named = {unique["value"] for one in of_type("NamingSystem") for unique in one["uniqueId"]}
    assert named == of_program("sid")


def test_every_constant_of_the_program_is_accounted_for():
    told = of_program("CodeSystem") | of_program("StructureDefinition") | of_program("sid")
    assert {name for name, url in OURS.items() if url not in told} == {"CANONICAL", "_EXTENSION"}


@pytest.mark.parametrize("system", sorted(url for url in coding.DISPLAYS if url.startswith(systems.CANONICAL)))
def test_codes_and_words_are_the_programs(system):
    told = {code: concept["display"] for code, concept in CODES[system].items()}
    assert told == dict(coding.DISPLAYS[system])


@pytest.mark.parametrize("system", sorted(CODES))
def test_every_code_has_words_in_german_and_dutch(system):
    for code, concept in CODES[system].items():
        assert [one["language"] for one in concept["designation"]] == ["de", "nl"], code
        assert all(one["value"].strip() for one in concept["designation"]), code


def enumeration(*path):
    place = SCHEMA
    for step in path:
        place = place[step]
    return set(place["enum"])


@pytest.mark.parametrize(
    ("system", "path"),
    [
        (systems.REFERRAL_KIND, ("properties", "referral")),
        (systems.INITIATOR, ("properties", "requestedBy")),
        (systems.PROVIDER_ROLE, ("$defs", "role")),
        (systems.CARE_TYPE, ("$defs", "care", "properties", "type")),
        (systems.POLICY_TYPE, ("$defs", "insurance", "properties", "policyType")),
        (systems.INSURANCE_SCHEME, ("$defs", "insurance", "properties", "scheme")),
        (systems.CONSULTATION_MODE, ("$defs", "consultation", "properties", "mode")),
        (systems.PROXY_BASIS, ("$defs", "proxy", "properties", "basis")),
        (systems.PATIENT_AGREES, ("$defs", "proxy", "properties", "patientAgrees")),
        (systems.AFTERWARDS, ("properties", "afterwards")),
        (systems.URGENCY, ("$defs", "plannedProcedure", "properties", "urgency")),
    ],
)
def test_the_codes_of_a_request_are_those_of_its_format(system, path):
    assert set(CODES[system]) == enumeration(*path)


def test_what_the_program_says_beyond_its_displays_has_a_code():
    assert {step.business_status for step in TRANSITIONS.values()} - {None} <= set(CODES[systems.BUSINESS_STATUS])
    assert {event.value[1] for event in Event if event.value[0] == systems.MESSAGE_EVENT} == set(
        CODES[systems.MESSAGE_EVENT]
    )
    assert set(_FINDINGS.values()) == set(CODES[systems.COVERAGE_FINDING])
    assert {str(outcome) for outcome in _FINDINGS} == set(CODES[systems.COVERAGE_OUTCOME])
    assert {standing.FACT_MISSING.code, standing.NOT_ESTABLISHED.code, "NO-PACK"} <= set(CODES[systems.COVERAGE_RULE])
    assert set(SENTENCES) <= set(CODES[systems.CASE_EVENT])


def test_every_literal_code_in_the_program_is_in_its_system():
    by_name = {name: url for name, url in OURS.items() if "/CodeSystem/" in url}
    unknown, seen = [], 0
    for file in sorted((ROOT / "adapter").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            system = by_name.get(ast.unparse(node.args[0]).rpartition(".")[2])
            code = node.args[1]
            if name in ("concept", "coding") and system and isinstance(code, ast.Constant):
                seen += 1
                if code.value not in CODES[system]:
                    unknown.append((file.name, code.value))
    assert unknown == []
    assert seen > 1


MAPS = {one["id"]: one for one in of_type("ConceptMap")}


def told_by(name):
    (group,) = MAPS[name]["group"]
    return {
        element["code"]: target["code"]
        for element in group["element"]
        for target in element["target"]
        if target["equivalence"] != "unmatched"
    }


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("so-afterwards-to-v2-0282", DISPOSITIONS),
        ("so-initiated-by-to-v2-0336", INITIATIVES),
        ("so-urgency-to-request-priority", PRIORITIES),
        ("so-proxy-basis-to-role", _BASIS_ROLE),
        ("so-provider-role-to-practitioner-role", _STANDARD_ROLE),
    ],
)
def test_a_concept_map_says_what_the_program_does(name, table):
    assert told_by(name) == dict(table)


@pytest.mark.parametrize("name", sorted(MAPS))
def test_a_concept_map_of_our_codes_leaves_none_out(name):
    (group,) = MAPS[name]["group"]
    mapped = {element["code"] for element in group["element"]}
    whole = set(CODES.get(group["source"], mapped))
    narrower = {"so-initiated-by-to-v2-0336": {"representative", "family"}}
    assert whole - mapped == narrower.get(name, set())


def test_every_event_of_the_program_that_is_taken_has_a_definition():
    defined = {(one["eventCoding"]["system"], one["eventCoding"]["code"]) for one in of_type("MessageDefinition")}
    not_taken = {Event.CHANGE, Event.INFORMATION_REQUEST, Event.ADDENDUM}
    assert defined == {event.value for event in Event if event not in not_taken}


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_every_resource_is_valid_r4(name):
    problems = validate(parse_json((PACKAGE / name).read_bytes()))
    assert is_valid(problems), [one for one in problems if one.severity in ("error", "fatal")]
    assert [one for one in problems if one.severity == "warning"] == []


def test_every_profile_has_a_snapshot_and_stands_at_its_url():
    for one in of_type("StructureDefinition"):
        assert one["url"] == f"{systems.CANONICAL}/StructureDefinition/{one['id']}"
        assert len(one["snapshot"]["element"]) > len(one["differential"]["element"]) > 0


def test_the_manifest_says_what_the_package_is():
    manifest = json.loads((PACKAGE / "package.json").read_bytes())
    assert (manifest["name"], manifest["version"]) == ("secondopinion.r4", "0.1.0")
    assert re.fullmatch(r"[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9-]*)+", manifest["name"]), "no name of a FHIR package"
    assert manifest["canonical"] == systems.CANONICAL
    assert manifest["fhirVersions"] == ["4.0.1"]
    assert manifest["dependencies"] == {"hl7.fhir.r4.core": "4.0.1"}
    index = json.loads((PACKAGE / ".index.json").read_bytes())
    assert {one["filename"] for one in index["files"]} == set(RESOURCES)


def test_the_compilers_lock_names_no_place():
    lock = json.loads((shipped("profiles") / "sushi" / "package-lock.json").read_bytes())
    packages = [one for name, one in lock["packages"].items() if name]
    assert all("resolved" not in one and ("integrity" in one or one.get("inBundle")) for one in packages)


def test_packing_twice_gives_the_same_bytes(tmp_path):
    build = shipped("profiles") / "build.py"
    spec = importlib.util.spec_from_file_location("build_profiles", build)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    packed = module.packed(PACKAGE)
    assert packed == module.packed(PACKAGE)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        names = archive.getnames()
    assert {"package/package.json", "package/.index.json", "package/example/SecondOpinionTask.json"} <= set(names)
    assert all(name.startswith("package/") for name in names)


def test_the_page_about_the_package_counts_as_the_package_does():
    page = (ROOT / "docs" / "reference" / "profiles.md").read_text(encoding="utf-8")
    extensions = [one for one in of_type("StructureDefinition") if one["type"] == "Extension"]
    counted = {"extensions": extensions, "code systems": CODES}
    counted |= {"value sets": of_type("ValueSet"), "naming systems": of_type("NamingSystem")}
    assert [what for what, all_ in counted.items() if f"{len(all_)} {what}" not in page] == []
