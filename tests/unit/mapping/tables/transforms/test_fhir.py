"""Elements of FHIR by the transforms: names, addresses, telecoms, identifiers, codes, parties, consents, attachments."""

import base64
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.fhir.systems import BSN, CANONICAL, IK, UZOVI
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Context, Given, Outcome
from adapter.mapping.tables.transforms import TRANSFORMS


def node_of(value: Any, name: str = "x", path: str = "X.x") -> Node:
    """Make the node of a FHIR element, as the reader does."""
    if not isinstance(value, dict):
        return Node(name, path, {True: "true", False: "false"}.get(value, str(value)))
    children: list[Node] = []
    for key, inner in value.items():
        if isinstance(inner, list):
            children += [node_of(one, key, f"{path}.{key}[{n}]") for n, one in enumerate(inner)]
        else:
            children.append(node_of(inner, key, f"{path}.{key}"))
    return Node(name, path, None, tuple(children))


@pytest.fixture
def given_by(shipped_context: Context) -> Callable[..., Outcome]:
    def give(transform: str, value: Any, name: str = "x") -> Outcome:
        return TRANSFORMS[transform].bind(Given())(node_of(value, name), shipped_context)

    return give


NAMES = [
    ({"family": "A", "given": ["B", "C"]}, {"family": "A", "given": ["B", "C"]}),
    ({"given": ["B", "C"], "prefix": ["Dr."]}, {"given": ["B", "C"], "prefix": ["Dr."], "text": "Dr. B C"}),
    ({"text": "A B", "use": "official"}, {"text": "A B"}),
    ({"use": "official"}, None),
]


@pytest.mark.parametrize(("value", "made"), NAMES)
def test_a_name(given_by, value, made):
    assert given_by("fhir-name", value).value == made


ADDRESSES = [
    (
        {"line": ["L 1"], "city": "C", "postalCode": "1", "country": "de"},
        {"line": ["L 1"], "postalCode": "1", "city": "C", "country": "DE"},
    ),
    ({"text": "L 1\n1 C"}, {"line": ["L 1", "1 C"]}),
    ({"country": "NLD"}, {"country": "NL"}),
    ({"use": "home"}, None),
]


@pytest.mark.parametrize(("value", "made"), ADDRESSES)
def test_an_address(given_by, value, made):
    assert given_by("fhir-address", value).value == made


def test_a_country_that_nobody_knows_is_not_taken(given_by):
    outcome = given_by("fhir-address", {"city": "C", "country": "Atlantis"})
    assert outcome.value == {"city": "C"}
    assert [one.kind for one in outcome.remarks] == [RemarkKind.UNMAPPED]


def test_a_telecom_without_a_kind_is_of_another_kind(given_by):
    outcome = given_by("fhir-telecom", {"value": "1"})
    assert outcome.value == {"system": "other", "value": "1"}
    assert [one.kind for one in outcome.remarks] == [RemarkKind.DEFAULTED]


IDENTIFIERS = [
    ({"system": BSN, "value": "1"}, BSN),
    ({"system": "urn:oid:1.2.3", "value": "1"}, "urn:oid:1.2.3"),
    ({"system": "1.2.3", "value": "1"}, "urn:oid:1.2.3"),
    (
        {"system": "http://fhir.de/sid/pkv/kvid-10", "type": {"coding": [{"code": "KVZ10"}]}, "value": "1"},
        "http://fhir.de/sid/pkv/kvid-10",
    ),
    ({"type": {"coding": [{"code": "BSN"}]}, "value": "1"}, BSN),
    ({"value": "1"}, f"{CANONICAL}/sid/of/hl7v2%3AAPP%7CHOSPITAL/unnamed"),
]


@pytest.mark.parametrize(("value", "system"), IDENTIFIERS)
def test_an_identifier_has_its_system(given_by, value, system):
    assert given_by("fhir-identifier", value).value == {"system": system, "value": "1"}


def test_an_identifier_whose_system_nobody_names_is_remarked(given_by):
    assert [one.kind for one in given_by("fhir-identifier", {"value": "1"}).remarks] == [RemarkKind.UNMAPPED]


