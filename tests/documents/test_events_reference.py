"""docs/reference/events.md has the events of the code, and says of each whether it is taken."""

import re
from pathlib import Path

from adapter.fhir.systems import MESSAGE_EVENT, V2_EVENT
from adapter.mapping.to_fhir.messages import Event
from adapter.workflow.messages import HANDLERS

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "events.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in re.findall(r"^\| `.*", TEXT, re.MULTILINE)]
SYSTEMS = {"v2-0003": V2_EVENT, "so-message-event": MESSAGE_EVENT}


def test_every_event_is_told_with_its_system():
    told = {(SYSTEMS[row[1]], row[0].strip("`")) for row in ROWS}
    assert told == {event.value for event in Event}


def test_what_is_not_taken_yet_is_said():
    taken = {row[0].strip("`") for row in ROWS if row[-1] != "not taken yet"}
    assert taken == {event.value[1] for event in HANDLERS}


def test_the_systems_are_written_out():
    assert all(f"`{system}`" in TEXT for system in SYSTEMS.values())
