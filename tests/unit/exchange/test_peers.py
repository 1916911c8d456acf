"""https://hl7.org/fhir/R4/messaging.html"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import PeerError, PeerRejected, PeerUnavailable
from adapter.domain.clearance import GATE_SEAL, Cleared
from adapter.exchange.peers import HttpPeers, _checked

SENT = {
    "resourceType": "Bundle",
    "type": "message",
    "entry": [{"resource": {"resourceType": "MessageHeader", "id": "m-1"}}],
}
URL = "https://b.example/fhir/$process-message"


@dataclass(frozen=True)
class Partner:
    fhir: str = "https://b.example/fhir/"
    token: str | None = "t"
    timeout_seconds: float = 5.0


def cleared(item):
    return Cleared(item, seal=GATE_SEAL, recipient="b", purpose=None, at=datetime(2026, 4, 10, tzinfo=UTC), grant=None)


def answer(code="ok", identifier="m-1", *others):
    header = {"resourceType": "MessageHeader", "id": "m-2", "response": {"identifier": identifier, "code": code}}
    return {"resourceType": "Bundle", "type": "message", "entry": [{"resource": one} for one in (header, *others)]}


@pytest.fixture
def peers():
    one = HttpPeers()
    yield one
    one.close()


@respx.mock
def test_a_cleared_message_goes_to_the_partners_process_message(peers):
    route = respx.post(URL).respond(json=answer())
    assert peers.send(cleared(SENT), Partner()) == answer()
    request = route.calls.last.request
    assert json.loads(request.content) == SENT
    assert request.headers["authorization"] == "Bearer t"


@pytest.mark.parametrize("message", [SENT, None, [cleared(SENT)], {"item": SENT}])
@respx.mock
def test_what_the_gate_did_not_clear_is_not_sent(peers, message):
    route = respx.post(URL).respond(json=answer())
    with pytest.raises(TypeError, match="consent gate"):
        peers.send(message, Partner())
    assert not route.called


@pytest.mark.parametrize(("code", "error"), [("fatal-error", PeerRejected), ("transient-error", PeerUnavailable)])
@respx.mock
def test_a_no_in_the_answer_carries_the_peers_reasons(peers, code, error):
    issue = {"severity": "error", "code": "business-rule", "details": {"text": "no such case"}}
    respx.post(URL).respond(json=answer(code, "m-1", {"resourceType": "OperationOutcome", "issue": [issue]}))
    with pytest.raises(error) as failed:
        peers.send(cleared(SENT), Partner())
    assert [(one.text, one.code) for one in failed.value.problems] == [("no such case", "business-rule")]


@pytest.mark.parametrize("code", ["fatal-error", "transient-error", "odd", None])
@respx.mock
def test_a_no_without_reasons_is_a_no(peers, code):
    respx.post(URL).respond(json=answer(code))
    with pytest.raises(PeerError) as failed:
        peers.send(cleared(SENT), Partner())
    assert failed.value.retryable is (code == "transient-error")


@pytest.mark.parametrize(
    "wrong",
    [
        answer(identifier="m-9"),
        {**answer(), "type": "collection"},
        {**answer(), "entry": []},
        {**answer(), "entry": {}},
        {**answer(), "entry": ["MessageHeader"]},
        {**answer(), "entry": [{}]},
        {**answer(), "entry": [{"resource": "x"}]},
        {**answer(), "entry": [{"resource": {"resourceType": "MessageHeader", "response": "ok"}}]},
        {**answer(), "entry": [{"resource": {"resourceType": "Patient", "response": {"code": "ok"}}}]},
        {"resourceType": "OperationOutcome", "issue": []},
        SENT,
    ],
)
@respx.mock
def test_an_answer_that_is_none_to_this_message_counts_as_no_answer(peers, wrong):
    respx.post(URL).respond(json=wrong)
    with pytest.raises(PeerUnavailable):
        peers.send(cleared(SENT), Partner())


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["resourceType", "type", "entry", "resource", "response", "identifier", "code", "issue"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["resourceType", "type", "entry", "issue"]), JSON), JSON, JSON)
def test_no_shape_of_an_answer_breaks_the_reading(odd, entry, more):
    for one in (
        odd,
        {"type": "message", "entry": entry},
        {**answer("fatal-error"), "entry": [*answer("no")["entry"], more]},
    ):
        with pytest.raises(PeerError):
            _checked(one, SENT)
