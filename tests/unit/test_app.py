"""Who may call a node, by its settings: https://www.rfc-editor.org/rfc/rfc6750"""

import socket
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.api.gatekeeper import CLIENT_SCOPES, PARTNER_SCOPES, Gatekeeper, fingerprint
from adapter.app import gatekeeper, listening_socket
from adapter.base.errors import NotAuthenticated, NotFound, SetupError
from adapter.settings import Settings
from adapter.workflow.caller import CallerKind

IDENTIFIERS = [{"system": "urn:x", "value": "1"}]


def organisation(name):
    return {"id": name, "name": name, "role": "treating", "country": "NL", "time_zone": "Europe/Amsterdam",
            "identifiers": IDENTIFIERS}  # fmt: skip


def partner(of="a", name="b", accept="PARTNER_TOKEN"):
    return {"id": name, "role": "consulting", "of": of, "fhir": "https://b.example/fhir", "accept_token_env": accept,
            "identifiers": IDENTIFIERS}  # fmt: skip


def client(of="a", name="ehr", token="EHR_TOKEN", **more):  # noqa: S107 - the name of a variable
    return {"id": name, "of": of, "token_env": token, **more}


def settings(*, host="127.0.0.1", orgs=("a",), partners=(), clients=(), **server):
    return Settings(
        server={"host": host, **server},
        organisation=[organisation(one) for one in orgs],
        partner=list(partners),
        client=list(clients),
    )


@pytest.fixture(autouse=True)
def tokens(monkeypatch):
    monkeypatch.setenv("PARTNER_TOKEN", "partner-token")
    monkeypatch.setenv("EHR_TOKEN", "ehr-token")
    monkeypatch.delenv("NO_TOKEN", raising=False)


def test_without_any_token_local_callers_may_do_everything_on_loopback():
    caller = gatekeeper(settings()).caller(None, "a")
    assert (caller.kind, caller.org, caller.scopes) == (CallerKind.LOCAL, None, CLIENT_SCOPES | PARTNER_SCOPES)


@pytest.mark.parametrize(
    ("partners", "clients", "scopes"),
    [
        ([partner()], [], CLIENT_SCOPES),
        ([partner(accept="NO_TOKEN")], [], CLIENT_SCOPES | PARTNER_SCOPES),
        ([partner(accept=None)], [client()], PARTNER_SCOPES),
        ([partner()], [client()], frozenset()),
    ],
)
def test_whoever_has_tokens_must_show_them(partners, clients, scopes):
    keeper = gatekeeper(settings(partners=partners, clients=clients))
    assert keeper.open_scopes == scopes
    if scopes:
        assert keeper.caller(None, "a").scopes == scopes
    else:
        with pytest.raises(NotAuthenticated, match="needs a bearer token"):
            keeper.caller(None, "a")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "node.example", ""])  # noqa: S104 - to be refused
@pytest.mark.parametrize(
    ("partners", "clients", "missing"),
    [
        ([], [], "[[client]]"),
        ([partner()], [], "[[client]]"),
        ([partner(accept="NO_TOKEN")], [client()], "partner.accept_token_env"),
        ([], [client()], "partner.accept_token_env"),
    ],
)
def test_a_node_that_others_can_reach_does_not_start_without_tokens(host, partners, clients, missing):
    with pytest.raises(SetupError) as refused:
        gatekeeper(settings(host=host, partners=partners, clients=clients))
    assert missing in refused.value.text
    assert refused.value.problems[0].where == "server.host"


def test_a_node_that_others_can_reach_lets_nobody_in_without_a_token():
    keeper = gatekeeper(settings(host="0.0.0.0", partners=[partner()], clients=[client()]))  # noqa: S104
    assert keeper.open_scopes == frozenset()


def test_a_client_whose_token_is_not_set_stops_the_start():
    with pytest.raises(SetupError, match="client 'ehr': the environment has no NO_TOKEN"):
        gatekeeper(settings(clients=[client(token="NO_TOKEN")]))


@pytest.mark.parametrize(
    ("partners", "clients"),
    [
        ([], [client(), client(name="pacs")]),
        ([partner(), partner(name="c")], []),
        ([partner(accept="EHR_TOKEN")], [client()]),
    ],
)
def test_two_callers_of_one_organisation_with_the_same_token_stop_the_start(partners, clients):
    with pytest.raises(SetupError, match="two callers of one organisation have the same token"):
        gatekeeper(settings(partners=partners, clients=clients))


def test_a_token_is_worth_what_the_settings_say_and_only_at_its_organisation():
    keeper = gatekeeper(
        settings(
            orgs=("a", "z"),
            partners=[partner(), partner(of="z", name="b2")],
            clients=[client(scopes=["read"])],
        )
    )
    ehr = keeper.caller("Bearer ehr-token", "a")
    assert (ehr.actor, ehr.org, ehr.scopes) == ("client:ehr", "a", {"read"})
    assert keeper.caller("Bearer partner-token", "a").actor == "partner:b"
    assert keeper.caller("Bearer partner-token", "z").actor == "partner:b2"
    with pytest.raises(NotFound):
        keeper.caller("Bearer ehr-token", "z")
    with pytest.raises(NotFound):
        keeper.caller("Bearer ehr-token", "nobody")


@pytest.mark.parametrize("header", ["bearer ehr-token", "BEARER ehr-token", "Bearer   ehr-token "])
def test_the_scheme_is_read_as_http_has_it(header):
    assert gatekeeper(settings(clients=[client()])).caller(header, "a").id == "ehr"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic ehr-token",
        "ehr-token",
        "Bearer ehr-token2",
        "Bearer ehr token",
        "Bearer ehr-tokeñ",
    ],
)
def test_an_unknown_token_lets_nobody_in_even_on_an_open_node(header):
    for clients in ([], [client()]):
        with pytest.raises(NotAuthenticated):
            gatekeeper(settings(clients=clients)).caller(header, "a")


@given(st.text())
def test_no_other_word_is_the_token(word):
    keeper = Gatekeeper(callers={fingerprint("the token"): {}})
    if word.strip() != "the token":
        with pytest.raises(NotAuthenticated):
            keeper.caller(f"Bearer {word}", "a")


def test_the_token_itself_is_not_kept():
    keeper = gatekeeper(settings(partners=[partner()], clients=[client()]))
    assert "partner-token" not in repr(keeper)
    assert "ehr-token" not in repr(keeper)


def test_port_0_picks_a_port_and_callers_can_queue_there():
    with closing(listening_socket(settings(port=0))) as listening:
        port = listening.getsockname()[1]
        assert port > 0
        with closing(socket.create_connection(("127.0.0.1", port), timeout=5)):
            pass


def test_a_port_that_is_taken_is_told():
    with closing(listening_socket(settings(port=0))) as first:
        with pytest.raises(SetupError, match="cannot listen there") as refused:
            listening_socket(settings(port=first.getsockname()[1]))
        assert refused.value.problems[0].where == "server.port"


@pytest.mark.parametrize("host", ["203.0.113.7", "a..b"])
def test_an_address_of_another_machine_is_told(host):
    with pytest.raises(SetupError, match="cannot listen there"):
        listening_socket(settings(host=host, port=0))
