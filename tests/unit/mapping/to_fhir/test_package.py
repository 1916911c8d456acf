"""https://hl7.org/fhir/R4/documents.html"""

import pytest


def of_type(bundle, kind):
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def test_the_package_is_a_valid_document(values, errors):
    bundle = values.package()
    assert bundle["type"] == "document"
    assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
    assert errors(bundle) == []


def test_only_cleared_records_are_packed(make_values):
    bundle = make_values(data={"DOC-1": b"letter"}).package()
    assert len(of_type(bundle, "Binary")) == len(of_type(bundle, "DocumentReference")) == 1
    assert "DOC-2" not in str(bundle)


def test_a_package_may_be_empty(make_values, errors):
    bundle = make_values().package()
    assert of_type(bundle, "Binary") == []
    assert errors(bundle) == []


def test_a_record_of_no_bytes_is_a_valid_binary(make_values, errors):
    bundle = make_values(data={"DOC-1": b""}).package()
    assert ["data" in one for one in of_type(bundle, "Binary")] == [False]
    assert errors(bundle) == []


def test_a_cleared_record_without_bytes_is_not_left_out_silently(values):
    with pytest.raises(LookupError):
        values.package(contents={})


def test_the_address_of_the_bytes_is_that_of_their_entry(values):
    bundle = values.package()
    addresses = {entry["fullUrl"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Binary"}
    stated = {one["content"][0]["attachment"]["url"] for one in of_type(bundle, "DocumentReference")}
    assert addresses == stated


def test_the_manifest_can_be_read_and_is_escaped(values):
    div = of_type(values.package(), "List")[0]["text"]["div"]
    assert "<td>Brief &lt;1&gt; &amp; meer</td>" in div
    assert f"<td>{values.contents['DOC-2'].sha256}</td>" in div


def test_the_same_package_is_the_same_bytes(values):
    assert values.package() == values.package()


def test_the_bundle_does_not_take_the_id_of_the_message_that_brings_it(values):
    assert values.package(id="7f1d8f0e-0000-8000-8000-000000000000")["id"] != "7f1d8f0e-0000-8000-8000-000000000000"


def test_all_that_the_composition_refers_to_is_in_the_document(values):
    bundle = values.package()
    composition = bundle["entry"][0]["resource"]
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    referred = [composition["subject"], *composition["author"], composition["custodian"]]
    referred += [entry for section in composition["section"] for entry in section["entry"]]
    assert {one["reference"] for one in referred} <= urls
