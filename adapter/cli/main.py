"""The command `second-opinion`: which verbs there are, loaded only when used, and how errors are told.

Results go to standard output, everything else to standard error. Exit status: 0 done, 1 the answer is no, 2 usage,
65 the input cannot be used, 74 writing fails, 75 a peer is down (kept, will be retried), 77 not permitted,
78 configuration.
"""

import sys
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from adapter.base.errors import AdapterError, Problem

EX_IOERR = 74
VERBS = {
    "demo": "Run the whole loop on this machine: two hospitals, two real cases, a story on the screen.",
    "map": "Show what would leave: the request as a FHIR R4 Bundle.",
    "check": "Say whether the insurer covers it, why, and what would help.",
    "packs": "List, show and test the insurers' rule packs.",
    "hospitals": "List, show and check the hospitals' folders.",
    "validate": "Check FHIR R4 files.",
    "convert": "Turn FHIR JSON into XML or back, without loss.",
    "serve": "Run a node: the HTTP interface and the workers.",
    "work": "Run the workers of a node alone.",
    "send": "Hand a request or a report to a running node, or write a case to a FHIR server.",
    "cases": "Look at the cases of a running node and act on them.",
}


class Verbs(TyperGroup):
    """The verbs; each one's file is imported only when it runs or is asked for its own help."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is Typer's
        """Return the verbs in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:  # noqa: ARG002
        """Return a stand-in that knows the verb's name and sentence, which is all that the overview needs."""
        return TyperCommand(cmd_name, help=VERBS[cmd_name]) if cmd_name in VERBS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Load the verb that is to run."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        return (name, _load(name), rest) if name is not None and stand_in is not None else (name, stand_in, rest)


def _load(verb: str) -> Any:
    module: Any = import_module(f"adapter.cli.{verb}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(verb)(getattr(module, verb))
    command: Any = typer.main.get_command(app)
    command.name = verb
    return command


def _version(wanted: bool) -> None:  # noqa: FBT001 - the signature is Typer's
    if wanted:
        from adapter import __version__

        typer.echo(f"second-opinion {__version__}")
        raise typer.Exit


def _application() -> Any:
    app = typer.Typer(
        cls=Verbs,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Second opinions over FHIR R4: map the request, check coverage, release what the patient agreed to, "
        "exchange records and report, close the loop. Start with: second-opinion demo",
    )

    @app.callback(invoke_without_command=True)
    def second_opinion(
        context: typer.Context,
        version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),  # noqa: FBT001, ARG001
    ) -> None:
        """Take the options that stand before the verb; without a verb, say what there is."""
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())
            raise typer.Exit(2)

    return typer.main.get_command(app)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit status."""
    try:
        _application().main(arguments, prog_name="second-opinion")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except AdapterError as failure:
        _tell(failure)
        return failure.exit_status
    except OSError as broken:
        _tell(AdapterError(broken.strerror or type(broken).__name__, where=broken.filename))
        return EX_IOERR
    return 0


def _tell(failure: AdapterError) -> None:
    lines = [_line(problem) for problem in failure.problems]
    if failure.problems[0].text != failure.text:
        lines.insert(0, failure.text)
    sys.stderr.write("".join(f"second-opinion: {line}\n" for line in lines))


def _line(problem: Problem) -> str:
    place = f"{problem.where}: " if problem.where else ""
    column = f", column {problem.column}" if problem.column is not None else ""
    spot = f" (line {problem.line}{column})" if problem.line is not None else ""
    return f"{place}{problem.text}{spot}"