def test_a_number_that_is_no_longer_in_use_is_lost(given_by):
    outcome = given_by("fhir-identifier", {"system": BSN, "value": "1", "use": "old"})
    assert (outcome.value, [one.kind for one in outcome.remarks]) == (None, [RemarkKind.LOST])


def test_an_insurer_is_known_by_its_national_number(given_by):
    numbers = [{"system": "urn:x", "value": "0"}, {"system": UZOVI, "value": "3343"}, {"system": IK, "value": "1"}]
    outcome = given_by("fhir-insurer", {"Organization": {"identifier": numbers, "name": "P"}})
    assert outcome.value == {"system": UZOVI, "value": "3343", "name": "P"}


def test_an_insurer_without_a_number_is_lost(given_by):
    outcome = given_by("fhir-insurer", {"display": "P"})
    assert (outcome.value, [one.kind for one in outcome.remarks]) == (None, [RemarkKind.LOST])


CODED = {"system": "http://hl7.org/fhir/sid/icd-10", "code": "M17.1", "version": "2019", "display": "Gonarthrosis"}


def test_a_concept_gives_system_code_version_and_words(given_by):
    outcome = given_by("fhir-concept", {"coding": [CODED], "text": "Knee"})
    values = [one.value for one in (outcome, *outcome.also)]
    assert values == ["http://hl7.org/fhir/sid/icd-10", "M17.1", "2019", "Knee"]


def test_the_code_that_the_user_chose_counts(given_by):
    outcome = given_by("fhir-concept", {"coding": [CODED, {**CODED, "code": "M17.9", "userSelected": True}]})
    assert outcome.also[0].value == "M17.9"
    assert [one.kind for one in outcome.remarks] == [RemarkKind.LOST]


def test_a_code_without_a_system_is_none_and_its_words_are_taken(given_by):
    outcome = given_by("fhir-concept", {"coding": [{"code": "M17.1", "display": "Gonarthrosis"}]})
    assert [one.value for one in (outcome, *outcome.also)] == [None, None, None, "Gonarthrosis"]
    assert [one.kind for one in outcome.remarks] == [RemarkKind.UNMAPPED]


def test_a_country_alone_is_where_an_organisation_works(given_by):
    organization = {"name": "A", "address": [{"country": "DE"}]}
    assert given_by("fhir-organization", organization, "Organization").value == {"name": "A", "country": "DE"}


PARTIES = [
    ({"Organization": {"name": "A"}}, {"name": "A"}, None),
    ({"Practitioner": {"name": [{"text": "B"}]}}, None, {"name": {"text": "B"}}),
    (
        {"PractitionerRole": {"organization": {"display": "A"}, "practitioner": {"display": "B"}}},
        {"name": "A"},
        {"name": {"text": "B"}},
    ),
    ({"display": "B", "type": "Practitioner"}, None, {"name": {"text": "B"}}),
    ({"display": "B", "reference": "https://x/PractitionerRole/1"}, None, {"name": {"text": "B"}}),
    ({"display": "A", "reference": "Organization/1"}, {"name": "A"}, None),
    ({"display": "A"}, {"name": "A"}, None),
    ({"reference": "Organization/1"}, None, None),
    ({"Patient": {"name": [{"text": "P"}]}, "display": "P"}, None, None),
]


@pytest.mark.parametrize(("value", "organization", "person"), PARTIES)
def test_a_party_is_an_organisation_or_a_person(given_by, value, organization, person):
    assert given_by("fhir-organization", value).value == organization
    assert given_by("fhir-practitioner", value).value == person


def test_what_a_reference_says_itself_is_remarked(given_by):
    kinds = {one.kind for one in given_by("fhir-organization", {"display": "A"}).remarks}
    assert kinds == {RemarkKind.DEFAULTED}


def consent(**more: Any) -> dict[str, Any]:
    return {"status": "active", "performer": [{"to": "Patient"}], "provision": {"type": "permit"}, **more}


