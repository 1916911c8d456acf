"""https://hl7.org/fhir/R4/documents.html"""

import base64
import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.base.errors import Invalid
from adapter.fhir.codec import parse_json, to_json
from adapter.mapping.from_fhir.package import read_package


def resources(bundle, kind):
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def refusal(bundle):
    with pytest.raises(Invalid) as refused:
        read_package(bundle)
    return [(one.where, one.text) for one in refused.value.problems]


def part(manifest_entry, name):
    return next(one for one in manifest_entry["extension"][0]["extension"] if one["url"] == name)


def test_what_was_packed_comes_out_again(values):
    received = read_package(values.package())
    assert {item.record_id: item.data for item in received.items} == values.data
    assert [item.sha256 for item in received.items] == [values.contents[name].sha256 for name in values.data]
    assert [(item.content_type, item.language) for item in received.items] == [
        ("application/pdf", "nl"),
        ("application/dicom", None),
    ]
    assert received.package_id == "PACK-1"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(letter=st.binary(max_size=300), image=st.binary(max_size=300))
def test_any_bytes_survive_the_package_and_the_wire(make_values, letter, image):
    data = {"DOC-1": letter, "DOC-2": image}
    bundle = parse_json(to_json(make_values(data=data).package()))
    assert {item.record_id: item.data for item in read_package(bundle).items} == data


@pytest.mark.parametrize("flipped", range(0, 15, 2))
def test_a_tampered_byte_is_refused(values, flipped):
    bundle = values.package()
    binary = resources(bundle, "Binary")[0]
    data = bytearray(base64.b64decode(binary["data"]))
    data[flipped] ^= 1
    binary["data"] = base64.b64encode(data).decode()
    found = refusal(bundle)
    assert (
        "List.entry[0].item.content.attachment",
        "the bytes are not those that were announced (sha256 differs)",
    ) in found
    assert ("List.entry[0]", "the manifest and the record disagree on the sha256") in found
    assert any("SHA-1" in text for _, text in found)


def test_a_longer_content_is_refused_for_its_size_too(values):
    bundle = values.package()
    binary = resources(bundle, "Binary")[1]
    binary["data"] = base64.b64encode(base64.b64decode(binary["data"]) + b"!").decode()
    assert ("List.entry[1].item.content.attachment.size", "the number of bytes is not the size stated") in refusal(
        bundle
    )


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("record", {"valueString": "DOC-9"}, "record id"),
        ("sha256", {"valueString": "0" * 64}, "sha256"),
        ("size", {"valueUnsignedInt": 1}, "size"),
        ("contentType", {"valueCode": "text/plain"}, "media type"),
        ("language", {"valueCode": "de"}, "language"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(values, name, value, what):
    bundle = values.package()
    entry = resources(bundle, "List")[0]["entry"][0]
    stated = part(entry, name)
    for old in [key for key in stated if key != "url"]:
        del stated[old]
    stated.update(value)
    assert refusal(bundle) == [("List.entry[0]", f"the manifest and the record disagree on the {what}")]


@pytest.mark.parametrize("name", ["record", "sha256", "size", "contentType"])
def test_a_manifest_must_state(values, name):
    bundle = values.package()
    extension = resources(bundle, "List")[0]["entry"][0]["extension"][0]
    extension["extension"] = [one for one in extension["extension"] if one["url"] != name]
    assert refusal(bundle) == [("List.entry[0]", f'the manifest does not state "{name}"')]


@pytest.mark.parametrize("kind", ["DocumentReference", "Binary"])
def test_a_missing_part_is_refused(values, kind):
    bundle = values.package()
    lost = resources(bundle, kind)[0]
    bundle["entry"] = [entry for entry in bundle["entry"] if entry["resource"] is not lost]
    assert "List.entry[0].item" in [where for where, _ in refusal(bundle)]


@pytest.mark.parametrize("kind", ["DocumentReference", "Binary"])
def test_a_part_that_the_manifest_does_not_name_is_refused(values, kind):
    bundle = values.package()
    extra = copy.deepcopy(next(entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind))
    extra["resource"]["id"] = "00000000-0000-8000-8000-000000000000"
    extra["fullUrl"] = "urn:uuid:00000000-0000-8000-8000-000000000000"
    bundle["entry"].append(extra)
    assert f"Bundle.entry.resource.ofType({kind})" in [where for where, _ in refusal(bundle)]


def test_a_record_named_twice_is_refused(values):
    bundle = values.package()
    listed = resources(bundle, "List")[0]
    listed["entry"].append(listed["entry"][0])
    assert ("List.entry[2]", "the manifest names this record twice") in refusal(bundle)


def test_every_disagreement_is_told_at_once(values):
    bundle = values.package()
    for binary in resources(bundle, "Binary"):
        binary["data"] = base64.b64encode(b"other").decode()
    assert {where[: len("List.entry[0]")] for where, _ in refusal(bundle)} == {"List.entry[0]", "List.entry[1]"}


def test_no_manifest_no_package(values):
    bundle = values.package()
    bundle["entry"] = [entry for entry in bundle["entry"] if entry["resource"]["resourceType"] != "List"]
    assert refusal(bundle)[0][0] == "Composition.section"


def test_base64_that_is_none_is_refused(values):
    bundle = values.package()
    resources(bundle, "Binary")[0]["data"] = "%%%"
    assert ("List.entry[0].item", "the bytes of this record are missing, or no base64") in refusal(bundle)


@pytest.mark.parametrize(
    ("bundle", "where"),
    [
        ({"resourceType": "Patient"}, "Bundle.type"),
        ({"resourceType": "Bundle", "type": "message"}, "Bundle.type"),
        ({"resourceType": "Bundle", "type": "document", "entry": []}, "Bundle.entry[0].resource"),
        ({"resourceType": "Bundle", "type": "document", "entry": [{}]}, "Bundle.entry"),
    ],
)
def test_what_is_no_document_is_refused(bundle, where):
    assert refusal(bundle)[0][0] == where


def test_an_opinion_is_no_records_package(values):
    assert refusal(values.opinion().document)[0][0] == "Composition.type"
