"""`second-opinion packs`: list, show and test the rule packs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapter.cli.check import Language
from adapter.cli.inputs import read_input

if TYPE_CHECKING:  # loading packs costs time that `--help` must not spend
    from adapter.rules.pack import Pack, Packs

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="List, show and test the insurers' rule packs.")
Lang = Annotated[Language, typer.Option(help="The language of titles and reasons.")]
Folder = Annotated[Path | None, typer.Option("--packs", help="Another folder of rule packs.", show_default=False)]


@app.command("list")
def list_packs(*, packs: Folder = None, lang: Lang = Language.EN) -> None:
    """List the packs: id, kind, days on which they count, number of rules, title."""
    for pack in _load(packs).all:
        days = f"{pack.valid_from} - {pack.valid_to or ''}".rstrip()
        typer.echo(f"{pack.id:<24} {pack.kind:<9} {days:<24} {len(pack.rules):>3} rules  {pack.title[lang]}")


@app.command("show")
def show_pack(
    pack_id: Annotated[str, typer.Argument(metavar="ID", help="As `packs list` gives it.")],
    *,
    packs: Folder = None,
    lang: Lang = Language.EN,
) -> None:
    """Show a pack: whom it is for, on what it rests, and every rule with its condition, effect and source."""
    loaded = _load(packs)
    editions = loaded.by_id(pack_id)
    if not editions:
        known = ", ".join(sorted({pack.id for pack in loaded.all}))
        raise typer.BadParameter(f"no pack is called {pack_id}; there are {known}", param_hint="ID")
    for pack in editions:
        for line in _portrait(pack, lang):
            typer.echo(line)


@app.command("test")
def run_cases(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Case files (second-opinion-cases/1).")],
    *,
    packs: Folder = None,
) -> None:
    """Run case files against the packs; exit status 1 where a case fails.

    Example: second-opinion packs test mappings/coverage/nl-zvw-default/cases.yaml
    """
    from adapter.rules.cases import read_cases, run_case

    loaded = _load(packs)
    passed = failed = 0
    for file in files:
        for case in read_cases(_text(file), file, loaded.vocabulary):
            differs = run_case(loaded, case)
            passed, failed = (passed, failed + 1) if differs else (passed + 1, failed)
            for difference in differs:
                typer.echo(f"{case.id}: {difference}")
    typer.echo(f"{passed} passed, {failed} failed")
    if failed:
        raise typer.Exit(1)


def _load(folder: Path | None) -> "Packs":
    from adapter.base.data import shipped
    from adapter.rules.pack import load_packs

    return load_packs(folder or shipped("mappings") / "coverage")


def _text(file: str) -> str:
    from adapter.base.errors import Unreadable

    try:
        return read_input(file).decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("this is not UTF-8 text", where=file) from None


def _portrait(pack: "Pack", lang: str) -> Iterator[str]:
    yield f"{pack.id}: {pack.title[lang]}"
    yield f"  {pack.kind}, {pack.jurisdiction}, priority {pack.priority}, in {pack.file}"
    yield f"  valid from {pack.valid_from} to {pack.valid_to or 'further notice'}"
    yield f"  for {', '.join(pack.payers) or pack.provider}"
    yield f"  chosen when {pack.select_when.words}{' (also when unknown)' if pack.select_if_unknown else ''}"
    yield from (f"  rests on {source}" for source in pack.legal_source)
    for rule in pack.rules:
        unknown = "; unknown is ignored" if rule.ignores_unknown else ""
        yield f"\n  {rule.id} ({rule.kind}{unknown})"
        yield f"    when   {rule.when.words}"
        yield f"    gives  {rule.effect}"
        yield f"    says   {rule.reason.text[lang]}"
        yield f"    source {', '.join([*rule.reason.source, *filter(None, [rule.reason.law])])}"
        yield f"    sure   {rule.reason.confidence}"
