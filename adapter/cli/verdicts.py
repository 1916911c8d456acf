"""How `validate` tells its verdicts: lines for people or JSON for programs, how far it is, and a summary at the end."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapter.base.errors import Problem

MANY = 100
"""Files from which on it is told how far the work is."""

_EVERY = 1000
_SECONDS_BETWEEN = 0.2
_BAD = ("error", "fatal")


def as_json(name: str, problems: "Sequence[Problem]", *, valid: bool) -> Iterator[str]:
    """Give the one line of a file: {file, valid, issues}; `line` and `column` of an issue only where they are known."""
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
    # a file's name may be any bytes
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    yield orjson.dumps({"file": shown, "valid": valid, "issues": issues}).decode()


def as_text(name: str, problems: "Sequence[Problem]", *, valid: bool, line: int | None = None) -> Iterator[str]:
    """Give the verdict of a file and a line for each problem, its position as editors and terminals know it.

    Args:
        name: of the file, or of its line.
        problems: those to be told.
        valid: the verdict.
        line: the number of the line that ends `name`; None = it has none.
    """
    errors = sum(problem.severity in _BAD for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    verdict = "valid" if valid else f"not valid, {errors} error{'s' * (errors != 1)}"
    yield _plain(f"{name}: {verdict}" + (f", {warnings} warning{'s' * (warnings != 1)}" if warnings else ""))
    file = name if line is None else name.rpartition(":")[0]
    for problem in problems:
        column = "" if problem.column is None else f"{problem.column}:"
        spot = "" if problem.line is None else f"{file}:{problem.line}:{column} "
        place = f"{problem.where}: " if problem.where else ""
        yield _plain(f"  {spot}{problem.severity}: {place}{problem.text}")


@dataclass(slots=True)
class Tally:
    """How many there were; `unread` are among the invalid."""

    files: int = 0
    valid: int = 0
    warned: int = 0
    unread: int = 0

    def add(self, problems: "Sequence[Problem]", *, valid: bool, read: bool = True) -> None:
        """Count one file."""
        self.files += 1
        self.valid += valid
        self.unread += not read
        self.warned += any(problem.severity == "warning" for problem in problems)

    def __str__(self) -> str:
        """Return the summary."""
        told = (
            f"{self.files} files: {self.valid} valid, {self.files - self.valid} not valid, {self.warned} with warnings"
        )
        return told + (f"; {self.unread} could not be read" if self.unread else "")


@dataclass(slots=True)
class Progress:
    """Tells on standard error how far the work is: one line that changes on a terminal, a line now and then elsewhere.

    Nothing is told of few files, nor where the verdicts themselves run over the same terminal.
    """

    total: int
    _told: float = field(default_factory=time.monotonic)

    def step(self, done: int, tally: Tally) -> None:
        """Tell it, if it is time; `done` sources of `total` are through."""
        if self.total < MANY or sys.stdout.isatty():
            return
        if not sys.stderr.isatty():
            if done % _EVERY == 0:
                sys.stderr.write(f"{done} of {self.total} files, {tally.files - tally.valid} not valid\n")
        elif time.monotonic() - self._told > _SECONDS_BETWEEN or done == self.total:
            self._told = time.monotonic()
            end = "\r\x1b[K" if done == self.total else ""
            sys.stderr.write(f"\r\x1b[K{done} of {self.total} files, {tally.files - tally.valid} not valid{end}")
            sys.stderr.flush()


def _plain(text: str) -> str:
    """Return the text without what a terminal would take for a command: a file may have any name."""
    return "".join(char if char.isprintable() else "?" for char in text)
