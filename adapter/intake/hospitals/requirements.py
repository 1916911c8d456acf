"""A hospital's `requirements.csv`: where each requirement of its source page has its place, or why it has none here."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from adapter.base.errors import Problem
from adapter.intake.hospitals.checklist import Item
from adapter.intake.hospitals.toml_file import Part
from adapter.mapping.tables.cells import known_as, read_cells

COLUMNS: Final = ("row", "kind", "place", "says")
KINDS: Final = ("profile", "checklist", "rule", "workflow", "format", "text")
"""In this folder's profile or checklist; a rule of a pack; a step of the workflow; a member of the canonical format;
words for people only."""


class Requirement(NamedTuple):
    """A requirement and its place.

    Attributes:
        row: of the requirements, such as C36.
        kind: one of KINDS.
        place: key of the profile, id of an item, "pack#rule", state of a case, or JSON pointer; "" for words.
        says: the requirement in our own words.
    """

    row: str
    kind: str
    place: str
    says: str


def read_requirements(
    file: Path, profile: Part, items: Iterable[Item], problems: list[Problem]
) -> tuple[Requirement, ...]:
    """Read the list; places in the folder must be there.

    Args:
        file: the CSV file.
        profile: the profile's file.
        items: of the checklist.
        problems: what is wrong is added here.
    """
    known = {one.id: one.rows for one in items}
    found: list[Requirement] = []
    for where, cells in read_cells(file, COLUMNS, problems):
        one = Requirement(*cells)
        found.append(one)
        if one.kind not in KINDS:
            problems.append(Problem(f"kind is one of {', '.join(KINDS)}", where))
        if not one.says:
            problems.append(Problem("say in a few words what the requirement is", where))
        if bool(one.place) == (one.kind == "text"):
            problems.append(Problem("everything but words for people has a place", where))
        if one.kind == "checklist" and one.row not in known.get(one.place, ()):
            problems.append(Problem(f"the checklist has no item {one.place} that names {one.row}", where))
        if one.kind == "profile" and not _has(profile, one.place):
            problems.append(Problem(f"the profile has no key {one.place}", where))
    listed = {(one.row, one.place) for one in found if one.kind == "checklist"}
    for name, rows in known.items():
        missing = [row for row in rows if (row, name) not in listed]
        if missing:
            problems.append(Problem(f"{', '.join(missing)} of the item {name} has no line here", known_as(file)))
    return tuple(found)


def _has(profile: Part, key: str) -> bool:
    said: object = profile.said
    for name in key.split("."):
        if not isinstance(said, dict) or name not in said:
            return False
        said = said[name]
    return True
