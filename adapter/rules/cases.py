"""Case files (`second-opinion-cases/1`): what the packs must answer, and how to find out whether they do.

The format is described in mappings/coverage/README.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.base.errors import Invalid
from adapter.domain.coverage import CoverageDecision
from adapter.rules.entry import Entry
from adapter.rules.evaluate import decide
from adapter.rules.located import Findings, Mapped, read_located
from adapter.rules.pack_model import KINDS, Packs
from adapter.rules.vocabulary import Vocabulary

CASES_FORMAT = "second-opinion-cases/1"
_ABSENT = "__absent__"
_CASE_KEYS = {"id", "kind", "base", "rows", "note", "facts", "expect"}
_EXACT = ("pack", "decision", "pct", "deductible", "deductible_remaining")
_LISTS = ("reasons", "missing", "notices", "no_notices")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One case; `expect` holds only what the case speaks of."""

    id: str
    kind: str
    facts: Mapping[str, object]
    expect: Mapping[str, Any]
    rows: tuple[str, ...]


def read_cases(text: str, file: str, vocabulary: Vocabulary) -> list[Case]:
    """Read a case file; `file` is what problems call it.

    Raises:
        Invalid: with every problem, each at `<file>:<line>`.
    """
    findings = Findings()
    content = read_located(text, file, findings)
    cases: list[Case] = []
    if isinstance(content, Mapped):
        document = Entry(content, file, findings, "cases")
        document.only({"format", "bases", "cases"})
        if content.get("format") != CASES_FORMAT:
            document.add(f"format must be {CASES_FORMAT}", "format")
        bases = document.part("bases")
        cases = [_read_case(item, bases, vocabulary) for item in document.parts("cases", "case")]
        if not cases:
            document.add("there is no case here", "cases")
        ids = [case.id for case in cases]
        for twice in sorted({name for name in ids if ids.count(name) > 1}):
            document.add(f"the case {twice} stands here twice", "cases")
    else:
        findings.add(f"this is no {CASES_FORMAT} document", file)
    findings.raise_as(Invalid, "these cases cannot be used")
    return cases


def run_case(packs: Packs, case: Case) -> list[str]:
    """Return what differs from what the case expects, in words; empty = passed."""
    return list(_differences(case.expect, decide(packs, case.facts, kind=case.kind)))


def _read_case(item: Entry, bases: Entry, vocabulary: Vocabulary) -> Case:
    item.only(_CASE_KEYS)
    base = item.optional_text("base")
    if base is not None and base not in bases.members:
        item.add(f"no base is called {base!r}", "base")
    facts = dict(bases.part(base).members) if base is not None and base in bases.members else {}
    facts.update(item.part("facts").members)
    expect = item.part("expect")
    expect.only({*_EXACT, *_LISTS})
    if not expect.members:
        item.add("expect is missing: a case that expects nothing cannot fail", "expect")
    for name in _LISTS:
        expect.words(name)
    return Case(
        id=item.text("id"),
        kind=item.choice("kind", KINDS) if item.has("kind") else "coverage",
        facts=_read_facts(item, {name: value for name, value in facts.items() if value != _ABSENT}, vocabulary),
        expect=dict(expect.members),
        rows=item.words("rows"),
    )


def _read_facts(item: Entry, facts: Mapping[str, object], vocabulary: Vocabulary) -> Mapping[str, object]:
    try:
        return vocabulary.read_facts(facts)
    except Invalid as wrong:
        for problem in wrong.problems:
            item.add(f"fact {problem.where}: {problem.text}", "facts")
        return {}


def _differences(expect: Mapping[str, Any], found: CoverageDecision) -> list[str]:
    notices = {notice.code for notice in found.notices}
    exact: dict[str, Any] = {
        "pack": found.pack or "none",
        "decision": str(found.outcome),
        "pct": found.pct,
        "deductible": found.deductible,
        "deductible_remaining": found.deductible_remaining,
    }
    sets = {"reasons": {reason.code for reason in found.reasons}, "missing": set(found.missing)}
    differs = [f"{key}: expected {expect[key]}, found {exact[key]}" for key in _EXACT if _differ(expect, key, exact)]
    differs += [
        f"{key}: expected {sorted(expect[key])}, found {sorted(seen)}"
        for key, seen in sets.items()
        if key in expect and set(expect[key] or ()) != seen
    ]
    lacking = sorted(set(expect.get("notices") or ()) - notices)
    unwanted = sorted(set(expect.get("no_notices") or ()) & notices)
    differs += [f"notices: {code} is not there" for code in lacking]
    differs += [f"notices: {code} is there" for code in unwanted]
    return differs


def _differ(expect: Mapping[str, Any], key: str, found: Mapping[str, Any]) -> bool:
    return key in expect and expect[key] != found[key]
