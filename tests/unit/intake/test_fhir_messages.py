"""Whole FHIR messages through reader and tables: sloppy ones, damaged ones, hostile ones."""

import base64
import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.data import shipped
from adapter.base.errors import InputError, Invalid, TooLarge, UnknownFormat
from adapter.intake.formats import Formats, load_formats
from adapter.intake.readers.fhir_graph import read_fhir
from adapter.intake.taking import Taken, take
from adapter.mapping.remarks import RemarkKind

INTAKE = Path(__file__).parents[3] / "mappings" / "intake"
SAMPLES = sorted(INTAKE.glob("fhir*/samples/*.json"))
BARE = json.loads((INTAKE / "fhir-servicerequest" / "samples" / "nl-ehr.json").read_bytes())
PDF = base64.b64encode(b"%PDF-1.4 a letter").decode()


@cache
def formats() -> Formats:
    return load_formats(shipped("mappings"))


def taken(resource: dict[str, Any] | bytes) -> Taken:
    body = resource if isinstance(resource, bytes) else json.dumps(resource).encode()
    return take(body, None, formats=formats)


def document(resource: dict[str, Any]) -> dict[str, Any]:
    mapped = taken(resource).mapped
    assert mapped is not None
    return mapped.document


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    resource = copy.deepcopy(BARE)
    change(resource)
    return resource


