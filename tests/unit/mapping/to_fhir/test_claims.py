"""https://hl7.org/fhir/R4/resource-definitions.html#Meta.profile: what a resource of ours claims holds for any request."""

import copy
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.base.errors import AdapterError
from adapter.fhir.judgement import judge
from adapter.fhir.systems import CANONICAL

OURS = f"{CANONICAL}/StructureDefinition/"


def places(value, path=()):
    if isinstance(value, dict):
        for name, one in value.items():
            yield (*path, name)
            yield from places(one, (*path, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield (*path, index)
            yield from places(one, (*path, index))


def without_some(document, chance, how_many):
    """The document without some members or items, wherever they stand."""
    document = copy.deepcopy(document)
    for _ in range(how_many):
        *steps, last = chance.choice(list(places(document)))
        target = document
        for step in steps:
            target = target[step]
        del target[last]
    return document


def problems_of(bundle):
    return [f"{one.where}: {one.text}" for one in judge(bundle) if one.severity in ("error", "fatal", "warning")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), how_many=st.integers(0, 12), keep=st.floats(0, 1))
def test_whatever_a_request_leaves_out_both_bundles_fit_what_they_claim(express, document, seed, how_many, keep):
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    stated = without_some(document, chance, how_many)
    try:
        outcome = express(stated, cleared={one["id"] for one in stated.get("records", []) if chance.random() < keep})
    except (AdapterError, KeyError, TypeError):
        return  # it is no request any more
    assert problems_of(outcome.transaction()) == []
    assert problems_of(outcome.message(chance.choice(["NL", "DE", None]))) == []


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Task", {"SecondOpinionTask"}),
        ("ServiceRequest", {"SecondOpinionServiceRequest", "SecondOpinionPlannedOperation"}),
        ("Consent", {"SecondOpinionConsentShare", "SecondOpinionConsentReturn", "SecondOpinionConsentInsurer"}),
        ("DocumentReference", {"SecondOpinionRecordAnnounced"}),
        ("CoverageEligibilityRequest", {"SecondOpinionEligibilityRequest"}),
    ],
)
def test_each_kind_with_a_profile_claims_it(express, document, kind, names):
    claimed = [one["meta"]["profile"] for one in express(document).all(kind)]
    assert {name.removeprefix(OURS) for profiles in claimed for name in profiles} == names


def test_a_record_beside_its_bytes_claims_the_profile_for_that(express, document):
    documents = [e["resource"] for e in express(document).transaction()["entry"]]
    claims = {one["id"]: one["meta"]["profile"] for one in documents if one["resourceType"] == "DocumentReference"}
    assert set(map(tuple, claims.values())) == {(f"{OURS}SecondOpinionRecordPackaged",)}


def test_a_record_of_a_type_that_nobody_states_is_bytes_and_nothing_more(express, document):
    for record in document["records"]:
        record.pop("contentType", None)
    bundle = express(document).transaction()
    documents = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "DocumentReference"]
    assert {one["content"][0]["attachment"]["contentType"] for one in documents} == {"application/octet-stream"}
    assert problems_of(bundle) == []
