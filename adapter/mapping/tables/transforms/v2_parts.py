"""How transforms of HL7 v2 take a field apart: its components, what was used of it, and what two quotation marks mean.

HL7 v2.8 chapter 2, section 2.5.3 "Fields": empty = nothing is said; two quotation marks = there is no value (any more).
"""

from typing import Any, Final

from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Outcome

NULL: Final = '""'


def part(node: Node | None, *numbers: str) -> Node | None:
    """Return a component, or a subcomponent of it; a field without delimiters is its own first component."""
    for number in numbers:
        if node is None:
            return None
        if node.children:
            for child in node.children:
                if child.name == number:
                    node = child
                    break
            else:
                return None
        elif number != "1":
            return None
    return node


def said(node: Node | None) -> str | None:
    """Return what stands in a node, or first in it, without blanks around it; None = nothing."""
    while node is not None and node.children:
        node = node.children[0]  # a reader makes no node that says nothing
    if node is None or not node.text:
        return None
    text = node.text.strip()
    return text if text and text != NULL else None


class Reading:
    """Collects what one transform takes of its node.

    Attributes:
        used: path of every leaf that was taken, and where in the value it went.
        remarks: what is to be said beside it.
    """

    __slots__ = ("remarks", "used")

    def __init__(self, node: Node) -> None:
        """Begin; what is stated as no value is told at once."""
        self.used: dict[str, str] = {}
        self.remarks: list[Remark] = []
        for leaf in node.leaves():
            if leaf.text == NULL:
                text = "two quotation marks: the sender says that there is no value, and none is taken"
                self.remarks.append(Remark(RemarkKind.LOST, leaf.path, None, text))

    def take(self, node: Node | None, pointer: str) -> str | None:
        """Return what stands in a node, noting that it went to `pointer`; None = nothing."""
        text = said(node)
        if text is not None and node is not None:
            self.note(node, pointer)
        return text

    def note(self, node: Node | None, pointer: str) -> None:
        """Note that the first leaf of a node went to `pointer`."""
        while node is not None and node.children:
            node = node.children[0]
        if node is not None and said(node) is not None:
            self.used[node.path] = pointer

    def note_all(self, node: Node | None, pointer: str) -> None:
        """Note that everything in a node went to `pointer`."""
        for leaf in node.leaves() if node is not None else ():
            if said(leaf) is not None:
                self.used[leaf.path] = pointer

    def include(self, other: Outcome, pointer: str) -> Any:
        """Return the value of an outcome that becomes a part of this one at `pointer`; None = it has none."""
        self.used.update({path: f"{pointer}{inner}" for path, inner in other.used.items()})
        self.remarks += other.remarks
        return other.value

    def remark(self, kind: RemarkKind, node: Node | None, text: str, pointer: str | None = None) -> None:
        """Say something about the first leaf of a node."""
        leaf = next(node.leaves(), node) if node is not None else None
        self.remarks.append(Remark(kind, leaf.path if leaf is not None else None, pointer, text))

    def outcome(self, value: Any = None, also: tuple[Outcome, ...] = ()) -> Outcome:
        """Return what was made; without a value nothing counts as used."""
        if value is None and not also:
            return Outcome(None, {}, tuple(self.remarks))
        return Outcome(value, self.used, tuple(self.remarks), also)
