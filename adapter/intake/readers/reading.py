"""What a reader of a foreign syntax gives: the tree, who sent it, and what is to be said of the syntax itself."""

from dataclasses import dataclass

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
    """

    root: Node
    sender: str
    kind: str
    remarks: tuple[Remark, ...] = ()
    is_change: bool = False
