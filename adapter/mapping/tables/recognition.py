"""How a table tells the messages that it is for: what must stand in them, and in which versions of the format."""

from dataclasses import dataclass

from adapter.mapping.source import Node
from adapter.mapping.tables.selector import Scope, Selector


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a message must look like; it is asked of the tree as the reader made it, before anything is adopted.

    Attributes:
        when: selectors of which all must find something.
        any: selectors of which one must; none = nothing is asked.
        priority: where several tables claim a message, the highest has it.
        version_at: where the message names its version; None = it is not asked.
        versions: the lowest and the highest that are read; None = no limit.
    """

    when: tuple[Selector, ...] = ()
    any: tuple[Selector, ...] = ()
    priority: int = 0
    version_at: Selector | None = None
    versions: tuple[str | None, str | None] = (None, None)

    @property
    def is_stated(self) -> bool:
        """Whether anything is asked at all; a table of which nothing is said is there to be extended."""
        return bool(self.when or self.any)

    def claims(self, top: Node) -> bool:
        """Tell whether a message is one of those that the table is for."""
        if not self.is_stated:
            return False
        scope = Scope(top)
        if not all(_says(selector, scope) for selector in self.when):
            return False
        return not self.any or any(_says(selector, scope) for selector in self.any)

    def version_fault(self, top: Node) -> str | None:
        """Return what is wrong with the version that a message names; None = nothing, or it names none."""
        if self.version_at is None:
            return None
        found = next(iter(self.version_at.find(top, Scope(top))), None)
        said = _numbers((found.leading() or "") if found is not None else "")
        lowest, highest = self.versions
        too_low = lowest is not None and said < _numbers(lowest)
        too_high = highest is not None and said[: len(_numbers(highest))] > _numbers(highest)
        if said and (too_low or too_high):
            return f"this version is not read: send {lowest or 'any'} to {highest or 'any'}"
        return None


def _says(selector: Selector, scope: Scope) -> bool:
    return any(node.leading() for node in selector.find(scope.top, scope))


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version such as 2.5.1 as numbers; anything that is no number ends it."""
    numbers: list[int] = []
    for part in version.strip().split("."):
        if not (part.isascii() and part.isdigit()):
            break
        numbers.append(int(part[:9]))
    return tuple(numbers)
