"""Which hospital a message or an organisation is: by settings, by its names, by its identifiers; else none."""

import pytest

from adapter.base.errors import SetupError, UnknownFormat
from adapter.domain.parties import Organization
from adapter.domain.values import Identifier
from adapter.intake.taking import take


@pytest.mark.parametrize(
    ("application", "facility"),
    [("EPD-N", "NORTH"), ("EPD-N", ""), ("X", "NORTH-WEST"), ("X", "hospital  north (test)"), ("X", "X^2.999.77^ISO")],
)
def test_a_message_is_the_hospitals_by_each_of_its_marks(loaded, order, application, facility):
    assert take(order(application=application, facility=facility), None, formats=loaded).hospital == "north"


@pytest.mark.parametrize(
    ("application", "facility"), [("X", "X"), ("EPD-NO", "NORTH"), ("epd-n", "NORTH"), ("X", "X^2.999.7^ISO"), ("", "")]
)
def test_a_message_of_somebody_else_is_nobodys_and_its_code_says_nothing(loaded, order, application, facility):
    with pytest.raises(UnknownFormat, match="no table claims it"):
        take(order(application=application, facility=facility), None, formats=loaded)


def test_what_the_settings_say_counts_more_than_the_sender(loaded, order):
    taken = take(order(application="X", facility="CATHARINA TEST"), None, formats=loaded, hospital="north")
    assert taken.hospital == "north"


def test_a_name_without_a_hospital_is_told_for_every_format(loaded_beside):
    for body in (b"MSH|", b'{"format": "second-opinion-request/1"}'):
        with pytest.raises(SetupError, match="there are: catharina, dijklander, north"):
            take(body, None, formats=loaded_beside, hospital="nroth")


def test_moments_without_an_offset_are_the_hospitals(hospitals, loaded, order):
    file = hospitals / "north" / "profile.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("Europe/Amsterdam", "Asia/Tokyo"), encoding="utf-8")
    assert take(order(), None, formats=loaded).stated.sent.text == "2026-03-12T08:05:00+09:00"


@pytest.mark.parametrize(
    ("organization", "token"),
    [
        (Organization(name="Catharina Ziekenhuis"), "catharina"),
        (Organization(name="  catharina   ZIEKENHUIS (test) "), "catharina"),
        (Organization(name="Catharina-kliniek (TEST)"), None),
        (
            Organization(identifiers=(Identifier(system="http://fhir.nl/fhir/NamingSystem/ura", value="00009012"),)),
            "dijklander",
        ),
        (
            Organization(identifiers=(Identifier(system="http://fhir.nl/fhir/NamingSystem/agb-z", value="00009012"),)),
            None,
        ),
        (Organization(identifiers=(Identifier(system="urn:oid:2.16.528.1.1007.3.3", value="00009012"),)), "dijklander"),
        (Organization(), None),
    ],
)
def test_an_organisation_is_known_by_its_exact_name_or_number(formats, organization, token):
    assert formats.hospitals.token(organization) == token


def test_a_private_folder_takes_the_place_of_a_shipped_one(hospitals, loaded_beside, write):
    text = (hospitals / "north" / "profile.toml").read_text(encoding="utf-8")
    write(hospitals / "catharina" / "profile.toml", text.replace("north", "catharina").replace("North", "South")
          .replace("2.999.77", "2.999.78").replace("EPD-N", "EPD-S").replace("NORTH", "SOUTH"))  # fmt: skip
    found = loaded_beside().hospitals
    assert found.replaced == ("catharina",)
    assert found.named("catharina").profile.title == "Hospital South (TEST)"
    assert found.named("catharina").checklist == ()


def test_two_hospitals_that_are_known_by_the_same_are_told(hospitals, told, write):
    text = (hospitals / "north" / "profile.toml").read_text(encoding="utf-8")
    write(hospitals / "south" / "profile.toml", text.replace('"north"', '"south"').replace("2.999.77", "2.999.78"))
    assert {(where, text) for where, text in told()} == {
        ("hospitals/south/profile.toml", "recognise: north is known by the same name or identifier")
    }
