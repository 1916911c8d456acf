"""Tells a case on the screen, as a timeline that a clinician can follow."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from adapter.demo.loop import LoopResult
from adapter.demo.stage import HOUSES

TECHNICAL = {"status-sent", "closed-sent", "started", "coverage-not-asked"}
"""Kinds that the files keep and the screen leaves out."""


def tell_case(console: Console, result: LoopResult) -> None:
    """Print the story of one case."""
    request = result.material.request
    planned = request.get("plannedProcedure", {})
    title = f"{result.material.number}: {planned.get('text', 'no operation planned')}"
    table = Table(title=escape(title), title_justify="left", title_style="bold", expand=True, pad_edge=False)
    table.add_column("When", no_wrap=True)
    table.add_column("Where", no_wrap=True)
    table.add_column("What, and why", ratio=1)
    shown = [line for line in result.timeline if line["kind"] not in TECHNICAL]
    for line in shown:
        why = f"\n[dim]{escape(line['why'])}[/]" if line["why"] else ""
        house = HOUSES[line["organisation"]][1].removesuffix(" (TEST)")
        table.add_row(line["at"][:16].replace("T", " "), escape(house), escape(line["what"]) + why)
    console.print(table)
    for fault in result.faults:
        console.print(f"[red]not as it should be: {escape(fault)}[/]")
    if not result.faults:
        back = (
            "the report went back to the first doctor"
            if result.material.returns_report
            else ("the report stayed with the patient; the first doctor learned only that it is done")
        )
        console.print(f"[green]Loop closed[/] - {back}.\n")


def tell_end(console: Console, results: list[LoopResult], out: Path, seconds: float) -> None:
    """Print what to look at next."""
    closed = sum(not result.faults for result in results)
    console.print(f"{closed} of {len(results)} loops closed in {seconds:.1f} s. Everything that was made is in {out}/:")
    console.print("  offline/        the request as FHIR (transaction, message, trace) and the coverage decision")
    console.print("  <organisation>/ what each side received and holds; timeline.json; audit.ndjson")
    console.print(f"Next: second-opinion map {out}/inputs/request-nl.json | second-opinion validate -")
