"""https://hl7.org/fhir/R4/http.html#transaction"""

import base64
import hashlib
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from adapter.domain.clearance import GATE_SEAL, Cleared
from adapter.domain.consent import Purpose
from adapter.fhir import systems
from adapter.fhir.codec import to_json, to_xml
from adapter.fhir.validate import validate

XSD = Path(__file__).parents[4].parent / "shared" / "data" / "00-definitions" / "fhir-r4-4.0.1-xsd.zip"


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def entries(bundle, kind):
    return [entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.fixture(scope="session")
def schema(tmp_path_factory):
    if not XSD.is_file():
        pytest.skip("the official schema is not beside the project (../shared/data/00-definitions)")
    folder = tmp_path_factory.mktemp("xsd")
    with zipfile.ZipFile(XSD) as archive:
        archive.extractall(folder)
    return etree.XMLSchema(etree.parse(folder / "fhir-single.xsd"))


@pytest.mark.parametrize("form", ["transaction", "message"])
def test_every_reference_resolves_within_the_bundle(express, document, form):
    bundle = getattr(express(document), form)()
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(urls) == len(set(urls))
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", url) for url in urls)
    assert set(references(bundle)) <= set(urls)


@pytest.mark.parametrize("form", ["transaction", "message"])
def test_bundles_are_valid_r4(express, document, form):
    bundle = getattr(express(document), form)()
    assert [one for one in validate(bundle) if one.severity in ("error", "fatal")] == []


@pytest.mark.parametrize("form", ["transaction", "message"])
def test_bundles_pass_the_official_schema(express, document, form, schema):
    schema.assertValid(etree.fromstring(to_xml(getattr(express(document), form)())))


@pytest.mark.parametrize("form", ["transaction", "message"])
def test_everybody_in_the_bundle_is_pointed_to(express, document, form):
    bundle = getattr(express(document), form)()
    seen = set(references(bundle)) | {f"urn:uuid:{u.partition('/')[2]}" for u in addresses(bundle)}
    alone = [entry["resource"]["resourceType"] for entry in bundle["entry"] if entry["fullUrl"] not in seen]
    assert set(alone) <= {"MessageHeader", "Provenance", "RelatedPerson"}


def addresses(bundle):
    return [one["resource"]["content"][0]["attachment"].get("url", "") for one in entries(bundle, "DocumentReference")]


def test_ours_are_put_and_shared_ones_are_created_once(express, document):
    bundle = express(document).transaction()
    posted = [entry for entry in bundle["entry"] if entry["request"]["method"] == "POST"]
    assert {entry["resource"]["resourceType"] for entry in posted} == {"Organization", "Practitioner"}
    conditions = [entry["request"]["ifNoneExist"] for entry in posted]
    assert len(conditions) == len(set(conditions)) == 11
    assert "identifier=http%3A%2F%2Ffhir.nl%2Ffhir%2FNamingSystem%2Fura%7C00009001" in conditions
    for entry in bundle["entry"]:
        if entry["request"]["method"] == "PUT":
            assert entry["request"]["url"] == f"{entry['resource']['resourceType']}/{entry['resource']['id']}"


def test_who_has_no_identifier_is_put_under_our_id(express, document):
    del document["copyTo"][0]["organization"]["identifiers"]
    organizations = entries(express(document).transaction(), "Organization")
    put = [one["resource"]["name"] for one in organizations if one["request"]["method"] == "PUT"]
    assert put == ["Praktijk E (TEST)"]


def test_the_transaction_has_the_bytes_and_both_hashes(express, document):
    bundle = express(document).transaction()
    [described, *_] = entries(bundle, "DocumentReference")
    attachment = described["resource"]["content"][0]["attachment"]
    binary = next(
        one["resource"] for one in entries(bundle, "Binary") if f"Binary/{one['resource']['id']}" == attachment["url"]
    )
    data = base64.b64decode(binary["data"])
    assert data == b"hello"
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(data, usedforsecurity=False).digest()
    assert attachment["extension"] == [{"url": systems.EXT_SHA256, "valueString": hashlib.sha256(data).hexdigest()}]
    assert attachment["size"] == 5
    assert (attachment["contentType"], attachment["language"]) == ("text/plain; charset=utf-8", "nl")
    assert (attachment["creation"], attachment["title"]) == ("2026-04-02", "Letter")
    assert binary["contentType"] == "text/plain; charset=utf-8"
    assert binary["securityContext"]["reference"] == described["fullUrl"]


def test_security_labels_are_confidentiality_and_sensitivity(express, document):
    labels = express(document).expressed.documents["DOC-1"]["securityLabel"]
    assert [one["coding"][0]["code"] for one in labels] == ["V", "PSY"]


def test_a_message_has_metadata_and_no_bytes(express, document):
    bundle = express(document).message()
    assert entries(bundle, "Binary") == []
    attachments = [one["resource"]["content"][0]["attachment"] for one in entries(bundle, "DocumentReference")]
    assert len(attachments) == 3
    assert all("data" not in one and "url" not in one for one in attachments)
    assert all({"size", "hash", "title"} <= one.keys() for one in attachments)
    assert b"aGVsbG8=" not in to_json(bundle)


def test_a_message_is_about_the_task_and_says_from_whom_to_whom(express, document):
    outcome = express(document)
    bundle = outcome.message()
    header = bundle["entry"][0]["resource"]
    assert header["eventCoding"] == {"system": systems.V2_EVENT, "code": "I12"}
    assert header["focus"] == [{"reference": f"urn:uuid:{outcome.expressed.task['id']}"}]
    assert header["source"] == {"name": "A", "endpoint": "https://a.example/fhir"}
    assert header["destination"][0]["endpoint"] == "https://b.example/fhir"
    names = {one["fullUrl"]: one["resource"]["name"] for one in entries(bundle, "Organization")}
    assert names[header["sender"]["reference"]] == "Haus A (TEST)"
    assert names[header["destination"][0]["receiver"]["reference"]] == "Haus B (TEST)"
    assert bundle["identifier"]["value"] == "MSG-2"
    assert bundle["timestamp"] == document["sent"]
    assert header["extension"][0]["valueIdentifier"]["value"] == "MSG-1"


def test_a_message_needs_the_gates_word_for_this_very_request(express, document):
    outcome, at = express(document), express(document).request.sent.at
    other = Cleared(outcome.request, seal=GATE_SEAL, recipient="B", purpose=Purpose.ASK_INSURER, at=at, grant=None)
    with pytest.raises(ValueError, match="not for this request"):
        outcome.message(release=other)
    document["notes"] = "Another."
    changed = express(document).request
    release = Cleared(changed, seal=GATE_SEAL, recipient="B", purpose=Purpose.SHARE_RECORDS, at=at, grant=None)
    with pytest.raises(ValueError, match="not for this request"):
        outcome.message(release=release)