def collection(*resources: dict[str, Any], urls: bool = True) -> dict[str, Any]:
    entries = [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{n:012d}", "resource": one} if urls else {"resource": one}
        for n, one in enumerate(resources)
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def request(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "ServiceRequest",
        "identifier": [{"value": "A-1"}],
        "status": "active",
        "intent": "order",
        "code": {"text": "Second opinion"},
        "subject": {"display": "Test Person"},
        "authoredOn": "2026-03-12T08:05:00+01:00",
        "requester": {"type": "Practitioner", "display": "Dr. Test"},
        "performer": [{"type": "Organization", "display": "Clinic (TEST)"}],
        **more,
    }


def problems(resource: dict[str, Any] | bytes) -> list[str]:
    with pytest.raises(InputError) as refused:
        taken(resource)
    return [f"{one.where}: {one.text}" for one in refused.value.problems]


def test_local_ids_lead_to_resources_of_entries_without_addresses():
    patient = {"resourceType": "Patient", "id": "p", "name": [{"family": "Test"}], "birthDate": "1960"}
    made = document(collection(request(subject={"reference": "Patient/p"}), patient, urls=False))
    assert made["patient"] == {"name": {"family": "Test"}, "birthDate": "1960"}


def test_a_relative_reference_is_read_at_the_base_of_the_address_of_its_entry():
    bundle = collection(request(subject={"reference": "Patient/p"}), {"resourceType": "Patient", "id": "p"})
    bundle["entry"][1]["resource"]["name"] = [{"family": "Right"}]
    bundle["entry"][0]["fullUrl"] = "https://a.example/fhir/ServiceRequest/1"
    bundle["entry"][0]["resource"]["id"] = "1"
    bundle["entry"][1]["fullUrl"] = "https://a.example/fhir/Patient/p"
    assert document(bundle)["patient"]["name"] == {"family": "Right"}


def test_a_reference_by_identifier_leads_to_the_one_resource_that_has_it():
    known = {"system": "https://a.example/org", "value": "7"}
    organization = {"resourceType": "Organization", "identifier": [known], "name": "Clinic B (TEST)"}
    asked = request(performer=[{"type": "Organization", "identifier": known}])
    assert document(collection(asked, organization))["consulting"]["organization"]["name"] == "Clinic B (TEST)"


def test_an_address_outside_is_not_fetched_and_what_the_reference_says_is_taken():
    asked = request(performer=[{"reference": "https://elsewhere.invalid/fhir/Organization/9", "display": "Clinic C"}])
    read = taken(asked)
    assert read.mapped.document["consulting"] == {"organization": {"name": "Clinic C"}}
    assert any("not in the message" in one.text for one in read.account.remarks)


def test_an_address_outside_that_says_no_more_names_nobody():
    asked = request(performer=[{"reference": "https://elsewhere.invalid/fhir/Organization/9"}])
    assert any("/consulting" in one for one in problems(asked))


def test_bytes_come_from_the_attachment_or_from_a_binary_of_the_message():
    records = document(BARE)["records"]
    assert base64.b64decode(records[0]["data"]).startswith(b"%PDF")

    def by_binary(resource: dict[str, Any]) -> None:
        attachment = resource["contained"][-1]["content"][0]["attachment"]
        resource["contained"].append(
            {"resourceType": "Binary", "id": "b", "contentType": "application/pdf", "data": attachment.pop("data")}
        )
        attachment["url"] = "#b"

    assert document(changed(by_binary))["records"] == records


def test_an_address_of_bytes_becomes_a_record_that_holds_it():
    def by_url(resource: dict[str, Any]) -> None:
        attachment = resource["contained"][-1]["content"][0]["attachment"]
        del attachment["data"]
        attachment["url"] = "https://elsewhere.invalid/letter.pdf"

    read = taken(changed(by_url))
    assert base64.b64decode(read.mapped.document["records"][0]["data"]) == b"https://elsewhere.invalid/letter.pdf\r\n"
    assert any(one.kind is RemarkKind.DEFAULTED and "nothing is fetched" in one.text for one in read.account.remarks)


def test_a_document_without_bytes_is_no_record_and_is_named():
    def empty(resource: dict[str, Any]) -> None:
        del resource["contained"][-1]["content"][0]["attachment"]["data"]

    read = taken(changed(empty))
    assert "records" not in read.mapped.document
    assert any(one.source.startswith("ServiceRequest.contained[6]") for one in read.account.remarks)


def test_two_patients_are_refused_where_the_second_stands():
    other = {"resourceType": "Patient", "id": "other", "name": [{"family": "Other"}]}

    def two(resource: dict[str, Any]) -> None:
        resource["contained"].append(other)
        resource["contained"][4]["subject"] = {"reference": "#other"}

    assert problems(changed(two)) == [
        "ServiceRequest.contained[7]: the message is about another patient here: send one message for each patient"
    ]


def test_two_patients_with_a_number_in_common_are_one():
    def twice(resource: dict[str, Any]) -> None:
        again = {"resourceType": "Patient", "id": "again", "identifier": resource["contained"][0]["identifier"]}
        resource["contained"].append(again)
        resource["contained"][4]["subject"] = {"reference": "#again"}

    assert document(changed(twice))["patient"]["birthDate"] == "1971-05-09"


def test_several_requests_that_could_be_meant_are_refused_and_named():
    told = problems(collection(request(), request()))
    assert [one.partition(":")[0] for one in told] == ["Bundle.entry[0].resource", "Bundle.entry[1].resource"]


def test_of_several_requests_the_one_for_a_second_opinion_is_taken():
    blood = request(code={"text": "Blood count"}, identifier=[{"value": "LAB"}])
    assert document(collection(blood, request()))["id"] == "A-1"


def test_an_order_of_something_else_is_no_referral():
    with pytest.raises(UnknownFormat):
        taken(request(code={"text": "Blood count"}))


def test_a_referral_that_does_not_say_second_opinion_is_taken_with_a_remark():
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]}
    read = taken(request(code=code))
    assert any("does not say that a second opinion" in one.text for one in read.account.remarks)


def test_what_is_no_valid_r4_is_refused_with_every_place():
    told = problems(request(authoredOn="yesterday", intent="wish"))
    assert any(one.startswith("ServiceRequest.authoredOn") for one in told)
    assert any(one.startswith("ServiceRequest.intent") for one in told)


def test_a_request_without_an_addressee_is_refused_in_the_senders_terms():
    asked = request()
    del asked["performer"]
    assert any(one.startswith("ServiceRequest.performer") for one in problems(asked))


