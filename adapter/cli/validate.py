"""The verb `validate`: is this FHIR R4, does it fit its profiles, and if not, what is wrong and where."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapter.cli.verdicts import Progress, Tally, as_json, as_text

if TYPE_CHECKING:
    from adapter.base.errors import Problem
    from adapter.cli.fhir_files import Content, Source
    from adapter.fhir.profiles import Packages

_UNREAD, _INTERRUPTED, _PIPE_CLOSED = 65, 130, 141


def validate(
    files: Annotated[
        list[str],
        typer.Argument(help="FHIR files (.ndjson: one resource a line), folders of them, or - for standard input."),
    ],
    profile: Annotated[
        list[str] | None, typer.Option(help="The canonical URL of a profile to hold them against; repeatable.")
    ] = None,
    package: Annotated[
        list[Path] | None, typer.Option(help="A FHIR package with further profiles: a .tgz or a folder; repeatable.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One line of JSON for each file.")] = False,  # noqa: FBT002 - a flag
    warnings: Annotated[bool, typer.Option(help="Tell warnings and remarks too, not errors alone.")] = True,  # noqa: FBT002 - a flag
    allow_comments: Annotated[bool, typer.Option("--allow-comments", help="Pass over // and /* */ in JSON.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Check FHIR R4 files and name every problem; exit 0 when all are valid, 1 when one is not.

    Profiles of second opinions that a resource claims in meta.profile are checked too; --profile names others.

    Example: second-opinion validate out/ --no-warnings
    """
    from adapter.cli.fhir_files import find_sources
    from adapter.fhir.profiles import is_known, with_packages

    packages = with_packages(package) if package else None
    unknown = [url for url in profile or () if not is_known(url, packages)]
    for url in unknown:
        typer.echo(f"--profile: {url} is not known here; name its package with --package", err=True)
    if unknown:
        raise typer.Exit(2)
    run = _Run(
        profiles=tuple(profile or ()), packages=packages, json=json, warnings=warnings, allow_comments=allow_comments
    )
    raise typer.Exit(run.judge_all(find_sources(files)))


class _Run:
    """One call of the verb."""

    def __init__(
        self,
        *,
        profiles: Sequence[str],
        packages: "Packages | None",
        json: bool,
        warnings: bool,
        allow_comments: bool,
    ) -> None:
        self._profiles = profiles
        self._packages = packages
        self._json = json
        self._warnings = warnings
        self._allow_comments = allow_comments
        self._tally = Tally()

    def judge_all(self, sources: "Sequence[Source]") -> int:
        """Judge them one after the other, tell each verdict at once, and return the exit status."""
        try:
            self._judge_each(sources)
            if self._tally.files > 1:
                self._summarise()
        except KeyboardInterrupt:
            sys.stderr.write(f"interrupted; {self._tally}\n")
            return _INTERRUPTED
        except BrokenPipeError:
            # nobody reads any more; what is still buffered must not fail once more when Python ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return _PIPE_CLOSED
        if self._tally.unread:
            return _UNREAD
        return 0 if self._tally.valid == self._tally.files else 1

    def _judge_each(self, sources: "Sequence[Source]") -> None:
        from adapter.cli.fhir_files import contents
        from adapter.fhir.codec import MAX_BYTES

        progress = Progress(len(sources))
        for done, source in enumerate(sources, 1):
            for content in contents(source, MAX_BYTES):
                self._judge(content)
            progress.step(done, self._tally)

    def _judge(self, content: "Content") -> None:
        from adapter.fhir.validate import is_valid

        problems = self._problems(content)
        valid = is_valid(problems)
        self._tally.add(problems, valid=valid, read=content.missing is None)
        told = problems if self._warnings else [one for one in problems if one.severity in ("error", "fatal")]
        if self._json:
            _write(as_json(content.name, told, valid=valid))
        else:
            _write(as_text(content.name, told, valid=valid, line=content.line))

    def _problems(self, content: "Content") -> "list[Problem]":
        from dataclasses import replace

        from adapter.base.errors import Problem
        from adapter.fhir.codec.comments import blank_comments
        from adapter.fhir.judgement import judge_bytes

        if content.missing is not None:
            return [Problem(content.missing, code="not-found", severity="fatal")]
        media_type = None if content.line is None else "application/fhir+json"
        data = content.data
        if self._allow_comments and not data.lstrip().startswith(b"<"):
            data = blank_comments(data)
        found = judge_bytes(data, media_type=media_type, profiles=self._profiles, packages=self._packages)
        if content.line is None:
            return found
        return [one if one.line is None else replace(one, line=content.line) for one in found]

    def _summarise(self) -> None:
        if self._json:
            sys.stderr.write(f"{self._tally}\n")
        else:
            _write([str(self._tally)])


def _write(lines: Iterable[str]) -> None:
    """Write the lines of a verdict and let them go, so that a reader at the other end of a pipe has them at once."""
    out = sys.stdout.buffer
    out.write("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    out.flush()
