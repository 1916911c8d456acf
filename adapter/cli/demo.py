"""`second-opinion demo`: two hospitals on this machine, one German and one Dutch case, from request to closed loop."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[Path, typer.Option(help="Where every artefact is written.")] = Path("out/demo"),
) -> None:
    """Run the whole loop on this machine and tell it as a story; needs no network and under 30 seconds.

    Two node processes are started, each with two hospitals; a German and a Dutch test patient want a second opinion.
    Exit status 0 only if both loops are really closed.
    """
    import time
    from datetime import timedelta

    from rich.console import Console

    from adapter.cli.story import tell_case, tell_end
    from adapter.demo.artefacts import write_artefacts
    from adapter.demo.loop import run_loop
    from adapter.demo.materials import prepare
    from adapter.demo.offline import write_offline
    from adapter.demo.stage import Stage

    console = Console(stderr=False, highlight=False)
    started = time.monotonic()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise typer.BadParameter(f"{out}: {failure.strerror}", param_hint="--out") from failure
    materials, real = prepare(out / "inputs")
    console.print(f"[bold]Second opinions, from request to closed loop[/] (test persons; {_records(real=real)})")
    results = []
    with (
        console.status("starting two nodes ...") as status,
        Stage(out / "nodes", materials[0].sent - timedelta(minutes=1)) as stage,
    ):
        for material in materials:
            folder = out / material.number
            write_offline(material, folder / "offline")
            result = run_loop(stage, material, lambda text: status.update(f"{text} ..."))
            write_artefacts(stage, result, folder)
            tell_case(console, result)
            results.append(result)
    tell_end(console, results, out, time.monotonic() - started)
    if any(result.faults for result in results):
        raise typer.Exit(1)


def _records(*, real: bool) -> str:
    return "real sample records" if real else "the small records that ship with the adapter"
