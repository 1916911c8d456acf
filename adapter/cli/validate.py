"""The verb `validate`: is this FHIR R4, and if not, what is wrong and where."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from adapter.base.errors import Problem
    from adapter.fhir.profiles import Packages

_SUFFIXES = (".json", ".xml")


def validate(
    files: Annotated[list[str], typer.Argument(help="FHIR files, folders of them, or - for standard input.")],
    profile: Annotated[str | None, typer.Option(help="The canonical URL of a profile to hold them against.")] = None,
    package: Annotated[
        list[Path] | None, typer.Option(help="A FHIR package with further profiles: a .tgz or a folder; repeatable.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One line of JSON for each file.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Check FHIR R4 files and name every problem; exit 0 when all are valid, 1 when one is not.

    Profiles of second opinions that a resource claims in meta.profile are checked too; --profile names one.
    """
    from adapter.fhir.profiles import is_known, with_packages
    from adapter.fhir.validate import is_valid

    packages = with_packages(package) if package else None
    if profile is not None and not is_known(profile, packages):
        typer.echo(f"--profile: {profile} is not known here; name its package with --package", err=True)
        raise typer.Exit(2)
    all_valid = True
    for name, path in _inputs(files):
        data = sys.stdin.buffer.read() if path is None else path.read_bytes()
        problems = _problems(data, profile, packages)
        valid = is_valid(problems)
        all_valid &= valid
        for line in _as_json(name, problems, valid=valid) if json else _as_text(name, problems, valid=valid):
            typer.echo(line)
    raise typer.Exit(0 if all_valid else 1)


def _problems(data: bytes, profile: str | None, packages: "Packages | None") -> "list[Problem]":
    """Return what R4 and the profiles say, R4 first."""
    from adapter.fhir.profiles import profile_problems
    from adapter.fhir.validate import MOST_PROBLEMS, validate_bytes
    from adapter.fhir.validate.validator import limited

    problems = validate_bytes(data)
    if len(problems) > MOST_PROBLEMS:
        return problems
    return limited(problems + profile_problems(data, profile, packages))


def _inputs(files: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
    """Give the name and the path of each file; a folder stands for all JSON and XML files below it."""
    found: list[tuple[str, Path | None]] = []
    for name in files:
        path = Path(name)
        if name == "-":
            found.append((name, None))
        elif path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in _SUFFIXES and one.is_file())
            if not inside:
                raise typer.BadParameter(f"{name}: no .json or .xml file in this folder")
            found.extend((str(one), one) for one in inside)
        elif path.is_file():
            found.append((name, path))
        else:
            raise typer.BadParameter(f"{name}: there is no such file")
    yield from found


def _as_json(name: str, problems: "list[Problem]", *, valid: bool) -> Iterator[str]:
    import orjson

    issues = []
    for problem in problems:
        issue: dict[str, str | int | None] = {
            "severity": problem.severity,
            "code": problem.code,
            "expression": problem.where,
            "text": problem.text,
        }
        if problem.line is not None:
            issue |= {"line": problem.line, "column": problem.column}
        issues.append(issue)
    yield orjson.dumps({"file": name, "valid": valid, "issues": issues}).decode()


def _as_text(name: str, problems: "list[Problem]", *, valid: bool) -> Iterator[str]:
    errors = sum(problem.severity in ("error", "fatal") for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    verdict = "valid" if valid else f"not valid, {errors} error{'s' * (errors != 1)}"
    yield f"{name}: {verdict}" + (f", {warnings} warning{'s' * (warnings != 1)}" if warnings else "")
    for problem in problems:
        position = "".join(f":{number}" for number in (problem.line, problem.column) if number is not None)
        file = f"{name}{position}: " if position else ""  # an editor or a terminal can jump there
        place = f"{problem.where}: " if problem.where else ""
        yield f"  {file}{problem.severity}: {place}{problem.text}"
