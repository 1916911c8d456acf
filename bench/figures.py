"""What a bench found: a table, and targets that are reached or not; as text, as JSON, as a part of the document."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, kw_only=True)
class Target:
    """One figure of design.md §8 and whether it is reached in this run."""

    text: str
    measured: str
    reached: bool


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The result of one bench.

    Attributes:
        key: the name of the bench's module.
        how: what was done, a sentence each; conditions that others need in order to repeat it.
        columns: the head of the table.
        rows: its cells, as shown.
        raw: the figures behind it, in seconds, bytes or per second as their names say.
    """

    key: str
    title: str
    how: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    targets: Sequence[Target]
    raw: dict[str, Any] = field(default_factory=dict)


def publish(findings: Findings) -> None:
    """Print the findings and keep them as JSON among the results."""
    print(markdown(findings))
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(asdict(findings), indent=1, ensure_ascii=False)
    (RESULTS / f"{findings.key}.json").write_text(text + "\n", encoding="utf-8")


def load(key: str) -> Findings:
    """Return what `publish` kept."""
    stored = json.loads((RESULTS / f"{key}.json").read_text(encoding="utf-8"))
    return Findings(**{**stored, "targets": [Target(**one) for one in stored["targets"]]})


def markdown(findings: Findings) -> str:
    """Return the findings as a section of the document."""
    lines = [f"## {findings.title}", "", *findings.how, ""]
    lines += [_line(findings.columns), _line(["---"] * len(findings.columns))]
    lines += [_line(row) for row in findings.rows]
    lines += [""]
    lines += [f"- {verdict(one)}: {one.text}; measured {one.measured}." for one in findings.targets]
    return "\n".join(lines) + "\n"


def verdict(target: Target) -> str:
    """Return "reached" or "NOT reached"."""
    return "reached" if target.reached else "**NOT reached**"


def ms(seconds: float) -> str:
    """Return a duration in milliseconds with three significant digits."""
    return f"{float(f'{seconds * 1000:.3g}'):g} ms"


def words(docstring: str | None) -> str:
    """Return what a bench's own docstring says after its first sentence."""
    return (docstring or "").partition("\n\n")[2].strip()


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
