"""Hospitals as a page for people, in Markdown: the words of their files, and each one's own; a test keeps it so."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from adapter.intake.hospitals import checklist, profile
from adapter.intake.hospitals.checklist import Item
from adapter.intake.hospitals.folder import Hospital
from adapter.intake.hospitals.requirements import KINDS

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "roles": profile.ROLES,
    "country": profile.COUNTRIES,
    "out.status": profile.STATUS,
    "out.request": profile.REQUEST,
    "out.report": profile.REPORT,
    "hl7v2.version": profile.VERSIONS,
    "hl7v2.charset": profile.CHARSETS,
    "way.reasons": profile.REASONS,
    "way.phases": profile.PHASES,
    "way.initiated_by": profile.INITIATORS,
    "way.referred_by": profile.REFERRERS,
    "way.records_routes": profile.RECORDS_ROUTES,
    "way.talks": profile.TALKS,
    "way.endings": profile.ENDINGS,
    "item.before": checklist.STEPS,
    "item.by": checklist.BY,
    "item.reached": checklist.BUSINESS,
    "requirements kind": KINDS,
}
"""The closed lists of the files."""


def word_lines() -> list[str]:
    """Return the closed lists as a table."""
    lines = ["| key | one of, or several of |", "|---|---|"]
    return lines + [f"| `{key}` | {', '.join(f'`{one}`' for one in words)} |" for key, words in WORDS.items()]


def hospital_lines(hospitals: Iterable[Hospital]) -> list[str]:
    """Return a part for each hospital: its way and its checklist."""
    return [line for one in hospitals for line in _about(one)][:-1]


def _about(hospital: Hospital) -> Iterator[str]:
    one = hospital.profile
    yield from (f"## {one.title}", "", f"Folder `{one.name}`, {one.country}, {' and '.join(one.roles)}.", "")
    yield from ("| | |", "|---|---|")
    yield _row("recognised by", one.recognised.stated)
    yield _row("sends", [f"[{name}](mappings/{name}.md)" for name in one.formats], is_code=False)
    yield _row("takes", [f"{what} in {form}" for what, form in one.written().items()], is_code=False)
    for name, words in one.way.said():
        yield _row(name, words)
    yield ""
    if hospital.checklist:
        yield from ("| before | must be there | by | only where | rests on | judged by |", "|---|---|---|---|---|---|")
        yield from (_item(item) for item in hospital.checklist)
        yield ""


def _row(name: str, words: Iterable[str], *, is_code: bool = True) -> str:
    shown = [word.replace("|", "\\|") for word in words]
    return f"| {name} | {', '.join(f'`{word}`' if is_code else word for word in shown)} |"


def _item(item: Item) -> str:
    cells = (
        item.before,
        f"{item.text['en']} ({item.needs()})",
        ", ".join(item.by),
        item.asked_for(),
        ", ".join(item.rows),
        f"`{item.rule}`" if item.rule else "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
