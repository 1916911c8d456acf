"""Tells a case on the screen, as a timeline that a clinician can follow: when, who, what, and why."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from adapter.demo.loop import LoopResult
from adapter.demo.materials import Material
from adapter.demo.stage import HOUSES

TOLD_BY = {
    "treating": {
        *("requested", "corrected", "coverage-decided", "coverage-not-asked", "records-judged", "waiting-for-consent"),
        *("discussed", "cancelled", "work-failed"),
    },
    "consulting": {
        *("received", "accepted", "rejected", "records-received", "reported", "patient-copy-made", "report-sent"),
        *("report-withheld", "handed-over", "taken-over", "work-failed"),
    },
}
"""What each side tells first-hand; what it only hears from the other side stands in the files."""


def tell_case(console: Console, result: LoopResult) -> None:
    """Print the story of one case."""
    table = Table(title=escape(_title(result.material)), title_justify="left", title_style="bold", expand=True)
    table.add_column("When", no_wrap=True)
    table.add_column("Who", ratio=2)
    table.add_column("What, and why", ratio=5)
    for line in result.timeline:
        if line["kind"] in TOLD_BY[HOUSES[line["organisation"]][0]]:
            why = f"\n[dim]because: {escape(line['why'])}[/]" if line["why"] else ""
            table.add_row(line["at"][:16].replace("T", " "), escape(_who(line)), escape(line["what"]) + why)
    console.print(table)
    for fault in result.faults:
        console.print(f"[red]not as it should be: {escape(fault)}[/]")
    if not result.faults:
        console.print(f"[green]Loop closed[/]: {_ending(result.material)}\n")


def tell_end(console: Console, results: list[LoopResult], out: Path, seconds: float) -> None:
    """Print what to look at next."""
    closed = sum(not result.faults for result in results)
    console.print(f"[bold]{closed} of {len(results)} loops closed in {seconds:.1f} s.[/] Everything is in {out}:")
    console.print("  inputs         the requests, reports and records that went in")
    console.print("  (case)/offline the request as FHIR (transaction, message), the trace, the coverage decision")
    console.print("  (case)/(house) what each side received and holds; beside them timeline.json and audit.ndjson")
    console.print(f"Next: second-opinion map {out}/inputs/request-nl.json | second-opinion validate -", soft_wrap=True)


def _title(material: Material) -> str:
    request = material.request
    name = request["patient"]["name"]
    patient = " ".join([*name.get("given", []), name.get("family", "")])
    planned = request.get("plannedProcedure", {}).get("text", "no operation planned")
    return f"{material.number}: {patient} (test person), before: {planned}"


def _who(line: dict[str, Any]) -> str:
    house = HOUSES[line["organisation"]][1].removesuffix(" (TEST)")
    part = {"gate": "consent gate", "node": "adapter"}.get(line["who"])
    return f"{house}, {part}" if part else house


def _ending(material: Material) -> str:
    if material.returns_report:
        return "the report went back to the first doctor, as the patient agreed."
    return "the report stayed with the patient; the first doctor learned only that the opinion was given."
