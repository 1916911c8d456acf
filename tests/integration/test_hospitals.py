"""A node hears a hospital's way in what its systems hand in: by the settings, or by the message's sender."""

import json
from pathlib import Path

import pytest
import structlog

from adapter.app import assemble
from adapter.base.errors import SetupError, UnknownFormat
from adapter.settings import load_settings
from adapter.workflow.caller import Caller, CallerKind
from adapter.workflow.intake import take_in

HOSPITALS = Path(__file__).parents[2] / "mappings" / "hospitals"
ORDER = (HOSPITALS / "catharina" / "samples" / "orm-specialist.hl7").read_bytes()
ORDER = ORDER.replace(b"|EPD|UMC TEST|", b"|EPD|UMC TEST^2.999.40.13^ISO|")
STRANGER = ORDER.replace(b"HIX-CZE-TEST|CATHARINA TEST^2.999.40.11^ISO", b"X|X")
CALLER = Caller(kind=CallerKind.CLIENT, id="ehr", org="catharina", scopes=frozenset({"intake"}))
SETTINGS = """{top}
[server]
clock = "2026-03-12T08:10:00+01:00"

[[organisation]]
id = "catharina"
name = "Catharina Ziekenhuis (TEST)"
role = "treating"
country = "NL"
time_zone = "Europe/Amsterdam"
identifiers = [{{ system = "http://fhir.nl/fhir/NamingSystem/ura", value = "00009011" }}]
{hospital}

[[partner]]
id = "umc"
role = "consulting"
of = "catharina"
fhir = "http://umc.example/fhir"
identifiers = [{{ system = "urn:ietf:rfc:3986", value = "urn:oid:2.999.40.13" }}]
"""


@pytest.fixture
def running(tmp_path):
    opened = []

    def start(*, hospital: str = "", top: str = ""):
        file = tmp_path / "node.toml"
        file.write_text(SETTINGS.format(hospital=hospital, top=top), encoding="utf-8")
        opened.append(assemble(load_settings(file), public_url="http://catharina.example"))
        return opened[-1].node

    yield start
    for one in opened:
        one.close()


def stored(node, answer):
    """Give the canonical request that was kept."""
    with node.store.read() as unit:
        case = unit.cases.get("catharina", answer.task_id)
        return json.loads(unit.originals.read("catharina", case.detail["request"]))


def hand_in(node, body):
    return take_in(node, "catharina", CALLER, body, "application/hl7-v2")


def test_a_message_is_heard_as_its_hospital_means_it(running):
    node = running()
    document = stored(node, hand_in(node, ORDER))
    assert document["initiatedBy"] == "specialist"
    assert document["consultation"] == {"mode": "video"}


def test_the_settings_say_whose_messages_they_are_whatever_stands_in_them(running):
    with pytest.raises(UnknownFormat, match="no table claims it"):
        hand_in(running(), STRANGER)
    node = running(hospital='hospital = "catharina"')
    assert stored(node, hand_in(node, STRANGER))["initiatedBy"] == "specialist"


def test_a_hospital_that_is_not_there_stops_the_start(running):
    with pytest.raises(SetupError, match="there are: catharina, dijklander") as refused:
        running(hospital='hospital = "katharina"')
    assert refused.value.problems[0].where == "organisation.hospital"


def test_a_private_folder_takes_the_place_of_a_shipped_one_and_the_log_says_so(running, tmp_path):
    own = tmp_path / "own" / "catharina"
    own.mkdir(parents=True)
    text = (HOSPITALS / "catharina" / "profile.toml").read_text(encoding="utf-8")
    (own / "profile.toml").write_text(text.replace("HIX-CZE-TEST|", "HIX|"), encoding="utf-8")
    with structlog.testing.capture_logs() as lines:
        node = running(top='hospitals = "own"')
    assert [(one["event"], one["where"]) for one in lines] == [("hospital", str(own))]
    assert node.formats.hospitals.named("catharina").checklist == ()


def test_a_private_folder_that_is_wrong_or_missing_stops_the_start(running, tmp_path):
    with pytest.raises(SetupError, match="no such folder"):
        running(top='hospitals = "nowhere"')
    own = tmp_path / "own" / "south"
    own.mkdir(parents=True)
    (own / "profile.toml").write_text('name = "north"\n', encoding="utf-8")
    with pytest.raises(SetupError) as refused:
        running(top='hospitals = "own"')
    assert "south/profile.toml:1" in {one.where for one in refused.value.problems}
