"""ConceptMaps: which code of the sender stands for which of ours; what a map does not know is never guessed.

Files are R4 ConceptMap resources, `mappings/codes/ConceptMap-<name>.json`.
https://hl7.org/fhir/R4/conceptmap.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

EXACT: Final = frozenset({"equal", "equivalent", "relatedto"})
"""The equivalences that say nothing against the target. https://hl7.org/fhir/R4/valueset-concept-map-equivalence.html"""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What a map says of one code.

    Attributes:
        code: ours; None = the map knows the code, and says that we have none for it.
        system: of our code; None = the map names none.
        display: what our code is called; None = not said.
        equivalence: how near it is (concept-map-equivalence).
        comment: why; "" = not said.
    """

    code: str | None
    system: str | None = None
    display: str | None = None
    equivalence: str = "equivalent"
    comment: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether nothing is lost or added on the way."""
        return self.equivalence in EXACT


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a map: codes of one system, with what becomes of those that are not listed.

    Attributes:
        source: URI of the sender's system; None = any.
        entries: by the code as it is written.
        folded: by the code in lower case, where that is unambiguous.
        otherwise: for codes that are not listed; None = they are unmapped.
        keeps: whether codes that are not listed are taken as they are.
        target: URI of our system; None = not said.
    """

    source: str | None
    entries: Mapping[str, Counterpart]
    folded: Mapping[str, Counterpart]
    otherwise: Counterpart | None = None
    keeps: bool = False
    target: str | None = None


@dataclass(frozen=True, slots=True)
class CodeMap:
    """A ConceptMap, ready for use."""

    name: str
    groups: tuple[Group, ...] = ()
    title: str = ""

    def find(self, code: str, system: str | None = None) -> Counterpart | None:
        """Return what the map says of a code.

        Args:
            code: as the sender wrote it; another case of the letters is forgiven where only one code is meant.
            system: URI of the code's system; None = unknown, then every group is asked in order.

        Returns:
            None = the map does not know it: say so, take nothing.
        """
        groups: Sequence[Group] = self.groups
        if system is not None:
            groups = [one for one in groups if one.source is None or one.source == system]
        for group in groups:
            if (found := group.entries.get(code)) is not None:
                return found
        lower = code.strip().lower()
        for group in groups:
            if (found := group.folded.get(lower)) is not None:
                return found
        for group in groups:
            if group.keeps:
                return Counterpart(code, group.target, None, "equivalent", "taken as it is")
            if group.otherwise is not None:
                return group.otherwise
        return None

    def targets(self) -> Iterator[Counterpart]:
        """Yield everything that the map can give, apart from codes that it takes as they are."""
        for group in self.groups:
            yield from group.entries.values()
            if group.otherwise is not None:
                yield group.otherwise
