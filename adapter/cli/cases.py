"""`second-opinion cases`: look at the cases of a running node and act on them."""

import json
import sys
from typing import Annotated, Any
from urllib.parse import quote

import typer

from adapter.cli.node import DEFAULT_NODE, NodeUrl, Org, node_api

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Look at the cases of a running node and act on them.",
)
Case = Annotated[str, typer.Argument(help="The case number or the Task's id.")]
_REJECTION_REASONS = (
    "conflict-of-interest, wrong-specialty, no-capacity, out-of-scope, already-first-opinion-provider or other."
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_cases(node: NodeUrl = DEFAULT_NODE, org: Org = None, *, as_json: AsJson = False) -> None:
    """List the cases, newest first."""
    cases = node_api(node, org).get("/cases")
    if as_json:
        _print(cases)
        return
    for case in cases:
        state = f"{case['status']}, {case['businessStatus'] or '-'}"
        end, partner = "closed" if case["closedAt"] else "open", case["partner"] or "-"
        typer.echo(f"{case['number']:<20} {state:<40} {end:<7} {partner}")


@app.command()
def show(case: Case, node: NodeUrl = DEFAULT_NODE, org: Org = None) -> None:
    """Show one case as JSON."""
    _print(node_api(node, org).get(_path(case)))


@app.command()
def timeline(
    case: Case,
    node: NodeUrl = DEFAULT_NODE,
    org: Org = None,
    lang: Annotated[str | None, typer.Option(help="en, de or nl, for the reasons of the insurer's rules.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell the story of a case: when, who, what, and why it was decided so."""
    lines = node_api(node, org).get(f"{_path(case)}/timeline" + (f"?lang={quote(lang, safe='')}" if lang else ""))
    if as_json:
        _print(lines)
        return
    for line in lines:
        why = f"  ({line['why']})" if line["why"] else ""
        typer.echo(f"{line['at'][:16].replace('T', ' ')}  {line['who']:<28} {line['what']}{why}")


@app.command()
def account(case: Case, node: NodeUrl = DEFAULT_NODE, org: Org = None, *, as_json: AsJson = False) -> None:
    """Show where every field of the message went that a case was made from, and what was lost."""
    told = node_api(node, org).get(f"{_path(case)}/account")
    if as_json:
        _print(told)
        return
    for row in told["rows"]:
        note = f"  ({row['note']})" if row["note"] else ""
        typer.echo(f"{row['source']:<24} {row['target'] or '-'}{note}")
    lost = [one for one in told["remarks"] if one["kind"] != "lost"]
    for one in lost:
        typer.echo(f"{one['kind']}: {one['source'] or 'the message'}: {one['text']}", err=True)


@app.command()
def accept(
    case: Case,
    node: NodeUrl = DEFAULT_NODE,
    org: Org = None,
    number: Annotated[str | None, typer.Option(help="Your own number for the case.")] = None,
) -> None:
    """Accept a request (consulting side)."""
    _decide(node, org, case, "accept", {"number": number} if number else {})


@app.command()
def reject(
    case: Case,
    reason: Annotated[str, typer.Option(help=_REJECTION_REASONS)],
    node: NodeUrl = DEFAULT_NODE,
    org: Org = None,
) -> None:
    """Decline a request with a reason (consulting side)."""
    _decide(node, org, case, "reject", {"reason": reason})


@app.command()
def cancel(
    case: Case,
    reason: Annotated[str, typer.Option(help="patient-withdrew, consent-revoked, not-needed or other.")],
    node: NodeUrl = DEFAULT_NODE,
    org: Org = None,
) -> None:
    """Take a request back, or ask to stop once the review has begun (treating side)."""
    _decide(node, org, case, "cancel", {"reason": reason})


@app.command()
def discussed(case: Case, node: NodeUrl = DEFAULT_NODE, org: Org = None) -> None:
    """Record that the opinion was discussed with the patient: this closes the loop."""
    _decide(node, org, case, "discussed", {})


@app.command("taken-over")
def taken_over(case: Case, node: NodeUrl = DEFAULT_NODE, org: Org = None) -> None:
    """Record that the consulting side has taken over the care: this closes the loop (consulting side)."""
    _decide(node, org, case, "taken-over", {})


def _decide(node: str, org: str | None, case: str, verb: str, body: dict[str, Any]) -> None:
    changed = node_api(node, org).post(f"{_path(case)}/{verb}", body)
    typer.echo(f"{changed['number']}: {changed['status']}, {changed['businessStatus']}")


def _path(case: str) -> str:
    return f"/cases/{quote(case, safe='')}"


def _print(data: Any) -> None:
    json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
