"""`second-opinion check`: does the insurer pay, why, and what would help; an estimate by the rule packs."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapter.cli.inputs import read_input


class Language(StrEnum):
    """The languages of the answers."""

    EN = "en"
    DE = "de"
    NL = "nl"


def check(
    file: Annotated[
        str, typer.Argument(help="The request in any format, or facts (JSON) with --facts; - is standard input.")
    ],
    *,
    facts: Annotated[bool, typer.Option("--facts", help="FILE holds flat facts instead of a request.")] = False,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Judge by the rules of this day.")] = None,
    lang: Annotated[Language, typer.Option(help="The language of the answer.")] = Language.EN,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    packs: Annotated[Path | None, typer.Option(help="Another folder of rule packs.", show_default=False)] = None,
) -> None:
    """Say whether the insurer covers it, why, and what would help.

    Every decision is a result: the exit status is 0 also where the answer is no.

    Example: second-opinion check request.json --lang nl
    """
    import orjson

    from adapter.base.data import shipped
    from adapter.intake.hospitals.register import read_profiles, token_of
    from adapter.intake.strict_json import read_json
    from adapter.rules.answer import answer_json
    from adapter.rules.evaluate import decide
    from adapter.rules.explain import explain
    from adapter.rules.facts import facts_from_request
    from adapter.rules.pack import load_packs
    from adapter.workflow.offline import read_offline

    loaded = load_packs(packs or shipped("mappings") / "coverage")
    data = read_input(file)
    if facts:
        given = loaded.vocabulary.read_facts(read_json(data))
    else:
        hospitals = read_profiles(shipped("mappings") / "hospitals")
        given = facts_from_request(read_offline(data), token=lambda one: token_of(hospitals, one))
    if on is not None:
        given["service_date"] = on.date()
    decision = decide(loaded, given)
    if json:
        typer.echo(orjson.dumps(answer_json(decision, lang), option=orjson.OPT_INDENT_2).decode())
        return
    for line in explain(decision, lang, loaded.vocabulary):
        typer.echo(line)
