"""Rule packs: the dated conditions of one insurer or hospital, ready to be asked.

What the pack language means is written down in mappings/coverage/README.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from adapter.domain.coverage import CoverageOutcome, Reason, Texts
from adapter.rules.derived import Setting
from adapter.rules.logic import Condition
from adapter.rules.vocabulary import Vocabulary

KINDS = ("coverage", "intake")
RULE_KINDS = ("exclude", "require", "benefit", "notice")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule of a pack.

    Attributes:
        kind: one of RULE_KINDS.
        level: what the answer becomes where an exclusion is true or a requirement false; None for the others.
        ignores_unknown: an unknown condition of an exclusion or requirement is passed over.
        pays: a benefit that says how much is reimbursed (as others speak of the deductible alone).
        pct: that percentage; None = it pays, but no percentage is established.
        pct_from: the fact that gives the percentage; None = `pct` counts.
        deductible: "applies", "exempt" or "none"; None = the benefit does not speak of it.
    """

    id: str
    kind: str
    when: Condition
    reason: Reason
    level: CoverageOutcome | None = None
    ignores_unknown: bool = False
    pays: bool = False
    pct: Decimal | None = None
    pct_from: str | None = None
    deductible: str | None = None

    @property
    def effect(self) -> str:
        """What the rule does when it applies, in one line of the trace."""
        return f"{self.level or self.kind}: {self.reason.code}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """The rules of one insurer or hospital for a span of days.

    Attributes:
        kind: "coverage", or "intake" for a hospital's own conditions.
        payers: payer tokens, exact or with a `*` at the end; empty for intake.
        provider: the hospital whose conditions these are; None for coverage.
        priority: the highest one that is chosen answers.
        valid_from: the first day, included.
        valid_to: the last day, included; None = no end.
        legal_source: the laws and pages that the pack rests on.
        file: where it stands, for people.
    """

    id: str
    kind: str
    title: Texts
    jurisdiction: str
    priority: int
    payers: tuple[str, ...]
    provider: str | None
    select_when: Condition
    select_if_unknown: bool
    valid_from: date
    valid_to: date | None
    legal_source: tuple[str, ...]
    setting: Setting
    rules: tuple[Rule, ...]
    file: str

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the pack is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Packs:
    """All packs, arranged so that those of a payer are found at once."""

    def __init__(self, packs: Iterable[Pack], vocabulary: Vocabulary) -> None:
        """Arrange `packs`; the highest priority stands first, and among equals the id decides."""
        self.all = tuple(sorted(packs, key=lambda pack: (pack.id, pack.valid_from)))
        self.vocabulary = vocabulary
        ranked = sorted(self.all, key=lambda pack: (-pack.priority, pack.id))
        self._intake = tuple(pack for pack in ranked if pack.kind == "intake")
        coverage = tuple(pack for pack in ranked if pack.kind == "coverage")
        self._prefixes = {payer[:-1] for pack in coverage for payer in pack.payers if payer.endswith("*")}
        named = {payer for pack in coverage for payer in pack.payers if not payer.endswith("*")}
        self._coverage = {payer: _covering(coverage, payer) for payer in named}
        self._open = {prefix: _covering(coverage, prefix) for prefix in self._prefixes}

    def coverage_of(self, payer: str) -> tuple[Pack, ...]:
        """Return the coverage packs that name this payer, in the order in which they are tried."""
        found = self._coverage.get(payer)
        if found is not None:
            return found
        prefixes = [prefix for prefix in self._prefixes if payer.startswith(prefix)]
        return self._open[max(prefixes, key=len)] if prefixes else ()

    def intake_of(self, provider: str | None) -> tuple[Pack, ...]:
        """Return the intake packs of one hospital, or of all where None."""
        return tuple(pack for pack in self._intake if provider in {None, pack.provider})

    def by_id(self, pack_id: str) -> tuple[Pack, ...]:
        """Return every dated edition of the pack, oldest first; empty where there is none."""
        return tuple(pack for pack in self.all if pack.id == pack_id)


def _covering(packs: Iterable[Pack], payer: str) -> tuple[Pack, ...]:
    return tuple(pack for pack in packs if any(_matches(entry, payer) for entry in pack.payers))


def _matches(entry: str, payer: str) -> bool:
    return payer.startswith(entry[:-1]) if entry.endswith("*") else entry == payer


def editions(packs: Iterable[Pack]) -> Mapping[str, list[Pack]]:
    """Return the packs by id, each list ordered by its first day."""
    found: dict[str, list[Pack]] = {}
    for pack in sorted(packs, key=lambda pack: pack.valid_from):
        found.setdefault(pack.id, []).append(pack)
    return found
