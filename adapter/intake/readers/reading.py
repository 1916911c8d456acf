"""What a reader of a foreign syntax gives: the tree, who sent it, and what is to be said of the syntax itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from adapter.base.errors import Problem
from adapter.mapping.remarks import Remark
from adapter.mapping.source import Node


@dataclass(frozen=True, slots=True)
class Reading:
    """A message that could be read as such; what it means is the tables' business.

    Attributes:
        root: the tree.
        sender: which system sent it, as its message ids are counted ("hl7v2:APP|FACILITY").
        kind: what it calls itself, in the sender's words, for a refusal ("ADT^A01", "Patient", "ClinicalDocument").
        remarks: on the syntax.
        is_change: whether it says of itself that it changes what an earlier message said (REF^I13).
        lines: where in the text a place begins, where the syntax has lines of its own (XML); places of attributes are
            those of their element.
    """

    root: Node
    sender: str
    kind: str
    remarks: tuple[Remark, ...] = ()
    is_change: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)

    def with_lines(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems with the line of their place, where it is known."""
        return [replace(one, line=line) if (line := self._line(one.where)) else one for one in problems]

    def _line(self, where: str | None) -> int | None:
        return self.lines.get((where or "").partition("/@")[0])
