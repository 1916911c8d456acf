"""`second-opinion hospitals`: list, show and check the folders of hospitals."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapter.cli.check import Language

if TYPE_CHECKING:  # loading tables costs time that `--help` must not spend
    from adapter.intake.formats import Formats
    from adapter.intake.hospitals.checklist import Item
    from adapter.intake.hospitals.folder import Hospital

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="List, show and check the hospitals' folders.")
Folder = Annotated[
    Path | None, typer.Option("--hospitals", help="A folder of hospitals beside the shipped ones.", show_default=False)
]


@app.command("list")
def list_hospitals(*, hospitals: Folder = None) -> None:
    """List the hospitals: name, country, parts that they take, formats that they send, title."""
    for name, one in _load(hospitals).hospitals.by_name.items():
        profile = one.profile
        formats = ", ".join(profile.formats) or "-"
        typer.echo(f"{name:<16} {profile.country}  {'/'.join(profile.roles):<20} {profile.title}: {formats}")


@app.command("show")
def show_hospital(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `hospitals list` gives it.")],
    *,
    hospitals: Folder = None,
    lang: Annotated[Language, typer.Option(help="The language of the checklist.")] = Language.EN,
) -> None:
    """Show a hospital: how it is recognised, what it sends and takes, its way, and its checklist step by step."""
    loaded = _load(hospitals).hospitals
    if name not in loaded.by_name:
        known = ", ".join(loaded.by_name) or "none"
        raise typer.BadParameter(f"no hospital is called {name}; there are {known}", param_hint="NAME")
    for line in _portrait(loaded.named(name), lang):
        typer.echo(line)


@app.command("check")
def check_folders(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with a folder for each hospital.")],
    *,
    write: Annotated[bool, typer.Option("--write", help="Write what the samples become into expected/.")] = False,
) -> None:
    """Check every hospital in a folder, and that its samples become what is expected; exit status 1 where one differs.

    Example: second-opinion hospitals check mappings/hospitals
    """
    from adapter.base.errors import AdapterError
    from adapter.intake.hospitals.rehearsal import become, expected_of, rehearse, samples_of, written

    if write:
        _prepare(folder)
    formats = _load(folder)
    theirs = [one for one in formats.hospitals.by_name.values() if one.folder.parent.resolve() == folder.resolve()]
    samples = differing = 0
    for hospital in theirs:
        for sample in samples_of(hospital):
            samples += 1
            try:
                if write:
                    expected_of(sample).write_bytes(written(become(sample, formats)))
            except AdapterError:
                continue  # told below, with its problems
        for problem in rehearse(hospital, formats):
            differing += 1
            typer.echo(f"{problem.where}: {problem.text}")
    typer.echo(f"{len(theirs)} hospitals, {samples} samples, {differing} problems")
    if differing:
        raise typer.Exit(1)


def _prepare(folder: Path) -> None:
    """Make room for what has not been written yet: a sample without it is refused."""
    for sample in folder.glob("*/samples/*.*"):
        expected = sample.parents[1] / "expected" / f"{sample.stem}.json"
        expected.parent.mkdir(exist_ok=True)
        expected.touch()


def _load(folder: Path | None) -> "Formats":
    from adapter.base.data import shipped
    from adapter.intake.formats import load_formats

    mappings = shipped("mappings")
    is_shipped = folder is not None and folder.resolve() == (mappings / "hospitals").resolve()
    return load_formats(mappings, None if is_shipped else folder)


def _portrait(hospital: "Hospital", lang: str) -> Iterator[str]:
    profile = hospital.profile
    yield f"{profile.name}: {profile.title} ({profile.country}, {profile.zone.key}), {' and '.join(profile.roles)}"
    yield f"  recognised by  {'; '.join(profile.recognised.stated)}"
    yield f"  sends          {', '.join(profile.formats) or 'nothing said'}"
    yield f"  own rows in    {', '.join(sorted(hospital.tables)) or 'none'}"
    written = ", ".join(f"{what} in {form}" for what, form in profile.written().items())
    yield f"  takes          {written or 'nothing'}"
    dialect = profile.dialect
    yield f"  its HL7 v2     {dialect.version}, {dialect.charset}, delimiters {dialect.delimiters}"
    for name, words in profile.way.said():
        yield f"  {name:<14} {', '.join(words)}"
    step = ""
    for item in hospital.checklist:
        if item.before != step:
            step = item.before
            yield f"\n  before: {step}"
        yield from _item(item, lang)


def _item(item: "Item", lang: str) -> Iterator[str]:
    yield f"    {item.id}: {item.text[lang]}"
    yield f"      by {', '.join(item.by)}; {item.needs()}" + (f"; only where {item.asked_for()}" if item.only else "")
    yield f"      rests on {', '.join(item.rows)}" + (f"; judged by {item.rule}" if item.rule else "")
