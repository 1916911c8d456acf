"""What is wrong or unknown in the settings stops the start and is named."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.errors import SetupError
from adapter.settings import PREFIX, Server, Settings, load_settings, secret

CONTRACT = Path(__file__).parents[2].parent / "shared" / "contract"
ORGANISATION = """
[[organisation]]
id = "a"
name = "Haus A (TEST)"
role = "treating"
country = "DE"
time_zone = "Europe/Berlin"
identifiers = [{ system = "urn:x", value = "1" }]
"""
PARTNER = """
[[partner]]
id = "b"
role = "consulting"
of = "a"
fhir = "https://b.example/fhir"
identifiers = [{ system = "urn:x", value = "2" }]
"""
CLIENT = """
[[client]]
id = "ehr"
of = "a"
token_env = "EHR_TOKEN"
"""


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def load(tmp_path):
    def read(text: str) -> Settings:
        file = tmp_path / "node.toml"
        file.write_text(text, encoding="utf-8")
        return load_settings(file)

    return read


def refusal(load, text):
    with pytest.raises(SetupError) as refused:
        load(text)
    assert refused.value.exit_status == 78
    return {(one.where, one.text) for one in refused.value.problems}


@pytest.mark.parametrize("name", ["node-treating.toml", "node-consulting.toml"])
def test_the_settings_of_the_contract_load(name):
    if not CONTRACT.is_dir():
        pytest.skip("the contract's settings are not here (../shared/contract)")
    settings = load_settings(CONTRACT / name)
    (organisation,), (partner,) = settings.organisation, settings.partner
    assert {organisation.id, partner.id} == {"dijkzicht", "catharina-kliniek"}
    assert partner.of == organisation.id
    assert settings.server.port in (8101, 8102)
    assert settings.store.url.startswith(f"sqlite:///{CONTRACT.resolve()}/var/node-")


def test_without_a_file_there_is_a_development_node_under_var(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None)
    assert [one.id for one in settings.organisation] == ["development"]
    assert settings.store.url == f"sqlite:///{tmp_path.resolve()}/var/node.db"
    assert settings.server.loopback


def test_every_wrong_or_unknown_setting_is_named_at_once(load):
    found = refusal(
        load,
        ORGANISATION.replace("Europe/Berlin", "Mars/Olympus").replace('"treating"', '"patient"')
        + '[server]\nport = 70000\nhots = "x"\nlog_level = "loud"\n[store]\nurl = 5\n[worker]\nid = "Node One"\n',
    )
    assert {where for where, _ in found} == {
        *("server.port", "server.hots", "server.log_level", "store.url", "worker.id"),
        *("organisation.0.time_zone", "organisation.0.role"),
    }
    assert ("server.hots", "unknown setting") in found
    assert ("organisation.0.time_zone", "not a time zone of the IANA list, such as Europe/Amsterdam") in found


@pytest.mark.parametrize("key", ["databse", "_env_file", "_cli_parse_args", "_env_prefix", "Server"])
def test_an_unknown_section_is_named_whatever_it_is_called(load, key):
    assert refusal(load, f"{key} = true\n{ORGANISATION}") == {(key, "unknown setting")}


@given(st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True).filter(lambda key: key not in Settings.model_fields))
def test_no_unknown_key_is_ever_passed_over(tmp_path_factory, key):
    file = tmp_path_factory.getbasetemp() / "unknown.toml"
    file.write_text(f'"{key}" = 1\n{ORGANISATION}', encoding="utf-8")
    with pytest.raises(SetupError) as refused:
        load_settings(file)
    assert [one.where for one in refused.value.problems] == [key]


@pytest.mark.parametrize(
    ("section", "key"),
    [
        *((f"[{name}]", key) for name in ("server", "store", "worker") for key in ("color", "extra__key")),
        *((part, "color") for part in (ORGANISATION, PARTNER, CLIENT)),
    ],
)
def test_an_unknown_key_in_any_section_is_named(load, section, key):
    text = section if "organisation" in section else ORGANISATION + section
    found = refusal(load, f"{text}\n{key} = 1\n")
    assert [where.rpartition(".")[2] for where, said in found if said == "unknown setting"] == [key]


@pytest.mark.parametrize("missing", ["id", "name", "role", "country", "time_zone", "identifiers"])
def test_a_missing_setting_of_an_organisation_is_named(load, missing):
    text = "\n".join(line for line in ORGANISATION.splitlines() if not line.startswith(f"{missing} ="))
    assert refusal(load, text) == {(f"organisation.0.{missing}", "Field required")}


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("", "organisation", "at least one"),
        ("not toml", "node.toml", "not TOML"),
        (ORGANISATION * 2, None, "two have the same id"),
        (ORGANISATION + PARTNER * 2, None, "partner: two of one organisation"),
        (ORGANISATION + CLIENT * 2, None, "client: two of one organisation"),
        (ORGANISATION + PARTNER.replace('of = "a"', 'of = "c"'), None, "partner 'b': of = 'c' names no organisation"),
        (ORGANISATION + CLIENT.replace('of = "a"', 'of = "c"'), None, "client 'ehr': of = 'c' names no organisation"),
        (ORGANISATION.replace('"1"', "1"), "organisation.0.identifiers.0.value", "string"),
        (ORGANISATION.replace('[{ system = "urn:x", value = "1" }]', "[]"), "organisation.0.identifiers", "at least 1"),
        (ORGANISATION + CLIENT + 'scopes = ["all"]', "client.0.scopes.0", "'intake', 'read' or 'cases'"),
    ],
)
def test_what_does_not_hang_together_is_told(load, text, where, said):
    found = refusal(load, text)
    assert any((place or "").endswith(where or "") and said in words for place, words in found)


@pytest.mark.parametrize(
    "address",
    ["", "b.example/fhir", "ftp://b.example", "https://", "https://b.example:port/fhir", "https://b.example/a b",
     "https://b.example/fhir?x=1", "https://user:word@b.example/fhir", "https://b.example/fhir#x", "https://bücher.example"],
)  # fmt: skip
@pytest.mark.parametrize("member", ["partner.0.fhir", "organisation.0.fhir_server", "server.public_url"])
def test_an_address_that_nobody_can_be_reached_at_stops_the_start(load, member, address):
    text = {
        "partner.0.fhir": ORGANISATION + PARTNER.replace("https://b.example/fhir", address),
        "organisation.0.fhir_server": f'{ORGANISATION}fhir_server = "{address}"',
        "server.public_url": f'{ORGANISATION}[server]\npublic_url = "{address}"',
    }[member]
    assert [where for where, _ in refusal(load, text)] == [member]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SetupError, match="cannot read") as refused:
        load_settings(tmp_path / "none.toml")
    assert refused.value.problems[0].where == str(tmp_path / "none.toml")


def test_bytes_that_are_not_utf_8_are_no_settings(tmp_path):
    (tmp_path / "node.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SetupError, match="not TOML"):
        load_settings(tmp_path / "node.toml")


def test_relative_paths_are_relative_to_the_file_and_absolute_ones_stay(load, tmp_path):
    home = tmp_path.resolve()
    settings = load(f'packs = "our-packs"\n{ORGANISATION}[store]\nurl = "sqlite:///x/node.db"\nblobs = "../blobs"')
    assert settings.store.url == f"sqlite:///{home}/x/node.db"
    assert settings.store.blobs == str(home.parent / "blobs")
    assert settings.packs == str(home / "our-packs")
    settings = load(f'{ORGANISATION}[store]\nurl = "sqlite:////srv/node.db"\nblobs = "/srv/blobs"')
    assert (settings.store.url, settings.store.blobs) == ("sqlite:////srv/node.db", "/srv/blobs")
    settings = load(f'{ORGANISATION}[store]\nurl = "postgresql://db.example/node"')
    assert settings.store.url == "postgresql://db.example/node"


def test_the_environment_wins_over_the_file_key_by_key(load, monkeypatch):
    monkeypatch.setenv("SECOND_OPINION_SERVER__PORT", "9000")
    monkeypatch.setenv("SECOND_OPINION_PACKS", "/srv/packs")
    settings = load(f'{ORGANISATION}[server]\nport = 8101\nmax_body_bytes = 2048\n[worker]\nid = "w1"')
    assert (settings.server.port, settings.server.max_body_bytes, settings.worker.id) == (9000, 2048, "w1")
    assert settings.packs == "/srv/packs"


def test_a_repeated_table_comes_from_the_environment_as_json(load, monkeypatch):
    house = {"id": "z", "name": "Z", "role": "insurer", "country": "NL", "time_zone": "Europe/Amsterdam",
             "identifiers": [{"system": "urn:x", "value": "9"}]}  # fmt: skip
    monkeypatch.setenv("SECOND_OPINION_ORGANISATION", json.dumps([house]))
    assert [one.id for one in load(ORGANISATION).organisation] == ["z"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECOND_OPINION_ORGANISATION", "[", "organisation"),
        ("SECOND_OPINION_SERVER__PORT", "http", "server.port"),
        ("SECOND_OPINION_SERVER__PROT", "1", "server.prot"),
        ("SECOND_OPINION_SEVRER__PORT", "1", "SECOND_OPINION_SEVRER__PORT"),
        ("SECOND_OPINION_PARTNER", '[{"id": "b"}]', "partner.0.fhir"),
    ],
)
def test_a_wrong_variable_is_named(load, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    found = refusal(load, ORGANISATION)
    assert any(said in f"{where}: {text}" for where, text in found)


def test_all_unknown_variables_are_named_at_once(load, monkeypatch):
    for name in ("SECOND_OPINION_A", "SECOND_OPINION_B__C"):
        monkeypatch.setenv(name, "1")
    assert {where for where, _ in refusal(load, ORGANISATION)} == {"SECOND_OPINION_A", "SECOND_OPINION_B__C"}


def test_the_variables_of_the_command_line_are_no_settings(load, monkeypatch):
    monkeypatch.setenv("SECOND_OPINION_TOKEN", "t")
    monkeypatch.setenv("SECOND_OPINION_NODE", "http://127.0.0.1:8101")
    assert load(ORGANISATION).server.port == 8100


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_a_development_clock_may_be_set_on_loopback(load, host):
    settings = load(f'{ORGANISATION}[server]\nhost = "{host}"\nclock = 2026-04-10T09:30:00+02:00')
    assert settings.server.clock == datetime(2026, 4, 10, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "clock", "said"),
    [
        ("0.0.0.0", "2026-04-10T09:30:00+02:00", "loopback"),  # noqa: S104 - to be refused
        ("::", "2026-04-10T09:30:00+02:00", "loopback"),
        ("", "2026-04-10T09:30:00+02:00", "loopback"),
        ("node.example", "2026-04-10T09:30:00Z", "loopback"),
        ("127.0.0.1", "2026-04-10T09:30:00", "offset"),
        ("127.0.0.1", "9999-12-31T23:59:59Z", "year"),
    ],
)
def test_a_development_clock_is_refused_elsewhere(load, host, clock, said):
    ((_, text),) = refusal(load, f'{ORGANISATION}[server]\nhost = "{host}"\nclock = "{clock}"')
    assert text.startswith("server.clock: ")
    assert said in text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "10.0.0.1", "node.example", "127.0.0.1.example"])  # noqa: S104
def test_what_others_can_reach_is_not_loopback(host):
    assert not Server(host=host).loopback


def test_a_secret_is_a_variable_that_is_set(monkeypatch):
    monkeypatch.setenv("X_TOKEN", "abc")
    monkeypatch.setenv("X_EMPTY", "")
    assert [secret(name) for name in ("X_TOKEN", "X_EMPTY", "X_NONE", None, "")] == ["abc", None, None, None, None]


@pytest.mark.parametrize("value", ["abc\n", "a b", "tök", "a\tb"])
def test_a_secret_that_cannot_stand_in_a_header_is_refused_without_being_told(monkeypatch, value):
    monkeypatch.setenv("X_TOKEN", value)
    with pytest.raises(SetupError) as refused:
        secret("X_TOKEN")
    assert refused.value.problems[0].where == "X_TOKEN"
    assert value not in refused.value.text
