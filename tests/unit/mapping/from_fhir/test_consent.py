"""https://hl7.org/fhir/R4/consent.html"""

import copy
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.base.errors import Invalid
from adapter.domain.consent_reading import grants_from_request
from adapter.fhir import systems
from adapter.intake.canonical import read_request
from adapter.mapping.from_fhir.consent import read_consent
from adapter.mapping.to_fhir.request import express_request

FULL = json.loads((Path(__file__).parents[1] / "full-request.json").read_bytes())
MEMBERS = ("shareRecords", "returnReport", "askInsurer")

DAYS = st.dates(min_value=date(2020, 1, 1)).map(str)
NAMED = st.lists(st.sampled_from(["DOC-1", "FORM", "SCAN"]), unique=True)
STATEMENTS = st.fixed_dictionaries(
    {"given": st.booleans(), "by": st.sampled_from(["patient", "representative"])},
    optional={"on": DAYS, "until": DAYS, "records": NAMED, "document": st.just("FORM")},
).filter(lambda one: one.get("on", "") <= one.get("until", "9999"))
PROXIES = st.fixed_dictionaries(
    {"relationship": st.just("neighbour")},
    optional={
        "basis": st.sampled_from(["parent", "guardian", "power-of-attorney", "spouse", "other"]),
        "patientAgrees": st.sampled_from(["yes", "no", "unverified"]),
    },
)


def consents_of(document):
    request = read_request(json.dumps(document).encode())
    resources = express_request(request, contents={}, cleared=[]).resources
    consents = [one for one in resources if one["resourceType"] == "Consent"]
    return grants_from_request(request), consents, resources


@settings(deadline=None)  # the first call builds the model classes
@given(
    st.dictionaries(st.sampled_from(MEMBERS), STATEMENTS), PROXIES, st.sets(st.sampled_from(["treating", "consulting"]))
)
def test_grants_read_from_consents_are_those_of_the_request(statements, proxy, unnumbered):
    document = copy.deepcopy(FULL) | {"consent": statements, "proxy": proxy}
    for side in unnumbered:
        del document[side]["organization"]["identifiers"]
    grants, consents, resources = consents_of(document)
    read = [read_consent(one, resources) for one in consents]
    assert [replace(one, reference=None) for one in read] == list(grants)
    assert [one.reference for one in read] == [one["id"] for one in consents]


@pytest.mark.parametrize("side", ["treating", "consulting"])
def test_a_provider_who_is_a_person_alone_is_the_recipient(side):
    document = copy.deepcopy(FULL)
    del document[side]["organization"]
    grants, consents, resources = consents_of(document)
    assert [replace(read_consent(one, resources), reference=None) for one in consents] == list(grants)


def test_only_an_active_consent_is_active():
    _, [consent, *_], resources = consents_of(FULL)
    for status in ("draft", "proposed", "rejected", "inactive", "entered-in-error"):
        assert not read_consent({**consent, "status": status}, resources).active


def test_a_recipient_whom_nobody_knows_matches_nobody():
    _, [consent, *_], _ = consents_of(FULL)
    grant = read_consent(consent, [])
    assert (grant.recipients, grant.recipient_name) == (frozenset(), None)


def problems_of(consent):
    with pytest.raises(Invalid) as refused:
        read_consent(consent, [])
    return [one.where for one in refused.value.problems]


def changed(**members):
    _, [consent, *_], _ = consents_of(FULL)
    consent = copy.deepcopy(consent)
    provision = {**consent["provision"], **members.pop("provision", {})}
    return {**consent, "provision": provision, **members}


@pytest.mark.parametrize(
    "policy",
    [
        [],
        [{"uri": "https://elsewhere.example/policy/nl/share-records"}],
        [{"uri": f"{systems.CANONICAL}/policy/nl/everything"}],
        [{"uri": systems.policy("NL", "share-records")}, {"uri": systems.policy("NL", "ask-insurer")}],
    ],
)
def test_a_consent_whose_direction_is_unknown_is_refused(policy):
    assert problems_of(changed(policy=policy)) == ["Consent.policy.uri"]


@pytest.mark.parametrize(
    ("provision", "where"),
    [
        ({"type": None}, "Consent.provision.type"),
        ({"period": {"start": "2026"}}, "Consent.provision.period.start"),
        ({"period": {"end": "soon"}}, "Consent.provision.period.end"),
        ({"provision": [{"type": "deny"}]}, "Consent.provision.provision"),
        ({"action": [{"text": "x"}]}, "Consent.provision.action"),
        ({"securityLabel": [{"code": "PSY"}]}, "Consent.provision.securityLabel"),
        ({"dataPeriod": {"start": "2020"}}, "Consent.provision.dataPeriod"),
        ({"actor": [{}, {}]}, "Consent.provision.actor"),
        ({"data": [{"meaning": "related", "reference": {}}]}, "Consent.provision.data[0].meaning"),
    ],
)
def test_a_provision_that_says_more_than_the_gate_judges_is_refused(provision, where):
    assert problems_of(changed(provision=provision)) == [where]


def test_everything_wrong_is_named_at_once():
    assert len(problems_of({"resourceType": "Consent", "status": "active"})) == 2


def test_a_record_that_is_not_told_still_keeps_the_permission_from_meaning_all():
    hidden = [{"meaning": "instance", "reference": {"identifier": {"system": systems.OPAQUE_ID, "value": "x"}}}]
    assert read_consent(changed(provision={"data": hidden}), []).records == frozenset()
