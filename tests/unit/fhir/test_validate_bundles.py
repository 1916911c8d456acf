"""https://hl7.org/fhir/R4/bundle.html."""

import pytest

from adapter.fhir.validate import validate

A = "urn:uuid:00000000-0000-4000-8000-00000000000a"
B = "urn:uuid:00000000-0000-4000-8000-00000000000b"
PUT = {"method": "PUT", "url": "Patient/a"}


def _bundle(kind, *entries, **members):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries), **members}


def _patient(**members):
    return {"resourceType": "Patient", "active": True, **members}


def _found(bundle):
    return [(problem.where, problem.code) for problem in validate(bundle) if problem.severity == "error"]


def test_references_to_entries_resolve_by_full_url():
    patient = {"fullUrl": A, "resource": _patient()}
    organization = {"fullUrl": B, "resource": {"resourceType": "Organization", "name": "O"}}
    referring = {"fullUrl": A, "resource": _patient(managingOrganization={"reference": B})}
    assert _found(_bundle("collection", referring, organization)) == []
    assert _found(
        _bundle("collection", patient, {"fullUrl": B, "resource": _patient(managingOrganization={"reference": A})})
    ) == [
        ("Bundle.entry[1].resource.managingOrganization", "invalid"),
    ]
    assert _found(_bundle("collection", referring)) == [
        ("Bundle.entry[0].resource.managingOrganization.reference", "not-found"),
    ]


def test_a_full_url_is_there_absolute_unversioned_and_stands_once():
    assert _found(_bundle("collection", {"resource": _patient()})) == [("Bundle.entry[0].fullUrl", "required")]
    assert _found(_bundle("collection", {"fullUrl": "Patient/a", "resource": _patient(id="a")})) == [
        ("Bundle.entry[0].fullUrl", "value")
    ]
    twice = {"fullUrl": A, "resource": _patient()}
    assert _found(_bundle("collection", twice, twice)) == [("Bundle.entry[1].fullUrl", "duplicate")]
    other_version = {"fullUrl": A, "resource": _patient(meta={"versionId": "2"})}
    assert _found(_bundle("collection", twice, other_version)) == []
    versioned = {"fullUrl": "http://x/Patient/a/_history/1", "resource": _patient(id="a")}
    assert _found(_bundle("collection", versioned)) == [("Bundle.entry[0].fullUrl", "invariant")]


@pytest.mark.parametrize(
    ("url", "good"),
    [("http://x/Patient/a", True), ("http://x/Patient/b", False), ("http://x/Group/a", False), ("http://x/a", True)],
)
def test_an_address_names_the_resource_of_its_entry(url, good):
    found = _found(_bundle("collection", {"fullUrl": url, "resource": _patient(id="a")}))
    assert found == ([] if good else [("Bundle.entry[0].fullUrl", "invalid")])


def test_a_transaction_entry_needs_a_request():
    entry = {"fullUrl": A, "resource": _patient()}
    assert _found(_bundle("transaction", entry)) == [("Bundle.entry[0].request", "invariant")]
    assert _found(_bundle("transaction", {**entry, "request": PUT})) == []
    assert _found(_bundle("collection", {**entry, "request": PUT})) == [("Bundle.entry[0].request", "invariant")]
    assert (
        _found(_bundle("transaction", {"resource": _patient(), "request": {"method": "POST", "url": "Patient"}})) == []
    )


def test_a_response_needs_its_response():
    assert _found(_bundle("transaction-response", {"resource": _patient()})) == [
        ("Bundle.entry[0].response", "invariant")
    ]
    assert _found(_bundle("transaction-response", {"response": {"status": "200"}})) == []


def test_an_entry_has_something_in_it():
    assert ("Bundle.entry[0]", "invariant") in _found(_bundle("collection", {"fullUrl": A}))


def test_a_document_starts_with_a_composition_and_has_identifier_and_time():
    found = _found(_bundle("document", {"fullUrl": A, "resource": _patient()}))
    assert found == [
        ("Bundle.identifier", "required"),
        ("Bundle.timestamp", "required"),
        ("Bundle.entry[0].resource", "invariant"),
    ]


def test_a_message_starts_with_a_message_header():
    assert _found(_bundle("message", {"fullUrl": A, "resource": _patient()})) == [
        ("Bundle.entry[0].resource", "invariant")
    ]
    header = {"resourceType": "MessageHeader", "eventUri": "http://x", "source": {"endpoint": "http://x"}}
    assert _found(_bundle("message", {"fullUrl": A, "resource": header})) == []


def test_total_and_search_are_for_search_results():
    assert _found(
        _bundle("collection", {"fullUrl": A, "resource": _patient(), "search": {"mode": "match"}}, total=1)
    ) == [
        ("Bundle.total", "invariant"),
        ("Bundle.entry[0].search", "invariant"),
    ]
    assert (
        _found(_bundle("searchset", {"fullUrl": A, "resource": _patient(id="a"), "search": {"mode": "match"}}, total=1))
        == []
    )


def test_a_bundle_in_a_bundle_has_its_own_full_urls():
    inner = _bundle("collection", {"fullUrl": B, "resource": _patient(managingOrganization={"reference": A})})
    outer = _bundle(
        "collection",
        {"fullUrl": A, "resource": {"resourceType": "Organization", "name": "O"}},
        {"fullUrl": B, "resource": inner},
    )
    assert _found(outer) == [("Bundle.entry[1].resource.entry[0].resource.managingOrganization.reference", "not-found")]


PATIENT_URN, HEADER_URN = (
    "urn:uuid:6f5b4a54-3e0b-4b5e-9d2f-1f7a44b5f2aa",
    "urn:uuid:6f5b4a54-3e0b-4b5e-9d2f-1f7a44b5f2ab",
)


def _message(focus, full_url=PATIENT_URN):
    header = {"resourceType": "MessageHeader", "eventUri": "urn:x:e", "source": {"endpoint": "http://a.example"}}
    return {
        "resourceType": "Bundle",
        "type": "message",
        "entry": [
            {"fullUrl": HEADER_URN, "resource": header | {"focus": [{"reference": focus}]}},
            {"fullUrl": full_url, "resource": {"resourceType": "Patient", "id": "p"}},
        ],
    }


def _told(bundle):
    return [(one.severity, one.where) for one in validate(bundle) if "dom-6" not in one.text]


def test_a_message_holds_its_focus():
    assert _told(_message(PATIENT_URN)) == []
    missing = ("error", "Bundle.entry[0].resource.focus[0]")
    assert _told(_message("Patient/q")) == [missing]
    assert _told(_message("http://a.example/Patient/p")) == [missing]
    assert missing in _told(_message(HEADER_URN.replace("b", "c")))


def test_a_relative_reference_that_misses_the_entry_it_names_is_a_warning():
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": HEADER_URN, "resource": {"resourceType": "Condition", "subject": {"reference": "Patient/p"}}},
            {"fullUrl": "http://a.example/Patient/p", "resource": {"resourceType": "Patient", "id": "p"}},
        ],
    }
    assert _told(bundle) == [("warning", "Bundle.entry[0].resource.subject")]
    bundle["entry"][0]["fullUrl"] = "http://a.example/Condition/c"
    bundle["entry"][0]["resource"]["id"] = "c"
    assert _told(bundle) == []