CONSENTS = [
    (consent(), {"given": True, "by": "patient"}),
    (consent(performer=[{"to": "RelatedPerson"}]), {"given": True, "by": "representative"}),
    (consent(performer=[{"display": "x"}]), {"given": True}),
    (consent(provision={"type": "deny"}), {"given": False, "by": "patient"}),
    (
        consent(provision={"type": "permit", "period": {"start": "2026-03-11T10:00:00Z", "end": "2027"}}),
        {"given": True, "by": "patient", "on": "2026-03-11"},
    ),
    (
        consent(provision={"type": "permit", "data": [{"reference": {"display": "no record"}}]}),
        {"given": True, "by": "patient", "records": []},
    ),
    (
        consent(provision={"type": "permit", "data": [{"reference": {"reference": "DocumentReference/9"}}]}),
        {"given": True, "by": "patient", "records": ["record-not-in-the-message"]},
    ),
    (
        consent(provision={"type": "permit", "data": [{"reference": {"DocumentReference": {"id": "9"}}}]}),
        {"given": True, "by": "patient", "records": ["9"]},
    ),
    (consent(status="inactive"), None),
    (consent(provision={"period": {"start": "2026-03-11"}}), None),
    (consent(provision={"type": "permit", "provision": [{"type": "deny"}]}), None),
]


@pytest.mark.parametrize(("value", "made"), CONSENTS)
def test_a_consent_is_never_wider_than_it_says(given_by, value, made):
    assert given_by("fhir-consent", value).value == made


def test_the_id_of_a_record_is_the_best_there_is(given_by):
    ours = {"system": f"{CANONICAL}/sid/record-id", "value": "R"}
    every = {"id": "9", "identifier": [{"value": "I"}, ours], "masterIdentifier": {"value": "M"}}
    assert given_by("fhir-record-id", every).value == "R"
    assert given_by("fhir-record-id", {**every, "identifier": [{"value": "I"}]}).value == "M"
    assert given_by("fhir-record-id", {"id": "9", "identifier": [{"value": "I"}]}).value == "I"
    assert given_by("fhir-record-id", {"id": "9"}).value == "9"
    assert given_by("fhir-record-id", {"status": "current"}).value == "x-x"


def test_an_address_becomes_the_bytes_of_a_record(given_by):
    outcome = given_by("fhir-link", "https://a.example/1")
    assert base64.b64decode(outcome.value) == b"https://a.example/1\r\n"
    assert [one.kind for one in outcome.remarks] == [RemarkKind.DEFAULTED]


def test_a_narrative_is_a_text_in_a_language(given_by):
    div = '<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="nl"><p>Een</p><p>Twee</p></div>'
    assert given_by("fhir-narrative", div).value == "Een\nTwee"
    assert given_by("fhir-narrative-language", div).value == "nl"
    assert given_by("fhir-narrative-language", "<div>x</div>").value == "und"


@pytest.mark.parametrize("text", ["text/plain", "text/plain; charset=utf-8", "application/fhir+xml"])
def test_a_media_type_keeps_its_parameters(given_by, text):
    assert given_by("fhir-media-type", text).value == text


TREES = st.recursive(
    st.one_of(st.text(max_size=5), st.booleans(), st.integers()),
    lambda inner: st.dictionaries(
        st.sampled_from(
            [
                "coding",
                "code",
                "system",
                "value",
                "text",
                "family",
                "given",
                "display",
                "reference",
                "identifier",
                "type",
                "Organization",
                "PractitionerRole",
                "Practitioner",
                "provision",
                "status",
                "data",
                "name",
                "address",
            ]
        ),
        st.one_of(inner, st.lists(inner, max_size=2)),
        min_size=1,
        max_size=4,
    ),
    max_leaves=12,
)


@given(TREES, st.sampled_from(sorted(name for name in TRANSFORMS if name.startswith("fhir-"))))
def test_no_transform_fails_and_each_uses_fields_of_its_own(tree, name):
    node = node_of(tree)
    given_argument = Given("x") if TRANSFORMS[name].argument == "must" else Given()
    outcome = TRANSFORMS[name].bind(given_argument)(node, Context(ZoneInfo("Europe/Berlin"), "fhir:x"))
    assert set(outcome.used) <= {leaf.path for leaf in node.leaves()}