def test_references_in_circles_end():
    first, second = request(basedOn=[{"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}]), request()
    second |= {
        "basedOn": [{"reference": "urn:uuid:00000000-0000-4000-8000-000000000000"}],
        "code": {"text": "Blood count"},
    }
    assert document(collection(first, second))["id"] == "A-1"


def test_ten_thousand_contained_resources_are_too_many():
    many = [{"resourceType": "Basic", "id": f"b{n}", "code": {"text": "x"}} for n in range(10_000)]
    asked = request(contained=many, supportingInfo=[{"reference": f"#b{n}"} for n in range(10_000)])
    with pytest.raises((TooLarge, Invalid)):
        taken(asked)


def test_a_bomb_in_xml_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Patient xmlns="http://hl7.org/fhir">&b;</Patient>'
    with pytest.raises(InputError):
        take(bomb, "application/fhir+xml", formats=formats)


def test_other_versions_of_fhir_are_refused():
    told = problems({**request(), "requester": {"agent": {"reference": "Practitioner/1"}}, "context": {"display": "x"}})
    assert told


def test_a_consent_that_does_not_say_which_statement_it_is_does_not_count():
    consent = {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"text": "privacy"},
        "category": [{"text": "consent"}],
        "policy": [{"uri": "https://elsewhere.example/policy"}],
        "provision": {"type": "permit"},
    }
    read = taken(collection(request(), consent))
    assert "consent" not in read.mapped.document
    assert any("policy.uri" in one.text for one in read.account.remarks)


def _consent(**provision: Any) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"text": "privacy"},
        "category": [{"text": "consent"}],
        "performer": [{"reference": "Patient/p"}],
        "policy": [{"uri": "https://second-opinion.example/fhir/policy/nl/share-records"}],
        "provision": {"type": "permit", **provision},
    }


PATIENT = {"resourceType": "Patient", "id": "p", "name": [{"family": "Test"}]}


def test_a_consent_says_who_gave_it():
    made = document(collection(request(subject={"reference": "Patient/p"}), PATIENT, _consent(), urls=False))
    assert made["consent"] == {"shareRecords": {"given": True, "by": "patient"}}


def test_a_consent_to_no_record_is_no_consent_to_all():
    none = _consent(data=[{"meaning": "instance", "reference": {"display": "no record"}}])
    made = document(collection(request(subject={"reference": "Patient/p"}), PATIENT, none, urls=False))
    assert made["consent"]["shareRecords"]["records"] == []


def test_a_consent_to_a_record_that_is_not_there_is_refused():
    unknown = _consent(data=[{"meaning": "instance", "reference": {"reference": "DocumentReference/none"}}])
    told = problems(collection(request(subject={"reference": "Patient/p"}), PATIENT, unknown, urls=False))
    assert any("no record has this id" in one for one in told)


def test_a_consent_with_exceptions_does_not_count():
    nested = _consent(provision=[{"type": "deny"}])
    read = taken(collection(request(subject={"reference": "Patient/p"}), PATIENT, nested, urls=False))
    assert "consent" not in read.mapped.document


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
def test_a_byte_order_mark_changes_nothing(sample):
    body = sample.read_bytes()
    assert taken(b"\xef\xbb\xbf" + body).mapped.document == taken(body).mapped.document or "Original" in str(
        [node.name for node in read_fhir(body).root.children]
    )


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False), LEAVES)
def test_a_damaged_message_is_taken_or_refused(sample, random, value):
    resource = json.loads(sample.read_bytes())
    place = resource
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = random.choice(keys)
        if isinstance(place[key], dict | list) and place[key] and random.random() < 0.85:
            place = place[key]
            continue
        place[key] = value
        break
    body = json.dumps(resource).encode()
    try:
        read = taken(body)
    except InputError:
        return
    if read.mapped is not None:
        places = {leaf.path for leaf in read_fhir(body).root.leaves()}
        assert {row.source for row in read.account.rows} == places
