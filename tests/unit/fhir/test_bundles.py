"""https://hl7.org/fhir/R4/bundle.html#references"""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.fhir import bundles

HEADER = {"resourceType": "MessageHeader", "id": "h", "focus": [{"reference": "Task/t"}]}
TASK = {"resourceType": "Task", "id": "t", "for": {"reference": "Patient/p"}, "focus": {"reference": "Basic/elsewhere"}}
PATIENT = {"resourceType": "Patient", "id": "p", "link": [{"other": {"reference": "Patient/p", "display": "self"}}]}


def resources_of(bundle):
    return [entry["resource"] for entry in bundle["entry"]]


def a_message(*resources):
    return bundles.message(HEADER, resources, id="b", timestamp="2026-04-10T09:30:00+02:00")


def test_references_inside_point_to_full_urls_and_others_stay():
    bundle = a_message(TASK, PATIENT)
    header, task, patient = resources_of(bundle)
    assert [entry["fullUrl"] for entry in bundle["entry"]] == ["urn:uuid:h", "urn:uuid:t", "urn:uuid:p"]
    assert header["focus"] == [{"reference": "urn:uuid:t"}]
    assert task["for"] == {"reference": "urn:uuid:p"}
    assert task["focus"] == {"reference": "Basic/elsewhere"}
    assert patient["link"][0]["other"] == {"reference": "urn:uuid:p", "display": "self"}


def test_the_input_is_not_changed():
    before = copy.deepcopy((HEADER, TASK, PATIENT))
    a_message(TASK, PATIENT)
    bundles.transaction([TASK, PATIENT], conditions={"Patient/p": "Patient?identifier=x"})
    assert before == (HEADER, TASK, PATIENT)


def test_unbundle_gives_back_what_went_in():
    assert bundles.unbundle(a_message(TASK, PATIENT)) == [HEADER, TASK, PATIENT]


def test_unbundle_finds_the_id_in_the_full_url_where_the_resource_has_none():
    entries = [
        {"fullUrl": "urn:uuid:77", "resource": {"resourceType": "Patient"}},
        {
            "fullUrl": "https://a.example/fhir/Task/9",
            "resource": {"resourceType": "Task", "for": {"reference": "urn:uuid:77"}},
        },
        {"request": {"method": "DELETE", "url": "Patient/1"}},
    ]
    patient, task = bundles.unbundle({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert patient["id"] == "77"
    assert task == {"resourceType": "Task", "id": "9", "for": {"reference": "Patient/77"}}


def test_a_bundle_without_entries_has_nothing_in_it():
    assert bundles.unbundle({"resourceType": "Bundle", "type": "message"}) == []


def test_a_nested_bundle_is_carried_as_it_is():
    nested = {"resourceType": "Bundle", "id": "n", "type": "document", "entry": [{"resource": PATIENT}]}
    carried = resources_of(a_message(PATIENT, nested))[2]
    assert carried is nested
    assert bundles.unbundle(a_message(PATIENT, nested))[2] == nested


def test_a_document_has_identifier_and_timestamp():
    identifier = {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:1"}
    composition = {"resourceType": "Composition", "id": "c", "subject": {"reference": "Patient/p"}}
    bundle = bundles.document(
        composition, [PATIENT], id="d", identifier=identifier, timestamp="2026-04-10T09:30:00+02:00"
    )
    assert (bundle["type"], bundle["identifier"], bundle["timestamp"]) == (
        "document",
        identifier,
        "2026-04-10T09:30:00+02:00",
    )


def test_attachments_point_into_documents_but_stay_relative_in_transactions():
    binary = {"resourceType": "Binary", "id": "x", "contentType": "text/plain"}
    holder = {"resourceType": "DocumentReference", "id": "r", "content": [{"attachment": {"url": "Binary/x"}}]}
    composition = {"resourceType": "Composition", "id": "c"}
    document = bundles.document(composition, [holder, binary], id="d", identifier={"value": "1"}, timestamp="t")
    transaction = bundles.transaction([holder, binary])
    assert resources_of(document)[1]["content"][0]["attachment"]["url"] == "urn:uuid:x"
    assert resources_of(transaction)[0]["content"][0]["attachment"]["url"] == "Binary/x"
    assert bundles.unbundle(document)[1] == holder


def test_a_transaction_puts_ours_and_creates_shared_ones_only_where_they_are_not_found():
    organization = {"resourceType": "Organization", "id": "o"}
    condition = "identifier=urn%3Ax%7C1"
    bundle = bundles.transaction([PATIENT, organization], conditions={"Organization/o": condition})
    assert [entry["request"] for entry in bundle["entry"]] == [
        {"method": "PUT", "url": "Patient/p"},
        {"method": "POST", "url": "Organization", "ifNoneExist": condition},
    ]
    assert resources_of(bundle)[1] == {"resourceType": "Organization"}


def test_the_same_condition_twice_is_a_mistake_of_ours():
    both = [{"resourceType": "Organization", "id": one} for one in "ab"]
    with pytest.raises(ValueError, match="same condition"):
        bundles.transaction(
            both,
            conditions={"Organization/a": "identifier=1", "Organization/b": "identifier=1"},
        )


def test_the_same_condition_for_two_types_is_none():
    both = [{"resourceType": kind, "id": "a"} for kind in ("Organization", "Practitioner")]
    conditions = {"Organization/a": "identifier=1", "Practitioner/a": "identifier=1"}
    bundle = bundles.transaction(both, conditions=conditions)
    assert [entry["request"]["url"] for entry in bundle["entry"]] == ["Organization", "Practitioner"]


IDS = st.text("abcdef0123456789-", min_size=1, max_size=8)


@given(st.dictionaries(IDS, st.lists(IDS, max_size=3), min_size=1, max_size=6))
def test_any_graph_comes_back(graph):
    resources = [
        {
            "resourceType": "Basic",
            "id": one,
            "extension": [{"url": "x", "valueReference": {"reference": f"Basic/{to}"}} for to in others],
        }
        for one, others in graph.items()
    ]
    assert bundles.unbundle(bundles.transaction(resources)) == resources
    assert bundles.unbundle(a_message(*resources))[1:] == resources
