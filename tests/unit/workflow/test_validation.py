"""https://hl7.org/fhir/R4/resource-operation-validate.html: whatever is asked gets an outcome or an error that says why not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import AdapterError, NotFound
from adapter.fhir.validate import validate
from adapter.workflow.validation import Question, validate_content
from adapter.workflow.validation_parameters import MODES, has_resource, read_parameters

PATIENT = {"resourceType": "Patient", "id": "p", "active": True}
ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "resource", "x"]), inner),
    max_leaves=6,
)
PART = st.fixed_dictionaries(
    {"name": st.sampled_from(["resource", "mode", "profile", "usageContext", "other"]) | ODD},
    optional={
        "resource": st.just(PATIENT) | ODD,
        "valueCode": st.sampled_from(MODES) | ODD,
        "valueUri": st.just("http://hl7.org/fhir/StructureDefinition/Patient") | ODD,
    },
)
SENT = st.fixed_dictionaries({"resourceType": st.just("Parameters")}, optional={"parameter": st.lists(PART) | ODD})


def asked(**more):
    def nothing():
        raise NotFound("there is nothing here")

    parts = {"kind": None, "id": None, "mode": None, "profiles": (), "offered": lambda _: (), "stored": nothing}
    return Question(**{**parts, **more})


def answered(question, body, media_type=None):
    """Return the outcome, or the error as one that must have a reason and the status of a bad question."""
    try:
        return validate_content(question, body, media_type), None
    except AdapterError as refused:
        return None, refused


@given(sent=SENT, kind=st.sampled_from([None, "Patient", "Parameters"]), id_=st.sampled_from([None, "p"]))
def test_whatever_is_asked_is_answered_or_refused(sent, kind, id_):
    question = asked(kind=kind, id=id_, stored=lambda: PATIENT)
    outcome, refused = answered(question, json.dumps(sent).encode(), "application/fhir+json")
    if refused is None:
        assert [one for one in validate(outcome) if one.severity in ("error", "fatal")] == []
    else:
        assert refused.status in (400, 413, 422)
        assert all(one.text for one in refused.problems)


@given(body=st.binary(max_size=50), mode=st.sampled_from([None, *MODES, "x"]))
def test_any_bytes_are_answered_or_refused(body, mode):
    outcome, refused = answered(asked(mode=mode), body)
    assert outcome["issue"] if refused is None else refused.status in (400, 413, 422)


def test_a_mode_that_the_server_offers_is_no_error():
    offering = asked(kind="Patient", mode="create", offered=lambda _: ("create",))
    outcome = validate_content(offering, json.dumps(PATIENT).encode(), None)
    assert [one["severity"] for one in outcome["issue"]] == ["warning"]


def test_the_stored_resource_is_not_asked_for_where_nobody_needs_it():
    outcome = validate_content(asked(kind="Patient", id="p"), json.dumps(PATIENT).encode(), None)
    assert [one["severity"] for one in outcome["issue"]] == ["warning"]
    with pytest.raises(NotFound):
        validate_content(asked(kind="Patient", id="p", mode="update"), json.dumps(PATIENT).encode(), None)


def test_parameters_are_read_in_any_order_and_say_where_the_resource_is():
    parts = [{"name": "profile", "valueUri": "urn:a"}, {"name": "resource", "resource": PATIENT}]
    parts += [{"name": "mode", "valueCode": "create"}, {"name": "profile", "valueCanonical": "urn:b"}]
    sent = {"resourceType": "Parameters", "parameter": parts}
    found = read_parameters(sent)
    assert has_resource(sent)
    assert (found.resource, found.place) == (PATIENT, "Parameters.parameter[1].resource")
    assert (found.mode, found.profiles, found.remarks) == ("create", ("urn:a", "urn:b"), ())
